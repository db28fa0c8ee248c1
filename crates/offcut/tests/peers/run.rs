//! Runs a job and reads its G-code back.

use crate::body::stl;
use offcut::{Ctx, Input, Outcome, Placement, PrintSettings, SliceJob, slice};
use offcut_gcode::Role;
use offcut_gcode::read::{Event, Motion, Visitor, read};
use offcut_mesh::Mesh;

/// Where the bed's middle is, mm.
pub const MIDDLE: f64 = 110.0;

/// What a file does, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    Move(Motion),
    Layer,
    Fan(f64),
    Hotend(f64),
    Retract(bool),
    Acceleration,
    Limits,
    Comment(String),
}

/// What came of a job.
pub struct Print {
    pub text: String,
    pub outcome: Outcome,
    pub items: Vec<Item>,
}

/// A loop or line that is printed in one go.
#[derive(Debug, Clone)]
pub struct Stroke {
    pub role: Role,
    pub points: Vec<[f64; 2]>,
}

/// A job of some meshes with settings as on the command line.
pub fn job(meshes: &[&Mesh], settings: &[&str], placement: Placement) -> SliceJob {
    let mut s = PrintSettings::default();
    for a in ["start_gcode=G28", "end_gcode=M84"].iter().chain(settings) {
        s.assign(a).unwrap();
    }
    let models = meshes.iter().enumerate().map(|(i, m)| Input {
        name: format!("body{i}.stl"),
        bytes: stl(m),
    });
    SliceJob {
        models: models.collect(),
        placement,
        settings: s,
        ..SliceJob::default()
    }
}

/// Prints one mesh.
pub fn print(mesh: &Mesh, settings: &[&str]) -> Print {
    run(job(&[mesh], settings, Placement::default()))
}

/// Prints several copies of a mesh.
pub fn copies(count: u32, mesh: &Mesh, settings: &[&str]) -> Print {
    let placement = Placement {
        copies: count,
        ..Placement::default()
    };
    run(job(&[mesh], settings, placement))
}

pub fn run(job: SliceJob) -> Print {
    let mut bytes = Vec::new();
    let outcome = slice(job, &Ctx::quiet(), &mut bytes).unwrap();
    let mut reader = Reader(Vec::new());
    read(&bytes, &mut reader);
    Print {
        text: String::from_utf8(bytes).unwrap(),
        outcome,
        items: reader.0,
    }
}

struct Reader(Vec<Item>);

impl Visitor for Reader {
    fn motion(&mut self, motion: &Motion) {
        self.0.push(Item::Move(*motion));
    }

    fn event(&mut self, event: Event, line: u64) {
        self.0.push(match event {
            Event::Layer => Item::Layer,
            Event::Fan(s) => Item::Fan(s),
            Event::Hotend { celsius, .. } => Item::Hotend(celsius),
            Event::FirmwareRetract(r) => Item::Retract(r),
            Event::Acceleration(_) => Item::Acceleration,
            Event::MaxAcceleration(_) | Event::MaxSpeed(_) | Event::Jerk(_) => Item::Limits,
            Event::Comment(c) => Item::Comment(String::from_utf8_lossy(c).into()),
            Event::Malformed(m) => panic!("line {line}: {}", String::from_utf8_lossy(m)),
            _ => return,
        });
    }
}

/// Length in the plane, mm.
pub fn xy(m: &Motion) -> f64 {
    (m.to[0] - m.from[0]).hypot(m.to[1] - m.from[1])
}

/// Whether plastic is laid along a way.
pub fn extrudes(m: &Motion) -> bool {
    m.e > 0.0 && xy(m) > 0.0
}

impl Print {
    /// All moves within layers.
    pub fn moves(&self) -> impl Iterator<Item = &Motion> {
        self.items.iter().filter_map(|i| match i {
            Item::Move(m) if m.layer > 0 => Some(m),
            _ => None,
        })
    }

    /// All extruding moves.
    pub fn extrusions(&self) -> impl Iterator<Item = &Motion> {
        self.moves().filter(|m| extrudes(m))
    }

    /// All extruding moves of some roles.
    pub fn of<'a>(&'a self, roles: &'a [Role]) -> impl Iterator<Item = &'a Motion> {
        self.extrusions()
            .filter(|m| m.role.is_some_and(|r| roles.contains(&r)))
    }

    /// Layers, from 1, that hold any of some roles.
    pub fn layers_with(&self, roles: &[Role]) -> Vec<u32> {
        let mut l: Vec<u32> = self.of(roles).map(|m| m.layer).collect();
        l.sort_unstable();
        l.dedup();
        l
    }

    /// Heights at which plastic is laid, in order, without immediate repetitions.
    pub fn heights(&self) -> Vec<f64> {
        let mut z: Vec<f64> = self.extrusions().map(|m| m.to[2]).collect();
        z.dedup();
        z
    }

    /// Loops and lines of a layer, in order.
    pub fn strokes(&self, layer: u32) -> Vec<Stroke> {
        let mut out: Vec<Stroke> = Vec::new();
        let mut joined = false;
        for m in self.moves().filter(|m| m.layer == layer) {
            if !extrudes(m) {
                joined &= xy(m) == 0.0;
                continue;
            }
            let (role, from, to) = (m.role.unwrap(), [m.from[0], m.from[1]], [m.to[0], m.to[1]]);
            match out.last_mut() {
                Some(s) if joined && s.role == role => s.points.push(to),
                _ => out.push(Stroke {
                    role,
                    points: vec![from, to],
                }),
            }
            joined = true;
        }
        out
    }

    /// Perimeter loops of a layer, in order.
    pub fn loops(&self, layer: u32) -> Vec<Stroke> {
        let mut s = self.strokes(layer);
        s.retain(|s| matches!(s.role, Role::ExternalPerimeter | Role::Perimeter));
        s
    }
}

impl Stroke {
    /// Signed area of the closed loop, mm².
    pub fn area(&self) -> f64 {
        let p = &self.points;
        (0..p.len())
            .map(|i| (p[i], p[(i + 1) % p.len()]))
            .map(|(a, b)| (a[0] * b[1] - a[1] * b[0]) / 2.0)
            .sum()
    }

    /// Middle of the box around it, relative to the bed's middle.
    pub fn middle(&self) -> [f64; 2] {
        [0, 1].map(|k| {
            let (lo, hi) = self
                .points
                .iter()
                .fold((f64::MAX, f64::MIN), |(lo, hi), p| (lo.min(p[k]), hi.max(p[k])));
            (lo + hi) / 2.0 - MIDDLE
        })
    }
}
