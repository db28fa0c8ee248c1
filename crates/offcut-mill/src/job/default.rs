//! Sensible jobs for a drawing or a model by itself, as the text of a job file.

use super::select::Picked;
use offcut_geometry::drawing::{Drawing, Operation};
use offcut_mesh::Mesh;

/// A name as a TOML text.
fn quoted(name: &str) -> String {
    toml::Value::String(name.to_owned()).to_string()
}

/// What is known of a sheet with nested parts.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct SheetOfParts {
    /// Thickness, mm.
    pub thickness: Option<f64>,
    /// Least distance of parts, mm.
    pub spacing: Option<f64>,
}

/// The job for a drawing: closed contours are cut out, holes before outlines, held by tabs; open lines and what is
/// drawn to be marked are engraved. A sheet with nested parts is its own stock, and the tool fits between parts.
#[must_use]
pub fn for_drawing(name: &str, drawing: &Drawing, sheet: Option<&SheetOfParts>) -> String {
    let picked = Picked::new(drawing);
    let list = &picked.contours.list;
    let cuts = |closed: bool| {
        list.iter()
            .any(|c| c.closed == closed && c.operation == Operation::Cut)
    };
    let marks: Vec<usize> = (0..list.len())
        .filter(|i| {
            let c = &list[*i];
            matches!(c.operation, Operation::Score | Operation::Engrave)
                || (c.operation == Operation::Cut && !c.closed)
        })
        .collect();
    let outlines: Vec<usize> = (0..list.len())
        .filter(|i| list[*i].closed && list[*i].operation == Operation::Cut)
        .collect();
    // The largest usual tool that fits into the smallest closed contour.
    let least = outlines
        .iter()
        .map(|i| {
            let s = list[*i].bounds().size();
            s.x.min(s.y)
        })
        .fold(f64::INFINITY, f64::min);
    let tool = [6.0, 4.0, 3.175, 2.0, 1.5, 1.0]
        .into_iter()
        .find(|d| d * 1.2 < least && sheet.and_then(|s| s.spacing).is_none_or(|s| *d <= s + 1e-9))
        .unwrap_or(1.0);
    let margin = if sheet.is_some() { 0.0 } else { 10.0 };
    let thickness = sheet.and_then(|s| s.thickness).unwrap_or(6.0);
    let mut out = format!(
        "name = {0}\nmaterial = \"plywood\"\n\n[input]\ndrawing = {0}\n\n[stock]\nmargin = [{margin:.1}, {margin:.1}, 0.0]\nthickness = {thickness:?}\n",
        quoted(name)
    );
    if !marks.is_empty() {
        out += &format!(
            "\n[[operation]]\nkind = \"engrave\"\ntool = \"vee-60\"\ndepth = 0.5\nselect = {{ contours = {marks:?} }}\n"
        );
    }
    if cuts(true) {
        out += &format!(
            "\n[[operation]]\nkind = \"profile\"\ntool = \"flat-{tool}\"\nside = \"outside\"\nselect = {{ contours = {outlines:?} }}\n\n[operation.tabs]\nwidth = 5.0\nheight = 1.5\n"
        );
    }
    out
}

/// The job for a model: levels with a flat tool, then rows with a ball whose flutes are as long as the model is high.
/// A higher model is cut as deep as the longest usual flutes, and the operations' names say so.
#[must_use]
pub fn for_model(name: &str, mesh: &Mesh) -> String {
    /// What stands on the model, mm.
    const ABOVE: f64 = 1.0;
    /// Flutes of the largest pair of tools, mm.
    const LONGEST: f64 = 22.0;
    let size = mesh
        .bounds()
        .map_or([0.0; 3], |(lo, hi)| [0, 1, 2].map(|k| f64::from(hi[k] - lo[k])));
    let (deep, small) = (size[2] + ABOVE, size[0].max(size[1]) < 40.0);
    let (rough, fine) = match deep {
        d if small && d <= 8.0 => ("flat-3.175", "ball-2"),
        d if small && d <= 12.0 => ("flat-3.175", "ball-3"),
        d if d <= 12.0 => ("flat-6", "ball-3"),
        _ => ("flat-6", "ball-6"),
    };
    let limit = if deep > LONGEST {
        format!("name = \"upper {LONGEST} mm\"\ndepth = {LONGEST:?}\n")
    } else {
        String::new()
    };
    format!(
        "name = {0}\nmaterial = \"softwood\"\n\n[input]\nmodel = {0}\n\n[stock]\nmargin = [3.0, 3.0, {ABOVE:?}]\n\n\
         [[operation]]\nkind = \"roughing\"\ntool = \"{rough}\"\n{limit}\n\
         [[operation]]\nkind = \"parallel\"\ntool = \"{fine}\"\n{limit}",
        quoted(name)
    )
}

/// The job for the picture of a relief: levels with a flat tool, then rows with a small ball.
#[must_use]
pub fn for_picture(name: &str) -> String {
    format!(
        "name = {0}\nmaterial = \"hardwood\"\n\n[input]\npicture = {0}\n\n[input.relief]\nwidth = 100.0\nheight = 5.0\n\n\
         [stock]\nmargin = [3.0, 3.0, 0.5]\nthickness = 12.0\n\n\
         [[operation]]\nkind = \"roughing\"\ntool = \"flat-6\"\n\n\
         [[operation]]\nkind = \"parallel\"\ntool = \"ball-3\"\n",
        quoted(name)
    )
}
