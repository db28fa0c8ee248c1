//! The command line, as promised to people and scripts.

mod sheets;
mod then;

pub use sheets::*;
pub use then::*;

use crate::progress::Mode;
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Makes motion for the machines of a workshop.
#[derive(Debug, Parser)]
#[command(name = "offcut", version, infer_subcommands = false, propagate_version = true)]
#[command(
    after_help = "Exit status: 0 done, 1 the job can't be made, 2 usage or settings, 3 unreadable input, \
4 internal fault, 130 cancelled."
)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Slices meshes (STL, OBJ, 3MF, AMF) into printer G-code
    Slice(Box<Slice>),
    /// Lays the parts of drawings (SVG, DXF) on sheets with the least waste
    Nest(Box<Nest>),
    /// Mills a job, a drawing or a model: router G-code
    Mill(Box<Mill>),
    /// Keeps a library of sheets and offcuts
    Stock(Box<Stock>),
    /// Writes a drawing, layout or section of a model in another format
    Convert(Box<Convert>),
    /// Makes laser G-code of drawings, layouts and pictures
    Cut(Box<Cut>),
    /// Says what is in a model, drawing or G-code file
    Info(Info),
    /// Reads G-code and says what is wrong with it
    Check(Box<Check>),
    /// Draws a model, a drawing, a layout, a print or its layers as a picture
    Render(Box<Render>),
    /// Lists, shows, explains and imports profiles
    Profile(Box<Profile>),
    /// Prints the completions of a shell
    Completions(Completions),
    /// Prints the manual page
    Man,
}

/// Where settings come from, weakest first: built-in, machine, material, process, profiles, --set.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Settings")]
pub struct SettingsArgs {
    /// Machine profile: a name from `offcut profile list`, or a TOML file
    #[arg(long, value_name = "NAME|FILE")]
    pub machine: Option<String>,
    /// Material profile
    #[arg(long, value_name = "NAME|FILE")]
    pub material: Option<String>,
    /// Process profile
    #[arg(long, value_name = "NAME|FILE")]
    pub process: Option<String>,
    /// Further settings from a TOML file; later ones win
    #[arg(long, value_name = "FILE")]
    pub profile: Vec<PathBuf>,
    /// Sets one setting; units are allowed (0.2mm, 40%, 60mm/s); later ones win
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Looks for no profiles outside the command line
    #[arg(long)]
    pub isolated: bool,
}

/// How a command runs and reports.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Running")]
pub struct RunArgs {
    /// Threads to use; 0 takes all. The result is the same on any number
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: usize,
    /// Seed of everything random
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// One result document on standard output
    #[arg(long)]
    pub json: bool,
    /// How progress is shown on standard error
    #[arg(long, value_name = "MODE", value_enum, default_value_t = Mode::Auto)]
    pub progress: Mode,
    /// No progress and no summary; errors and warnings only
    #[arg(short, long)]
    pub quiet: bool,
}

/// Where the product goes.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct OutputArgs {
    /// Output file, or a folder for it; `-` is standard output. Default: beside the input
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Replaces an output that exists
    #[arg(long)]
    pub force: bool,
}

/// `offcut slice`
#[derive(Debug, ClapArgs)]
pub struct Slice {
    /// Model files; `-` is standard input
    #[arg(required = true, value_name = "MODEL")]
    pub models: Vec<PathBuf>,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub placement: PlacementArgs,
    #[command(flatten)]
    pub settings: SettingsArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

/// What is done to the models.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Placement", allow_negative_numbers = true)]
pub struct PlacementArgs {
    /// Unit of the numbers in the files
    #[arg(long, value_enum)]
    pub unit: Option<UnitArg>,
    /// Factor (1.5), percentage (150%) or one for each axis (1,1,2)
    #[arg(long, value_name = "FACTOR", allow_hyphen_values = true)]
    pub scale: Option<String>,
    /// Degrees about Z (90), or about X, then Y, then Z (90,0,45)
    #[arg(long, value_name = "DEGREES", allow_hyphen_values = true)]
    pub rotate: Option<String>,
    /// Where the middle of the models stands on the bed, mm (110,110). Default: the middle of the bed
    #[arg(long, value_name = "X,Y", allow_hyphen_values = true)]
    pub center: Option<String>,
    /// How many of each model
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub copies: u32,
}

/// A unit of length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum UnitArg {
    /// 0.001 mm
    Micron,
    /// 1 mm
    #[value(alias = "mm", alias = "millimetre")]
    Millimeter,
    /// 10 mm
    #[value(alias = "cm", alias = "centimetre")]
    Centimeter,
    /// 25.4 mm
    #[value(alias = "in")]
    Inch,
    /// 304.8 mm
    #[value(alias = "ft")]
    Foot,
    /// 1000 mm
    #[value(alias = "m", alias = "metre")]
    Meter,
}

