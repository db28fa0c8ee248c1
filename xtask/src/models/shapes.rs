//! The test models, each a few parameters and the facts that follow from them.

mod curved;
mod text;

use super::polygon::{P2, area, circle, ngon_area, polar, rect};
use super::solid::{P3, Solid};
use super::{Format, Model, Section};
use curved::{gear, lattice, sphere, tops, vase};
use libm::{atan2, cos, sin, sqrt, tan};
use std::f64::consts::{PI, TAU};
use text::text;

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
