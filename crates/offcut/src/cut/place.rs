//! Where drawings lie on the bed.

use super::Work;
use super::styles::overscan;
use crate::Error;
use crate::outcome::Warning;
use offcut_cut::cuts::Action;
use offcut_gcode::Program;
use offcut_gcode::cnc::CutTime;
use offcut_geometry::drawing::{Affine, Bounds, Curve, Vec2};
use offcut_geometry::to_mm;
use offcut_settings::CutSettings;
use offcut_settings::cut::Placement;

/// Cuts may reach over the bed's edge by this, mm: rounding.
const MARGIN: f64 = 0.001;

/// Arcs that are fitted to curves may stray so far, mm.
const FIT: f64 = 0.01;
/// Moves shorter than this are not worth a word, mm.
const SLIGHT: f64 = 0.05;

/// The box of what is burnt, and the box with the room that its kerf and its run-ups need. Leads find their own.
fn boxes(work: &Work, s: &CutSettings) -> [Bounds; 2] {
    let (mut burnt, mut needed) = (Bounds::EMPTY, Bounds::EMPTY);
    let mut add = |b: Bounds, room: Vec2| {
        burnt = burnt.union(&b);
        needed = needed.union(&b);
        needed.add(b.min - room);
        needed.add(b.max + room);
    };
    for (c, k) in work.contours.iter().zip(&work.style_of) {
        let style = &work.styles[*k];
        let room = match style.action {
            Action::Ignore => continue,
            Action::Hatch if c.closed => run_up(style.overscan, style.angle),
            Action::CrossHatch if c.closed => Vec2::new(style.overscan, style.overscan),
            // Half the kerf.
            Action::Line if c.closed && style.kerf > 0.0 => {
                let half = style.kerf / 2.0 + FIT;
                Vec2::new(half, half)
            }
            _ if c.segments.iter().any(|s| matches!(s.curve, Curve::Cubic(..))) => Vec2::new(FIT, FIT),
            _ => Vec2::ZERO,
        };
        add(c.bounds(), room);
    }
    // Slanted rows begin at whole pixels of their own.
    let slanted = s.engrave_angle.rem_euclid(90.0) != 0.0;
    let pixel = if slanted { s.interval } else { 0.0 };
    let room = run_up(overscan(s, s.image_speed), s.engrave_angle) + Vec2::new(pixel, pixel);
    for p in &work.pictures {
        let mut b = Bounds::EMPTY;
        for (x, y) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
            b.add(p.frame.point(Vec2::new(x, y)));
        }
        add(b, room);
    }
    [burnt, needed]
}

/// What rows in a direction need beside them.
fn run_up(over: f64, degrees: f64) -> Vec2 {
    let along = Vec2::at_angle(degrees.to_radians());
    Vec2::new(over * along.x.abs(), over * along.y.abs())
}

/// Scales and turns; the lower left corner of the box stays.
fn turn(work: &mut Work, s: &CutSettings) {
    if s.rotate == 0.0 && s.scale == 100.0 {
        return;
    }
    let low = boxes(work, s)[0].min;
    let k = s.scale / 100.0;
    work.map(&Affine::rotate(s.rotate.to_radians()).of(&Affine::scale(k, k)));
    work.shift(low - boxes(work, s)[0].min);
}

/// Moves everything to its place.
pub(super) fn place(work: &mut Work, s: &CutSettings, warnings: &mut Vec<Warning>) -> Result<(), Error> {
    if boxes(work, s)[0].is_empty() {
        return Ok(());
    }
    turn(work, s);
    let [b, needed] = boxes(work, s);
    let (size, bed) = (b.size(), s.bed_size);
    if size.x > bed.x + MARGIN || size.y > bed.y + MARGIN {
        let turned = size.y <= bed.x + MARGIN && size.x <= bed.y + MARGIN;
        let way = if turned {
            "turn it (--set rotate=90)".into()
        } else {
            let share = (bed.x / size.x).min(bed.y / size.y);
            format!(
                "scale it (--set scale={:.0}%)",
                (s.scale * share).floor().max(1.0)
            )
        };
        return Err(Error::Impossible(format!(
            "the drawing is {:.1} x {:.1} mm and the bed {} x {} mm: {way}, check its unit (--unit), or correct bed_size",
            size.x, size.y, bed.x, bed.y
        )));
    }
    let low = Vec2::new(s.bed_origin.x, s.bed_origin.y);
    let corner = low + Vec2::new(s.margin, s.margin) - needed.min;
    let on_bed = needed.min.x >= low.x - MARGIN
        && needed.min.y >= low.y - MARGIN
        && needed.max.x <= low.x + bed.x + MARGIN
        && needed.max.y <= low.y + bed.y + MARGIN;
    let shift = match s.placement {
        Placement::Drawing => return Ok(()),
        Placement::Auto if on_bed => return Ok(()),
        // Pictures have no place of their own.
        Placement::Auto if work.contours.is_empty() => corner,
        Placement::Auto if corner.norm() < SLIGHT => corner,
        Placement::Auto => {
            warnings.push(Warning::new(
                "moved",
                format!(
                    "the drawing (with its kerf and overscan) does not lie on the bed (X {:.2} to {:.2}, Y {:.2} to \
                     {:.2}) and was moved to its corner; placement=drawing leaves it where it is",
                    needed.min.x, needed.max.x, needed.min.y, needed.max.y
                ),
            ));
            corner
        }
        Placement::Corner => corner,
        Placement::Center => low + Vec2::new(bed.x / 2.0, bed.y / 2.0) - b.min.lerp(b.max, 0.5),
    };
    work.shift(shift);
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
