//! Toolpaths become the machine-neutral program.
//!
//! In: job and toolpaths. Out: [`Program`]: tools, spindle, coolant, travels, cuts with their feeds, drill cycles, arcs.
//! Promised: no cut goes down faster than the plunge feed allows, whatever its slope.

use crate::job::CoolantDoc;
use crate::path::on_grid;
use crate::{CutRole, Job, MillError, Move, Toolpath};
use offcut_gcode::cnc;
use offcut_gcode::program::{ArcMove, Coolant, Cut, Program, Step, ToolMark, Vertex};
use offcut_geometry::grid;
use offcut_settings::CncFlavor;

/// How near arcs follow the lines that they replace, grid units (2 µm).
const ARC_TOLERANCE: f64 = 200.0;
/// What rounding may take off the length of an arc, mm.
const SHORTER: f64 = 0.002;
/// Wait for the spindle to reach its speed, s.
const SPIN_UP: f32 = 2.0;

/// The program of a job.
#[must_use]
pub fn program(job: &Job, toolpaths: &[Toolpath]) -> Program {
    let mut out = Program {
        tools: job
            .tools
            .iter()
            .map(|t| ToolMark {
                number: t.number,
                name: t.name.clone(),
                diameter: t.diameter,
            })
            .collect(),
        ..Program::default()
    };
    let rapid = (job.machine.rapid / 60.0) as f32;
    out.steps.push(Step::Height {
        z: grid(job.setup.clearance),
        speed: rapid,
    });
    let mut tool = None;
    let mut rpm = 0.0;
    let mut cooled = CoolantDoc::Off;
    for t in toolpaths {
        let e = &job.entries[t.operation];
        if tool != Some(t.tool) {
            if rpm > 0.0 {
                out.steps.push(Step::Spindle { rpm: 0.0, ccw: false });
            }
            if cooled != CoolantDoc::Off {
                out.steps.push(Step::Coolant(Coolant::Off));
            }
            out.steps.push(Step::Tool(t.tool as u32));
            (tool, rpm, cooled) = (Some(t.tool), 0.0, CoolantDoc::Off);
        }
        out.steps.push(Step::Comment(format!("operation {}", e.label)));
        if rpm != t.feeds.rpm {
            rpm = t.feeds.rpm;
            out.steps.push(Step::Spindle {
                rpm: rpm as f32,
                ccw: false,
            });
            out.steps.push(Step::Dwell(SPIN_UP));
        }
        if cooled != e.coolant {
            cooled = e.coolant;
            out.steps.push(Step::Coolant(match cooled {
                CoolantDoc::Off => Coolant::Off,
                CoolantDoc::Mist => Coolant::Mist,
                CoolantDoc::Flood => Coolant::Flood,
            }));
        }
        let mut part = moves(job, t, rapid);
        if job.machine.arcs {
            offcut_gcode::arcs::fit_helices(&mut part, ARC_TOLERANCE);
        }
        append(&mut out, part);
    }
    if rpm > 0.0 {
        out.steps.push(Step::Spindle { rpm: 0.0, ccw: false });
    }
    if cooled != CoolantDoc::Off {
        out.steps.push(Step::Coolant(Coolant::Off));
    }
    out
}

fn append(out: &mut Program, part: Program) {
    let base = out.vertices.len() as u32;
    out.vertices.extend(part.vertices);
    out.arcs.extend(part.arcs.into_iter().map(|a| ArcMove {
        vertex: a.vertex + base,
        ..a
    }));
    for mut s in part.steps {
        if let Step::Travel { path, .. } | Step::Cut { path, .. } | Step::Cycle { at: path, .. } = &mut s {
            path.start += base;
            path.end += base;
        }
        out.steps.push(s);
    }
}

fn vertex(p: [f64; 3]) -> Vertex {
    Vertex {
        x: grid(p[0]),
        y: grid(p[1]),
        z: grid(p[2]),
    }
}

/// What consecutive moves share.
#[derive(Clone, Copy, PartialEq)]
enum How {
    Rapid,
    Cut(CutRole, f64),
}

