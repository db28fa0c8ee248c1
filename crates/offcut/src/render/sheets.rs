//! Pictures of drawings and layouts: parts filled by kind, holes, scores and engraving, numbers, offcuts hatched.

use super::flat::{Align, Scene};
use super::frame::Picture;
use crate::Error;
use crate::nest::LayoutFile;
use crate::nest::document::{LayoutSheet, Rings};
use offcut_cut::{Contours, JOIN_TOLERANCE, Part, contours, parts};
use offcut_geometry::drawing::{self, Affine, Bounds, Drawing, Operation, Paint, Vec2};
use std::f64::consts::FRAC_PI_4;

/// A flat picture, in either form.
pub struct Flat(Scene);

impl Flat {
    pub(super) fn of(scene: Scene) -> Self {
        Self(scene)
    }

    /// As pixels; the height follows from the content when no size is given.
    ///
    /// # Errors
    /// When the size is impossible.
    pub fn picture(&self, size: Option<[u32; 2]>) -> Result<Picture, Error> {
        self.0.draw(size)
    }

    /// As SVG in millimetres.
    #[must_use]
    pub fn svg(&self) -> String {
        self.0.svg()
    }
}

/// Fills of kinds: even in lightness, neighbours far apart in hue.
const KINDS: [[u8; 3]; 12] = [
    [126, 176, 222],
    [240, 178, 102],
    [140, 200, 150],
    [222, 140, 150],
    [178, 160, 218],
    [214, 200, 104],
    [122, 200, 204],
    [226, 160, 206],
    [172, 190, 130],
    [196, 168, 140],
    [150, 168, 190],
    [206, 206, 206],
];
const INK: [u8; 3] = [40, 44, 52];
const QUIET: [u8; 3] = [122, 128, 138];
const SHEET: [u8; 3] = [255, 255, 255];
const SHEET_EDGE: [u8; 3] = [150, 155, 163];
const OFFCUT: [u8; 3] = [24, 140, 132];
const DEFECT: [u8; 3] = [200, 50, 47];
const SCORE: [u8; 3] = [36, 84, 190];
const ENGRAVE: [u8; 3] = [92, 74, 60];

fn dark(c: [u8; 3]) -> [u8; 3] {
    c.map(|v| (f32::from(v) * 0.48) as u8)
}

/// How near chords follow curves, as a share of what is shown.
const FLAT: f64 = 2e-4;

/// A part's contours as polygons about the part's origin.
struct Look {
    /// Outline and holes.
    body: Vec<Vec<Vec2>>,
    /// Lines on it, with their colour.
    marks: Vec<(Vec<Vec2>, bool, [u8; 3])>,
    /// Areas that are engraved, and letters.
    burnt: Vec<Vec<Vec2>>,
    /// Where a number has room, and how much to each side, mm.
    seat: (Vec2, f64),
}

fn look(found: &Contours, part: &Part, drawing: &Drawing, fine: f64) -> Look {
    let line = |i: usize| -> Vec<Vec2> {
        let c = &found.list[i];
        let mut p = Vec::new();
        if !c.closed {
            p.extend(c.segments.first().map(|s| s.a));
        }
        p.extend(drawing::polygon(&c.segments, fine));
        p
    };
    let all = std::iter::once(part.outline).chain(part.holes.iter().copied());
    let body: Vec<Vec<Vec2>> = all.map(line).collect();
    let mut marks = Vec::new();
    let mut burnt = Vec::new();
    for &i in &part.features {
        let c = &found.list[i];
        let filled = drawing
            .paths
            .get(c.path as usize)
            .is_some_and(|p| p.paint != Paint::Stroke);
        if c.closed && (c.text || (filled && c.operation == Operation::Engrave)) {
            burnt.push(line(i));
            continue;
        }
        let color = match c.operation {
            Operation::Score => SCORE,
            Operation::Engrave => ENGRAVE,
            _ => INK,
        };
        marks.push((line(i), c.closed, color));
    }
    let others: Vec<(&[Vec2], bool)> = marks
        .iter()
        .map(|(l, closed, _)| (&l[..], *closed))
        .chain(burnt.iter().map(|b| (&b[..], true)))
        .collect();
    let seat = seat(&body, &others);
    Look {
        body,
        marks,
        burnt,
        seat,
    }
}

