//! What parts are laid on: rectangles by their size, or sheets and offcuts of any outline from drawings.

use super::parts::{read_settled, stem};
use crate::{Error, Input};
use offcut_cut::{Contour, JOIN_TOLERANCE, contours, parts};
use offcut_formats::DrawingUnit;
use offcut_geometry::drawing::{self, Affine, Operation, Segment, push_cover};
use offcut_geometry::{Loops, Point, clip, to_grid};
use offcut_nest::Zone;

/// A kind of sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetRequest {
    /// Its name: its size, the name of its drawing, or its id in the stock.
    pub id: String,
    /// Outline with holes where there is no material; its lower left corner is the origin.
    pub outline: Loops,
    /// How many there are; `None` is without limit.
    pub quantity: Option<u32>,
    /// Cost of one, in any currency: the area in square metres when not known.
    pub cost: f64,
    /// It lies in the stock under its id.
    pub stock: bool,
    /// Name of the material; may be empty.
    pub material: String,
    /// Thickness, mm, when known.
    pub thickness: Option<f64>,
    /// Direction of its grain, degrees; `None` when it has none.
    pub grain: Option<f64>,
    /// Spots that take no part.
    pub defects: Vec<Loops>,
    /// Areas of lower quality.
    pub zones: Vec<Zone>,
}

/// Width and height of a rectangle from a text as `600x400`, `60x40cm` or `24x12in`, mm.
///
/// # Errors
/// [`Error::Usage`] says how it is written.
pub fn parse_size(text: &str) -> Result<[f64; 2], Error> {
    let wrong = || {
        Error::Usage(format!(
            "--sheet {text}: write width x height in mm, as 600x400 or 600x400:3, with a unit as 24x12in, or name a \
             drawing"
        ))
    };
    let (w, rest) = text.trim().split_once(['x', 'X', '×']).ok_or_else(wrong)?;
    let end = rest
        .find(|c: char| c.is_alphabetic() || c == '"')
        .unwrap_or(rest.len());
    let (h, unit) = rest.split_at(end);
    let unit = match unit.trim() {
        "" => DrawingUnit::MM,
        name => DrawingUnit::named(name).ok_or_else(wrong)?,
    };
    let w = w.trim().trim_end_matches(|c: char| c.is_alphabetic() || c == '"');
    let number = |t: &str| t.trim().parse::<f64>().ok().filter(|v| v.is_finite() && *v > 0.0);
    match (number(w), number(h)) {
        (Some(w), Some(h)) => Ok([w * unit.millimetres, h * unit.millimetres]),
        _ => Err(wrong()),
    }
}

/// A rectangle.
///
/// # Errors
/// When it is larger than the grid.
pub fn rectangle(id: &str, [w, h]: [f64; 2], quantity: Option<u32>) -> Result<SheetRequest, Error> {
    let grid = |v: f64| to_grid(v).map_err(|e| Error::Usage(format!("--sheet {id}: {e}")));
    let (w, h) = (grid(w)?, grid(h)?);
    let mut outline = Loops::new();
    outline.push(&[
        Point::new(0, 0),
        Point::new(w, 0),
        Point::new(w, h),
        Point::new(0, h),
    ]);
    Ok(SheetRequest {
        id: id.to_owned(),
        cost: outline.area_mm2() / 1e6,
        outline,
        quantity,
        stock: false,
        material: String::new(),
        thickness: None,
        grain: None,
        defects: Vec::new(),
        zones: Vec::new(),
    })
}