/// `offcut mill`
#[derive(Debug, ClapArgs)]
pub struct Mill {
    /// A job file (TOML), or a drawing, a layout of nested parts, a model or the picture of a relief, for which a
    /// sensible job is made
    #[arg(
        value_name = "JOB.toml|DRAWING|LAYOUT|MODEL|PICTURE",
        required_unless_present = "schema"
    )]
    pub input: Option<PathBuf>,
    #[command(flatten)]
    pub output: OutputArgs,
    /// Prints the job as TOML instead of milling it
    #[arg(long, conflicts_with = "json")]
    pub print_job: bool,
    /// Prints the JSON Schema of job files
    #[arg(long)]
    pub schema: bool,
    /// Changes a key of the job: stock.thickness=6, machine.dialect=linuxcnc, operation.0.depth=2
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Which sheet of a layout of nested parts, from 1
    #[arg(long, value_name = "N")]
    pub sheet: Option<usize>,
    /// Material: softwood, hardwood, plywood, mdf, acrylic, aluminium, …
    #[arg(long, value_name = "NAME")]
    pub material: Option<String>,
    /// Dialect of the machine: grbl, grblhal, linuxcnc, mach3, marlin
    #[arg(long, value_name = "DIALECT")]
    pub machine: Option<String>,
    /// Writes what is to be made, in the program's coordinates, for independent checks: regions as JSON or a model
    /// as STL
    #[arg(long, value_name = "FILE")]
    pub target: Option<PathBuf>,
    #[command(flatten)]
    pub run: RunArgs,
}

