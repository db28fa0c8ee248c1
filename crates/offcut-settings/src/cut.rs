//! The settings of a laser job: one documented field each.
//!
//! In: profiles of machines, entries of the material library, assignments. Out: [`CutSettings`], whose numbers are
//! all in range. The table [`CUT_SETTINGS`] gives parsing, help and schema, as for prints.

mod choices;
mod library;
mod operations;
mod resolve;
mod validate;

pub use choices::{Dither, EngraveAction, LeadShape, Placement, TextAction};
pub use library::{Library, MaterialEntry};
pub use operations::{OperationRule, Selector};
pub use resolve::{CutSources, Resolved, Source, resolve};
pub use resolve::{laser_text, lasers};

use crate::cnc::CncFlavor;
use crate::error::SettingsError;
use crate::table::{SettingOf, Unit};
use crate::tabled::Tabled;
use crate::value::{Size, Value};

define_settings! {
/// Everything a laser job depends on. Lengths are millimetres, speeds mm/s, angles degrees, shares percent.
pub struct CutSettings,
/// All settings of a laser job, in the order of their definition.
pub static CUT_SETTINGS;
group "Machine" of [Machine] {
    /// Name of the machine, for people.
    machine_name: String = String::new(), None;
    /// Kind of laser, as diode-10w; entries of the material library are made for one.
    laser_class: String = String::new(), None;
    /// Firmware.
    firmware: CncFlavor = CncFlavor::Grbl, None;
    /// Size of the bed, mm, as 400x400.
    bed_size: Size = Size { x: 400.0, y: 400.0 }, Mm(1.0..=10000.0);
    /// Coordinates of the bed's lower left corner, mm.
    bed_origin: Size = Size { x: 0.0, y: 0.0 }, Mm(-10000.0..=10000.0);
    /// S of full power: $30 of GRBL, 255 of Marlin, 1 of Smoothieware.
    s_max: f64 = 1000.0, Count(0.001..=1000000.0);
    /// Power follows the speed (M4) where the firmware can, so that corners do not burn.
    dynamic_power: bool = true, None;
    /// The head moves up and down.
    z_axis: bool = false, None;
    /// Limit of X, mm/s.
    max_speed_x: f64 = 100.0, MmPerS(0.1..=5000.0);
    /// Limit of Y, mm/s.
    max_speed_y: f64 = 100.0, MmPerS(0.1..=5000.0);
    /// Limit of Z, mm/s.
    max_speed_z: f64 = 10.0, MmPerS(0.1..=5000.0);
    /// Acceleration of X, mm/s².
    acceleration_x: f64 = 1000.0, MmPerS2(1.0..=200000.0);
    /// Acceleration of Y, mm/s².
    acceleration_y: f64 = 1000.0, MmPerS2(1.0..=200000.0);
    /// Acceleration of Z, mm/s².
    acceleration_z: f64 = 100.0, MmPerS2(1.0..=200000.0);
    /// Distance by which a circle may pass a corner ($11), mm; speed through a square corner for Klipper, mm/s.
    junction_deviation: f64 = 0.01, Mm(0.0..=100.0) advanced;
    /// Writes arcs as G2 and G3.
    arcs: bool = true, None;
    /// Leaves out what the firmware knows already (repeated G words, blanks): shorter files.
    compact: bool = false, None;
    /// Speed of travels for firmwares that have to be told, mm/s.
    travel_speed: f64 = 100.0, MmPerS(0.1..=5000.0);
    /// Goes back to the bed's corner at the end.
    park: bool = true, None;
    /// Lines after the modes at the start.
    start_gcode: String = String::new(), Gcode;
    /// Lines before the end.
    end_gcode: String = String::new(), Gcode;
    /// Price of an hour of the machine.
    machine_rate: f64 = 0.0, Count(0.0..=1000000.0);
}
group "Material" of [Material] {
    /// Name of the material, as birch plywood.
    material_name: String = String::new(), None;
    /// Its thickness, mm.
    thickness: f64 = 3.0, Mm(0.0..=200.0);
    /// Price of a square metre.
    material_price: f64 = 0.0, Count(0.0..=1000000.0);
    /// Air assist.
    air: bool = false, None;
    /// Width of the cut, mm; 0 cuts on the line.
    kerf: f64 = 0.0, Mm(0.0..=10.0);
    /// Speed of cuts.
    cut_speed: f64 = 10.0, MmPerS(0.01..=5000.0);
    /// Power of cuts, % of full power.
    cut_power: f64 = 80.0, Percent(0.0..=100.0);
    /// How often cuts are made.
    cut_passes: u32 = 1, Count(1..=100);
    /// The head goes down by this after every pass, mm.
    z_step: f64 = 0.0, Mm(0.0..=100.0);
    /// Speed of scores.
    score_speed: f64 = 50.0, MmPerS(0.01..=5000.0);
    /// Power of scores, %.
    score_power: f64 = 20.0, Percent(0.0..=100.0);
    /// Speed of engraving.
    engrave_speed: f64 = 80.0, MmPerS(0.01..=5000.0);
    /// Power of engraving, %.
    engrave_power: f64 = 25.0, Percent(0.0..=100.0);
    /// Distance of engraved lines and of a picture's rows, mm: about the width of the spot.
    interval: f64 = 0.1, Mm(0.01..=10.0);
}
group "Placement" of [Process] {
    /// Turns the drawing counter-clockwise about the lower left corner of its box, degrees.
    rotate: f64 = 0.0, Degree(-360.0..=360.0);
    /// Makes the drawing larger or smaller.
    scale: f64 = 100.0, Percent(0.1..=100000.0);
    /// Where the drawing lies on the bed.
    placement: Placement = Placement::Auto, None;
    /// Distance from the bed's corner for `corner`, mm.
    margin: f64 = 0.0, Mm(0.0..=1000.0);
    /// Height of the head over the material, mm (with a Z axis).
    focus: f64 = 0.0, Mm(-100.0..=100.0) advanced;
}
group "Operations" of [Process] {
    /// What is done by layer or colour, the first rule that fits: `red: cut; layer=Text: engrave speed=40; *: score`.
    operations: String = String::new(), None;
    /// What engraving does with closed contours, as shapes that are filled and have no stroke.
    engrave: EngraveAction = EngraveAction::Hatch, None;
    /// What is done with letters that are drawn in a font of offcut's own (texts of SVG and DXF).
    text: TextAction = TextAction::Ignore, None;
    /// Direction of engraved lines and a picture's rows, degrees.
    engrave_angle: f64 = 0.0, Degree(-360.0..=360.0);
    /// Engraved lines begin and end so far outside; auto is what the machine needs to reach its speed, mm.
    overscan: Option<f64> = None, Mm(0.0..=100.0);
    /// Edges that parts share are cut once; auto does so in layouts, and where a drawing has them once.
    common_lines: Option<bool> = None, None;
    /// How long to search for short travels: 1 takes a moment, 100 a hundred times as long.
    travel_effort: u32 = 1, Count(1..=1000) advanced;
    /// Ends within this belong together, mm.
    join_tolerance: f64 = 0.01, Mm(0.0..=1.0) advanced;
}
group "Cuts" of [Process, Material] {
    /// Way into closed cuts, on the waste side.
    lead_in: LeadShape = LeadShape::None, None;
    /// Its length or radius, mm.
    lead_in_length: f64 = 1.0, Mm(0.01..=100.0);
    /// Way out of closed cuts.
    lead_out: LeadShape = LeadShape::None, None;
    /// Its length or radius, mm.
    lead_out_length: f64 = 0.5, Mm(0.01..=100.0);
    /// Closed cuts go on beyond their start by this, mm.
    overcut: f64 = 0.0, Mm(0.0..=100.0);
    /// Bridges that hold each part.
    tabs: u32 = 0, Count(0..=1000);
    /// Their width, mm.
    tab_width: f64 = 0.5, Mm(0.01..=100.0);
    /// Their distance from corners at least, mm.
    tab_corner_distance: f64 = 2.0, Mm(0.0..=100.0);
    /// Length of the cuts of a perforation, mm; 0 none.
    perforation_cut: f64 = 0.0, Mm(0.0..=1000.0);
    /// Length of the gaps of a perforation, mm.
    perforation_gap: f64 = 0.0, Mm(0.0..=1000.0);
    /// Power near corners, % of the cut's: for firmwares without dynamic power.
    corner_power: f64 = 100.0, Percent(0.0..=100.0);
    /// How near, mm.
    corner_distance: f64 = 0.5, Mm(0.0..=100.0);
    /// Distance of single dots, mm.
    dot_interval: f64 = 1.0, Mm(0.05..=100.0);
    /// Time of a dot.
    dot_time: f64 = 0.05, S(0.001..=60.0);
}
group "Pictures" of [Process, Material] {
    /// How grey becomes burnt.
    dither: Dither = Dither::FloydSteinberg, None;
    /// Speed of pictures.
    image_speed: f64 = 80.0, MmPerS(0.01..=5000.0);
    /// Power of black, %.
    image_power: f64 = 30.0, Percent(0.0..=100.0);
    /// Power of the lightest grey that is burnt (grayscale only), %.
    image_min_power: f64 = 5.0, Percent(0.0..=100.0);
    /// Curve from grey to power: above 1 middle tones are darker.
    gamma: f64 = 1.0, Ratio(0.1..=10.0);
    /// Added to the brightness, %.
    brightness: f64 = 0.0, Percent(-100.0..=100.0);
    /// Added to the contrast, %.
    contrast: f64 = 0.0, Percent(-100.0..=100.0);
    /// Darker than this burns (threshold), %.
    threshold: f64 = 50.0, Percent(0.0..=100.0);
    /// Size of a newsprint dot, mm.
    newsprint_size: f64 = 0.6, Mm(0.05..=20.0);
    /// Burns what is white.
    invert: bool = false, None;
    /// Mirrored left to right, for the back of something clear.
    mirror: bool = false, None;
    /// Rows are burnt in both directions.
    both_ways: bool = true, None;
    /// Width of a picture, mm; auto takes the file's resolution.
    image_width: Option<f64> = None, Mm(0.1..=10000.0);
}
}