/// The point of a part farthest from its edges and from what lies on it (lines that may be closed), and that distance.
fn seat(body: &[Vec<Vec2>], others: &[(&[Vec2], bool)]) -> (Vec2, f64) {
    let Some(outline) = body.first().filter(|b| !b.is_empty()) else {
        return (Vec2::ZERO, 0.0);
    };
    let mut b = Bounds::EMPTY;
    outline.iter().for_each(|p| b.add(*p));
    let ring = |r: &[Vec2], closed: bool| -> Vec<(Vec2, Vec2)> {
        let ends = r.iter().copied().zip(r.iter().copied().cycle().skip(1));
        ends.take(if closed {
            r.len()
        } else {
            r.len().saturating_sub(1)
        })
        .collect()
    };
    let edges: Vec<(Vec2, Vec2)> = body.iter().flat_map(|r| ring(r, true)).collect();
    let marks: Vec<(Vec2, Vec2)> = others.iter().flat_map(|(r, closed)| ring(r, *closed)).collect();
    let room = |p: Vec2| -> f64 {
        let mut inside = false;
        let mut near = f64::INFINITY;
        let mut look = |u: Vec2, v: Vec2| {
            let d = v - u;
            let t = ((p - u).dot(d) / d.dot(d).max(1e-12)).clamp(0.0, 1.0);
            near = near.min(p.dist(u + d * t));
        };
        for &(u, v) in &edges {
            if (u.y > p.y) != (v.y > p.y) && p.x < u.x + (p.y - u.y) / (v.y - u.y) * (v.x - u.x) {
                inside = !inside;
            }
            look(u, v);
        }
        for &(u, v) in &marks {
            look(u, v);
        }
        if inside { near } else { -near }
    };
    let (mut best, mut at) = (f64::NEG_INFINITY, b.min);
    let look = |center: Vec2, reach: Vec2, n: i32, best: &mut f64, at: &mut Vec2| {
        for i in -n..=n {
            for j in -n..=n {
                let p = center
                    + Vec2::new(
                        reach.x * f64::from(i) / f64::from(n),
                        reach.y * f64::from(j) / f64::from(n),
                    );
                let r = room(p);
                if r > *best {
                    (*best, *at) = (r, p);
                }
            }
        }
    };
    let half = b.size() * 0.5;
    // Cells about the middle first: of equal places the central one is kept.
    look(b.min.lerp(b.max, 0.5), half * 0.02, 1, &mut best, &mut at);
    let n = if edges.len() + marks.len() > 400 { 8 } else { 14 };
    look(b.min.lerp(b.max, 0.5), half, n, &mut best, &mut at);
    let center = at;
    look(center, half * (1.2 / f64::from(n)), 5, &mut best, &mut at);
    (at, best.max(0.0))
}

fn put(scene: &mut Scene, look: &Look, map: &Affine, color: [u8; 3]) {
    let moved = |r: &Vec<Vec2>| -> Vec<Vec2> { r.iter().map(|p| map.point(*p)).collect() };
    scene.area(
        look.body.iter().map(moved).collect(),
        (color, 1.0),
        Some((dark(color), 1.6)),
    );
    if !look.burnt.is_empty() {
        scene.area(look.burnt.iter().map(moved).collect(), (ENGRAVE, 0.75), None);
    }
    for (line, closed, color) in &look.marks {
        scene.lines(vec![moved(line)], *closed, *color, 1.3);
    }
}

