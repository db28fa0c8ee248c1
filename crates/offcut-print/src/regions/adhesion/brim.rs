//! Brim: loops beside the first layer.

use crate::plan::{Bead, BeadSet};
use crate::regions::lines::{bead, loops};
use offcut_gcode::Role;
use offcut_geometry::clip_lines::LineClipper;
use offcut_geometry::loops::area2;
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::simplify::simplify;
use offcut_geometry::strands::Strands;
use offcut_geometry::{Loops, Point, clip, grid};
use offcut_settings::flow;
use offcut_settings::print::{BrimType, PrintSettings};
use offcut_settings::speeds::Line;

/// Round corners are simplified by this, grid units.
const TOLERANCE: f64 = 500.0;

/// The brim of all `objects` together, away from `support` (both valid polygon sets in bed
/// coordinates); `height` is that of the first layer, mm. The outermost loops come first, so that
/// the last ones stick to the object while they are soft.
#[must_use]
pub fn brim(objects: &Loops, support: &Loops, height: f64, settings: &PrintSettings) -> BeadSet {
    let mut out = BeadSet::default();
    let width = settings.width_of(Line::SkirtBrim, true);
    let spacing = flow::spacing(width, height);
    // As many lines as fit into the width at their spacing; rounding must not cost one.
    let n = (settings.brim_width / spacing + 1e-6).floor();
    if objects.is_empty() || n < 1.0 {
        return out;
    }
    let (outer, inner) = match settings.brim_type {
        BrimType::Outer => (true, false),
        BrimType::Inner => (false, true),
        BrimType::Both => (true, true),
    };
    // Without inner brim islands inside of others count as covered.
    let body = if inner {
        objects.clone()
    } else {
        let filled: Loops = objects
            .iter()
            .filter(|l| area2(l) > 0)
            .map(<[Point]>::to_vec)
            .collect();
        clip::non_zero(&filled)
    };
    let mut free = Free::new(objects, support, settings.brim_width + 3.0 * width, width);
    let proto = bead(Role::SkirtBrim, width, height);
    for i in (0..n.min(10_000.0) as u32).rev() {
        let d = settings.brim_separation + (f64::from(i) + 0.5) * spacing;
        let grown = simplify(&offset(&body, grid(d), Join::Round), TOLERANCE);
        let wanted: Loops = grown
            .iter()
            .filter(|l| if area2(l) > 0 { outer } else { inner })
            .map(<[Point]>::to_vec)
            .collect();
        let proto = Bead {
            depth: i.min(255) as u8,
            ..proto
        };
        match &mut free {
            None => loops(&wanted, proto, &mut out),
            Some(f) => f.push(&wanted, proto, &mut out),
        }
    }
    out
}

/// The bed around support.
struct Free {
    region: Loops,
    clipper: LineClipper,
    strands: Strands,
    shortest: f64,
}

impl Free {
    /// `None` when there is no support.
    fn new(objects: &Loops, support: &Loops, margin: f64, width: f64) -> Option<Self> {
        if support.is_empty() {
            return None;
        }
        let b = objects.bbox().union(&support.bbox()).grown(grid(margin));
        let mut region = Loops::new();
        region.push(&[
            b.min,
            Point::new(b.max.x, b.min.y),
            b.max,
            Point::new(b.min.x, b.max.y),
        ]);
        let mut taken = offset(support, grid(width / 2.0), Join::Miter);
        taken.reverse_all();
        region.extend(&taken);
        let mut clipper = LineClipper::default();
        clipper.begin(&region);
        Some(Self {
            region,
            clipper,
            strands: Strands::default(),
            shortest: f64::from(grid(2.0 * width)),
        })
    }

    fn push(&mut self, wanted: &Loops, proto: Bead, out: &mut BeadSet) {
        let mut line = Vec::new();
        for l in wanted.iter() {
            line.clear();
            line.extend_from_slice(l);
            line.extend(l.first());
            self.strands.begin(&self.region, self.shortest);
            self.clipper.clip(&self.region, &line, &mut self.strands);
            let pieces = &self.strands.lines;
            let whole = pieces.len() == 1 && pieces.get(0).len() == line.len();
            for p in pieces.iter() {
                if whole {
                    out.push(
                        l,
                        Bead {
                            closed: true,
                            ..proto
                        },
                    );
                } else {
                    out.push(p, proto);
                }
            }
        }
    }
}
