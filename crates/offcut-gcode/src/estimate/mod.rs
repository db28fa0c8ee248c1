//! How long a program or a file takes and what it uses.
//!
//! In: a [`Program`] with its settings, or the text of any printer. Out: an [`Estimate`]. Layers are
//! timed on their own, standing still at both ends, so that they can be timed in parallel.

mod file;
mod limits;
mod planner;

pub use file::estimate_file;
pub use limits::{Corner, Limits};
pub use planner::{Kind, Planner};

use crate::arcs;
use crate::program::{Extrusion, Path, Program, Step, Vertex};
use crate::read::{Event, Motion, State, Visitor};
use crate::write::{Carry, Chunk, chunks};
use offcut_settings::PrintSettings;
use serde::{Deserialize, Serialize};

/// Time and material of a job.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Printing time, s. Heating and homing are not known and not counted.
    pub seconds: f64,
    /// Time before the first layer mark, s.
    pub start_seconds: f64,
    /// Time per layer, s.
    pub layers: Vec<f64>,
    /// Time per role, s, in the order of [`crate::Role::ALL`].
    pub roles: [f64; 12],
    /// Time of travels, retractions and waits, s.
    pub travel_seconds: f64,
    /// Filament extruded, mm; retractions do not count.
    pub filament_mm: f64,
    /// Filament per role, mm.
    pub role_filament_mm: [f64; 12],
    /// Plastic extruded, mm³.
    pub volume_mm3: f64,
    /// Weight, g.
    pub grams: f64,
    /// Price of the filament.
    pub cost: f64,
    /// Seconds from the start to the end of each step of the program.
    #[serde(skip)]
    pub step_ends: Vec<f32>,
}

impl Estimate {
    /// Seconds from the start to the end of a step; the whole time when that is not known.
    #[must_use]
    pub fn step_end(&self, step: usize) -> f32 {
        self.step_ends.get(step).copied().unwrap_or(self.seconds as f32)
    }

    /// Fills volume, weight and price from the filament.
    fn weigh(&mut self, s: &PrintSettings) {
        self.volume_mm3 = self.filament_mm * filament_area(s.filament_diameter);
        self.grams = self.volume_mm3 * s.filament_density / 1000.0;
        self.cost = self.grams * s.filament_cost / 1000.0;
    }
}

/// Cross-section of a filament, mm².
pub(crate) fn filament_area(diameter: f64) -> f64 {
    std::f64::consts::PI * diameter * diameter / 4.0
}

/// Estimates a program.
#[must_use]
pub fn estimate(program: &Program, settings: &PrintSettings) -> Estimate {
    let limits = Limits::new(settings);
    let area = filament_area(settings.filament_diameter);
    let chunks = chunks(program);
    let timer = || ChunkTimer::new(program, limits, area);
    #[cfg(feature = "parallel")]
    let parts: Vec<ChunkTimes> = {
        use rayon::prelude::*;
        chunks
            .par_iter()
            .with_max_len(8)
            .map_init(timer, ChunkTimer::run)
            .collect()
    };
    #[cfg(not(feature = "parallel"))]
    let parts: Vec<ChunkTimes> = {
        let mut timer = timer();
        chunks.iter().map(|c| timer.run(c)).collect()
    };

    let mut e = Estimate {
        layers: vec![0.0; program.layers.len()],
        step_ends: Vec::with_capacity(program.steps.len()),
        ..Estimate::default()
    };
    for (part, chunk) in parts.iter().zip(&chunks) {
        let start = e.seconds;
        for (i, t) in part.steps.iter().enumerate() {
            e.seconds += t;
            e.step_ends.push(e.seconds as f32);
            match &program.steps[chunk.steps.start + i] {
                Step::Extrude { bead, .. } => e.roles[bead.role as usize] += t,
                _ => e.travel_seconds += t,
            }
        }
        for (sum, mm) in e.role_filament_mm.iter_mut().zip(&part.filament) {
            *sum += mm;
        }
        match program.steps.get(chunk.steps.start) {
            Some(Step::Layer(n)) if (*n as usize) < e.layers.len() => {
                e.layers[*n as usize] += e.seconds - start
            }
            _ => e.start_seconds += e.seconds - start,
        }
    }
    e.filament_mm = e.role_filament_mm.iter().sum();
    e.weigh(settings);
    e
}

/// What a chunk takes.
struct ChunkTimes {
    /// Seconds per step.
    steps: Vec<f64>,
    /// Filament per role, mm.
    filament: [f64; 12],
}

/// Times the steps of one chunk after the other.
struct ChunkTimer<'a> {
    program: &'a Program,
    limits: Limits,
    planner: Planner,
    at: Option<Vertex>,
    area: f64,
    filament: [f64; 12],
    /// Moves given to the planner until the end of each step, and waiting time in the step.
    ends: Vec<(usize, f64)>,
    arc: usize,
}

impl<'a> ChunkTimer<'a> {
    fn new(program: &'a Program, limits: Limits, area: f64) -> Self {
        Self {
            program,
            limits,
            planner: Planner::new(limits),
            at: None,
            area,
            filament: [0.0; 12],
            ends: Vec::new(),
            arc: 0,
        }
    }

