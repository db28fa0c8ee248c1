//! Where the nozzle is and what it leaves: turns wishes (go there, extrude along this) into steps.
//!
//! Promised: nothing is extruded while retracted, nothing is retracted twice, the nozzle is lifted only
//! while retracted, no travel runs below its layer.

use super::cooling::Timed;
use offcut_gcode::Role;
use offcut_gcode::program::{Extrusion, Path, Program, Step, Vertex};
use offcut_geometry::{Coord, Point, UNITS_PER_MM, grid, to_mm};
use offcut_settings::PrintSettings;
use std::ops::Range;

/// What the fan shall do; the layer's speed is known only when the layer is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fan {
    Layer,
    Bridge,
    InternalBridge,
    Overhang,
}

impl Fan {
    /// A stand-in inside [`Step::Fan`], replaced when the layer is complete.
    pub const fn mark(self) -> f32 {
        match self {
            Self::Layer => -1.0,
            Self::Bridge => -2.0,
            Self::Overhang => -3.0,
            Self::InternalBridge => -4.0,
        }
    }
}

/// Whether filament is pulled back before a travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pull {
    /// When the travel is long.
    Auto,
    /// However long.
    Never,
    /// However short.
    Always,
}

/// Settings of retraction and travel in the units used here.
#[derive(Debug, Clone)]
struct Motion {
    travel_speed: f32,
    travel_speed_z: f32,
    travel_acceleration: f32,
    length: f32,
    speed: f32,
    push_speed: f32,
    extra: f32,
    min_travel: f64,
    hop: Coord,
    hop_above: Coord,
    hop_below: Coord,
    wipe: bool,
    before_wipe: f32,
    firmware: bool,
}

/// A line that was printed.
#[derive(Debug, Clone)]
struct Printed {
    from: Point,
    /// The vertices after `from`.
    vertices: Range<u32>,
    closed: bool,
}

/// The machine's state and the program written so far.
#[derive(Debug)]
pub(super) struct Track {
    pub program: Program,
    motion: Motion,
    /// Where the nozzle is; unknown before the first move.
    pos: Option<Vertex>,
    /// Height of the current layer's moves.
    z: Coord,
    retracted: bool,
    /// Way travelled without retraction since the last extrusion.
    loose: f64,
    /// The height of travels while the nozzle is lifted above `z`.
    lifted: Option<Coord>,
    acceleration: f32,
    fan: Fan,
    /// The line just printed: the way to wipe along.
    wipe_along: Option<Printed>,
    /// Extrusions of the current layer.
    pub timed: Vec<Timed>,
    /// Time of the current layer's other moves, s.
    pub other_time: f64,
    /// The first step of the current layer.
    pub layer_start: usize,
}

impl Track {
    pub fn new(s: &PrintSettings) -> Self {
        Self {
            program: Program::default(),
            motion: Motion {
                travel_speed: s.travel_speed as f32,
                travel_speed_z: s.travel_speed_z_mm_s() as f32,
                travel_acceleration: s.travel_acceleration_mm_s2().unwrap_or(0.0) as f32,
                length: s.retract_length as f32,
                speed: s.retract_speed as f32,
                push_speed: s.deretract_speed_mm_s() as f32,
                extra: s.retract_restart_extra as f32,
                min_travel: s.retract_before_travel * UNITS_PER_MM,
                hop: grid(s.z_hop),
                hop_above: grid(s.z_hop_above),
                hop_below: if s.z_hop_below > 0.0 {
                    grid(s.z_hop_below)
                } else {
                    Coord::MAX
                },
                wipe: s.wipe && !s.firmware_retraction,
                before_wipe: (s.retract_before_wipe / 100.0).clamp(0.0, 1.0) as f32,
                firmware: s.firmware_retraction,
            },
            pos: None,
            z: 0,
            retracted: false,
            loose: 0.0,
            lifted: None,
            acceleration: 0.0,
            fan: Fan::Layer,
            wipe_along: None,
            timed: Vec::new(),
            other_time: 0.0,
            layer_start: 0,
        }
    }

    /// Where the nozzle is.
    pub fn at(&self) -> Option<Point> {
        self.pos.map(Vertex::xy)
    }

    pub fn step(&mut self, s: Step) {
        self.program.steps.push(s);
    }

    fn retracts(&self) -> bool {
        self.motion.length > 0.0 || self.motion.firmware
    }

