//! Areas of support become beads.
//!
//! In: per layer the samples of base and interface. Out: linked zigzags; loops where an island is
//! too narrow for lines; an outline and closer lines in the layer on the bed. Equal areas in a row
//! share the work.

use super::contour::{Clearance, contours};
use super::params::Params;
use super::raster::{Bits, Frame};
use super::sweep::{Area, Blocked};
use super::{SupportPlan, map};
use crate::error::PrintError;
use crate::plan::{BeadSet, Layer};
use crate::regions::lines::{Hatcher, bead, loops, open};
use offcut_gcode::Role;
use offcut_geometry::hatch::Hatch;
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::simplify::simplify;
use offcut_geometry::{Ctx, Loops, UNITS_PER_MM, grid, islands};
use offcut_settings::flow;

/// Share of the first layer's support that lines cover.
const FIRST_LAYER_DENSITY: f64 = 0.7;
/// An island on which lines cover less than this share of what they should gets loops, as one that
/// is on average narrower than the distance of the lines; where it is wide, ribs cross it.
const MIN_LINES: f64 = 0.6;
/// Smaller islands of the base are left out, mm².
const CRUMB: f64 = 0.5;
/// Contours are simplified by this where they follow the object, mm.
pub(super) const FINE: f64 = 0.01;

/// Memory that is reused from layer to layer.
#[derive(Default)]
struct Scratch {
    distance: Vec<f32>,
    hatcher: Hatcher,
}

/// The beads of all layers.
pub(super) fn beads(
    frame: &Frame,
    p: &Params,
    layers: &[Layer],
    areas: &[Area],
    blocked: &[Blocked],
    ctx: &Ctx<'_>,
) -> Result<SupportPlan, PrintError> {
    let same: Vec<bool> = (0..areas.len())
        .map(|k| k > 1 && shares(frame, k, layers, areas, blocked))
        .collect();
    let mut out = map(areas.len(), ctx, |k, s: &mut Scratch| {
        let mut set = BeadSet::default();
        if !same[k] {
            let keep_off = clearance(p, &layers[k], &blocked[k]);
            let h = layers[k].height;
            if k == 0 && !p.raft {
                foot(frame, p, h, &areas[k].base, &keep_off, s, &mut set);
            } else {
                base(frame, p, h, &areas[k].base, &keep_off, s, &mut set);
                interface(frame, p, h, &areas[k].interface, &keep_off, s, &mut set);
            }
        }
        set
    })?;
    for k in 1..out.len() {
        if same[k] {
            out[k] = out[k - 1].clone();
        }
    }
    let footprint = match (areas.first(), layers.first()) {
        (Some(a), Some(l)) if !a.base.is_empty() => {
            let mut distance = Vec::new();
            let (c, _) = contours(frame, &a.base, &clearance(p, l, &blocked[0]), &mut distance);
            offset(&c, grid(p.first_width / 2.0), Join::Miter)
        }
        _ => Loops::new(),
    };
    ctx.report("support", 1.0);
    Ok(SupportPlan {
        layers: out,
        footprint,
    })
}

fn clearance<'a>(p: &Params, layer: &'a Layer, blocked: &'a Blocked) -> Clearance<'a> {
    Clearance {
        outline: &layer.outline,
        blocked: &blocked.side,
        distance: p.side,
    }
}

/// True when layer `k` prints the same support as the one below it.
fn shares(frame: &Frame, k: usize, layers: &[Layer], areas: &[Area], blocked: &[Blocked]) -> bool {
    if areas[k] != areas[k - 1] || layers[k].height != layers[k - 1].height {
        return false;
    }
    if layers[k].outline == layers[k - 1].outline {
        return true;
    }
    let near = |b: &Bits, k: usize| !b.is_empty() && b.dilated(frame, true).meets(&blocked[k].side);
    [&areas[k].base, &areas[k].interface]
        .iter()
        .all(|b| !near(b, k) && !near(b, k - 1))
}

/// The outline of an area: exact where it is near the object, smoothed elsewhere.
fn outline(frame: &Frame, area: &Bits, keep_off: &Clearance<'_>, distance: &mut Vec<f32>) -> Loops {
    let (c, shaped) = contours(frame, area, keep_off, distance);
    let tolerance = if shaped {
        FINE * UNITS_PER_MM
    } else {
        0.4 * f64::from(frame.step)
    };
    simplify(&c, tolerance)
}

/// Lines at `pitch` mm whose places are fixed to the lattice, so that they stack up.
fn hatch(frame: &Frame, angle: f64, pitch: f64) -> Hatch {
    let spacing = pitch * UNITS_PER_MM;
    let mut h = Hatch::new(angle, spacing, 0.0);
    h.phase = h.turned(frame.origin).1 + 0.5 * spacing;
    h
}

fn base(
    frame: &Frame,
    p: &Params,
    height: f64,
    area: &Bits,
    keep_off: &Clearance<'_>,
    s: &mut Scratch,
    out: &mut BeadSet,
) {
    if area.is_empty() {
        return;
    }
    let h = hatch(frame, p.angle, p.base_pitch);
    let proto = bead(Role::Support, p.width, height);
    let outline = outline(frame, area, keep_off, &mut s.distance);
    for island in islands(&outline) {
        let (lines, length) = s.hatcher.zigzag(&island.loops, &h);
        if island.loops.area_mm2() < CRUMB {
            continue;
        }
        let area = 0.5 * island.loops.area2() as f64;
        let width = 2.0 * area / island.loops.perimeter().max(1.0);
        if width < h.spacing || length * h.spacing < MIN_LINES * area {
            loops(&island.loops, proto, out);
            let ribs = s
                .hatcher
                .ribs(&island.loops, &h, grid(0.8 * p.width), grid(p.base_pitch));
            open(ribs, proto, out);
        } else {
            open(lines, proto, out);
        }
    }
}

fn interface(
    frame: &Frame,
    p: &Params,
    height: f64,
    area: &Bits,
    keep_off: &Clearance<'_>,
    s: &mut Scratch,
    out: &mut BeadSet,
) {
    if area.is_empty() {
        return;
    }
    let h = hatch(frame, p.angle + std::f64::consts::FRAC_PI_2, p.interface_pitch);
    let outline = outline(frame, area, keep_off, &mut s.distance);
    let (lines, _) = s.hatcher.zigzag(&outline, &h);
    open(lines, bead(Role::SupportInterface, p.width, height), out);
}

fn foot(
    frame: &Frame,
    p: &Params,
    height: f64,
    area: &Bits,
    keep_off: &Clearance<'_>,
    s: &mut Scratch,
    out: &mut BeadSet,
) {
    if area.is_empty() {
        return;
    }
    let proto = bead(Role::Support, p.first_width, height);
    let outline = outline(frame, area, keep_off, &mut s.distance);
    loops(&outline, proto, out);
    let spacing = flow::spacing(p.first_width, height);
    let inner = offset(&outline, -grid(spacing), Join::Miter);
    let h = hatch(frame, p.angle, spacing / FIRST_LAYER_DENSITY);
    let (lines, _) = s.hatcher.zigzag(&inner, &h);
    open(lines, proto, out);
}
