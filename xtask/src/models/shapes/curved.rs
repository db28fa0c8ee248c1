//! Models with curves: tops, gear, vase, lattice, sphere.

use super::*;

/// Tops that slope by 2° to 40°, a cylinder's top and a dome.
pub(super) fn tops() -> Result<Model, String> {
    let mut top = vec![[0.0, 5.0], [6.0, 5.0]];
    for (degrees, run) in [(2.0, 14.0), (5.0, 12.0), (10.0, 10.0), (20.0, 8.0), (40.0, 6.0)] {
        let [x, z] = top[top.len() - 1];
        top.push([x + run, z + run * tan(f64::to_radians(degrees))]);
        top.push([x + run + 2.0, z + run * tan(f64::to_radians(degrees))]);
    }
    let [x, z] = top[top.len() - 1];
    let r = z - 3.0;
    top.extend((1..=40).map(|i| {
        let a = PI / 2.0 * f64::from(i) / 40.0;
        [x + r * sin(a), z - r + r * cos(a)]
    }));
    let long = x + r;
    let mut side = top;
    side.reverse();
    side.splice(0..0, [[0.0, 0.0], [long, 0.0]]);
    let mut s = Solid::default();
    s.extrude_y(&side, &[], [0.0, 20.0])?;

    let [ball, base, rise, n] = [25.0, 3.0, 10.0, 72.0];
    let edge = sqrt(ball * ball - (ball - rise) * (ball - rise));
    let open = atan2(edge, ball - rise);
    let mut profile = vec![[0.0, 0.0], [edge, 0.0], [edge, base]];
    profile.extend((1..24).map(|i| {
        let a = open * (1.0 - f64::from(i) / 24.0);
        [ball * sin(a), base - (ball - rise) + ball * cos(a)]
    }));
    profile.push([0.0, base + rise]);
    s.revolve(&profile, [edge, 45.0], n as usize);
    // A turned frustum of n corners: n/2·sin(2π/n)·h/3·(a² + ab + b²).
    let dome: f64 = profile
        .windows(2)
        .map(|w| {
            let ([a, z0], [b, z1]) = (w[0], w[1]);
            ngon_area(1.0, n as usize) * (z1 - z0) / 3.0 * (a * a + a * b + b * b)
        })
        .sum();
    Ok(Model {
        volume: Some(20.0 * area(&side) + dome),
        sections: vec![Section::new(1.5, 20.0 * long + ngon_area(edge, n as usize), 2)],
        ..Model::new(
            "tops.stl",
            "tops sloping 2, 5, 10, 20 and 40 degrees, a quarter cylinder and a dome",
            s,
            2,
        )
    })
}

/// A spur gear with involute flanks, a bore with a flat and six holes.
pub(super) fn gear() -> Result<Model, String> {
    const TEETH: u32 = 20;
    const MODULE: f64 = 2.5;
    const HIGH: f64 = 8.0;
    let pressure = f64::to_radians(20.0);
    let pitch = MODULE * f64::from(TEETH) / 2.0;
    let base = pitch * cos(pressure);
    let (tip, root) = (pitch + MODULE, pitch - 1.25 * MODULE);
    // Angle of the involute at radius r against its start.
    let involute = |r: f64| {
        let t = sqrt((r / base) * (r / base) - 1.0);
        t - atan2(t, 1.0)
    };
    let half = PI / (2.0 * f64::from(TEETH)) + involute(pitch);
    let mut outer = Vec::new();
    for tooth in 0..TEETH {
        let mid = TAU * f64::from(tooth) / f64::from(TEETH);
        let flank: Vec<(f64, f64)> = (0..=8)
            .map(|i| base + (tip - base) * f64::from(i) / 8.0)
            .map(|r| (r, half - involute(r)))
            .collect();
        outer.push(polar([0.0; 2], root, mid - half));
        outer.extend(flank.iter().map(|&(r, a)| polar([0.0; 2], r, mid - a)));
        outer.extend(flank.iter().rev().map(|&(r, a)| polar([0.0; 2], r, mid + a)));
        outer.push(polar([0.0; 2], root, mid + half));
    }
    let open = 0.6;
    let bore: Vec<P2> = (0..=40)
        .map(|i| polar([0.0; 2], 4.0, open + (TAU - 2.0 * open) * f64::from(i) / 40.0))
        .collect();
    let mut holes = vec![bore];
    holes.extend((0..6).map(|i| circle(polar([0.0; 2], 12.5, TAU * f64::from(i) / 6.0), 3.5, 40)));
    let plane = area(&outer) - holes.iter().map(|h| area(h)).sum::<f64>();
    let mut s = Solid::default();
    s.extrude(&outer, &holes, [0.0, HIGH])?;
    Ok(Model {
        format: Format::Obj,
        volume: Some(plane * HIGH),
        sections: vec![Section::new(4.0, plane, 8)],
        ..Model::new(
            "gear.obj",
            "spur gear of module 2.5 with 20 teeth, bore with a flat, six holes",
            s,
            1,
        )
    })
}