fn label(scene: &mut Scene, look: &Look, map: &Affine, text: &str, cap: f64) {
    let (at, room) = look.seat;
    let wide = Scene::text_width(text, 1.0);
    // A box of the text within the circle of room.
    let cap = cap.min(1.7 * room / (1.0 + wide * wide).sqrt());
    let at = map.point(at);
    scene.text(text, Vec2::new(at.x, at.y - cap / 2.0), cap, Align::Middle, INK);
}

/// Draws a drawing: its parts by kind, and what lies on no part.
#[must_use]
pub fn drawing_picture(drawing: &Drawing) -> Flat {
    let mut scene = Scene::default();
    let b = drawing.bounds();
    let size = b.size().x.max(b.size().y).max(1e-3);
    let fine = size * FLAT;
    let mut found = contours(drawing, JOIN_TOLERANCE);
    let formed = parts(&mut found);
    if let Some([w, h]) = drawing.page {
        let page = [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)].map(|(x, y)| Vec2::new(x, y));
        scene.area(vec![page.to_vec()], (SHEET, 1.0), Some(([205, 208, 214], 1.0)));
    }
    super::pictures::put(&mut scene, drawing);
    let cap = size * 0.022;
    let mut looks = Vec::new();
    for p in &formed.parts {
        let l = look(&found, p, drawing, fine);
        put(&mut scene, &l, &Affine::IDENTITY, KINDS[p.kind % KINDS.len()]);
        looks.push(l);
    }
    for &i in &formed.loose {
        let c = &found.list[i];
        let mut run = Vec::new();
        if !c.closed {
            run.extend(c.segments.first().map(|s| s.a));
        }
        run.extend(drawing::polygon(&c.segments, fine));
        let color = c.color.map_or(INK, |c| [c.0, c.1, c.2]);
        if c.text && c.closed {
            scene.area(vec![run], (color, 1.0), None);
        } else {
            scene.lines(vec![run], c.closed, color, 1.3);
        }
    }
    // What is not to be cut stays visible.
    for c in found.list.iter().filter(|c| c.operation == Operation::Skip) {
        let mut run = Vec::new();
        run.extend(c.segments.first().filter(|_| !c.closed).map(|s| s.a));
        run.extend(drawing::polygon(&c.segments, fine));
        scene.lines(vec![run], c.closed, QUIET, 1.0);
    }
    if formed.kinds.len() > 1 {
        for (p, l) in formed.parts.iter().zip(&looks) {
            label(&mut scene, l, &Affine::IDENTITY, &(p.kind + 1).to_string(), cap);
        }
    }
    Flat(scene)
}

