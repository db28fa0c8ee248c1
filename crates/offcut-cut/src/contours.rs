//! Paths become contours: ends joined, duplicates removed.

use crate::{graph, overlap};
use offcut_geometry::drawing::{self, Bounds, Color, Drawing, Operation, Paint, Segment, Vec2};
use serde::Serialize;

/// A run of segments that is cut, scored or engraved in one go.
#[derive(Debug, Clone, PartialEq)]
pub struct Contour {
    /// The segments end to end, mm. A closed contour runs counter-clockwise at even depth, clockwise at odd.
    pub segments: Vec<Segment>,
    /// It ends where it begins.
    pub closed: bool,
    /// What is done along it.
    pub operation: Operation,
    /// Its layer in the drawing.
    pub layer: u32,
    /// Its colour.
    pub color: Option<Color>,
    /// It is the outline of a letter.
    pub text: bool,
    /// One of the paths it was made of, in the drawing.
    pub path: u32,
}

impl Contour {
    /// The length, mm.
    #[must_use]
    pub fn length(&self) -> f64 {
        drawing::length(&self.segments)
    }

    /// The box.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        drawing::bounds(&self.segments)
    }

    /// The first and the last point.
    pub(crate) fn ends(&self) -> Option<(Vec2, Vec2)> {
        Some((self.segments.first()?.a, self.segments.last()?.b))
    }

    /// What may be joined with it.
    pub(crate) fn group(&self) -> (Operation, u32, bool) {
        (self.operation, self.layer, self.text)
    }
}

/// What was changed on the way, for the report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Repairs {
    /// Ends that were moved onto each other.
    pub joined_ends: usize,
    /// The widest gap that was closed, mm.
    pub largest_gap_mm: f64,
    /// Closed contours that were there twice.
    pub duplicate_contours: usize,
    /// Length that was drawn again by open paths, mm.
    pub duplicate_length_mm: f64,
    /// Paths shorter than the tolerance that were dropped.
    pub specks: usize,
    /// Places where more than two ends meet.
    pub branches: usize,
    /// Length of edges that were drawn once and bound two closed contours, mm.
    pub shared_mm: f64,
}

/// The contours of a drawing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contours {
    /// The contours, those drawn closed first.
    pub list: Vec<Contour>,
    /// What was changed.
    pub repairs: Repairs,
}

impl Contours {
    /// How many are closed.
    #[must_use]
    pub fn closed(&self) -> usize {
        self.list.iter().filter(|c| c.closed).count()
    }

    /// How many are open.
    #[must_use]
    pub fn open(&self) -> usize {
        self.list.len() - self.closed()
    }

    /// The length of all, mm.
    #[must_use]
    pub fn length(&self) -> f64 {
        self.list.iter().map(Contour::length).sum()
    }
}

/// What is done along the paths of a drawing, by layer name and paint: fillings are engraved where the drawing has
/// lines to cut, and letters always are.
fn operations(drawing: &Drawing) -> Vec<Operation> {
    let lines = drawing.paths.iter().any(|p| p.paint != Paint::Fill && !p.text);
    let of = |p: &drawing::Path| {
        let named = drawing.layers.get(p.layer as usize).and_then(|l| l.operation);
        if p.text {
            // Letters on a layer to be scored or skipped follow it.
            return named
                .filter(|o| *o != Operation::Cut)
                .unwrap_or(Operation::Engrave);
        }
        named.unwrap_or(if lines && p.paint == Paint::Fill {
            Operation::Engrave
        } else {
            Operation::Cut
        })
    };
    drawing.paths.iter().map(of).collect()
}

