//! Laser and mill programs from above: the colour shows the order, the strength the power, thin lines the travels.

use super::flat::Scene;
use super::sheets::Flat;
use offcut_gcode::cnc::read::{Event, Move, Visitor, read};
use offcut_geometry::drawing::Vec2;

/// Chord of arcs, radians.
const CHORD: f64 = 0.1;
/// Colours from the first cut to the last, sRGB.
const ORDER: [[f64; 3]; 5] = [
    [59.0, 28.0, 140.0],
    [33.0, 108.0, 196.0],
    [20.0, 150.0, 110.0],
    [226.0, 140.0, 20.0],
    [205.0, 30.0, 40.0],
];
/// Round where the first cut begins.
const START: [u8; 3] = [20, 20, 20];
const TRAVEL: [u8; 3] = [150, 165, 185];
const PAPER: f64 = 250.0;

struct Run {
    points: Vec<Vec2>,
    /// Share of the highest power of the file; 0 for travels.
    s: f64,
}

#[derive(Default)]
struct Collector {
    runs: Vec<Run>,
    /// The file turns a spindle, or says no power at all: every G1 is a cut.
    arms: bool,
}

impl Visitor for Collector {
    fn motion(&mut self, m: &Move) {
        if !m.known || (m.from[..2] == m.to[..2] && m.arc.is_none()) {
            return;
        }
        let s = if m.rapid || (self.arms && !m.burns()) {
            0.0
        } else if self.arms {
            m.s
        } else {
            1.0
        };
        let (a, b) = (Vec2::new(m.from[0], m.from[1]), Vec2::new(m.to[0], m.to[1]));
        let fits = self
            .runs
            .last()
            .is_some_and(|r| r.s == s && r.points.last() == Some(&a));
        if !fits {
            self.runs.push(Run { points: vec![a], s });
        }
        let Some(run) = self.runs.last_mut() else { return };
        if let Some(arc) = m.arc {
            let (r, sweep) = arc.sweep(m.from, m.to);
            let c = Vec2::new(arc.center[0], arc.center[1]);
            let start = libm::atan2(a.y - c.y, a.x - c.x);
            let n = (sweep.abs() / CHORD).ceil().max(1.0);
            for k in 1..n as u32 {
                run.points
                    .push(c + Vec2::at_angle(start + sweep * f64::from(k) / n) * r);
            }
        }
        run.points.push(b);
    }

    fn event(&mut self, event: Event, _: u64) {
        if let Event::Mode(_, _) = event {
            self.arms = true;
        }
    }
}

/// Draws a program; nothing when it has no cuts.
#[must_use]
pub fn cuts_picture(text: &[u8], travels: bool) -> Option<Flat> {
    let mut c = Collector::default();
    read(text, &mut c);
    let most = c.runs.iter().map(|r| r.s).fold(0.0, f64::max);
    if most <= 0.0 {
        return None;
    }
    let cuts = c.runs.iter().filter(|r| r.s > 0.0).count().max(2) - 1;
    let mut scene = Scene::default();
    if travels {
        for r in c.runs.iter().filter(|r| r.s == 0.0) {
            scene.lines(vec![r.points.clone()], false, TRAVEL, 0.7);
        }
    }
    for (i, r) in c.runs.iter().filter(|r| r.s > 0.0).enumerate() {
        let color = color(i as f64 / cuts as f64, r.s / most);
        scene.lines(vec![r.points.clone()], false, color, 1.8);
    }
    let first = c
        .runs
        .iter()
        .find(|r| r.s > 0.0)
        .and_then(|r| r.points.first().copied());
    if let Some(p) = first {
        let size = extent(&c.runs) * 0.006;
        let ring = (0..24).map(|k| p + Vec2::at_angle(f64::from(k) * std::f64::consts::TAU / 24.0) * size);
        scene.lines(vec![ring.collect()], true, START, 2.0);
    }
    Some(Flat::of(scene))
}

fn extent(runs: &[Run]) -> f64 {
    let (mut lo, mut hi) = (Vec2::new(f64::MAX, f64::MAX), Vec2::new(f64::MIN, f64::MIN));
    for p in runs.iter().flat_map(|r| &r.points) {
        lo = Vec2::new(lo.x.min(p.x), lo.y.min(p.y));
        hi = Vec2::new(hi.x.max(p.x), hi.y.max(p.y));
    }
    (hi - lo).norm()
}

/// The colour of a place in the order, paler for less power.
fn color(order: f64, power: f64) -> [u8; 3] {
    let t = order.clamp(0.0, 1.0) * (ORDER.len() - 1) as f64;
    let i = (t as usize).min(ORDER.len() - 2);
    let f = t - i as f64;
    let strength = 0.35 + 0.65 * power.clamp(0.0, 1.0);
    std::array::from_fn(|k| {
        let c = ORDER[i][k] + (ORDER[i + 1][k] - ORDER[i][k]) * f;
        (PAPER + (c - PAPER) * strength).round() as u8
    })
}