/// The sheets of a drawing: each outline to be cut is one, its holes hold no material. Closed contours on layers whose
/// name begins with `defect` take no part; on a layer `quality N` the material is of quality N.
///
/// # Errors
/// When the drawing can't be read or has no closed outline.
pub fn read_sheets(
    input: &Input,
    quantity: Option<u32>,
    unit: Option<DrawingUnit>,
    tolerance: f64,
) -> Result<Vec<SheetRequest>, Error> {
    let file = read_settled(input, unit, None)?;
    let mut drawing = file.drawing;
    let spots: Vec<Option<Spot>> = drawing.layers.iter().map(|l| Spot::named(&l.name)).collect();
    // A sheet may be drawn on a layer of that name, which parts' drawings don't cut.
    for (l, spot) in drawing.layers.iter_mut().zip(&spots) {
        l.operation = spot.map(|_| Operation::Skip);
    }
    let mut found = contours(&drawing, JOIN_TOLERANCE);
    let formed = parts(&mut found);
    let spot_of = |c: &Contour| spots.get(c.layer as usize).copied().flatten();
    let name = &input.name;
    if formed.parts.is_empty() {
        return Err(Error::Input(format!(
            "{name}: has no closed outline, so there is no sheet in it"
        )));
    }
    let many = formed.parts.len() > 1;
    let mut out = Vec::new();
    for (i, p) in formed.parts.iter().enumerate() {
        let at = drawing::bounds(&found.list[p.outline].segments).min;
        let mut outline = Loops::new();
        for &c in std::iter::once(&p.outline).chain(&p.holes) {
            push_within(&found.list[c], &Affine::translate(-at), tolerance, &mut outline)
                .map_err(|e| Error::Impossible(format!("{name}: {e}")))?;
        }
        let outline = clip::positive(&outline);
        if outline.is_empty() {
            return Err(Error::Input(format!(
                "{name}: the outline of its sheet has no area"
            )));
        }
        let mut defects = Vec::new();
        let mut zones = Vec::new();
        for c in found.list.iter().filter(|c| c.closed) {
            let Some(spot) = spot_of(c) else { continue };
            let area = covered(c, &Affine::translate(-at), tolerance)
                .map_err(|e| Error::Impossible(format!("{name}: {e}")))?;
            match spot {
                Spot::Defect => defects.push(area),
                Spot::Quality(quality) => zones.push(Zone { quality, area }),
            }
        }
        let own = stem(name);
        out.push(SheetRequest {
            id: if many {
                format!("{own}-{}", i + 1)
            } else {
                own.to_owned()
            },
            cost: outline.area_mm2() / 1e6,
            outline,
            quantity,
            stock: false,
            material: String::new(),
            thickness: None,
            grain: None,
            defects,
            zones,
        });
    }
    Ok(out)
}

/// What a layer of a sheet's drawing marks.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Spot {
    Defect,
    Quality(u32),
}

impl Spot {
    fn named(layer: &str) -> Option<Self> {
        let name = layer.trim().to_ascii_lowercase();
        if name.starts_with("defect") {
            return Some(Self::Defect);
        }
        let quality = name.strip_prefix("quality")?;
        quality
            .trim_matches([' ', '-', '_', '=', ':'])
            .parse()
            .ok()
            .map(Self::Quality)
    }
}

fn mapped(contour: &Contour, home: &Affine) -> Vec<Segment> {
    let mut run = Vec::new();
    for s in &contour.segments {
        s.push_mapped(home, &mut run);
    }
    run
}

/// The area within a closed contour, and at most the tolerance beyond.
fn covered(contour: &Contour, home: &Affine, tolerance: f64) -> Result<Loops, offcut_geometry::GridError> {
    let mut run = mapped(contour, home);
    if drawing::area(&run) < 0.0 {
        drawing::reverse(&mut run);
    }
    let mut out = Loops::new();
    push_cover(&run, tolerance, &mut out)?;
    Ok(clip::non_zero(&out))
}