    /// Goes up (or, between objects, down) to `z` where the nozzle stands.
    pub fn set_height(&mut self, z: Coord) {
        self.z = z;
        self.lifted = None;
        self.wipe_along = None;
        self.rise(z);
    }

    /// Goes up or down where the nozzle stands.
    fn rise(&mut self, z: Coord) {
        match self.pos {
            Some(p) => self.vertical(Vertex::new(p.xy(), z)),
            None => self.step(Step::Height {
                z,
                speed: self.motion.travel_speed_z,
            }),
        }
    }

    /// Rises to `safe`; the next extrusion begins at `z`, and the way there leads over everything below.
    pub fn pass_over(&mut self, safe: Coord, z: Coord) {
        self.retract();
        self.wipe_along = None;
        self.z = z;
        self.lifted = Some(safe);
        self.rise(safe);
    }

    fn vertical(&mut self, to: Vertex) {
        let from = self.pos.map_or(to.z, |p| p.z);
        if self.pos == Some(to) {
            return;
        }
        let path = self.program.add_path([to]);
        let speed = self.motion.travel_speed_z;
        self.step(Step::Travel { path, speed });
        self.other_time += to_mm((to.z - from).abs()) / f64::from(speed);
        self.pos = Some(to);
    }

    /// Pulls the filament back, wiping where wanted, and lifts the nozzle.
    pub fn retract(&mut self) {
        if self.retracted || !self.retracts() {
            return;
        }
        self.retracted = true;
        let m = self.motion.clone();
        self.other_time += f64::from(m.length / m.speed);
        let mut rest = m.length;
        if m.wipe
            && m.length > 0.0
            && let Some(along) = self.wipe_along.take()
        {
            let now = m.length * m.before_wipe;
            let wiped = m.length - now;
            // Long enough for the pull to be a little slower than a retraction.
            let speed = m.travel_speed * 0.8;
            let reach = f64::from(1.05 * wiped / m.speed * speed) * UNITS_PER_MM;
            if now > 0.0 {
                self.step(Step::Retract {
                    length: now,
                    speed: m.speed,
                });
            }
            rest = wiped - self.wipe(&along, reach, wiped, speed);
        }
        if rest > 1e-5 || m.firmware {
            self.step(Step::Retract {
                length: rest,
                speed: m.speed,
            });
        }
        if m.hop > 0 && m.length > 0.0 && self.z >= m.hop_above && self.z <= m.hop_below {
            let z = self.z + m.hop;
            self.lifted = Some(z);
            self.rise(z);
        }
    }

    /// Moves up to `reach` along the line just printed while pulling back `length`; returns what was
    /// pulled: a line shorter than the reach takes only its share, so that the pull keeps its speed.
    fn wipe(&mut self, along: &Printed, reach: f64, length: f32, speed: f32) -> f32 {
        let Some(pos) = self.pos else { return 0.0 };
        let start = self.program.vertices.len() as u32;
        let mut at = pos.xy();
        let mut left = reach;
        let Range {
            start: first,
            end: last,
        } = along.vertices;
        for k in first..=last {
            // A loop is followed from its beginning, an open line back from its end.
            let to = if along.closed {
                self.program.vertices[k.min(last - 1) as usize].xy()
            } else if k < last {
                self.program.vertices[(first + last - 1 - k) as usize].xy()
            } else {
                along.from
            };
            let d = at.dist(to);
            if d == 0.0 {
                continue;
            }
            at = at.lerp(to, (left / d).min(1.0));
            self.program.vertices.push(Vertex::new(at, self.z));
            left -= d;
            if left <= 0.0 {
                break;
            }
        }
        let end = self.program.vertices.len() as u32;
        if start == end {
            return 0.0;
        }
        let length = if left > 0.0 {
            length * ((reach - left) / reach) as f32
        } else {
            length
        };
        let path = Path { start, end };
        self.step(Step::Wipe { path, speed, length });
        self.pos = Some(Vertex::new(at, self.z));
        length
    }