impl Tabled for CutSettings {
    fn table() -> &'static [SettingOf<Self>] {
        CUT_SETTINGS
    }
}

impl serde::Serialize for CutSettings {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_map(CUT_SETTINGS.iter().map(|e| (e.key, (e.get)(self).to_json())))
    }
}

/// JSON Schema of the settings of a laser job.
#[must_use]
pub fn cut_schema() -> serde_json::Value {
    crate::schema::schema_of(CUT_SETTINGS, "Settings of a laser job")
}

/// The reference page, in Markdown: what is done with what, all settings, the built-in lasers and materials.
///
/// # Errors
/// When the built-in library of materials is broken.
pub fn cut_reference() -> Result<String, SettingsError> {
    let mut out = String::from(
        "# Settings of a laser job\n\n\
         ## What is done with what\n\n\
         The first of these that fits decides:\n\n\
         1. A rule of `operations` (`--operation`), by colour or layer: `--operation 'red: cut' --operation '*: score'`.\n\
         2. The name of the layer: names with cut, score (fold, crease, mark), engrave (etch, raster, fill) or ignore\n\
         \u{20}  (guide, note, sheet) in them mean that; layers of LightBurn say it themselves,\n\
         \u{20}  with power, speed, passes, kerf, interval and air: those hold unless a material, a file of settings or\n\
         \u{20}  `--set` gives them. The report names what came from the file.\n\
         3. The paint: a shape that is filled and has no stroke is engraved when the drawing also has strokes, and\n\
         \u{20}  `engrave` says how: filled with lines, as LightBurn does. Everything else is cut along its lines.\n\
         4. Pictures are engraved (`dither`).\n\
         5. Letters of SVG and DXF files are left out with a warning, as their font is not in the file: another one\n\
         \u{20}  would spoil the workpiece. Turn them into paths, or say `--set text=engrave`.\n\n\
         Engraving comes first, then scores, then cuts; contours before those around them; the settings of each\n\
         kind stand below. `--operation '*: cut'` cuts along every line, whatever its paint.\n\n\
         ## How settings are given\n\n\
         Every setting can stand in a machine's file, in an entry of the material library, in a profile, or on the\n\
         command line as `--set KEY=VALUE`. A number without a unit is in the unit of its default; other units are\n\
         converted (`--set cut_speed=600mm/min`, `--set kerf=150um`). `auto` unsets what may be unset.\n",
    );
    crate::reference::reference_tables(CUT_SETTINGS, &mut out);
    out.push_str("\n## Lasers\n\n");
    for (name, about) in lasers() {
        out.push_str(&format!("- `{name}`: {about}\n"));
    }
    out.push_str(
        "\n## Materials\n\n\
         Starting points, none of them measured on your machine: cut test cards first (`offcut cut --test-grid` for\n\
         engraving, `offcut cut --test-grid cut` for cuts).\n\n",
    );
    for e in Library::built_in()?.entries() {
        let machine = e.machine.as_deref().unwrap_or("any laser");
        out.push_str(&format!("- `{}` on {machine}: {}\n", e.name, e.note));
    }
    Ok(out)
}