/// Draws the sheets of a layout with their parts, numbered by kind, and a list of the kinds.
///
/// # Errors
/// When a part can't be read.
pub fn layout_picture(file: &LayoutFile) -> Result<Flat, Error> {
    let mut scene = Scene::default();
    let sizes: Vec<Vec2> = file.sheets.iter().map(extent).collect();
    let widest = sizes.iter().fold(1.0, |m: f64, s| m.max(s.x.max(s.y)));
    let geometry = file.geometry()?;
    let looks: Vec<Look> = geometry
        .iter()
        .map(|d| {
            let mut found = contours(d, 0.0);
            let formed = parts(&mut found);
            let all = Part {
                outline: 0,
                holes: Vec::new(),
                features: Vec::new(),
                kind: 0,
            };
            look(&found, formed.parts.first().unwrap_or(&all), d, widest * FLAT)
        })
        .collect();
    // As many columns as make the picture somewhat wider than high.
    let n = sizes.len().max(1);
    let room = sizes
        .iter()
        .fold(Vec2::ZERO, |m, s| Vec2::new(m.x.max(s.x), m.y.max(s.y)));
    let shape = |c: usize| {
        let ratio = c as f64 * room.x / (n.div_ceil(c) as f64 * room.y * 1.12).max(1e-9);
        (ratio / 1.5).ln().abs()
    };
    let columns = (1..=n)
        .min_by(|a, b| shape(*a).total_cmp(&shape(*b)))
        .unwrap_or(1);
    let cap = 0.016 * (columns as f64 * room.x).max(room.y);
    let step = Vec2::new(room.x + 3.0 * cap, room.y + 5.0 * cap);
    for (i, (sheet, size)) in file.sheets.iter().zip(&sizes).enumerate() {
        let at = Vec2::new(
            (i % columns) as f64 * step.x,
            -((i / columns) as f64 * step.y) - size.y,
        );
        put_sheet(&mut scene, sheet, &looks, at, cap);
        let title = format!(
            "{}{}   {} part{}   {:.1} %",
            if n > 1 {
                format!("{}   ", i + 1)
            } else {
                String::new()
            },
            sheet.id,
            sheet.placements.len(),
            if sheet.placements.len() == 1 { "" } else { "s" },
            100.0 * sheet.parts_mm2 / sheet.area_mm2.max(1e-9)
        );
        scene.text(
            &title,
            Vec2::new(at.x, at.y + size.y + cap * 0.9),
            cap,
            Align::Left,
            INK,
        );
    }
    legend(
        &mut scene,
        file,
        columns as f64 * step.x - 3.0 * cap,
        -(n.div_ceil(columns) as f64 * step.y),
        cap,
    );
    Ok(Flat(scene))
}

fn extent(sheet: &LayoutSheet) -> Vec2 {
    let mut b = Bounds::EMPTY;
    sheet
        .outline
        .iter()
        .flatten()
        .for_each(|p| b.add(Vec2::new(p[0], p[1])));
    b.max
}

fn put_sheet(scene: &mut Scene, sheet: &LayoutSheet, looks: &[Look], at: Vec2, cap: f64) {
    let moved = |rings: &Rings| -> Vec<Vec<Vec2>> {
        let ring = |r: &Vec<[f64; 2]>| r.iter().map(|p| at + Vec2::new(p[0], p[1])).collect();
        rings.iter().map(ring).collect()
    };
    scene.area(moved(&sheet.outline), (SHEET, 1.0), Some((SHEET_EDGE, 2.0)));
    for r in &sheet.remnants {
        let rings = moved(&r.outline);
        let lines = hatch(&rings, cap * 0.75, FRAC_PI_4);
        scene.area(rings.clone(), (OFFCUT, 0.08), Some((OFFCUT, 1.2)));
        scene.lines(lines, false, [150, 206, 200], 1.0);
        let [x, y, u, v] = r.rectangle_mm;
        let size = format!("{:.0} x {:.0}", u - x, v - y);
        let wide = Scene::text_width(&size, 1.0);
        let cap = cap.min((u - x) / (wide + 2.0)).min((v - y) / 3.0);
        let middle = at + Vec2::new((x + u) / 2.0, (y + v) / 2.0);
        let half = Vec2::new(wide / 2.0 + 0.7, 1.1) * cap;
        let plate = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];
        let plate = plate.map(|(i, j)| middle + Vec2::new(half.x * i, half.y * j));
        scene.area(vec![plate.to_vec()], (SHEET, 0.85), None);
        scene.text(
            &size,
            middle - Vec2::new(0.0, cap / 2.0),
            cap,
            Align::Middle,
            OFFCUT,
        );
    }
    for d in &sheet.defects {
        let rings = moved(d);
        let lines = hatch(&rings, cap * 0.4, -FRAC_PI_4);
        scene.area(rings, (DEFECT, 0.15), Some((DEFECT, 1.2)));
        scene.lines(lines, false, DEFECT, 0.8);
    }
    let map = |p: &crate::nest::document::LayoutPlacement| Affine::translate(at).of(&p.map());
    for p in &sheet.placements {
        if let Some(l) = looks.get(p.part as usize) {
            put(scene, l, &map(p), KINDS[p.part as usize % KINDS.len()]);
        }
    }
    for p in &sheet.placements {
        if let Some(l) = looks.get(p.part as usize) {
            label(scene, l, &map(p), &(p.part + 1).to_string(), cap);
        }
    }
}