    /// Goes to `to` moved by `by` on the layer's height, through the places `via` on the bed.
    pub fn travel(&mut self, to: Point, by: Point, pull: Pull, via: &[Point]) {
        let to = to + by;
        let target = Vertex::new(to, self.z);
        if self.pos == Some(target) {
            return;
        }
        let mut len = 0.0;
        match self.pos {
            Some(p) => {
                let mut at = p.xy();
                for q in via.iter().copied().chain([to]) {
                    len += at.dist(q);
                    at = q;
                }
            }
            None => len = f64::INFINITY,
        }
        let long = len + self.loose >= self.motion.min_travel && pull == Pull::Auto;
        if long || pull == Pull::Always || len.is_infinite() {
            self.retract();
        }
        if len == 0.0 {
            return;
        }
        let m = &self.motion;
        let (speed, acceleration) = (m.travel_speed, m.travel_acceleration);
        let z = self.lifted.unwrap_or(self.z);
        self.accelerate(acceleration);
        let path = self
            .program
            .add_path(via.iter().copied().chain([to]).map(|p| Vertex::new(p, z)));
        self.step(Step::Travel { path, speed });
        if len.is_finite() {
            self.other_time += len / UNITS_PER_MM / f64::from(speed);
            self.loose += len;
        }
        self.pos = Some(Vertex::new(to, z));
    }

    /// Makes ready to extrude where the nozzle stands.
    fn prime(&mut self) {
        if self.lifted.take().is_some()
            && let Some(p) = self.pos
        {
            self.vertical(Vertex::new(p.xy(), self.z));
        }
        if self.retracted {
            self.retracted = false;
            let m = &self.motion;
            let (length, speed) = (m.length + m.extra, m.push_speed);
            self.step(Step::Unretract { length, speed });
            self.other_time += f64::from(length / speed);
        }
    }

    pub fn accelerate(&mut self, a: f32) {
        if a > 0.0 && a != self.acceleration {
            self.acceleration = a;
            self.step(Step::Acceleration(a));
        }
    }

    pub fn fan(&mut self, fan: Fan) {
        if fan != self.fan {
            self.fan = fan;
            self.step(Step::Fan(fan.mark()));
        }
    }

    /// Extrudes from where the nozzle stands along `targets` moved by `by`.
    pub fn extrude(&mut self, targets: impl Iterator<Item = Point>, by: Point, bead: Extrusion) {
        let Some(mut at) = self.at() else { return };
        self.prime();
        let start = self.program.vertices.len() as u32;
        let z = self.z;
        let mut len = 0.0;
        for p in targets {
            let p = p + by;
            if p == at {
                continue;
            }
            len += at.dist(p);
            at = p;
            self.program.vertices.push(Vertex::new(p, z));
        }
        let end = self.program.vertices.len() as u32;
        if start == end {
            return;
        }
        self.loose = 0.0;
        self.pos = Some(Vertex::new(at, z));
        self.timed.push(Timed {
            step: self.program.steps.len() as u32,
            length: (len / UNITS_PER_MM) as f32,
            speed: bead.speed,
            external: bead.role == Role::ExternalPerimeter,
            fixed: matches!(bead.role, Role::Bridge | Role::OverhangPerimeter),
        });
        self.step(Step::Extrude {
            path: Path { start, end },
            bead,
        });
    }

    /// The height of the current layer's moves.
    pub const fn height(&self) -> Coord {
        self.z
    }

    /// Extrudes from where the nozzle stands through `targets`, which rise; the moves that follow lie at
    /// the height of the last one.
    pub fn helix(&mut self, targets: &[Vertex], bead: Extrusion) {
        let (Some(from), Some(last)) = (self.pos, targets.last()) else {
            return;
        };
        self.prime();
        let mut len = 0.0;
        let mut at = from;
        for &v in targets {
            len += at.xy().dist(v.xy());
            at = v;
        }
        if len == 0.0 {
            return;
        }
        let path = self.program.add_path(targets.iter().copied());
        self.loose = 0.0;
        self.pos = Some(*last);
        self.z = last.z;
        self.timed.push(Timed {
            step: self.program.steps.len() as u32,
            length: (len / UNITS_PER_MM) as f32,
            speed: bead.speed,
            external: true,
            fixed: false,
        });
        self.step(Step::Extrude { path, bead });
    }

    /// Where a line begins that shall be wiped along when it is complete.
    pub fn begin_line(&self) -> (Point, u32) {
        (self.at().unwrap_or_default(), self.program.vertices.len() as u32)
    }

    /// Remembers the line printed since [`Track::begin_line`].
    pub fn end_line(&mut self, (from, start): (Point, u32), closed: bool) {
        let vertices = start..self.program.vertices.len() as u32;
        if !vertices.is_empty() {
            self.wipe_along = Some(Printed {
                from,
                vertices,
                closed,
            });
        }
    }

    /// Forgets the fan's state: the next layer begins.
    pub fn reset_fan(&mut self) {
        self.fan = Fan::Layer;
        self.step(Step::Fan(Fan::Layer.mark()));
    }
}
