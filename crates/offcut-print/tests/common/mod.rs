//! Hand-made layers, and a reading of programs move by move.
#![allow(dead_code, clippy::unwrap_used)]

use offcut_gcode::Role;
use offcut_gcode::program::{Extrusion, Program, Step, Vertex};
use offcut_geometry::{BBox, Loops, Point, grid};
use offcut_print::toolpaths::{Job, PrintObject, plan};
use offcut_print::{Bead, BeadSet, IslandPlan, LayerPlan};
use offcut_settings::PrintSettings;

pub const WIDTH: f64 = 0.45;

pub fn bead(role: Role) -> Bead {
    Bead {
        start: 0,
        end: 0,
        role,
        closed: false,
        continues: false,
        directed: false,
        internal: false,
        depth: 0,
        hole: false,
        width: WIDTH as f32,
        height: 0.2,
        mm3_per_mm: 0.08,
    }
}

pub fn mm(x: f64, y: f64) -> Point {
    Point::new(grid(x), grid(y))
}

/// A counter-clockwise square around (x, y), mm; clockwise when `hole`.
pub fn square(x: f64, y: f64, r: f64, hole: bool) -> Vec<Point> {
    let mut p = vec![
        mm(x - r, y - r),
        mm(x + r, y - r),
        mm(x + r, y + r),
        mm(x - r, y + r),
    ];
    if hole {
        p.reverse();
    }
    p
}

/// Adds `count` loops to an island: the outline is a square of half side `r`.
pub fn loops(island: &mut IslandPlan, x: f64, y: f64, r: f64, hole: bool, count: u8) {
    island.outline.push(&square(x, y, r, hole));
    for depth in 0..count {
        let inset = (0.5 + f64::from(depth)) * WIDTH * if hole { -1.0 } else { 1.0 };
        island.perimeters.push(
            &square(x, y, r - inset, hole),
            Bead {
                closed: true,
                depth,
                hole,
                ..bead(if depth == 0 {
                    Role::ExternalPerimeter
                } else {
                    Role::Perimeter
                })
            },
        );
    }
    island.bbox = island.outline.bbox();
}

/// Parallel lines inside a square.
pub fn lines(set: &mut BeadSet, x: f64, y: f64, r: f64, pitch: f64, proto: Bead) {
    let n = (2.0 * r / pitch) as i32;
    for i in 0..=n {
        let t = y - r + f64::from(i) * pitch;
        set.push(&[mm(x - r, t), mm(x + r, t)], proto);
    }
}

/// A square block of `n` layers with 3 loops and sparse lines, centred on the origin.
pub fn block(r: f64, n: usize, h: f64) -> PrintObject {
    let layers = (0..n)
        .map(|i| {
            let mut island = IslandPlan::default();
            loops(&mut island, 0.0, 0.0, r, false, 3);
            lines(
                &mut island.infill,
                0.0,
                0.0,
                r - 3.0 * WIDTH,
                2.0,
                bead(Role::SparseInfill),
            );
            LayerPlan {
                z: h * (i + 1) as f64,
                height: h,
                islands: vec![island],
                ..LayerPlan::default()
            }
        })
        .collect();
    PrintObject {
        name: "block".into(),
        layers,
        instances: vec![mm(100.0, 100.0)],
        hull: square(0.0, 0.0, r, false),
        ..PrintObject::default()
    }
}

pub fn outline_of(points: &[Point]) -> (Loops, BBox) {
    let l: Loops = [points.to_vec()].into_iter().collect();
    let b = l.bbox();
    (l, b)
}

pub fn program(objects: &[PrintObject], s: &PrintSettings) -> Program {
    plan(
        &Job { objects, skirt: &[] },
        s,
        &offcut_geometry::Ctx::quiet().with_seed(7),
    )
    .unwrap()
}

/// A move read from a program.
#[derive(Debug, Clone, Copy)]
pub struct Move {
    pub from: Option<Vertex>,
    pub to: Vertex,
    pub speed: f32,
    pub bead: Option<Extrusion>,
    /// Filament pulled back before the move, mm.
    pub retracted: f32,
    /// Layer that the move belongs to.
    pub layer: usize,
    pub fan: f32,
    /// Object instance.
    pub object: Option<u32>,
    /// Index of the step.
    pub step: usize,
}

impl Move {
    pub fn length(&self) -> f64 {
        self.from.map_or(0.0, |f| f.xy().dist(self.to.xy()) / 1e5)
    }
    pub fn is_travel(&self) -> bool {
        self.bead.is_none()
    }
}

/// All moves in order.
pub fn moves(p: &Program) -> Vec<Move> {
    let mut out = Vec::new();
    let (mut at, mut retracted, mut layer, mut fan, mut object) = (None, 0.0f32, usize::MAX, 0.0, None);
    for (k, s) in p.steps.iter().enumerate() {
        let (path, speed, bead, pull) = match s {
            Step::Travel { path, speed } => (path, *speed, None, 0.0),
            Step::Extrude { path, bead } => (path, bead.speed, Some(*bead), 0.0),
            Step::Wipe { path, speed, length } => (path, *speed, None, *length),
            Step::Retract { length, .. } => {
                retracted += length;
                continue;
            }
            Step::Unretract { length, .. } => {
                retracted -= length;
                continue;
            }
            Step::Layer(i) => {
                layer = *i as usize;
                continue;
            }
            Step::Fan(f) => {
                fan = *f;
                continue;
            }
            Step::ObjectStart(i) => {
                object = Some(*i);
                continue;
            }
            Step::ObjectEnd(_) => {
                object = None;
                continue;
            }
            _ => continue,
        };
        for &to in p.path(*path) {
            out.push(Move {
                from: at,
                to,
                speed,
                bead,
                retracted,
                layer,
                fan,
                object,
                step: k,
            });
            at = Some(to);
        }
        retracted += pull;
    }
    out
}
