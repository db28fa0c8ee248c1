//! What operations take of a drawing: regions, lines and holes.
//!
//! In: contours in the program's coordinates and a selection. Out: a region on the grid (even-odd of the closed
//! contours), open lines, circles. Chords follow arcs and curves within a micrometre.

use super::file::SelectDoc;
use crate::MillError;
use offcut_cut::contours::{Contour, Contours};
use offcut_cut::depth::{Place, places};
use offcut_geometry::drawing::{Drawing, Operation, Vec2};
use offcut_geometry::{Loops, Point, Polylines, clip};

/// How near chords follow curves, mm.
const CHORD: f64 = 0.001;
/// How round a circle must be, mm.
const ROUND: f64 = 0.005;

/// What an operation works on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Selection {
    /// Closed contours as a region.
    pub region: Loops,
    /// Open lines.
    pub lines: Polylines,
    /// Circles: centre and diameter, mm.
    pub holes: Vec<(Point, f64)>,
}

/// The contours of a drawing, ready for selection.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Picked {
    /// The contours.
    pub contours: Contours,
    /// Names of their layers.
    pub layers: Vec<String>,
    places: Vec<Place>,
}

impl Picked {
    /// Joins a drawing's paths to contours.
    #[must_use]
    pub fn new(drawing: &Drawing) -> Self {
        let contours = offcut_cut::contours(drawing, offcut_cut::JOIN_TOLERANCE);
        let closed: Vec<bool> = contours
            .list
            .iter()
            .map(|c| c.closed && c.operation != Operation::Skip)
            .collect();
        Self {
            places: places(&contours.list, &closed),
            layers: drawing.layers.iter().map(|l| l.name.clone()).collect(),
            contours,
        }
    }

    /// What a selection takes.
    ///
    /// # Errors
    /// When it names a layer or contour that is not there, or a point lies off the grid.
    pub fn select(&self, s: &SelectDoc) -> Result<Selection, MillError> {
        for l in &s.layers {
            if !self.layers.iter().any(|n| n.eq_ignore_ascii_case(l)) {
                return Err(MillError::Job(format!(
                    "the drawing has no layer '{l}'; it has {}",
                    self.layers
                        .iter()
                        .map(|n| format!("'{n}'"))
                        .collect::<Vec<_>>()
                        .join(", ")
                )));
            }
        }
        if let Some(i) = s.contours.iter().find(|i| **i >= self.contours.list.len()) {
            return Err(MillError::Job(format!(
                "the drawing has no contour {i}; it has {}, counted from 0",
                self.contours.list.len()
            )));
        }
        let mut out = Selection::default();
        let mut closed = Loops::new();
        for (i, c) in self.contours.list.iter().enumerate() {
            if !self.takes(i, c, s) {
                continue;
            }
            let mut points = Vec::new();
            if let (false, Some(first)) = (c.closed, c.segments.first()) {
                points.push(first.a);
            }
            for seg in &c.segments {
                seg.flatten(CHORD, &mut points);
            }
            let mut grid = Vec::with_capacity(points.len());
            for p in points {
                grid.push(Point::from_mm(p.x, p.y)?);
            }
            grid.dedup();
            if !c.closed {
                out.lines.push(&grid);
                continue;
            }
            if let Some((center, d)) = circle(c) {
                out.holes.push((Point::from_mm(center.x, center.y)?, d));
            }
            closed.push(&grid);
        }
        out.region = clip::even_odd(&closed);
        Ok(out)
    }

    fn takes(&self, i: usize, c: &Contour, s: &SelectDoc) -> bool {
        if !s.contours.is_empty() {
            return s.contours.contains(&i);
        }
        let layer = self.layers.get(c.layer as usize).map_or("", String::as_str);
        let color = || c.color.map(|c| c.to_string()).unwrap_or_default();
        let size = || {
            let b = c.bounds().size();
            b.x.max(b.y)
        };
        let named = !s.layers.is_empty() || !s.colors.is_empty();
        (named || c.operation != Operation::Skip)
            && (s.layers.is_empty() || s.layers.iter().any(|l| l.eq_ignore_ascii_case(layer)))
            && (s.colors.is_empty() || s.colors.iter().any(|l| l.eq_ignore_ascii_case(&color())))
            && s.closed.is_none_or(|w| w == c.closed)
            && s.text.is_none_or(|w| w == c.text)
            && s.circles.is_none_or(|w| w == circle(c).is_some())
            && s.min_size.is_none_or(|w| size() >= w)
            && s.max_size.is_none_or(|w| size() <= w)
            && s.nesting.is_none_or(|w| c.closed && self.places[i].depth == w)
    }
}

/// Centre and diameter of a contour that is a circle, however it is drawn.
#[must_use]
pub fn circle(c: &Contour) -> Option<(Vec2, f64)> {
    if !c.closed {
        return None;
    }
    let b = c.bounds();
    let (size, center) = (b.size(), b.min.lerp(b.max, 0.5));
    let r = (size.x + size.y) / 4.0;
    if (size.x - size.y).abs() > 2.0 * ROUND || r <= 0.0 {
        return None;
    }
    let round = c.segments.iter().all(|s| {
        // A straight piece is off the circle in its middle unless it is short.
        (0..=8).all(|k| (s.at(f64::from(k) / 8.0).dist(center) - r).abs() <= ROUND)
    });
    round.then_some((center, 2.0 * r))
}
