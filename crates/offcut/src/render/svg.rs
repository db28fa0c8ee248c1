//! A layer as SVG, millimetres as user units.

use super::color::role_color;
use super::layer::extent;
use super::strokes::LayerStrokes;
use std::fmt::Write;

/// Draws one layer as SVG: a path per line, as wide as the bead.
///
/// # Errors
/// When the layer prints nothing.
pub fn layer_svg(layer: &LayerStrokes, number: usize, travels: bool) -> Result<String, crate::Error> {
    let (lo, hi) =
        extent([layer]).ok_or_else(|| crate::Error::Render(format!("layer {number} prints nothing")))?;
    let (w, h) = (hi[0] - lo[0] + 2.0, hi[1] - lo[1] + 2.0);
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w:.3}mm\" height=\"{h:.3}mm\" \
         viewBox=\"{:.3} {:.3} {w:.3} {h:.3}\">\n<title>layer {number}, z {:.3} mm</title>\n\
         <rect x=\"{:.3}\" y=\"{:.3}\" width=\"100%\" height=\"100%\" fill=\"#1e2126\"/>\n\
         <g fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\">",
        lo[0] - 1.0,
        -hi[1] - 1.0,
        layer.z,
        lo[0] - 1.0,
        -hi[1] - 1.0,
    );
    for s in &layer.strokes {
        let (color, width, class) = match s.role {
            Some(r) => (role_color(r), s.width, r.label()),
            None if travels => ([88, 140, 190], 0.05, "Travel"),
            None => continue,
        };
        let mut d = String::new();
        for (i, p) in layer.points_of(s).iter().enumerate() {
            let _ = write!(d, "{}{:.3} {:.3}", if i == 0 { "M" } else { " " }, p[0], -p[1]);
        }
        let [r, g, b] = color;
        let _ = writeln!(
            out,
            "<path class=\"{class}\" stroke=\"#{r:02x}{g:02x}{b:02x}\" stroke-width=\"{width:.3}\" d=\"{d}\"/>"
        );
    }
    out.push_str("</g>\n</svg>\n");
    Ok(out)
}
