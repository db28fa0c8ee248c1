//! Drawings as SVG.

use offcut_geometry::drawing::{Curve, Drawing, Paint, Vec2};
use std::fmt::Write;

/// Writes a drawing as SVG in millimetres: a group for each layer (as Inkscape knows them), colours kept, arcs as
/// arcs. The page is the drawing's own, or the box of its paths.
#[must_use]
pub fn write(drawing: &Drawing) -> String {
    let b = drawing.bounds();
    let (origin, size) = match drawing.page {
        Some([w, h]) => (Vec2::ZERO, Vec2::new(w, h)),
        None if b.is_empty() => (Vec2::ZERO, Vec2::ZERO),
        None => (b.min, b.size()),
    };
    // A straight line alone has no height; a page needs some.
    let size = Vec2::new(size.x.max(1e-3), size.y.max(1e-3));
    let top = origin.y + size.y;
    let at = |p: Vec2| Vec2::new(p.x - origin.x, top - p.y);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" \
         xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\" width=\"{0}mm\" height=\"{1}mm\" \
         viewBox=\"0 0 {0} {1}\">\n",
        size.x, size.y
    );
    for (i, layer) in drawing.layers.iter().enumerate() {
        let name = crate::xml::escaped(&layer.name);
        let _ = writeln!(out, "<g inkscape:groupmode=\"layer\" inkscape:label=\"{name}\">");
        for path in drawing.paths.iter().filter(|p| p.layer as usize == i) {
            let color = path
                .color
                .or(layer.color)
                .map_or("#000000".to_owned(), |c| c.to_string());
            let (fill, stroke) = match path.paint {
                Paint::Stroke => ("none", color.as_str()),
                Paint::Fill => (color.as_str(), "none"),
                Paint::Both => (color.as_str(), color.as_str()),
            };
            let _ = write!(
                out,
                "<path fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"0.1\" d=\""
            );
            let run = drawing.run(path);
            for (k, s) in run.iter().enumerate() {
                let (a, b) = (at(s.a), at(s.b));
                if k == 0 {
                    let _ = write!(out, "M{} {}", a.x, a.y);
                }
                let _ = match s.curve {
                    Curve::Line if path.closed && k + 1 == run.len() && run.len() > 2 => Ok(()),
                    Curve::Line => write!(out, "L{} {}", b.x, b.y),
                    // y runs down: what turns left here turns right there.
                    Curve::Arc(bulge) => {
                        let r = s.circle().map_or(0.0, |c| c.radius);
                        let sweep = u8::from(bulge < 0.0);
                        write!(out, "A{r} {r} 0 0 {sweep} {} {}", b.x, b.y)
                    }
                    Curve::Cubic(c1, c2) => {
                        let (c1, c2) = (at(c1), at(c2));
                        write!(out, "C{} {} {} {} {} {}", c1.x, c1.y, c2.x, c2.y, b.x, b.y)
                    }
                };
            }
            out.push_str(if path.closed { "Z\"/>\n" } else { "\"/>\n" });
        }
        out.push_str("</g>\n");
    }
    out.push_str("</svg>\n");
    out
}