/// The contours of a drawing: ends within `tolerance` (mm) are joined within a layer, paths that repeat others are
/// removed, also where they only partly lie on them. Closed contours that share an edge keep it. With a tolerance
/// of 0 paths stay as drawn, but repeated contours are removed.
#[must_use]
pub fn contours(drawing: &Drawing, tolerance: f64) -> Contours {
    let operations = operations(drawing);
    let mut repairs = Repairs::default();
    let (mut closed, mut open) = (Vec::new(), Vec::new());
    for (i, path) in drawing.paths.iter().enumerate() {
        let mut contour = Contour {
            segments: drawing.run(path).to_vec(),
            closed: path.closed,
            operation: operations[i],
            layer: path.layer,
            color: path.color,
            text: path.text,
            path: i as u32,
        };
        let Some((a, b)) = contour.ends() else { continue };
        if contour.segments.len() > 1 || a != b {
            if contour.length() <= tolerance {
                repairs.specks += 1;
                continue;
            }
            close(&mut contour, tolerance, &mut repairs);
        }
        if contour.closed {
            closed.push(contour);
        } else {
            open.push(contour);
        }
    }
    if tolerance > 0.0 {
        overlap::remove_copies(&mut open, tolerance, &mut repairs);
        graph::join(&mut open, &mut closed, tolerance, &mut repairs);
    }
    remove_repeated(&mut closed, tolerance.max(1e-3), &mut repairs);
    if tolerance > 0.0 && overlap::trim(&mut open, &closed, tolerance, &mut repairs) {
        // Pieces that only overlapped end at each other now.
        let before = closed.len();
        for contour in &mut open {
            close(contour, tolerance, &mut repairs);
        }
        closed.extend(open.extract_if(.., |c| c.closed));
        graph::join(&mut open, &mut closed, tolerance, &mut repairs);
        if closed.len() > before {
            remove_repeated(&mut closed, tolerance, &mut repairs);
        }
    }
    closed.append(&mut open);
    Contours {
        list: closed,
        repairs,
    }
}

/// Closes a path that comes back to its start.
fn close(contour: &mut Contour, tolerance: f64, repairs: &mut Repairs) {
    let Some((a, b)) = contour.ends() else { return };
    let gap = a.dist(b);
    if gap <= tolerance.max(1e-4) && contour.length() > 4.0 * gap.max(tolerance) {
        if gap > 0.0 {
            repairs.joined_ends += 1;
            repairs.largest_gap_mm = repairs.largest_gap_mm.max(gap);
        }
        if let Some(last) = contour.segments.last_mut() {
            last.b = a;
        }
        contour.closed = true;
    }
}

/// Removes closed contours that lie wholly on an earlier one of the same kind.
fn remove_repeated(list: &mut Vec<Contour>, tolerance: f64, repairs: &mut Repairs) {
    let boxes: Vec<Bounds> = list.iter().map(Contour::bounds).collect();
    let lengths: Vec<f64> = list.iter().map(Contour::length).collect();
    let mut order: Vec<usize> = (0..list.len()).collect();
    order.sort_by(|a, b| boxes[*a].min.x.total_cmp(&boxes[*b].min.x).then(a.cmp(b)));
    let mut drop = vec![false; list.len()];
    for (k, &i) in order.iter().enumerate() {
        for &j in &order[k + 1..] {
            if boxes[j].min.x > boxes[i].min.x + tolerance {
                break;
            }
            let (first, later) = (i.min(j), i.max(j));
            let same_kind = (list[i].operation, list[i].color, list[i].text)
                == (list[j].operation, list[j].color, list[j].text);
            let same_box = boxes[i].holds(&boxes[j], tolerance) && boxes[j].holds(&boxes[i], tolerance);
            let long = (lengths[i] - lengths[j]).abs() <= 8.0 * tolerance + 1e-3 * lengths[i];
            if same_kind && same_box && long && !drop[first] && lies_on(&list[later], &list[first], tolerance)
            {
                drop[later] = true;
                repairs.duplicate_contours += 1;
            }
        }
    }
    let mut gone = drop.iter();
    list.retain(|_| gone.next() == Some(&false));
}

/// Every point of `a` is within `tolerance` of `b`.
fn lies_on(a: &Contour, b: &Contour, tolerance: f64) -> bool {
    let fine = tolerance * 0.5;
    let (p, q) = (
        drawing::polygon(&a.segments, fine),
        drawing::polygon(&b.segments, fine),
    );
    let mid = p
        .iter()
        .zip(p.iter().cycle().skip(1))
        .map(|(u, v)| u.lerp(*v, 0.5));
    p.iter()
        .copied()
        .chain(mid)
        .all(|u| overlap::distance(u, &q, true) <= 2.0 * tolerance)
}
