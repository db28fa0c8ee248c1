//! Look-ahead over a run of moves: how fast each may begin, and how long it takes.
//!
//! In: moves with their acceleration and speed. Out: seconds per move. The planner sees a whole run
//! at once (firmwares see some dozen moves ahead, which is nearly the same), and takes moves as
//! trapezoids of speed: W. Van Heijst's and S. Kulkarni's planner of Grbl and Marlin, Klipper's
//! `toolhead` for its two accelerations.

use super::limits::{Corner, Limits};

/// What a move is limited by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Extrudes on its way.
    Print,
    /// Moves without extruding.
    Travel,
    /// Filament alone.
    Filament,
}

/// A planned move.
#[derive(Debug, Clone, Copy)]
struct Planned {
    length: f64,
    acceleration: f64,
    /// Speed at most.
    cruise: f64,
    /// Square of the speed at the start, at most.
    entry2: f64,
}

/// The move before, as the corner needs it.
#[derive(Debug, Clone, Copy, Default)]
struct Last {
    velocity: [f64; 4],
    cruise: f64,
    safe: f64,
    acceleration: f64,
    length: f64,
    moving: bool,
    /// An XYZ move (Klipper stops between those and moves of the extruder alone).
    kinematic: bool,
}

/// Collects moves and times them.
#[derive(Debug, Clone)]
pub struct Planner {
    limits: Limits,
    /// 1 / limit: the limits of four axes are tested by multiplying.
    inverse: Inverse,
    moves: Vec<Planned>,
    last: Last,
}

#[derive(Debug, Clone, Copy)]
struct Inverse {
    speed: [f64; 4],
    acceleration: [f64; 4],
    jerk: [f64; 4],
}

impl Inverse {
    fn new(l: &Limits) -> Self {
        // A limit of zero becomes a huge factor, not an infinite one: 0 · ∞ is no number.
        let inverse = |v: [f64; 4]| v.map(|v| 1.0 / v.max(1e-30));
        Self {
            speed: inverse(l.speed),
            acceleration: inverse(l.acceleration),
            jerk: inverse(l.jerk),
        }
    }
}

/// Klipper's `instantaneous_corner_velocity` of the extruder, mm/s.
const EXTRUDER_CORNER: f64 = 1.0;

