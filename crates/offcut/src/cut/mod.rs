//! `offcut cut`: drawings, layouts and pictures become laser G-code.

mod cards;
mod outcome;
mod pictures;
mod place;
pub(crate) mod strokes;
mod styles;

pub use cards::{GridAxis, TestGrid};
pub use outcome::{CutOutcome, LayerUse, RoleWay, SheetUse};

use crate::nest::LayoutFile;
use crate::outcome::Warning;
use crate::{Error, Input, Section};
use offcut_cut::cuts::{self, Style};
use offcut_cut::{Contour, contours};
use offcut_formats::DrawingUnit;
use offcut_gcode::Program;
use offcut_gcode::cnc::{self, Machine};
use offcut_gcode::program::{Path, Step, Vertex};
use offcut_geometry::drawing::{Affine, Drawing, Picture, Vec2};
use offcut_geometry::{Ctx, Point, to_grid};
use offcut_settings::CutSettings;
use offcut_settings::cut::TextAction;
use std::collections::BTreeSet;
use std::io::Write;

/// What is made of the inputs.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum CutMode {
    /// Cuts them.
    #[default]
    Cut,
    /// Goes around their box with the beam off.
    Frame,
    /// A card of squares with different powers and speeds; no inputs.
    TestGrid(TestGrid),
    /// A gauge for the width of the cut; no inputs.
    KerfTest,
}

/// A laser job.
#[derive(Debug, Clone, Default)]
pub struct CutJob {
    /// Drawings, layouts and pictures.
    pub inputs: Vec<Input>,
    /// Unit of the numbers in drawings, whatever they say.
    pub unit: Option<DrawingUnit>,
    /// Where models among the inputs are cut to become drawings.
    pub section: Option<Section>,
    /// Which sheet of a layout, from 1; needed when there are several.
    pub sheet: Option<usize>,
    /// What is made.
    pub mode: CutMode,
    /// The settings.
    pub settings: CutSettings,
    /// Keys of the settings that hold whatever the layers of a drawing say of themselves.
    pub given: BTreeSet<String>,
    /// Names of machine, material and process.
    pub profiles: [Option<String>; 3],
    /// Warnings of the settings.
    pub warnings: Vec<Warning>,
    /// The lines in space are wanted.
    pub preview: bool,
}

/// What is to be cut, placed on the bed.
#[derive(Default)]
struct Work {
    contours: Vec<Contour>,
    style_of: Vec<usize>,
    styles: Vec<Style>,
    pictures: Vec<Picture>,
    sheet: SheetUse,
    layers: Vec<LayerUse>,
    /// A drawing has edges once that two contours share.
    drawn_once: bool,
}

impl Work {
    fn add(&mut self, contour: Contour, style: Style) {
        let known = self.styles.iter().position(|k| *k == style);
        self.style_of.push(known.unwrap_or_else(|| {
            self.styles.push(style);
            self.styles.len() - 1
        }));
        self.contours.push(contour);
    }

    fn shift(&mut self, by: Vec2) {
        self.map(&Affine::translate(by));
    }

    fn map(&mut self, map: &Affine) {
        for c in &mut self.contours {
            let mut moved = Vec::with_capacity(c.segments.len());
            for s in &c.segments {
                s.push_mapped(map, &mut moved);
            }
            c.segments = moved;
        }
        for p in &mut self.pictures {
            p.frame = map.of(&p.frame);
        }
    }
}

/// Cuts: writes the G-code to `sink`.
///
/// # Errors
/// Unreadable input, settings that do not fit, drawings off the bed, a cancelled job. Nothing is written then.
pub fn cut(job: CutJob, ctx: &Ctx, sink: &mut dyn Write) -> Result<CutOutcome, Error> {
    let s = &job.settings;
    s.validate()?;
    let mut warnings = job.warnings.clone();
    let work = match &job.mode {
        CutMode::Cut | CutMode::Frame => drawings(&job, &mut warnings)?,
        CutMode::TestGrid(grid) => cards::test_grid(s, grid)?,
        CutMode::KerfTest => cards::kerf_test(s),
    };
    let machine = machine(s);
    let origin = [s.bed_origin.x, s.bed_origin.y];
    let burnt = pictures::burn(&work.pictures, s, ctx)?;
    let plan = cuts::CutJob {
        contours: &work.contours,
        style_of: &work.style_of,
        styles: &work.styles,
        common_lines: s.common_lines.unwrap_or(work.sheet.of_layout || work.drawn_once),
        start: origin,
        park: s.park.then_some(origin),
        travel_speed: s.travel_speed,
        focus: s.focus,
        effort: s.travel_effort,
    };
    let (mut program, report) = cuts::plan(&plan, burnt, ctx).map_err(|e| match e {
        cuts::CutError::Cancelled(_) => Error::Cancelled,
        e @ cuts::CutError::Grid(_) => Error::Impossible(e.to_string()),
    })?;
    if program.vertices.is_empty() || !program.steps.iter().any(burns) {
        return Err(Error::Impossible(
            "there is nothing to cut: the inputs have no paths, or all of them are ignored (operations)"
                .into(),
        ));
    }
    let mut time = cnc::time(&program, &machine);
    place::on_bed(&program, &time, s)?;
    if job.mode == CutMode::Frame {
        program = frame(&time, s)?;
        time = cnc::time(&program, &machine);
    }
    outcome::warn(&report, s, &mut warnings);
    let notes = outcome::notes(&time, s, &job.profiles);
    cnc::write_to(&program, &machine, &notes, ctx, sink)?;
    let mut done = outcome::outcome(&job, &time, &report, work.sheet, warnings);
    done.layers = work.layers;
    done.preview = job.preview.then(|| crate::preview_cuts(&program, time.seconds));
    Ok(done)
}

