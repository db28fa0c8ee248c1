//! Bodies of a few triangles, mm.

use offcut_mesh::{Mesh, Triangle};

/// Corners of a box: x0, y0, z0, x1, y1, z1.
pub type Block = [f32; 6];

/// All `add` without all `cut`, as one closed mesh.
pub fn solid(add: &[Block], cut: &[Block]) -> Mesh {
    let planes = [0, 1, 2].map(|k| {
        let mut p: Vec<f32> = add.iter().chain(cut).flat_map(|b| [b[k], b[k + 3]]).collect();
        p.sort_by(f32::total_cmp);
        p.dedup();
        p
    });
    let holds = |b: &Block, m: [f32; 3]| (0..3).all(|k| b[k] < m[k] && m[k] < b[k + 3]);
    let filled = |c: [i32; 3]| {
        if (0..3).any(|k| c[k] < 0 || c[k] as usize + 1 >= planes[k].len()) {
            return false;
        }
        let m = [0, 1, 2].map(|k| (planes[k][c[k] as usize] + planes[k][c[k] as usize + 1]) / 2.0);
        add.iter().any(|b| holds(b, m)) && !cut.iter().any(|b| holds(b, m))
    };
    let mut triangles = Vec::new();
    let n = [0, 1, 2].map(|k| planes[k].len() as i32 - 1);
    for (x, y, z) in (0..n[0]).flat_map(|x| (0..n[1]).flat_map(move |y| (0..n[2]).map(move |z| (x, y, z)))) {
        let c = [x, y, z];
        if !filled(c) {
            continue;
        }
        for k in 0..3 {
            let (u, v) = ((k + 1) % 3, (k + 2) % 3);
            for side in 0..2 {
                let mut next = c;
                next[k] += 2 * side - 1;
                if filled(next) {
                    continue;
                }
                let mut quad = [[0, 0], [1, 0], [1, 1], [0, 1]].map(|[du, dv]| {
                    let mut i = c;
                    i[k] += side;
                    i[u] += du;
                    i[v] += dv;
                    [0, 1, 2].map(|k| planes[k][i[k] as usize])
                });
                if side == 0 {
                    quad.reverse();
                }
                triangles.push([quad[0], quad[1], quad[2]]);
                triangles.push([quad[0], quad[2], quad[3]]);
            }
        }
    }
    Mesh { triangles }
}

/// A box with a corner at the origin.
pub fn cuboid(x: f32, y: f32, z: f32) -> Mesh {
    solid(&[[0.0, 0.0, 0.0, x, y, z]], &[])
}

/// The 20 mm cube.
pub fn cube() -> Mesh {
    cuboid(20.0, 20.0, 20.0)
}

/// A profile of x and z, counter-clockwise and seen wholly from its first corner, extruded along y.
pub fn extruded(profile: &[[f32; 2]], depth: f32) -> Mesh {
    let at = |i: usize, y: f32| {
        let [x, z] = profile[i % profile.len()];
        [x, y, z]
    };
    let mut triangles: Vec<Triangle> = Vec::new();
    for i in 0..profile.len() {
        triangles.push([at(i, 0.0), at(i, depth), at(i + 1, depth)]);
        triangles.push([at(i, 0.0), at(i + 1, depth), at(i + 1, 0.0)]);
    }
    for i in 1..profile.len() - 1 {
        triangles.push([at(0, 0.0), at(i, 0.0), at(i + 1, 0.0)]);
        triangles.push([at(0, depth), at(i + 1, depth), at(i, depth)]);
    }
    Mesh { triangles }
}

/// Two legs that part at z = 7.2 and lean outwards up to z = 20; 20 mm deep.
pub fn v_body() -> Mesh {
    let profile = [
        [0.0, 7.2],
        [-14.0, 20.0],
        [-20.0, 20.0],
        [-5.0, 0.0],
        [5.0, 0.0],
        [20.0, 20.0],
        [14.0, 20.0],
    ];
    extruded(&profile, 20.0)
}

/// 50 x 10 x 8 mm with a gap of 40 mm below the upper 3 mm.
pub fn bridge() -> Mesh {
    solid(
        &[[0.0, 0.0, 0.0, 50.0, 10.0, 8.0]],
        &[[5.0, 0.0, 0.0, 45.0, 10.0, 5.0]],
    )
}

/// A stem of 10 x 10 x 15 mm that carries wings of 10 mm.
pub fn t_body() -> Mesh {
    solid(
        &[
            [10.0, 0.0, 0.0, 20.0, 10.0, 15.0],
            [0.0, 0.0, 15.0, 30.0, 10.0, 20.0],
        ],
        &[],
    )
}

/// The mesh as a binary STL.
pub fn stl(mesh: &Mesh) -> Vec<u8> {
    let mut bytes = vec![0; 80];
    bytes.extend((mesh.triangles.len() as u32).to_le_bytes());
    for t in &mesh.triangles {
        bytes.extend([0; 12]);
        bytes.extend(t.iter().flatten().flat_map(|v| v.to_le_bytes()));
        bytes.extend([0, 0]);
    }
    bytes
}