/// One instruction each, where `f64::max` and `f64::min` spend five on NaN, which is excluded here.
#[inline(always)]
fn max(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[inline(always)]
fn min(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// The largest product of an axis' magnitude and a factor.
#[inline(always)]
fn largest(v: &[f64; 4], factor: &[f64; 4]) -> f64 {
    let a = max(v[0].abs() * factor[0], v[1].abs() * factor[1]);
    let b = max(v[2].abs() * factor[2], v[3].abs() * factor[3]);
    max(a, b)
}

impl Planner {
    /// A planner that stands still.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            inverse: Inverse::new(&limits),
            limits,
            moves: Vec::new(),
            last: Last::default(),
        }
    }

    /// Begins anew, standing still; keeps the memory of the moves before.
    pub fn restart(&mut self, limits: Limits) {
        self.inverse = Inverse::new(&limits);
        self.limits = limits;
        self.moves.clear();
        self.last = Last::default();
    }

    /// Moves that wait for [`Self::flush`].
    #[must_use]
    pub fn len(&self) -> usize {
        self.moves.len()
    }

    /// True when nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.moves.is_empty()
    }

    /// Changes the limits of the following moves.
    pub fn change(&mut self, f: impl FnOnce(&mut Limits)) {
        f(&mut self.limits);
        self.inverse = Inverse::new(&self.limits);
    }

    /// Adds a move by `d` (X Y Z E, mm) at `speed` mm/s. Returns false when it moves nothing.
    pub fn push(&mut self, d: [f64; 4], speed: f64, kind: Kind) -> bool {
        let way = (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).sqrt();
        if way > 0.0 {
            return self.line([d[0], d[1], d[2]], way, d[3] / way, speed, kind);
        }
        let length = d[3].abs();
        self.unit_move([0.0, 0.0, 0.0, d[3].signum()], length, speed, kind, false)
    }

    /// Adds a move by `d` mm of the given length that takes `rate` mm of filament per mm.
    #[inline(always)]
    pub fn line(&mut self, d: [f64; 3], length: f64, rate: f64, speed: f64, kind: Kind) -> bool {
        let inv = 1.0 / length;
        self.unit_move(
            [d[0] * inv, d[1] * inv, d[2] * inv, rate],
            length,
            speed,
            kind,
            true,
        )
    }

    #[inline(always)]
    fn unit_move(&mut self, unit: [f64; 4], length: f64, speed: f64, kind: Kind, kinematic: bool) -> bool {
        // Neither comparison holds for NaN, so that such a move is dropped too.
        if !(length > 0.0 && speed > 0.0 && length < 1e9) {
            return false;
        }
        let mut cruise = speed;
        let mut acceleration = match kind {
            Kind::Print => self.limits.printing,
            Kind::Travel => self.limits.travelling,
            Kind::Filament => self.limits.retracting,
        };
        let over = largest(&unit, &self.inverse.speed) * cruise;
        if over > 1.0 {
            cruise /= over;
        }
        let over = largest(&unit, &self.inverse.acceleration) * acceleration;
        if over > 1.0 {
            acceleration /= over;
        }
        let [x, y, z, e] = unit;
        let velocity = [x * cruise, y * cruise, z * cruise, e * cruise];
        let mut now = Last {
            velocity,
            cruise,
            safe: 0.0,
            acceleration,
            length,
            moving: true,
            kinematic,
        };
        let entry2 = match self.limits.corner {
            Corner::Jerk => {
                now.safe = safe_speed(&velocity, cruise, &self.limits.jerk);
                let v = self.jerk_corner(&now);
                v * v
            }
            Corner::Deviation(deviation) => self.deviation_corner(&now, deviation, true),
            Corner::Junction(deviation) => self.deviation_corner(&now, deviation, false),
            Corner::Square { velocity, .. } => self.square_corner(&now, velocity),
        };
        self.last = now;
        self.moves.push(Planned {
            length,
            acceleration,
            cruise,
            entry2,
        });
        true
    }

    /// The machine stands still here (dwell, homing, heating).
    pub fn stop(&mut self) {
        self.last = Last::default();
    }

    /// Marlin's classic jerk: the change of every axis' speed at once is limited.
    #[inline(always)]
    fn jerk_corner(&self, now: &Last) -> f64 {
        let last = &self.last;
        if !last.moving {
            return now.safe;
        }
        let slower = min(last.cruise, now.cruise);
        let scale = if last.cruise > now.cruise {
            now.cruise / last.cruise
        } else {
            1.0
        };
        // Same direction: the difference; opposite directions: the larger of both. Signs are as good as
        // random, so nothing here branches on them.
        let jump = |i: usize| {
            let (exit, entry) = (last.velocity[i] * scale, now.velocity[i]);
            let shared = min(exit.abs(), entry.abs());
            max(exit.abs(), entry.abs()) - if exit * entry > 0.0 { shared } else { 0.0 }
        };
        let over = largest(&[jump(0), jump(1), jump(2), jump(3)], &self.inverse.jerk);
        let v = slower / max(over, 1.0);
        // Stopping and starting within the jerk may be faster than passing the corner.
        if min(last.safe, now.safe) > v * 0.99 {
            now.safe
        } else {
            v
        }
    }

    /// Junction deviation, with Marlin 2's limit for short chords; returns the square of the speed.
    fn deviation_corner(&self, now: &Last, deviation: f64, chords: bool) -> f64 {
        let last = &self.last;
        if !last.moving {
            return 0.0;
        }
        let (a, b) = (normal(&last.velocity), normal(&now.velocity));
        let cos = -(a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]);
        if cos > 0.999_999 {
            return 0.05 * 0.05;
        }
        let d = normal(&[b[0] - a[0], b[1] - a[1], b[2] - a[2], b[3] - a[3]]);
        let mut acceleration = now.acceleration;
        for (u, limit) in d.iter().zip(&self.limits.acceleration) {
            if u.abs() * acceleration > *limit {
                acceleration = limit / u.abs();
            }
        }
        let sin = (0.5 * (1.0 - cos)).sqrt();
        let cap = now.cruise.min(last.cruise);
        let mut v2 = if sin < 1.0 {
            acceleration * deviation * sin / (1.0 - sin)
        } else {
            f64::INFINITY
        };
        if chords && now.length < 1.0 && cos < -std::f64::consts::FRAC_1_SQRT_2 {
            // A polygon of short chords: the circle that it stands for.
            v2 = v2.min(now.length * acceleration / libm::acos(-cos).max(1e-9));
        }
        v2.min(cap * cap)
    }

    /// Klipper's square corner velocity; returns the square of the speed.
    fn square_corner(&self, now: &Last, velocity: f64) -> f64 {
        let last = &self.last;
        if !last.moving || !last.kinematic || !now.kinematic {
            return 0.0;
        }
        let (a, b) = (
            last.velocity.map(|v| v / last.cruise),
            now.velocity.map(|v| v / now.cruise),
        );
        let cap = now.cruise.min(last.cruise);
        let reach = 2.0 * last.length * last.acceleration;
        let mut v2 = (cap * cap).min(self.moves.last().map_or(0.0, |m| m.entry2) + reach);
        let bend = (b[3] - a[3]).abs();
        if bend > 0.0 {
            let v = EXTRUDER_CORNER / bend;
            v2 = v2.min(v * v);
        }
        let cos = -(a[0] * b[0] + a[1] * b[1] + a[2] * b[2]);
        let half_sin = (0.5 * (1.0 - cos)).max(0.0).sqrt();
        let half_cos = (0.5 * (1.0 + cos)).max(0.0).sqrt();
        if half_sin < 1.0 && half_cos > 0.0 {
            let radius = half_sin / (1.0 - half_sin);
            let quarter_tan = 0.25 * half_sin / half_cos;
            let deviation = velocity * velocity * (std::f64::consts::SQRT_2 - 1.0);
            // The deviation is scv²(√2−1)/a, so that a cancels here.
            v2 = v2
                .min(radius * deviation)
                .min(2.0 * now.length * now.acceleration * quarter_tan)
                .min(reach * quarter_tan);
        }
        v2
    }

    /// Plans what waits, to a stop, and calls `each` with the seconds of every move, in order.
    pub fn flush(&mut self, mut each: impl FnMut(f64)) {
        if self.moves.is_empty() {
            return;
        }
        let exit2 = self.last.safe * self.last.safe;
        if let Corner::Square { to_decel, .. } = self.limits.corner {
            self.smooth(to_decel);
        }
        // Backwards: nothing starts faster than it can be braked before the next move's start.
        let mut next2 = exit2;
        for m in self.moves.iter_mut().rev() {
            let brake2 = next2 + 2.0 * m.acceleration * m.length;
            m.entry2 = min(min(m.entry2, m.cruise * m.cruise), brake2);
            next2 = m.entry2;
        }
        // Forwards: nothing starts faster than the move before can make it.
        let mut start2 = self.moves.first().map_or(0.0, |m| m.entry2);
        let mut start = start2.sqrt();
        for (k, m) in self.moves.iter().enumerate() {
            let limit2 = self.moves.get(k + 1).map_or(exit2, |next| next.entry2);
            let end2 = min(limit2, start2 + 2.0 * m.acceleration * m.length);
            let end = end2.sqrt();
            each(trapezoid(m.length, start, end, m.cruise, m.acceleration));
            (start2, start) = (end2, end);
        }
        self.moves.clear();
        self.stop();
    }

    /// Klipper's second, slower acceleration: short zigzags are cruised at a lower peak.
    fn smooth(&mut self, to_decel: f64) {
        let smooth2 = |m: &Planned| 2.0 * m.length * m.acceleration * to_decel;
        let mut limit2 = f64::INFINITY;
        let limits: Vec<f64> = self
            .moves
            .iter()
            .map(|m| {
                let l = limit2.min(m.entry2);
                limit2 = l + smooth2(m);
                l
            })
            .collect();
        let mut next_smooth2 = 0.0;
        let mut next2: f64 = 0.0;
        let mut peak2 = 0.0f64;
        let mut delayed: Vec<(usize, f64)> = Vec::new();
        for k in (0..self.moves.len()).rev() {
            let m = self.moves[k];
            let delta2 = 2.0 * m.length * m.acceleration;
            let reachable = next2 + delta2;
            let start2 = m.entry2.min(reachable);
            let smooth_reachable: f64 = next_smooth2 + smooth2(&m);
            let smoothed = limits[k].min(smooth_reachable);
            if smoothed < smooth_reachable {
                if smoothed + smooth2(&m) > next_smooth2 || !delayed.is_empty() {
                    peak2 = (m.cruise * m.cruise).min(0.5 * (smoothed + smooth_reachable));
                    let mut cap = peak2;
                    for &(i, s2) in delayed.iter().rev() {
                        cap = cap.min(s2);
                        let d = &mut self.moves[i];
                        d.cruise = d.cruise.min(cap.sqrt());
                        d.entry2 = d.entry2.min(cap);
                    }
                    delayed.clear();
                }
                let cruise2 = (m.cruise * m.cruise).min(0.5 * (start2 + reachable)).min(peak2);
                self.moves[k].cruise = cruise2.sqrt();
                self.moves[k].entry2 = start2.min(cruise2);
            } else {
                delayed.push((k, start2));
            }
            next2 = start2;
            next_smooth2 = smoothed;
        }
    }
}

