//! `offcut convert`: a drawing, layout or section of a model in another format.

use super::{drawings, text};
use crate::args::Convert;
use crate::failure::Failure;
use crate::files::{self, Target};
use offcut::nest::{self, LayoutFile};

/// Runs the command.
pub fn run(a: &Convert) -> Result<u8, Failure> {
    let format = drawings::format(a.format, a.output.output.as_deref())?;
    let inputs = [a.file.clone()];
    let extension = drawings::name_of(format);
    let target = Target::choose(a.output.output.as_deref(), &inputs, extension, a.output.force)?;
    let input = files::read(&a.file)?;
    let drawing = if nest::is_layout(&input.bytes) {
        LayoutFile::read(&input.name, &input.bytes)?.drawing(true)?
    } else {
        let unit = drawings::unit(a.unit.as_deref())?;
        let file = nest::read_settled(&input, unit, drawings::section(&a.section))?;
        for i in &file.ignored {
            eprintln!(
                "warning: {}: {} {} left out: {}",
                input.name, i.count, i.what, i.why
            );
        }
        for w in &file.warnings {
            eprintln!("warning: {}: {}", input.name, w.message);
        }
        file.drawing
    };
    target.write_all(&drawings::bytes(&drawing, format))?;
    if let (false, Some(path)) = (a.quiet, target.path()) {
        let s = drawing.bounds().size();
        eprintln!(
            "{path}: {}, {} x {} mm",
            text::count(drawing.paths.len(), "path"),
            text::short(s.x),
            text::short(s.y)
        );
    }
    Ok(0)
}
