//! Time and material of a file of any slicer.

use super::{Estimate, Kind, Limits, Planner};
use crate::read::{Event, Motion, State, Visitor};
use offcut_settings::PrintSettings;
use offcut_settings::print::GcodeFlavor;

/// Moves that are planned at once at most; bounds the memory.
const RUN: usize = 1 << 16;

/// Estimates a file for the machine of the settings; limits that the file sets are followed.
#[must_use]
pub fn estimate_file(text: &[u8], settings: &PrintSettings) -> Estimate {
    let mut timer = FileTimer {
        planner: Planner::new(Limits::new(settings)),
        per_minute: settings.gcode_flavor == GcodeFlavor::Reprapfirmware,
        slots: Vec::new(),
        layer: 0,
        retracted: 0.0,
        estimate: Estimate::default(),
    };
    State::default().read(text, &mut timer);
    timer.flush();
    let mut e = timer.estimate;
    e.filament_mm = e.role_filament_mm.iter().sum();
    e.weigh(settings);
    e
}

/// What limits a move of a file.
pub(super) fn kind(m: &Motion) -> Kind {
    let moves = m.from != m.to || m.arc.is_some();
    match (moves, m.e > 0.0) {
        (true, true) => Kind::Print,
        (true, false) => Kind::Travel,
        (false, _) => Kind::Filament,
    }
}

struct FileTimer {
    planner: Planner,
    per_minute: bool,
    /// Role of every planned move; none for travels.
    slots: Vec<Option<u8>>,
    layer: u32,
    /// Filament that is pulled back, mm.
    retracted: f64,
    estimate: Estimate,
}

impl FileTimer {
    fn add(&mut self, seconds: f64, slot: Option<u8>) {
        let e = &mut self.estimate;
        e.seconds += seconds;
        match slot {
            Some(r) => e.roles[usize::from(r)] += seconds,
            None => e.travel_seconds += seconds,
        }
        match (self.layer as usize).checked_sub(1) {
            Some(l) if l < e.layers.len() => e.layers[l] += seconds,
            Some(_) => e.layers.push(seconds),
            None => e.start_seconds += seconds,
        }
    }

    fn flush(&mut self) {
        let slots = std::mem::take(&mut self.slots);
        let mut times = Vec::with_capacity(slots.len());
        self.planner.flush(|t| times.push(t));
        for (t, s) in times.iter().zip(&slots) {
            self.add(*t, *s);
        }
    }

    fn push(&mut self, d: [f64; 4], m: &Motion, slot: Option<u8>) {
        if self.planner.push(d, m.speed, kind(m)) {
            self.slots.push(slot);
        }
        if self.slots.len() >= RUN {
            self.flush();
        }
    }
}

impl Visitor for FileTimer {
    fn motion(&mut self, m: &Motion) {
        let d = [0, 1, 2].map(|i| m.to[i] - m.from[i]);
        let slot = (m.e > 0.0 && m.from != m.to).then(|| m.role.map_or(11, |r| r as u8));
        if let Some(slot) = slot {
            let used = (m.e - self.retracted).max(0.0).min(m.e);
            self.retracted = (self.retracted - m.e).max(0.0);
            self.estimate.role_filament_mm[usize::from(slot)] += used;
        } else {
            self.retracted = (self.retracted - m.e).max(0.0);
        }
        match m.arc {
            None => self.push([d[0], d[1], d[2], m.e], m, slot),
            Some(arc) => {
                let (r, sweep) = arc.sweep(m.from, m.to);
                let a = libm::atan2(m.from[1] - arc.center[1], m.from[0] - arc.center[0]);
                let n = (r * sweep.abs()).ceil().clamp(1.0, 1e5);
                let chord = 2.0 * r * libm::sin(sweep.abs() / n / 2.0);
                for k in 0..n as u32 {
                    let t =
                        a + sweep * (f64::from(k) + 0.5) / n + sweep.signum() * std::f64::consts::FRAC_PI_2;
                    let piece = [chord * libm::cos(t), chord * libm::sin(t), d[2] / n, m.e / n];
                    self.push(piece, m, slot);
                }
            }
        }
    }

    fn event(&mut self, event: Event, _line: u64) {
        if matches!(event, Event::Comment(_)) {
            return;
        }
        let per_minute = self.per_minute;
        self.planner.change(|l| l.follow(&event, per_minute));
        match event {
            Event::Layer => {
                self.flush();
                self.layer += 1;
            }
            Event::Dwell(s) => {
                self.flush();
                self.add(s.max(0.0), None);
            }
            _ => {}
        }
    }
}
