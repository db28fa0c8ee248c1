//! The root's size, viewBox and creator: how many millimetres a user unit is.

use crate::Cause;
use crate::drawing::{DrawingFile, DrawingUnit, Reading, UnitReading};
use offcut_geometry::drawing::{Affine, Vec2};
use roxmltree::{Document, Node};
use std::str::FromStr;
use svgtypes::{Align, AspectRatio, Length, LengthUnit, ViewBox};

/// How the root maps to millimetres.
pub(super) struct Root {
    /// From user units to mm, y up.
    pub map: Affine,
    pub page: Option<[f64; 2]>,
    pub reading: UnitReading,
    /// Width and height in user units.
    pub viewport: [f64; 2],
    /// Pixels in an inch.
    pub dpi: f64,
}

/// Who wrote the file, as it says itself.
pub(super) fn creator(document: &Document<'_>) -> Option<String> {
    let root = document.root_element();
    if let Some(version) = inkscape(root) {
        let version = version.split_whitespace().next().unwrap_or_default();
        return Some(format!(
            "Inkscape {}",
            version.chars().take(20).collect::<String>()
        ));
    }
    let comments = document
        .root()
        .children()
        .filter(Node::is_comment)
        .filter_map(|c| c.text());
    for text in comments {
        for name in [
            "Adobe Illustrator",
            "CorelDRAW",
            "OpenSCAD",
            "Fusion 360",
            "FreeCAD",
            "LibreCAD",
        ] {
            if text.contains(name) || (name == "CorelDRAW" && text.contains("Corel")) {
                return Some(name.to_owned());
            }
        }
    }
    None
}

fn inkscape<'a>(root: Node<'a, '_>) -> Option<&'a str> {
    root.attribute((super::INKSCAPE, "version"))
}

/// Pixels in an inch by who wrote the file, and why.
fn pixels(document: &Document<'_>) -> (f64, Option<String>) {
    if let Some(version) = inkscape(document.root_element()) {
        let mut parts = version.split(|c: char| !c.is_ascii_digit());
        let mut number = || parts.next().and_then(|p| p.parse::<u32>().ok());
        if let (Some(0), Some(minor)) = (number(), number())
            && minor < 92
        {
            return (
                90.0,
                Some(format!("Inkscape 0.{minor} put 90 pixels to the inch")),
            );
        }
        return (96.0, None);
    }
    if creator(document).as_deref() == Some("Adobe Illustrator") {
        return (
            72.0,
            Some("Adobe Illustrator puts 72 pixels to the inch".to_owned()),
        );
    }
    (96.0, None)
}

/// Millimetres of a physical length.
fn physical(l: Length) -> Option<f64> {
    let k = match l.unit {
        LengthUnit::Mm => 1.0,
        LengthUnit::Cm => 10.0,
        LengthUnit::In => 25.4,
        LengthUnit::Pt => 25.4 / 72.0,
        LengthUnit::Pc => 25.4 / 6.0,
        _ => return None,
    };
    Some(l.number * k)
}

/// Ratios between units that are taken for each other: mm, inch, cm, px at 96, 90 and 72.
const MIXED: [f64; 7] = [
    25.4,
    10.0,
    2.54,
    96.0 / 25.4,
    96.0 / 90.0,
    96.0 / 72.0,
    72.0 / 25.4,
];