/// Adds the loop of a contour so that it lies within its material: the cover of what lies outside, turned around.
fn push_within(
    contour: &Contour,
    home: &Affine,
    tolerance: f64,
    out: &mut Loops,
) -> Result<(), offcut_geometry::GridError> {
    let mut run = mapped(contour, home);
    drawing::reverse(&mut run);
    let mut outside = Loops::new();
    push_cover(&run, tolerance, &mut outside)?;
    outside.reverse_all();
    out.extend(&outside);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_with_and_without_units() {
        assert_eq!(parse_size("600x400").ok(), Some([600.0, 400.0]));
        assert_eq!(parse_size("60 x 40 cm").ok(), Some([600.0, 400.0]));
        let [w, h] = parse_size("24x12in").unwrap_or_default();
        assert!((w - 609.6).abs() < 1e-9 && (h - 304.8).abs() < 1e-9);
        assert!(parse_size("24inx12in").is_ok_and(|s| s == [24.0 * 25.4, 12.0 * 25.4]));
        for wrong in ["600", "0x400", "ax4", "600x400furlong", "600x-3", "nanx4"] {
            assert!(parse_size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn spots_are_drawn_on_layers() -> Result<(), Error> {
        assert_eq!(Spot::named("Defects"), Some(Spot::Defect));
        assert_eq!(Spot::named("quality 2"), Some(Spot::Quality(2)));
        assert_eq!((Spot::named("sheet"), Spot::named("quality")), (None, None));
        let svg = "<svg xmlns='http://www.w3.org/2000/svg' \
                   xmlns:i='http://www.inkscape.org/namespaces/inkscape' width='300mm' height='200mm' \
                   viewBox='0 0 300 200' fill='none' stroke='#000'><rect x='10' y='10' width='200' height='100'/>\
                   <g i:groupmode='layer' i:label='defects'><circle cx='60' cy='60' r='10'/></g>\
                   <g i:groupmode='layer' i:label='quality 1'><rect x='110' y='10' width='100' height='100'/></g></svg>";
        let input = Input {
            name: "board.svg".into(),
            bytes: svg.into(),
        };
        let s = read_sheets(&input, None, None, 0.1)?;
        assert_eq!((s.len(), s[0].defects.len(), s[0].zones.len()), (1, 1, 1));
        assert!((s[0].outline.area_mm2() - 20_000.0).abs() < 1e-6);
        let b = s[0].defects[0].bbox();
        let around = [b.min.x, b.min.y, b.max.x, b.max.y].map(|v| f64::from(v) / 1e5);
        for (v, exact) in around.into_iter().zip([40.0, 40.0, 60.0, 60.0]) {
            assert!((v - exact).abs() <= 0.1001, "{around:?}");
        }
        assert!(s[0].defects[0].area_mm2() >= 100.0 * std::f64::consts::PI - 1e-3);
        assert_eq!(
            (s[0].zones[0].quality, s[0].zones[0].area.bbox().min.x),
            (1, 10_000_000)
        );
        Ok(())
    }

    #[test]
    fn a_sheet_of_any_outline_lies_within_the_drawn_one() -> Result<(), Error> {
        let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='300mm' height='300mm' viewBox='0 0 300 300'>\
                   <circle cx='150' cy='150' r='100'/><circle cx='150' cy='150' r='10'/></svg>";
        let input = Input {
            name: "a/rest.svg".into(),
            bytes: svg.into(),
        };
        let s = read_sheets(&input, Some(1), None, 0.1)?;
        assert_eq!((s.len(), s[0].id.as_str(), s[0].outline.len()), (1, "rest", 2));
        let r = |p: &Point| (f64::from(p.x) / 1e5 - 100.0).hypot(f64::from(p.y) / 1e5 - 100.0);
        let outer = s[0].outline.get(0).iter().map(r).fold(0.0, f64::max);
        let inner = s[0].outline.get(1).iter().map(r).fold(f64::MAX, f64::min);
        assert!(outer <= 100.00002 && inner >= 9.9998, "{outer} {inner}");
        let mid = |l: &[Point]| {
            l.iter()
                .zip(l.iter().cycle().skip(1))
                .map(|(a, b)| r(&a.lerp(*b, 0.5)))
                .fold(f64::MAX, f64::min)
        };
        assert!(mid(s[0].outline.get(0)) >= 99.89 && mid(s[0].outline.get(1)) >= 9.9998);
        Ok(())
    }
}