/// `offcut cut`
#[derive(Debug, ClapArgs)]
pub struct Cut {
    /// Drawings (SVG, DXF, LightBurn, JSON), layouts of `offcut nest`, pictures (PNG, JPEG), models with --section or
    /// --layers; `-` is standard input
    #[arg(value_name = "DRAWING|LAYOUT|IMAGE|MODEL", required_unless_present_any = ["test_grid", "kerf_test", "schema", "help_settings"])]
    pub files: Vec<PathBuf>,
    /// What is done by layer or colour, the first that fits: `red: cut power=60`, `layer=Text: engrave`, `*: score`
    #[arg(long, value_name = "SELECTOR: ACTION")]
    pub operation: Vec<String>,
    /// Library of materials beside the built-in one; later ones win
    #[arg(long, value_name = "FILE")]
    pub library: Vec<PathBuf>,
    /// Unit of the numbers in the drawings, whatever they say (mm, inch, px, px90, pt, …)
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
    /// Which sheet of a layout, from 1
    #[arg(long, value_name = "N")]
    pub sheet: Option<usize>,
    #[command(flatten)]
    pub section: SectionArgs,
    /// Goes around the box of the job with the beam off, instead of cutting
    #[arg(long)]
    pub frame: bool,
    /// A card of engraved squares instead of a drawing: power=10-100/10,speed=20-200/10 (or interval); with `cut`
    /// before them squares that are cut out: cut,power=40-100/4,speed=2-10/5 (or passes)
    #[arg(long, value_name = "AXES", num_args = 0..=1, default_missing_value = "", conflicts_with_all = ["files", "kerf_test"])]
    pub test_grid: Option<String>,
    /// A gauge for the width of the cut instead of a drawing
    #[arg(long, conflicts_with = "files")]
    pub kerf_test: bool,
    /// Prints the JSON Schema of the settings
    #[arg(long)]
    pub schema: bool,
    /// Prints all settings of laser jobs, lasers and materials, as a page in Markdown
    #[arg(long)]
    pub help_settings: bool,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub settings: SettingsArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

/// `offcut info`
#[derive(Debug, ClapArgs)]
pub struct Info {
    /// A model, drawing or G-code file; `-` is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Unit of the numbers in a drawing, whatever it says (mm, inch, px, px90, pt, …)
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
    #[command(flatten)]
    pub settings: SettingsArgs,
    /// One result document on standard output
    #[arg(long)]
    pub json: bool,
}

/// `offcut check`
#[derive(Debug, ClapArgs)]
pub struct Check {
    /// A G-code file; `-` is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// A milling job (TOML): the program is carried out on its stock with its tools, and what it does to model,
    /// parts, fixtures, holder and bed is told
    #[arg(long, value_name = "JOB.toml", conflicts_with = "machine")]
    pub job: Option<PathBuf>,
    #[command(flatten)]
    pub settings: SettingsArgs,
    /// One result document on standard output
    #[arg(long)]
    pub json: bool,
    /// No summary
    #[arg(short, long)]
    pub quiet: bool,
}

/// `offcut render`
#[derive(Debug, ClapArgs)]
pub struct Render {
    /// A model, drawing, layout, G-code file or milling job (TOML); `-` is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// A milling job (TOML): draws its stock after the G-code
    #[arg(long, value_name = "JOB.toml")]
    pub job: Option<PathBuf>,
    /// Draws the ways of the tools over the stock of a milling job; with --travels the rapids too
    #[arg(long)]
    pub paths: bool,
    #[command(flatten)]
    pub output: OutputArgs,
    /// Unit of the numbers in a drawing, whatever it says (mm, inch, px, px90, pt, …)
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
    /// Draws one layer of G-code from above, from 1; as SVG when the output ends in .svg
    #[arg(long, value_name = "N", conflicts_with_all = ["layers", "contact_sheet"])]
    pub layer: Option<usize>,
    /// Draws the layers of G-code up to N, or from A to B (10-40)
    #[arg(long, value_name = "N|A-B")]
    pub layers: Option<String>,
    /// Draws at most N layers of G-code side by side
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "25")]
    pub contact_sheet: Option<usize>,
    /// Size of the picture, pixels
    #[arg(long, value_name = "WxH")]
    pub size: Option<String>,
    /// Direction of the view: degrees around (0 is the front) and above the horizon
    #[arg(long, value_name = "AZIMUTH,ELEVATION", allow_hyphen_values = true)]
    pub view: Option<String>,
    /// Colour of the model
    #[arg(long, value_name = "#RRGGBB", default_value = "#FF8000")]
    pub color: String,
    /// Leaves out the ground: the background is transparent
    #[arg(long)]
    pub transparent: bool,
    /// Draws travels too
    #[arg(long)]
    pub travels: bool,
    /// No summary
    #[arg(short, long)]
    pub quiet: bool,
}

/// `offcut profile`
#[derive(Debug, ClapArgs)]
pub struct Profile {
    /// What to do.
    #[command(subcommand)]
    pub command: ProfileCommand,
}

/// The commands on profiles.
#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// Lists the profiles that can be named
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
        /// Looks for no profiles outside the program
        #[arg(long)]
        isolated: bool,
    },
    /// Prints the settings that a profile sets or a job would have, as TOML, and who set them
    Show {
        /// A machine, material or process: shows what it and those that it inherits from set
        #[arg(value_name = "NAME|FILE")]
        name: Option<String>,
        #[command(flatten)]
        settings: SettingsArgs,
        /// Only what profiles and options set
        #[arg(long)]
        changed: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Says what a setting is and who set it
    Explain {
        /// The settings
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
        #[command(flatten)]
        settings: SettingsArgs,
    },
    /// Prints all settings with their meaning, unit, range and default, as JSON Schema
    Schema {
        /// As a page in Markdown
        #[arg(long)]
        markdown: bool,
    },
    /// Turns a PrusaSlicer configuration into profiles and says what became of every key
    Import(Import),
}

/// `offcut profile import`
#[derive(Debug, ClapArgs)]
pub struct Import {
    /// A configuration or bundle that PrusaSlicer exported (.ini)
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Folder for the profiles. Default: the user's configuration, where they are found by name
    #[arg(short, long, value_name = "FOLDER")]
    pub output: Option<PathBuf>,
    /// Replaces profiles that exist
    #[arg(long)]
    pub force: bool,
    /// Only presets whose name is or contains this
    #[arg(long, value_name = "NAME", default_value = "")]
    pub only: String,
    /// One result document on standard output, with the fate of every key
    #[arg(long)]
    pub json: bool,
    /// No report
    #[arg(short, long)]
    pub quiet: bool,
}

/// `offcut completions`
#[derive(Debug, ClapArgs)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}