/// The speed at which a move may begin or end without acceleration.
#[inline(always)]
fn safe_speed(velocity: &[f64; 4], cruise: f64, jerk: &[f64; 4]) -> f64 {
    let top = |i: usize| {
        if velocity[i].abs() > jerk[i] {
            jerk[i]
        } else {
            cruise
        }
    };
    min(min(min(top(0), top(1)), min(top(2), top(3))), cruise)
}

fn normal(v: &[f64; 4]) -> [f64; 4] {
    let n = (v[0] * v[0] + v[1] * v[1] + v[2] * v[2] + v[3] * v[3]).sqrt();
    if n > 0.0 { v.map(|x| x / n) } else { *v }
}

/// Seconds of a move that begins with `start`, ends with `end` and cruises at most at `cruise`.
#[inline(always)]
fn trapezoid(length: f64, start: f64, end: f64, cruise: f64, a: f64) -> f64 {
    let mean2 = 0.5 * (start * start + end * end);
    let gain2 = a * length;
    let peak2 = mean2 + gain2;
    let cruise2 = cruise * cruise;
    // Both cases over one denominator and without a branch, which would be guessed wrong too often:
    // two ramps, or ramps plus the rest at full speed.
    let reaches = peak2 > cruise2;
    let ramps = 2.0 * if reaches { cruise } else { peak2.sqrt() } - start - end;
    let above = if reaches {
        ramps * cruise + (peak2 - cruise2)
    } else {
        max(ramps, 0.0)
    };
    above / (a * if reaches { cruise } else { 1.0 })
}

#[cfg(test)]
#[path = "planner_tests.rs"]
mod tests;