pub(super) fn root(
    document: &Document<'_>,
    given: Option<DrawingUnit>,
    file: &mut DrawingFile,
) -> Result<Root, Cause> {
    let node = document.root_element();
    let wrong = |what: String| Cause::syntax("the root element", what);
    let attribute = |name: &str| match node.attribute(name) {
        None => Ok(None),
        Some(v) => match Length::from_str(v.trim()) {
            Ok(l) if l.unit == LengthUnit::Percent || !(l.number > 0.0 && l.number.is_finite()) => Ok(None),
            Ok(l) => Ok(Some(l)),
            Err(_) if v.trim().is_empty() || v.trim() == "auto" => Ok(None),
            Err(e) => Err(wrong(format!("its {name} can't be read: {e}"))),
        },
    };
    let size = [attribute("width")?, attribute("height")?];
    let view = match node.attribute("viewBox") {
        None => None,
        Some(v) => Some(ViewBox::from_str(v).map_err(|e| wrong(format!("its viewBox can't be read: {e}")))?),
    };
    let (dpi, why) = pixels(document);
    let px = 25.4 / dpi;
    let mm = |l: Length| physical(l).unwrap_or(l.number * px);
    let text = |name: &str| node.attribute(name).unwrap_or_default().trim().to_owned();
    let stated = size.iter().flatten().any(|l| physical(*l).is_some());

    // Millimetres of the page, and of a user unit across and down.
    let (page, steps) = match (&view, size) {
        (Some(b), [None, None]) => ([b.w * px, b.h * px], [px, px]),
        (Some(b), [w, h]) => {
            let w_mm = w
                .or(h)
                .map_or(0.0, |l| if w.is_some() { mm(l) } else { mm(l) * b.w / b.h });
            let h_mm = h
                .or(w)
                .map_or(0.0, |l| if h.is_some() { mm(l) } else { mm(l) * b.h / b.w });
            ([w_mm, h_mm], [w_mm / b.w, h_mm / b.h])
        }
        (None, [w, h]) => ([w.map_or(0.0, mm), h.map_or(0.0, mm)], [px, px]),
    };
    let mut reading = match (&view, stated) {
        (Some(b), true) => UnitReading::stated(Reading {
            unit: "user unit".to_owned(),
            millimetres: steps[0].min(steps[1]),
            evidence: format!(
                "{} x {} for a viewBox of {} x {}",
                text("width"),
                text("height"),
                b.w,
                b.h
            ),
        }),
        _ => {
            let evidence = why.unwrap_or_else(|| {
                let no = if view.is_some() {
                    "no physical size"
                } else {
                    "no viewBox"
                };
                format!("{no}: a user unit is a CSS pixel, 96 to the inch")
            });
            // A width in millimetres without a viewBox leaves user units as pixels, as CSS defines it.
            let mut r = UnitReading::assumed(Reading {
                unit: if dpi == 96.0 {
                    "px".to_owned()
                } else {
                    format!("px at {dpi} dpi")
                },
                millimetres: px,
                evidence,
            });
            r.stated = stated && dpi == 96.0;
            if dpi != 96.0 {
                let css = DrawingUnit {
                    name: "px",
                    millimetres: 25.4 / 96.0,
                };
                r.other = Some(Reading::new(css, "CSS puts 96 pixels to the inch"));
            }
            r
        }
    };
    let ratio = (steps[0] / steps[1]).max(steps[1] / steps[0]);
    if ratio > 1.01 && text("preserveAspectRatio") != "none" {
        let larger = steps[0].max(steps[1]);
        if MIXED.iter().any(|m| (ratio / m - 1.0).abs() < 0.005) {
            reading.other = Some(Reading {
                unit: "user unit".to_owned(),
                millimetres: larger,
                evidence: "width and height against the viewBox".to_owned(),
            });
            reading.conflict = true;
        } else {
            file.warn(
                "aspect",
                format!(
                    "width and height ({} x {}) don't fit the viewBox: one user unit would be {:.4} mm across and \
                     {:.4} mm down; the smaller was taken",
                    text("width"),
                    text("height"),
                    steps[0],
                    steps[1]
                ),
            );
        }
    }
    let mut page = page;
    if let Some(unit) = given {
        reading = UnitReading::stated(Reading::new(unit, "--unit"));
        let units = view.map_or([0, 1].map(|k| size[k].map_or(0.0, |l| mm(l) / px)), |b| {
            [b.w, b.h]
        });
        page = units.map(|u| u * unit.millimetres);
    }
    let step = reading.reading.millimetres;
    let inner = match &view {
        Some(b) if given.is_some() => Affine::scale(step, step).of(&Affine::translate(Vec2::new(-b.x, -b.y))),
        Some(b) => fit(b, page, node.attribute("preserveAspectRatio")),
        None => Affine::scale(step, step),
    };
    let map = Affine::new(1.0, 0.0, 0.0, -1.0, 0.0, page[1]).of(&inner);
    if !map.is_finite() {
        return Err(wrong("its size is not a number".to_owned()));
    }
    Ok(Root {
        map,
        page: (page[0] > 0.0 && page[1] > 0.0).then_some(page),
        reading,
        viewport: view.map_or([page[0] / step, page[1] / step], |b| [b.w, b.h]),
        dpi,
    })
}

/// The map that fits a viewBox into a size (SVG 2, section 8.2).
pub(super) fn fit(b: &ViewBox, size: [f64; 2], aspect: Option<&str>) -> Affine {
    let aspect = aspect
        .and_then(|a| AspectRatio::from_str(a).ok())
        .unwrap_or(AspectRatio {
            defer: false,
            align: Align::XMidYMid,
            slice: false,
        });
    let (mut sx, mut sy) = (size[0] / b.w, size[1] / b.h);
    let origin = Affine::translate(Vec2::new(-b.x, -b.y));
    if aspect.align == Align::None {
        return Affine::scale(sx, sy).of(&origin);
    }
    let s = if aspect.slice { sx.max(sy) } else { sx.min(sy) };
    (sx, sy) = (size[0] - b.w * s, size[1] - b.h * s);
    use Align as A;
    let kx = match aspect.align {
        A::XMinYMin | A::XMinYMid | A::XMinYMax => 0.0,
        A::XMaxYMin | A::XMaxYMid | A::XMaxYMax => 1.0,
        _ => 0.5,
    };
    let ky = match aspect.align {
        A::XMinYMin | A::XMidYMin | A::XMaxYMin => 0.0,
        A::XMinYMax | A::XMidYMax | A::XMaxYMax => 1.0,
        _ => 0.5,
    };
    Affine::translate(Vec2::new(sx * kx, sy * ky))
        .of(&Affine::scale(s, s))
        .of(&origin)
}