/// Parallel lines within rings, `step` mm apart.
fn hatch(rings: &[Vec<Vec2>], step: f64, angle: f64) -> Vec<Vec<Vec2>> {
    let along = Vec2::at_angle(angle);
    let across = along.left();
    let (mut lo, mut hi) = (f64::INFINITY, f64::NEG_INFINITY);
    for p in rings.iter().flatten() {
        lo = lo.min(p.dot(across));
        hi = hi.max(p.dot(across));
    }
    let mut out = Vec::new();
    if step <= 0.0 || (hi - lo) / step > 2000.0 {
        return out;
    }
    let mut cuts: Vec<f64> = Vec::new();
    let mut v = (lo / step).floor() * step + step / 2.0;
    while v < hi {
        cuts.clear();
        for r in rings {
            for (a, b) in r.iter().zip(r.iter().cycle().skip(1)) {
                let (p, q) = (a.dot(across), b.dot(across));
                if (p > v) != (q > v) {
                    let t = (v - p) / (q - p);
                    cuts.push(a.lerp(*b, t).dot(along));
                }
            }
        }
        cuts.sort_by(f64::total_cmp);
        let pairs = cuts.chunks_exact(2);
        out.extend(pairs.map(|c| vec![along * c[0] + across * v, along * c[1] + across * v]));
        v += step;
    }
    out
}

/// The kinds of parts with their numbers, below the sheets in columns.
fn legend(scene: &mut Scene, file: &LayoutFile, width: f64, top: f64, cap: f64) {
    let mut placed = vec![0_u32; file.parts.len()];
    for p in file.sheets.iter().flat_map(|s| &s.placements) {
        if let Some(n) = placed.get_mut(p.part as usize) {
            *n += 1;
        }
    }
    let entry = |i: usize| {
        let p = &file.parts[i];
        let count = if placed[i] == p.quantity {
            format!("{}x", p.quantity)
        } else {
            format!("{} of {}", placed[i], p.quantity)
        };
        format!("{count} {}   {:.1} x {:.1}", p.id, p.size_mm[0], p.size_mm[1])
    };
    let texts: Vec<String> = (0..file.parts.len().min(48)).map(entry).collect();
    let wide = texts
        .iter()
        .map(|t| Scene::text_width(t, 1.0))
        .fold(0.0, f64::max)
        + 6.0;
    // Long lists are written smaller, so that they take several columns.
    let rows_at = |cap: f64| texts.len().div_ceil(((width / (wide * cap)) as usize).max(1));
    let cap = [1.0, 0.85, 0.7, 0.6]
        .map(|k| k * cap)
        .into_iter()
        .find(|c| rows_at(*c) <= 10)
        .unwrap_or(cap * 0.6);
    let (widest, rows) = (wide * cap, rows_at(cap));
    for (i, t) in texts.iter().enumerate() {
        let at = Vec2::new((i / rows) as f64 * widest, top - (i % rows) as f64 * cap * 2.1);
        let (w, h) = (2.6 * cap, 1.5 * cap);
        let corner = at - Vec2::new(0.0, 0.25 * cap);
        let swatch = [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)].map(|(x, y)| corner + Vec2::new(x, y));
        let color = KINDS[i % KINDS.len()];
        scene.area(vec![swatch.to_vec()], (color, 1.0), Some((dark(color), 1.0)));
        let number = (i + 1).to_string();
        scene.text(
            &number,
            at + Vec2::new(w / 2.0, 0.05 * cap),
            cap * 0.9,
            Align::Middle,
            INK,
        );
        scene.text(t, at + Vec2::new(w + cap, 0.0), cap, Align::Left, INK);
    }
}
