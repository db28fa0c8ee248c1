//! The test models, each a few parameters and the facts that follow from them.

use super::polygon::{P2, area, circle, ngon_area, polar, rect};
use super::solid::{P3, Solid};
use super::{Format, Model, Section};
use libm::{atan2, cos, sin, sqrt, tan};
use std::f64::consts::{PI, TAU};

/// All models in the order of the manifest.
pub fn all() -> Result<Vec<Model>, String> {
    Ok(vec![
        cube()?,
        bracket()?,
        thin_walls()?,
        overhangs()?,
        tops()?,
        gear()?,
        text()?,
        vase()?,
        lattice()?,
        sphere(),
        two_bodies()?,
        defects(),
    ])
}

fn cube() -> Result<Model, String> {
    let mut s = Solid::default();
    s.extrude(&rect([0.0, 0.0], [20.0, 20.0]), &[], [0.0, 20.0])?;
    Ok(Model {
        volume: Some(8000.0),
        sections: vec![Section::new(0.1, 400.0, 1), Section::new(10.0, 400.0, 1)],
        ..Model::new("cube.stl", "calibration cube, 20 mm", s, 1)
    })
}

/// An angle bracket: two plates with holes at a right angle and a fillet between them.
fn bracket() -> Result<Model, String> {
    let [long, high, wide, thick, fillet] = [60.0, 45.0, 40.0, 5.0, 8.0];
    let inner = thick + fillet;
    let arc: Vec<P2> = (1..16)
        .map(|i| polar([inner, inner], fillet, -PI / 2.0 - PI / 2.0 * f64::from(i) / 16.0))
        .collect();
    let mut side = vec![[0.0, 0.0], [long, 0.0], [long, thick], [inner, thick]];
    side.extend(&arc);
    side.extend([[thick, inner], [thick, high], [0.0, high]]);
    let screw = 2.25;
    let floor: Vec<_> = [[25.0, 8.0], [50.0, 8.0], [25.0, 32.0], [50.0, 32.0]]
        .map(|c| circle(c, screw, 48))
        .to_vec();
    let wall: Vec<_> = [
        ([20.0, 28.0], 8.0, 64),
        ([6.0, 40.0], 1.7, 32),
        ([34.0, 40.0], 1.7, 32),
    ]
    .map(|(c, r, n)| circle(c, r, n))
    .to_vec();

    let mut s = Solid::default();
    // The two profile sides, then the strips along Y that carry no holes.
    s.face(&side, &[], false, |[x, z]| [x, 0.0, z])?;
    s.face(&side, &[], true, |[x, z]| [x, wide, z])?;
    for (i, &[x0, z0]) in side.iter().enumerate() {
        let [x1, z1] = side[(i + 1) % side.len()];
        let with_holes = (z0 == z1 && z0 < high) || (x0 == x1 && x0 < long);
        if !with_holes {
            s.quad([[x0, 0.0, z0], [x0, wide, z0], [x1, wide, z1], [x1, 0.0, z1]]);
        }
    }
    let on_floor = |z: f64| move |[x, y]: P2| [x, y, z];
    s.face(&rect([0.0, 0.0], [long, wide]), &floor, true, on_floor(0.0))?;
    s.face(&rect([inner, 0.0], [long, wide]), &floor, false, on_floor(thick))?;
    let on_wall = |x: f64| move |[y, z]: P2| [x, y, z];
    s.face(&rect([0.0, 0.0], [wide, high]), &wall, true, on_wall(0.0))?;
    s.face(&rect([0.0, inner], [wide, high]), &wall, false, on_wall(thick))?;
    let mut bore = |hole: &[P2], a: &dyn Fn(P2) -> P3, b: &dyn Fn(P2) -> P3| {
        let ring = |to: &dyn Fn(P2) -> P3| -> Vec<P3> { hole.iter().rev().map(|&p| to(p)).collect() };
        s.band(&ring(a), &ring(b));
    };
    for h in &floor {
        bore(h, &on_floor(0.0), &on_floor(thick));
    }
    for h in &wall {
        bore(h, &on_wall(0.0), &on_wall(thick));
    }
    let holes = 4.0 * ngon_area(screw, 48);
    let wall_holes = ngon_area(8.0, 64) + 2.0 * ngon_area(1.7, 32);
    Ok(Model {
        volume: Some(area(&side) * wide - thick * (holes + wall_holes)),
        sections: vec![
            Section::new(2.5, long * wide - holes, 5),
            Section::new(18.0, thick * wide, 1),
            Section::new(44.0, thick * wide, 1),
        ],
        ..Model::new(
            "bracket.stl",
            "angle bracket with holes in both plates and a fillet",
            s,
            1,
        )
    })
}