/// The moves of one toolpath as a program of their own.
fn moves(job: &Job, t: &Toolpath, rapid: f32) -> Program {
    let mut out = Program::default();
    let mut run: Option<How> = None;
    let mut first = 0;
    let mut at: Option<[f64; 3]> = None;
    let flush = |out: &mut Program, run: &mut Option<How>, first: &mut u32| {
        let end = out.vertices.len() as u32;
        let path = offcut_gcode::program::Path { start: *first, end };
        match run.take() {
            Some(How::Rapid) if end > *first => out.steps.push(Step::Travel { path, speed: rapid }),
            Some(How::Cut(role, feed)) if end > *first => {
                let cut = Cut {
                    role,
                    feed: (feed / 60.0) as f32,
                    power: 1.0,
                };
                out.steps.push(Step::Cut { path, cut });
            }
            _ => {}
        }
        *first = end;
    };
    let canned = job.machine.canned_cycles;
    let mut cycles = t.cycles.iter().peekable();
    let mut i = 0;
    while i < t.moves.len() {
        if let Some((range, cycle)) = cycles.next_if(|c| canned && c.0.start == i) {
            // Holes that follow each other at one height share the cycle.
            flush(&mut out, &mut run, &mut first);
            let mut holes: Vec<Vertex> = at.map(vertex).into_iter().collect();
            i = range.end;
            while let Some((next, c)) = cycles.peek() {
                let way = &t.moves[i..next.start];
                let z = holes.last().map(|h| h.z);
                let level = way
                    .iter()
                    .all(|m| matches!(m, Move::Rapid(p) if Some(grid(p[2])) == z));
                let Some(p) = way
                    .iter()
                    .rev()
                    .find_map(Move::to)
                    .filter(|_| level && *c == *cycle)
                else {
                    break;
                };
                holes.push(vertex(p));
                i = next.end;
                cycles.next();
            }
            at = t.moves[..i].iter().rev().find_map(Move::to);
            let path = out.add_path(holes);
            first = out.vertices.len() as u32;
            out.steps.push(Step::Cycle {
                at: path,
                cycle: *cycle,
            });
            continue;
        }
        let m = t.moves[i];
        i += 1;
        let how = match m {
            Move::Dwell(s) => {
                flush(&mut out, &mut run, &mut first);
                out.steps.push(Step::Dwell(s as f32));
                continue;
            }
            Move::Rapid(_) => How::Rapid,
            Move::Feed { to, kind } => How::Cut(kind, safe_feed(t, kind, at, to, length)),
            Move::Arc {
                to,
                center,
                ccw,
                kind,
            } => {
                let way = |_, _| arc_length(at, to, center, ccw) - SHORTER;
                How::Cut(kind, safe_feed(t, kind, at, to, way))
            }
        };
        if run != Some(how) {
            flush(&mut out, &mut run, &mut first);
            run = Some(how);
        }
        if let Move::Arc { center, ccw, .. } = m {
            let vertex = out.vertices.len() as u32;
            out.arcs.push(ArcMove {
                vertex,
                center: on_grid(center),
                ccw,
            });
        }
        if let Some(to) = m.to() {
            out.vertices.push(vertex(to));
            at = Some(to);
        }
    }
    flush(&mut out, &mut run, &mut first);
    out
}

fn length(a: [f64; 3], b: [f64; 3]) -> f64 {
    libm::hypot(libm::hypot(b[0] - a[0], b[1] - a[1]), b[2] - a[2])
}

/// A place as it is written: in thousandths, mm.
fn written(p: [f64; 3]) -> [f64; 3] {
    p.map(|v| f64::from((grid(v) + 50).div_euclid(100)) / 1000.0)
}

/// The length of an arc or helix; equal ends are a full turn.
#[must_use]
pub fn arc_length(from: Option<[f64; 3]>, to: [f64; 3], c: [f64; 2], ccw: bool) -> f64 {
    let a = from.unwrap_or(to);
    let (u, v) = ([a[0] - c[0], a[1] - c[1]], [to[0] - c[0], to[1] - c[1]]);
    let mut sweep = libm::atan2(u[0] * v[1] - u[1] * v[0], u[0] * v[0] + u[1] * v[1]);
    if !ccw {
        sweep = -sweep;
    }
    if sweep <= 1e-9 {
        sweep += std::f64::consts::TAU;
    }
    libm::hypot(libm::hypot(u[0], u[1]) * sweep, to[2] - a[2])
}

/// The feed of a move, mm/min; slower where it goes down steeply. `way` measures it between its ends as written: a
/// machine goes what is written.
fn safe_feed(
    t: &Toolpath,
    kind: CutRole,
    from: Option<[f64; 3]>,
    to: [f64; 3],
    way: impl Fn([f64; 3], [f64; 3]) -> f64,
) -> f64 {
    let feed = t.feeds.of(kind);
    let (a, b) = (written(from.unwrap_or(to)), written(to));
    let down = a[2] - b[2];
    if down > 1e-6 {
        // In steps of a tenth, so that a slope's moves share one feed.
        let most = t.feeds.plunge * (way(a, b) / down).max(1.0);
        if most < feed {
            // A hair less, for a reader that makes chords of the arcs that some moves become.
            return ((most * 9.99).floor() / 10.0).max(1.0);
        }
    }
    feed
}

/// The machine of a job, for the writer.
///
/// # Errors
/// [`MillError::Job`] when its dialect is not known.
pub fn machine(job: &Job) -> Result<cnc::Machine, MillError> {
    let m = &job.machine;
    let flavor = match m.dialect.as_str() {
        "grbl" => CncFlavor::Grbl,
        "grblhal" => CncFlavor::Grblhal,
        "marlin" => CncFlavor::Marlin,
        "linuxcnc" => CncFlavor::Linuxcnc,
        "mach3" | "mach4" => CncFlavor::Mach3,
        other => {
            return Err(MillError::Job(format!(
                "machine.dialect: '{other}' is not known; use grbl, grblhal, linuxcnc, mach3 or marlin"
            )));
        }
    };
    let start = if m.work_offset.is_empty() || flavor == CncFlavor::Marlin {
        String::new()
    } else {
        m.work_offset.clone()
    };
    Ok(cnc::Machine {
        flavor,
        laser: false,
        room: m.limits.unwrap_or([[-5000.0; 3], [5000.0; 3]]),
        z_axis: true,
        arcs: m.arcs,
        changer: job.changes_tools(),
        arc_tolerance: 0.002,
        speed: [
            m.rapid / 60.0,
            m.rapid / 60.0,
            (m.rapid / 60.0).min(m.max_feed_z.max(1.0) / 60.0 * 2.0),
        ],
        acceleration: [m.acceleration; 3],
        start,
        ..cnc::Machine::default()
    })
}