    fn run(&mut self, chunk: &Chunk) -> ChunkTimes {
        let Carry { at, acceleration, .. } = chunk.carry;
        let mut limits = self.limits;
        limits.set_printing(f64::from(acceleration));
        limits.set_travelling(f64::from(acceleration));
        self.planner.restart(limits);
        self.at = at;
        self.filament = [0.0; 12];
        self.ends.clear();
        self.arc = 0;
        let program = self.program;
        for step in &program.steps[chunk.steps.clone()] {
            let wait = self.step(step);
            self.ends.push((self.planner.len(), wait));
        }
        let mut steps = vec![0.0; self.ends.len()];
        let (mut k, mut done) = (0, 0);
        let ends = &self.ends;
        self.planner.flush(|seconds| {
            while ends[k].0 <= done {
                k += 1;
            }
            steps[k] += seconds;
            done += 1;
        });
        for (s, (_, wait)) in steps.iter_mut().zip(ends) {
            *s += wait;
        }
        ChunkTimes {
            steps,
            filament: self.filament,
        }
    }

    /// Plans a step; returns the seconds that it waits.
    fn step(&mut self, step: &Step) -> f64 {
        match step {
            Step::Travel { path, speed } => {
                self.moves(*path, *speed, 0.0, Kind::Travel);
            }
            Step::Extrude { path, bead } => self.extrude(*path, bead),
            Step::Cut { path, cut } => {
                self.moves(*path, cut.feed, 0.0, Kind::Print);
            }
            Step::Raster { path, feed, .. } => {
                self.moves(*path, *feed, 0.0, Kind::Print);
            }
            // The filament's own speed is far below its limits: only the way counts.
            Step::Wipe { path, speed, .. } => {
                self.moves(*path, *speed, 0.0, Kind::Travel);
            }
            Step::Retract { length, speed } => self.pull(-f64::from(*length), *speed),
            Step::Unretract { length, speed } => self.pull(f64::from(*length), *speed),
            Step::Acceleration(a) => {
                self.planner.change(|l| {
                    l.set_printing(f64::from(*a));
                    l.set_travelling(f64::from(*a));
                });
            }
            Step::Dwell(s) => {
                self.planner.stop();
                return f64::from(s.max(0.0));
            }
            Step::Custom(text) => return self.custom(text),
            _ => {}
        }
        0.0
    }

    fn extrude(&mut self, path: Path, bead: &Extrusion) {
        let rate = bead.mm3_per_mm / self.area;
        let length = self.moves(path, bead.speed, rate, Kind::Print);
        self.filament[bead.role as usize] += length * rate;
    }

    fn pull(&mut self, e: f64, speed: f32) {
        self.planner
            .push([0.0, 0.0, 0.0, e], f64::from(speed), Kind::Filament);
    }

    /// Plans the moves of a path; returns its length, mm.
    fn moves(&mut self, path: Path, speed: f32, rate: f64, kind: Kind) -> f64 {
        let program = self.program;
        let Some(targets) = program.vertices.get(path.start as usize..path.end as usize) else {
            return 0.0;
        };
        let Some(&first) = targets.first() else { return 0.0 };
        let speed = f64::from(speed);
        let mut from = self.at.unwrap_or(first);
        let mut total = 0.0;
        if program.arcs.get(self.arc).is_some_and(|a| a.vertex < path.start) {
            self.arc = program.arcs.partition_point(|a| a.vertex < path.start);
        }
        let mut arc_at = program.arcs.get(self.arc).map_or(u32::MAX, |a| a.vertex);
        for (i, &v) in targets.iter().enumerate() {
            if arc_at == path.start + i as u32 {
                // Firmwares cut arcs into chords of about a millimetre.
                let arc = program.arcs[self.arc];
                for p in arcs::pieces(from, v, arc, 100_000.0) {
                    total += self.line(from, p, speed, rate, kind);
                    from = p;
                }
                self.arc += 1;
                arc_at = program.arcs.get(self.arc).map_or(u32::MAX, |a| a.vertex);
            } else {
                total += self.line(from, v, speed, rate, kind);
                from = v;
            }
        }
        self.at = Some(from);
        total
    }

    #[inline(always)]
    fn line(&mut self, from: Vertex, to: Vertex, speed: f64, rate: f64, kind: Kind) -> f64 {
        let mm = |a: i32, b: i32| (f64::from(b) - f64::from(a)) * 1e-5;
        let d = [mm(from.x, to.x), mm(from.y, to.y), mm(from.z, to.z)];
        let length = (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).sqrt();
        self.planner.line(d, length, rate, speed, kind);
        length
    }

    fn custom(&mut self, text: &str) -> f64 {
        let mut state = State::default();
        if let Some(v) = self.at {
            let mm = |c: i32| f64::from(c) * 1e-5;
            state.place([mm(v.x), mm(v.y), mm(v.z)], 50.0);
        }
        let mut visitor = Planning {
            planner: &mut self.planner,
            wait: 0.0,
        };
        state.read(text.as_bytes(), &mut visitor);
        let wait = visitor.wait;
        if crate::write::moves(text) {
            self.at = None;
        }
        wait
    }
}

/// Plans the moves of custom G-code.
struct Planning<'a> {
    planner: &'a mut Planner,
    wait: f64,
}

impl Visitor for Planning<'_> {
    fn motion(&mut self, m: &Motion) {
        let d = [0, 1, 2].map(|i| m.to[i] - m.from[i]);
        self.planner.push([d[0], d[1], d[2], m.e], m.speed, file::kind(m));
    }

    fn event(&mut self, event: Event, _line: u64) {
        self.planner.change(|l| l.follow(&event, false));
        if let Event::Dwell(s) = event {
            self.planner.stop();
            self.wait += s.max(0.0);
        }
    }
}