/// Ten walls of 0.3 to 1.2 mm on a base.
fn thin_walls() -> Result<Model, String> {
    let mut side = vec![[0.0, 0.0], [44.0, 0.0], [44.0, 2.0]];
    let mut sum = 0.0;
    for i in (0..10).rev() {
        let (thick, x) = (0.3 + 0.1 * f64::from(i), 3.0 + 4.0 * f64::from(i));
        side.extend([[x + thick, 2.0], [x + thick, 12.0], [x, 12.0], [x, 2.0]]);
        sum += thick;
    }
    side.push([0.0, 2.0]);
    let mut s = Solid::default();
    s.extrude_y(&side, &[], [0.0, 20.0])?;
    Ok(Model {
        format: Format::StlText,
        volume: Some(20.0 * (88.0 + 10.0 * sum)),
        sections: vec![Section::new(1.0, 880.0, 1), Section::new(7.0, 20.0 * sum, 10)],
        ..Model::new(
            "thin-walls.stl",
            "walls of 0.3 to 1.2 mm in steps of 0.1, 4 mm apart (ASCII)",
            s,
            1,
        )
    })
}

/// Slabs that lean by 30° to 70° from the vertical, and bridges of 5 to 40 mm.
fn overhangs() -> Result<Model, String> {
    let mut s = Solid::default();
    let high = 8.0;
    for (i, lean) in [30.0, 45.0, 55.0, 65.0, 70.0].into_iter().enumerate() {
        let dx = high * tan(f64::to_radians(lean));
        let y = 12.0 * i as f64;
        let side = [[0.0, 0.0], [8.0, 0.0], [8.0 + dx, high], [dx, high]];
        s.extrude_y(&side, &[], [y, y + 10.0])?;
    }
    let [pillar, deck, top] = [4.0, 10.0, 13.0];
    let mut side = vec![[0.0, 0.0]];
    let mut x = 0.0;
    for span in [5.0, 10.0, 20.0, 40.0] {
        x += pillar;
        side.extend([[x, 0.0], [x, deck], [x + span, deck], [x + span, 0.0]]);
        x += span;
    }
    x += pillar;
    side.extend([[x, 0.0], [x, top], [0.0, top]]);
    s.extrude_y(&side, &[], [64.0, 76.0])?;
    let legs = 5.0 * pillar * 12.0;
    Ok(Model {
        volume: Some(5.0 * 8.0 * 10.0 * high + 12.0 * area(&side)),
        sections: vec![
            Section::new(4.1, 400.0 + legs, 10),
            Section::new(9.0, legs, 5),
            Section::new(11.5, x * 12.0, 1),
        ],
        ..Model::new(
            "overhangs.stl",
            "slabs leaning 30, 45, 55, 65 and 70 degrees; bridges of 5, 10, 20 and 40 mm",
            s,
            6,
        )
    })
}

