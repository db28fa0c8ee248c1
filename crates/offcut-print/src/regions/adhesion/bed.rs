//! What the bed holds of skirt and brim.
//!
//! In: beads in bed coordinates. Out: skirt loops that lie on the bed as a whole; the parts of brim lines
//! that do. The object's own lines are not touched: that they leave the bed is an error, later.

use crate::plan::{Bead, BeadSet};
use offcut_geometry::clip_lines::LineClipper;
use offcut_geometry::strands::Strands;
use offcut_geometry::{Loops, Point, grid};
use offcut_settings::PrintSettings;

/// Corners of a round bed.
const CORNERS: usize = 256;

/// The printable area.
pub(super) struct Bed {
    lo: Point,
    hi: Point,
    /// Of a round bed.
    round: Option<(Point, f64)>,
}

impl Bed {
    pub fn of(s: &PrintSettings) -> Self {
        let at = |k: f64| {
            Point::new(
                grid(s.bed_origin.x + k * s.bed_size.x),
                grid(s.bed_origin.y + k * s.bed_size.y),
            )
        };
        let radius = f64::from(grid(s.bed_size.x.min(s.bed_size.y) / 2.0));
        Self {
            lo: at(0.0),
            hi: at(1.0),
            round: s.bed_round.then(|| (at(0.5), radius)),
        }
    }

    fn holds(&self, p: Point) -> bool {
        match self.round {
            Some((center, radius)) => p.dist(center) <= radius,
            None => p.x >= self.lo.x && p.x <= self.hi.x && p.y >= self.lo.y && p.y <= self.hi.y,
        }
    }

    fn outline(&self) -> Loops {
        let corners = match self.round {
            Some((c, r)) => (0..CORNERS)
                .map(|k| {
                    let a = std::f64::consts::TAU * k as f64 / CORNERS as f64;
                    let at = |c: i32, d: f64| (f64::from(c) + r * d).round() as i32;
                    Point::new(at(c.x, libm::cos(a)), at(c.y, libm::sin(a)))
                })
                .collect(),
            None => vec![
                self.lo,
                Point::new(self.hi.x, self.lo.y),
                self.hi,
                Point::new(self.lo.x, self.hi.y),
            ],
        };
        [corners].into_iter().collect()
    }

    fn holds_all(&self, points: &[Point]) -> bool {
        points.iter().all(|&p| self.holds(p))
    }

    /// Leaves out the beads that don't lie on the bed as a whole; returns how many.
    pub fn drop_leaving(&self, set: &mut BeadSet) -> usize {
        if self.holds_all(&set.points) {
            return 0;
        }
        let mut kept = BeadSet::default();
        for b in set.beads.iter().filter(|b| self.holds_all(set.points_of(b))) {
            kept.push(set.points_of(b), *b);
        }
        let dropped = set.beads.len() - kept.beads.len();
        *set = kept;
        dropped
    }

    /// Cuts off what leaves the bed; tells whether anything did. Pieces below `shortest` grid units go.
    pub fn clip(&self, set: &mut BeadSet, shortest: f64) -> bool {
        if self.holds_all(&set.points) {
            return false;
        }
        let region = self.outline();
        let mut clipper = LineClipper::default();
        clipper.begin(&region);
        let mut strands = Strands::default();
        let mut kept = BeadSet::default();
        let mut line = Vec::new();
        for b in &set.beads {
            let points = set.points_of(b);
            if self.holds_all(points) {
                kept.push(points, *b);
                continue;
            }
            line.clear();
            line.extend_from_slice(points);
            line.extend(points.first().filter(|_| b.closed));
            strands.begin(&region, shortest);
            clipper.clip(&region, &line, &mut strands);
            for p in strands.lines.iter() {
                kept.push(p, Bead { closed: false, ..*b });
            }
        }
        *set = kept;
        true
    }
}
