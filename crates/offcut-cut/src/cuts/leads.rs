//! Ways into and out of contours, through the waste.

use super::style::{Lead, LeadForm};
use offcut_geometry::drawing::{Segment, Vec2};

/// Chords of leads for the test against other cuts, mm.
const CHORD: f64 = 0.05;

/// The lead into a contour whose first segment leaves `at` in direction `ahead`, coming there from `behind`; waste
/// lies to the right.
pub(crate) fn lead_in(at: Vec2, ahead: Vec2, behind: Vec2, lead: Lead) -> Option<Vec<Segment>> {
    match lead.form {
        LeadForm::None => None,
        LeadForm::Line => {
            let out = waste(ahead, behind);
            Some(vec![Segment::line(at + out * lead.length, at)])
        }
        LeadForm::Arc => {
            // The centre lies in the waste, square to the contour.
            let right = -ahead.left();
            let center = at + right * lead.length;
            quarter(center - ahead * lead.length, at, true)
        }
    }
}

/// The lead out of a contour that arrives at `at` from `behind` and would go on in direction `ahead`.
pub(crate) fn lead_out(at: Vec2, ahead: Vec2, behind: Vec2, lead: Lead) -> Option<Vec<Segment>> {
    match lead.form {
        LeadForm::None => None,
        LeadForm::Line => {
            let out = waste(ahead, behind);
            Some(vec![Segment::line(at, at + out * lead.length)])
        }
        LeadForm::Arc => {
            let right = -behind.left();
            let center = at + right * lead.length;
            quarter(at, center + behind * lead.length, true)
        }
    }
}

/// Whether a lead stays in the waste where it meets its contour: between the way on and the way back, to the right.
/// At an inner corner a quarter circle would begin beyond the other edge.
pub(crate) fn in_waste(lead: &[Segment], at: Vec2, ahead: Vec2, behind: Vec2) -> bool {
    let clockwise = |d: Vec2| libm::atan2(-ahead.cross(d), ahead.dot(d)).rem_euclid(std::f64::consts::TAU);
    let wedge = clockwise(-behind);
    let wedge = if wedge < 1e-6 {
        std::f64::consts::TAU
    } else {
        wedge
    };
    lead.iter().all(|s| {
        let near = if s.a.dist(at) < s.b.dist(at) { 0.1 } else { 0.9 };
        let angle = clockwise(s.at(near) - at);
        angle > 1e-6 && angle < wedge
    })
}

/// What a closed contour encloses, to tell whether a lead's far end lies in the waste: where a contour touches itself
/// the directions at one place do not tell.
pub(crate) struct Inside(Vec<Vec2>);

impl Inside {
    pub(crate) fn new(run: &[Segment]) -> Self {
        let mut points: Vec<Vec2> = run.first().map(|s| s.a).into_iter().collect();
        for s in run {
            s.flatten(CHORD, &mut points);
        }
        Self(points)
    }

    /// The waste of an outline lies around it, that of a hole in it.
    pub(crate) fn is_waste(&self, p: Vec2, outline: bool) -> bool {
        let mut turns = 0;
        for (a, b) in self.0.iter().zip(self.0.iter().cycle().skip(1)) {
            if (a.y <= p.y) != (b.y <= p.y) && ((*b - *a).cross(p - *a) > 0.0) == (b.y > a.y) {
                turns += if b.y > a.y { 1 } else { -1 };
            }
        }
        (turns == 0) == outline
    }
}

/// A quarter circle; its centre lies to the right of where it touches the contour, so it runs clockwise.
fn quarter(a: Vec2, b: Vec2, clockwise: bool) -> Option<Vec<Segment>> {
    let mut out = Vec::new();
    let bulge = libm::tan(std::f64::consts::FRAC_PI_8);
    Segment::push_arc(a, b, if clockwise { -bulge } else { bulge }, &mut out);
    Some(out)
}

/// Into the waste, halfway between both sides of a corner.
fn waste(ahead: Vec2, behind: Vec2) -> Vec2 {
    let sum = -(ahead.left() + behind.left());
    let n = sum.norm();
    if n > 1e-6 { sum * (1.0 / n) } else { -ahead.left() }
}

/// Chords of all tracks in a grid, to see whether a lead would run into one.
pub(crate) struct Obstacles {
    cell: f64,
    low: Vec2,
    columns: usize,
    rows: usize,
    cells: Vec<Vec<u32>>,
    chords: Vec<(Vec2, Vec2)>,
}