/// Tops that slope by 2° to 40°, a cylinder's top and a dome.
fn tops() -> Result<Model, String> {
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
fn gear() -> Result<Model, String> {
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

/// Block letters on a plate; the letters reach into the plate.
fn text() -> Result<Model, String> {
    const SCALE: f64 = 2.2;
    let c = |p: &[P2]| -> Vec<P2> { p.to_vec() };
    let o = c(&[
        [1., 0.],
        [3., 0.],
        [4., 1.],
        [4., 5.],
        [3., 6.],
        [1., 6.],
        [0., 5.],
        [0., 1.],
    ]);
    let eye = c(&[
        [1.4, 1.],
        [2.6, 1.],
        [3., 1.4],
        [3., 4.6],
        [2.6, 5.],
        [1.4, 5.],
        [1., 4.6],
        [1., 1.4],
    ]);
    let f = c(&[
        [0., 0.],
        [1., 0.],
        [1., 2.5],
        [3., 2.5],
        [3., 3.5],
        [1., 3.5],
        [1., 5.],
        [4., 5.],
        [4., 6.],
        [0., 6.],
    ]);
    let see = c(&[
        [1., 0.],
        [3., 0.],
        [4., 1.],
        [4., 2.],
        [3., 2.],
        [3., 1.4],
        [2.6, 1.],
        [1.4, 1.],
        [1., 1.4],
        [1., 4.6],
        [1.4, 5.],
        [2.6, 5.],
        [3., 4.6],
        [3., 4.],
        [4., 4.],
        [4., 5.],
        [3., 6.],
        [1., 6.],
        [0., 5.],
        [0., 1.],
    ]);
    let u = c(&[
        [1., 0.],
        [3., 0.],
        [4., 1.],
        [4., 6.],
        [3., 6.],
        [3., 1.4],
        [2.6, 1.],
        [1.4, 1.],
        [1., 1.4],
        [1., 6.],
        [0., 6.],
        [0., 1.],
    ]);
    let t = c(&[
        [1.5, 0.],
        [2.5, 0.],
        [2.5, 5.],
        [4., 5.],
        [4., 6.],
        [0., 6.],
        [0., 5.],
        [1.5, 5.],
    ]);
    let plate = [[0.0, 0.0], [6.0 + 29.0 * SCALE, 6.0 + 6.0 * SCALE]];
    let mut s = Solid::default();
    s.extrude(&rect(plate[0], plate[1]), &[], [0.0, 2.0])?;
    let mut letters = 0.0;
    let word: [(&[P2], &[Vec<P2>]); 6] = [
        (&o, std::slice::from_ref(&eye)),
        (&f, &[]),
        (&f, &[]),
        (&see, &[]),
        (&u, &[]),
        (&t, &[]),
    ];
    for (i, (outer, holes)) in word.into_iter().enumerate() {
        let put = |l: &[P2]| -> Vec<P2> {
            l.iter()
                .map(|p| [3.0 + SCALE * (5.0 * i as f64 + p[0]), 3.0 + SCALE * p[1]])
                .collect()
        };
        let holes: Vec<_> = holes.iter().map(|h| put(h)).collect();
        s.extrude(&put(outer), &holes, [1.5, 3.6])?;
        letters += area(&put(outer)) - holes.iter().map(|h| area(h)).sum::<f64>();
    }
    let ground = plate[1][0] * plate[1][1];
    Ok(Model {
        overlap: Some(0.5 * letters),
        volume: Some(2.0 * ground + 1.6 * letters),
        sections: vec![
            Section::new(1.0, ground, 1),
            Section::new(1.7, ground, 1),
            Section::new(3.0, letters, 7),
        ],
        ..Model::new(
            "text.stl",
            "block letters raised on a plate; letters and plate are bodies that overlap",
            s,
            7,
        )
    })
}

/// A twisted vase with eight lobes, solid, for printing in spiral mode.
fn vase() -> Result<Model, String> {
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
fn lattice() -> Result<Model, String> {
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
fn sphere() -> Model {
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

/// A plate with a star-shaped opening and the star that lies in it.
fn two_bodies() -> Result<Model, String> {
    let star = |r: f64| -> Vec<P2> {
        (0..10)
            .map(|i| {
                let r = if i % 2 == 0 { r } else { 0.5 * r };
                polar([20.0, 20.0], r, PI / 2.0 + TAU * f64::from(i) / 10.0)
            })
            .collect()
    };
    let (hole, inlay) = (star(16.0), star(15.6));
    let mut plate = Solid::default();
    plate.extrude(
        &rect([0.0, 0.0], [40.0, 40.0]),
        std::slice::from_ref(&hole),
        [0.0, 3.0],
    )?;
    let mut body = Solid::default();
    body.extrude(&inlay, &[], [0.0, 3.0])?;
    let plane = 1600.0 - area(&hole) + area(&inlay);
    let mut whole = plate.clone();
    whole.join(&body);
    Ok(Model {
        format: Format::ThreeMf(vec![("plate", plate), ("star", body)]),
        volume: Some(3.0 * plane),
        sections: vec![Section::new(1.5, plane, 3)],
        ..Model::new(
            "two-bodies.3mf",
            "one object of two components: a plate with a star-shaped opening, and the star",
            whole,
            2,
        )
    })
}

/// The cube with its faces cut finer and one defect of each kind.
fn defects() -> Model {
    let mut s = Solid::default();
    let at = |i: usize, j: usize| [5.0 * i as f64, 5.0 * j as f64];
    for (i, j) in (0..16).map(|k| (k / 4, k % 4)) {
        let q = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
        let r = [q[3], q[2], q[1], q[0]];
        s.quad(q.map(|[a, b]| [a, b, 20.0]));
        s.quad(r.map(|[a, b]| [a, b, 0.0]));
        s.quad(q.map(|[a, b]| [20.0, a, b]));
        s.quad(r.map(|[a, b]| [0.0, a, b]));
        s.quad(q.map(|[a, b]| [b, 20.0, a]));
        s.quad(r.map(|[a, b]| [b, 0.0, a]));
    }
    let t = &mut s.triangles;
    let twin = t[20];
    let [a, b, _] = t[50];
    t[75].swap(1, 2);
    t[100][0][0] += 0.004;
    t.remove(64);
    t.push(twin);
    t.push([a, b, b]);
    Model {
        defects: vec![
            "one facet is missing",
            "one facet is there twice",
            "one facet has no area",
            "one facet is turned over",
            "one corner of one facet is off by 0.004 mm",
        ],
        volume: Some(8000.0),
        sections: vec![Section::new(10.0, 400.0, 1)],
        ..Model::new(
            "defects.stl",
            "the 20 mm cube with one defect of each kind; the figures are the whole cube's",
            s,
            1,
        )
    }
}