fn burns(s: &Step) -> bool {
    matches!(s, Step::Cut { .. } | Step::Raster { .. })
}

/// The machine of the settings.
#[must_use]
pub fn machine(s: &CutSettings) -> Machine {
    let lo = [s.bed_origin.x, s.bed_origin.y];
    Machine {
        flavor: s.firmware,
        laser: true,
        s_max: s.s_max,
        room: [
            [lo[0], lo[1], -200.0],
            [lo[0] + s.bed_size.x, lo[1] + s.bed_size.y, 200.0],
        ],
        z_axis: s.z_axis,
        arcs: s.arcs,
        compact: s.compact,
        speed: [s.max_speed_x, s.max_speed_y, s.max_speed_z],
        acceleration: [s.acceleration_x, s.acceleration_y, s.acceleration_z],
        junction: s.junction_deviation,
        start: s.start_gcode.clone(),
        finish: s.end_gcode.clone(),
        ..Machine::default()
    }
}

/// Reads the inputs and puts them on the bed.
fn drawings(job: &CutJob, warnings: &mut Vec<Warning>) -> Result<Work, Error> {
    if job.inputs.is_empty() {
        return Err(Error::Usage(
            "name a drawing, a layout or a picture to cut".into(),
        ));
    }
    let s = &job.settings;
    let mut sheet = SheetUse::default();
    let mut read: Vec<Drawing> = Vec::new();
    for input in &job.inputs {
        if crate::nest::is_layout(&input.bytes) {
            read.push(layout(job, input, &mut sheet)?);
            continue;
        }
        let file = crate::nest::read_settled(input, job.unit, job.section)?;
        // A width that is given needs no resolution.
        let sized = s.image_width.is_some() && file.drawing.paths.is_empty();
        for w in file.warnings.iter().filter(|w| !sized || w.code != "unit") {
            warnings.push(Warning::new(w.code, format!("{}: {}", input.name, w.message)));
        }
        for i in &file.ignored {
            warnings.push(Warning::new(
                "ignored",
                format!(
                    "{}: left out {} ({} times): {}",
                    input.name, i.what, i.count, i.why
                ),
            ));
        }
        read.push(file.drawing);
    }
    if let Some(width) = s.image_width {
        for d in &mut read {
            pictures::scale(&mut d.pictures, width);
        }
    }
    let mut work = Work {
        sheet,
        ..Work::default()
    };
    let book = styles::StyleBook::new(s, &job.given)?;
    let mut letters = 0;
    for d in read {
        let found = contours(&d, s.join_tolerance);
        work.drawn_once |= found.repairs.shared_mm > 0.0;
        for c in found.list {
            let layer = d.layers.get(c.layer as usize);
            let (style, own) = book.style(&c, layer);
            if let Some(l) = layer.filter(|_| !own.is_empty()) {
                let used = LayerUse::new(&l.name, &style, own);
                if !work.layers.contains(&used) {
                    work.layers.push(used);
                }
            }
            letters += usize::from(c.text && style.action == cuts::Action::Ignore);
            work.add(c, style);
        }
        work.pictures.extend(d.pictures);
    }
    place::place(&mut work, s, warnings)?;
    outcome::warn_layers(&work.layers, s, warnings);
    if letters > 0 && s.text == TextAction::Ignore {
        warnings.push(Warning::new(
            "text",
            format!("{letters} outlines of letters were left out: text=engrave (or score, cut) burns them"),
        ));
    }
    Ok(work)
}

/// One sheet of a layout.
fn layout(job: &CutJob, input: &Input, sheet: &mut SheetUse) -> Result<Drawing, Error> {
    let file = LayoutFile::read(&input.name, &input.bytes)?;
    let n = file.sheets.len();
    let k = match job.sheet {
        Some(k) if k >= 1 && k <= n => k - 1,
        Some(k) => {
            return Err(Error::Usage(format!(
                "{}: has no sheet {k}; it has {n}",
                input.name
            )));
        }
        None if n == 1 => 0,
        None => {
            return Err(Error::Usage(format!(
                "{}: has {n} sheets; say which one to cut with --sheet 1 to {n}",
                input.name
            )));
        }
    };
    let s = &file.sheets[k];
    sheet.area_mm2 = s.area_mm2;
    sheet.parts_mm2 = s.parts_mm2;
    sheet.remnants_mm2 = s.remnants_mm2;
    sheet.of_layout = true;
    file.sheet_drawing(k, false)
}

/// Around the box of the cuts, with the beam off.
fn frame(time: &cnc::CutTime, s: &CutSettings) -> Result<Program, Error> {
    let Some([lo, hi]) = time.bounds else {
        return Ok(Program::default());
    };
    let mut p = Program::default();
    let corners = [
        (lo[0], lo[1]),
        (hi[0], lo[1]),
        (hi[0], hi[1]),
        (lo[0], hi[1]),
        (lo[0], lo[1]),
        (s.bed_origin.x, s.bed_origin.y),
    ];
    let n = if s.park { 6 } else { 5 };
    for (x, y) in &corners[..n] {
        let at = |v: f64| to_grid(v).map_err(|e| Error::Impossible(e.to_string()));
        let v = Vertex::new(Point::new(at(*x)?, at(*y)?), to_grid(s.focus).unwrap_or(0));
        let path: Path = p.add_path([v]);
        p.steps.push(Step::Travel {
            path,
            speed: s.travel_speed as f32,
        });
    }
    Ok(p)
}

/// The box of contours.
fn bounds(contours: &[Contour]) -> [Vec2; 2] {
    let b = contours.iter().map(Contour::bounds).reduce(|a, b| a.union(&b));
    b.map_or([Vec2::ZERO; 2], |b| [b.min, b.max])
}
