//! Where drawings lie on the bed.

use super::styles::overscan;
use crate::Error;
use crate::outcome::Warning;
use offcut_gcode::Program;
use offcut_gcode::cnc::CutTime;
use offcut_geometry::drawing::{Affine, Bounds, Drawing, Vec2};
use offcut_geometry::to_mm;
use offcut_settings::CutSettings;
use offcut_settings::cut::{EngraveAction, Placement};

/// Cuts may reach over the bed's edge by this, mm: rounding.
const MARGIN: f64 = 0.001;

/// The box of all paths and pictures.
fn whole(drawings: &[Drawing]) -> Bounds {
    let mut b = Bounds::EMPTY;
    for d in drawings {
        b = b.union(&d.bounds());
        for p in &d.pictures {
            for (x, y) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
                b.add(p.frame.point(Vec2::new(x, y)));
            }
        }
    }
    b
}

/// The room that overscan needs beside what is burnt in rows.
fn run_up(drawings: &[Drawing], s: &CutSettings) -> Vec2 {
    let mut over = 0.0f64;
    if drawings.iter().any(|d| !d.pictures.is_empty()) {
        over = overscan(s, s.image_speed);
    }
    if s.engrave == EngraveAction::Hatch
        || s.engrave == EngraveAction::CrossHatch
        || s.operations.contains("hatch")
    {
        over = over.max(overscan(s, s.engrave_speed));
    }
    let along = Vec2::at_angle(s.engrave_angle.to_radians());
    let both = s.engrave == EngraveAction::CrossHatch || s.operations.contains("cross");
    let share = |v: f64| if both { 1.0 } else { v.abs() };
    Vec2::new(over * share(along.x), over * share(along.y))
}

/// Moves drawings to their place.
pub(super) fn place(
    drawings: &mut [Drawing],
    s: &CutSettings,
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    let b = whole(drawings);
    if b.is_empty() {
        return Ok(());
    }
    let (size, bed) = (b.size(), s.bed_size);
    if size.x > bed.x + MARGIN || size.y > bed.y + MARGIN {
        return Err(Error::Impossible(format!(
            "the drawing is {:.1} x {:.1} mm and the bed {} x {} mm: scale it, check its unit (--unit), or correct \
             bed_size",
            size.x, size.y, bed.x, bed.y
        )));
    }
    let low = Vec2::new(s.bed_origin.x, s.bed_origin.y);
    // Room for half the kerf and the fit of its arcs at the edges.
    let kerf = if s.kerf > 0.0 { s.kerf / 2.0 + 0.01 } else { 0.0 };
    let over = run_up(drawings, s);
    let room = Vec2::new(kerf + over.x - MARGIN, kerf + over.y - MARGIN);
    let corner = low + room + Vec2::new(s.margin + MARGIN, s.margin + MARGIN) - b.min;
    let on_bed = b.min.x >= low.x + room.x
        && b.min.y >= low.y + room.y
        && b.max.x <= low.x + bed.x - room.x
        && b.max.y <= low.y + bed.y - room.y;
    let shift = match s.placement {
        Placement::Drawing => return Ok(()),
        Placement::Auto if on_bed => return Ok(()),
        Placement::Auto => {
            warnings.push(Warning::new(
                "moved",
                format!(
                    "the drawing (with its kerf and overscan) does not lie on the bed (X {:.2} to {:.2}, Y {:.2} to {:.2}) and was moved to its corner; \
                     placement=drawing leaves it where it is",
                    b.min.x, b.max.x, b.min.y, b.max.y
                ),
            ));
            corner
        }
        Placement::Corner => corner,
        Placement::Center => low + Vec2::new(bed.x / 2.0, bed.y / 2.0) - b.min.lerp(b.max, 0.5),
    };
    for d in drawings {
        *d = d.mapped(&Affine::translate(shift));
    }
    Ok(())
}

/// Refuses a program that leaves the bed.
pub(super) fn on_bed(program: &Program, time: &CutTime, s: &CutSettings) -> Result<(), Error> {
    let (mut lo, mut hi) = ([f64::MAX; 2], [f64::MIN; 2]);
    let mut add = |p: [f64; 2]| {
        for i in 0..2 {
            lo[i] = lo[i].min(p[i]);
            hi[i] = hi[i].max(p[i]);
        }
    };
    for v in &program.vertices {
        add([to_mm(v.x), to_mm(v.y)]);
    }
    for p in time.bounds.iter().flatten() {
        add([p[0], p[1]]);
    }
    let (x, y) = (s.bed_origin.x, s.bed_origin.y);
    let inside = lo[0] >= x - MARGIN
        && lo[1] >= y - MARGIN
        && hi[0] <= x + s.bed_size.x + MARGIN
        && hi[1] <= y + s.bed_size.y + MARGIN;
    if inside {
        return Ok(());
    }
    Err(Error::Impossible(format!(
        "the job reaches from X{:.3} Y{:.3} to X{:.3} Y{:.3}, and the bed from X{x} Y{y} to X{} Y{}: move the drawing \
         (--set placement=corner or center; leads, kerf and overscan need room too), or correct bed_size and bed_origin",
        lo[0],
        lo[1],
        hi[0],
        hi[1],
        x + s.bed_size.x,
        y + s.bed_size.y
    )))
}