impl Obstacles {
    pub(crate) fn new<'a>(runs: impl Iterator<Item = &'a [Segment]>) -> Self {
        let mut chords = Vec::new();
        let mut points = Vec::new();
        for run in runs {
            let Some(first) = run.first() else { continue };
            points.clear();
            points.push(first.a);
            for s in run {
                s.flatten(CHORD, &mut points);
            }
            chords.extend(points.windows(2).map(|w| (w[0], w[1])));
        }
        let (mut low, mut high) = (Vec2::new(f64::MAX, f64::MAX), Vec2::new(f64::MIN, f64::MIN));
        for (a, b) in &chords {
            low = Vec2::new(low.x.min(a.x).min(b.x), low.y.min(a.y).min(b.y));
            high = Vec2::new(high.x.max(a.x).max(b.x), high.y.max(a.y).max(b.y));
        }
        let span = (high - low).norm().max(1.0);
        let cell = (span / (chords.len() as f64).sqrt().clamp(1.0, 1000.0)).max(0.5);
        let count = |d: f64| (d / cell).max(0.0) as usize + 1;
        let size = if chords.is_empty() { Vec2::ZERO } else { high - low };
        let (columns, rows) = (count(size.x), count(size.y));
        let mut out = Self {
            cell,
            low,
            columns,
            rows,
            cells: vec![Vec::new(); columns * rows],
            chords,
        };
        for i in 0..out.chords.len() {
            let (a, b) = out.chords[i];
            for c in out.near(a, b) {
                out.cells[c].push(i as u32);
            }
        }
        out
    }

    /// Cells of the box of a chord.
    fn near(&self, a: Vec2, b: Vec2) -> Vec<usize> {
        let index = |v: f64, n: usize| ((v / self.cell).max(0.0) as usize).min(n - 1);
        let xs = [a.x - self.low.x, b.x - self.low.x];
        let ys = [a.y - self.low.y, b.y - self.low.y];
        let (x0, x1) = (
            index(xs[0].min(xs[1]), self.columns),
            index(xs[0].max(xs[1]), self.columns),
        );
        let (y0, y1) = (
            index(ys[0].min(ys[1]), self.rows),
            index(ys[0].max(ys[1]), self.rows),
        );
        let mut out = Vec::with_capacity((x1 - x0 + 1) * (y1 - y0 + 1));
        for y in y0..=y1 {
            out.extend((x0..=x1).map(|x| y * self.columns + x));
        }
        out
    }

    /// Whether a lead leaves the box of the cuts to the left or below (the bed may end there), or touches any cut, apart from the place `at` where it meets its contour.
    pub(crate) fn hit(&self, lead: &[Segment], at: Vec2) -> bool {
        let Some(first) = lead.first() else { return false };
        let mut points = vec![first.a];
        for s in lead {
            s.flatten(CHORD, &mut points);
        }
        if points
            .iter()
            .any(|p| p.x < self.low.x - 1e-6 || p.y < self.low.y - 1e-6)
        {
            return true;
        }
        points.windows(2).any(|w| {
            let keep = |p: Vec2, q: Vec2| if p.dist(at) < 1e-9 { p.lerp(q, 0.02) } else { p };
            let (a, b) = (keep(w[0], w[1]), keep(w[1], w[0]));
            self.near(a, b).into_iter().any(|c| {
                self.cells[c].iter().any(|i| {
                    let (p, q) = self.chords[*i as usize];
                    crosses(a, b, p, q)
                })
            })
        })
    }
}

fn crosses(a: Vec2, b: Vec2, p: Vec2, q: Vec2) -> bool {
    let side = |u: Vec2, v: Vec2, w: Vec2| (v - u).cross(w - u);
    let (d1, d2) = (side(p, q, a), side(p, q, b));
    let (d3, d4) = (side(a, b, p), side(a, b, q));
    (d1 > 0.0) != (d2 > 0.0) && (d3 > 0.0) != (d4 > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_keep_to_the_waste_at_corners() {
        // The lower right corner of a hole, cut clockwise: down, then to the left; the waste lies up and to the left.
        let (at, ahead, behind) = (Vec2::ZERO, Vec2::new(-1.0, 0.0), Vec2::new(0.0, -1.0));
        let lead = |form| Lead { form, length: 1.0 };
        let line = lead_in(at, ahead, behind, lead(LeadForm::Line)).unwrap();
        assert!(in_waste(&line, at, ahead, behind) && line[0].a.x < 0.0 && line[0].a.y > 0.0);
        let arc = lead_in(at, ahead, behind, lead(LeadForm::Arc)).unwrap();
        assert!(!in_waste(&arc, at, ahead, behind), "it would begin in the part");
        // The upper right corner of an outline, cut counter-clockwise: both have room.
        let (ahead, behind) = (Vec2::new(-1.0, 0.0), Vec2::new(0.0, 1.0));
        for form in [LeadForm::Line, LeadForm::Arc] {
            let l = lead_in(at, ahead, behind, lead(form)).unwrap();
            assert!(in_waste(&l, at, ahead, behind), "{form:?}");
        }
        // Far ends tell where a contour touches itself.
        let square: Vec<Vec2> = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]
            .iter()
            .map(|(x, y)| Vec2::new(*x, *y))
            .collect();
        let run: Vec<Segment> = (0..4)
            .map(|i| Segment::line(square[i], square[(i + 1) % 4]))
            .collect();
        for inside in [Inside::new(&run), Inside::new(&super::super::run::reversed(&run))] {
            assert!(
                inside.is_waste(Vec2::new(2.0, 2.0), false) && !inside.is_waste(Vec2::new(2.0, 2.0), true)
            );
            assert!(
                inside.is_waste(Vec2::new(-0.05, 1.0), true)
                    && !inside.is_waste(Vec2::new(-0.05, 1.0), false)
            );
        }
        // Along a smooth contour too, on the right side only.
        let d = Vec2::new(0.0, 1.0);
        let l = lead_in(at, d, d, lead(LeadForm::Arc)).unwrap();
        assert!(in_waste(&l, at, d, d) && l[0].a.x > 0.0);
    }
}