/// A twisted vase with eight lobes, solid, for printing in spiral mode.
pub(super) fn vase() -> Result<Model, String> {
    let (corners, levels) = (96, 28);
    let ring = |level: usize| -> Vec<P3> {
        let z = 70.0 * level as f64 / levels as f64;
        let belly = 20.0 + 7.0 * sin(z / 70.0 * 1.6 * PI);
        (0..corners)
            .map(|i| {
                let a = TAU * i as f64 / corners as f64;
                let r = belly * (1.0 + 0.07 * cos(8.0 * (a - 0.012 * z)));
                [r * cos(a), r * sin(a), z]
            })
            .collect()
    };
    let rings: Vec<_> = (0..=levels).map(ring).collect();
    let mut s = Solid::default();
    s.loft(&rings)?;
    let at = |level: usize| {
        let flat: Vec<P2> = rings[level].iter().map(|p| [p[0], p[1]]).collect();
        Section::new(rings[level][0][2], area(&flat), 1)
    };
    Ok(Model {
        sections: vec![at(7), at(14), at(21)],
        ..Model::new(
            "vase.stl",
            "twisted vase with eight lobes, a solid body for spiral mode",
            s,
            1,
        )
    })
}

/// Struts along the diagonals of 3 × 3 × 3 cells on a base; the struts cross in the nodes.
pub(super) fn lattice() -> Result<Model, String> {
    let [cell, radius] = [10.0, 1.2];
    let mut s = Solid::default();
    s.extrude(&rect([-2.0, -2.0], [32.0, 32.0]), &[], [0.0, 1.0])?;
    for (i, j) in (0..9).map(|k| (k / 3, k % 3)) {
        for (u, v) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            // Struts that meet in a node are turned against each other, so that they share no edge.
            let turn = PI / 12.0 * f64::from(u + 2 * v);
            let rings: Vec<Vec<P3>> = (0..=3)
                .map(|k| {
                    // The strut goes to the opposite corner of its cell and back.
                    let (u, v) = if k % 2 == 0 { (u, v) } else { (1 - u, 1 - v) };
                    let at = [cell * f64::from(i + u), cell * f64::from(j + v)];
                    (0..6)
                        .map(|c| polar(at, radius, turn + TAU * f64::from(c) / 6.0))
                        .map(|p| [p[0], p[1], cell * f64::from(k)])
                        .collect()
                })
                .collect();
            s.loft(&rings)?;
        }
    }
    let struts = 36.0 * ngon_area(radius, 6);
    Ok(Model {
        sections: vec![
            Section::new(0.5, 34.0 * 34.0, 1),
            Section::new(12.5, struts, 36),
            Section::new(27.5, struts, 36),
        ],
        overlap: Some(f64::NAN),
        ..Model::new(
            "lattice.stl",
            "diagonal struts of 3 x 3 x 3 cells that cross in the nodes, on a base",
            s,
            37,
        )
    })
}

/// An icosahedron refined five times, corners on the sphere.
pub(super) fn sphere() -> Model {
    const RADIUS: f64 = 20.0;
    let g = (1.0 + sqrt(5.0)) / 2.0;
    let corner = |i: usize| -> P3 {
        let (a, b) = (
            if i & 1 == 0 { 1.0 } else { -1.0 },
            if i & 2 == 0 { g } else { -g },
        );
        match i / 4 {
            0 => [0.0, a, b],
            1 => [a, b, 0.0],
            _ => [b, 0.0, a],
        }
    };
    // The faces are the triples of corners at the edge's length.
    let near = |p: P3, q: P3| (0..3).map(|k| (p[k] - q[k]) * (p[k] - q[k])).sum::<f64>() < 4.1;
    let mut faces = Vec::new();
    for i in 0..12 {
        for j in i + 1..12 {
            for k in j + 1..12 {
                let [a, b, c] = [corner(i), corner(j), corner(k)];
                if near(a, b) && near(b, c) && near(c, a) {
                    let det = a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0])
                        + a[2] * (b[0] * c[1] - b[1] * c[0]);
                    faces.push(if det > 0.0 { [a, b, c] } else { [a, c, b] });
                }
            }
        }
    }
    let on = |p: P3| {
        let l = sqrt(p.iter().map(|v| v * v).sum());
        p.map(|v| v / l)
    };
    let half = |p: P3, q: P3| on([0, 1, 2].map(|k| (p[k] + q[k]) / 2.0));
    let mut faces: Vec<[P3; 3]> = faces.into_iter().map(|t| t.map(on)).collect();
    for _ in 0..5 {
        faces = faces
            .into_iter()
            .flat_map(|[a, b, c]| {
                let [ab, bc, ca] = [half(a, b), half(b, c), half(c, a)];
                [[a, ab, ca], [ab, b, bc], [ca, bc, c], [ab, bc, ca]]
            })
            .collect();
    }
    let mut s = Solid::default();
    for f in faces {
        s.triangle(f.map(|p| [RADIUS * p[0], RADIUS * p[1], RADIUS * p[2] + RADIUS]));
    }
    let disc = |z: f64| PI * (RADIUS * RADIUS - (z - RADIUS) * (z - RADIUS));
    Model {
        volume: Some(4.0 / 3.0 * PI * RADIUS * RADIUS * RADIUS),
        tolerance: 2e-3,
        sections: [5.0, 20.0, 33.0].map(|z| Section::new(z, disc(z), 1)).to_vec(),
        ..Model::new(
            "sphere.stl",
            "sphere of radius 20 mm with 20480 facets; the figures are the true sphere's",
            s,
            1,
        )
    }
}
