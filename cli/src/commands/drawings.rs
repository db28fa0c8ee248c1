//! What the commands on drawings share: quantities, units, sheets, formats.

use crate::args::{DrawingFormat, MarksArg, SectionArgs};
use crate::failure::Failure;
use crate::files;
use offcut::nest::{self, SheetRequest};
use offcut::{Drawing, DrawingUnit, Marks, Section};
use std::path::{Path, PathBuf};

/// What is named, and the options behind commas; a file of the whole name has none.
pub fn options(named: &Path) -> (PathBuf, String) {
    let text = named.to_string_lossy();
    match nest::split_options(&text) {
        (what, options) if !named.exists() => (what.into(), options.into()),
        _ => (named.to_owned(), String::new()),
    }
}

/// A path with a quantity behind a colon.
pub fn quantity(path: &Path, default: u32) -> Result<(PathBuf, u32), Failure> {
    let text = path.to_string_lossy();
    match text.rsplit_once(':') {
        Some((file, n)) if !n.is_empty() && n.bytes().all(|c| c.is_ascii_digit()) => match n.parse() {
            Ok(n) if n > 0 => Ok((file.into(), n)),
            _ => Err(Failure::usage(format!(
                "{text}: a quantity from 1 is needed after the colon"
            ))),
        },
        _ => Ok((path.to_owned(), default)),
    }
}

/// The unit of that name.
pub fn unit(name: Option<&str>) -> Result<Option<DrawingUnit>, Failure> {
    let named = |u: &str| {
        DrawingUnit::named(u).ok_or_else(|| {
            Failure::usage(format!(
                "'{u}' is not a unit of drawings; use one of {}",
                DrawingUnit::names()
            ))
        })
    };
    name.map(named).transpose()
}

/// Sheets as `--sheet` names them: sizes or drawings, with quantities.
pub fn sheets(
    texts: &[String],
    unit_name: Option<&str>,
    tolerance: f64,
) -> Result<Vec<SheetRequest>, Failure> {
    let unit = unit(unit_name)?;
    let mut out: Vec<SheetRequest> = Vec::new();
    for text in texts {
        let (named, options) = options(Path::new(text));
        let (what, count) = quantity(&named, 0)?;
        let count = (count > 0).then_some(count);
        let first = out.len();
        if what.exists() {
            let file = files::read(&what)?;
            out.extend(nest::read_sheets(&file, count, unit, tolerance)?);
        } else {
            let id = what.to_string_lossy();
            out.push(nest::rectangle(&id, nest::parse_size(&id)?, count)?);
        }
        for s in &mut out[first..] {
            nest::apply_to_sheet(&options, s)?;
        }
    }
    for i in 1..out.len() {
        if out[..i].iter().any(|o| o.id == out[i].id) {
            out[i].id = format!("{}.{}", out[i].id, i + 1);
        }
    }
    Ok(out)
}

/// The format that is asked for, or that the output's name tells; SVG otherwise.
pub fn format(given: Option<DrawingFormat>, output: Option<&Path>) -> Result<DrawingFormat, Failure> {
    if let Some(f) = given {
        return Ok(f);
    }
    let Some(extension) = output.and_then(Path::extension) else {
        return Ok(DrawingFormat::Svg);
    };
    match extension.to_string_lossy().to_ascii_lowercase().as_str() {
        "svg" => Ok(DrawingFormat::Svg),
        "dxf" => Ok(DrawingFormat::Dxf),
        "json" => Ok(DrawingFormat::Json),
        "lbrn2" | "lbrn" => Ok(DrawingFormat::Lbrn2),
        other => Err(Failure::usage(format!(
            "drawings are written as SVG, DXF, JSON or LBRN2, not as {other}; name the output so or say --format"
        ))),
    }
}

/// Its extension.
pub const fn name_of(f: DrawingFormat) -> &'static str {
    match f {
        DrawingFormat::Svg => "svg",
        DrawingFormat::Dxf => "dxf",
        DrawingFormat::Json => "json",
        DrawingFormat::Lbrn2 => "lbrn2",
    }
}

/// A drawing in a format.
pub fn bytes(drawing: &Drawing, format: DrawingFormat) -> Vec<u8> {
    match format {
        DrawingFormat::Svg => offcut::drawing::write_svg(drawing),
        DrawingFormat::Dxf => offcut::drawing::write_dxf(drawing),
        DrawingFormat::Json => offcut::drawing::write_json(drawing),
        DrawingFormat::Lbrn2 => offcut::drawing::write_lbrn2(drawing),
    }
    .into_bytes()
}

/// Where models are to be cut.
pub fn section(a: &SectionArgs) -> Option<Section> {
    section_or(a, MarksArg::None)
}

/// The same, where layers are marked unless they shall not be.
pub fn section_or(a: &SectionArgs, usual: MarksArg) -> Option<Section> {
    let marks = match a.marks.unwrap_or(usual) {
        MarksArg::None => Marks::None,
        MarksArg::Numbers => Marks::Numbers,
        MarksArg::Outlines => Marks::Outlines,
    };
    match (a.section, a.layers) {
        (Some(z), _) => Some(Section::At(z)),
        (None, Some(t)) => Some(Section::Layers(t, marks)),
        (None, None) => None,
    }
}
