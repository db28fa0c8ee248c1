//! The options of the commands on drawings and sheets.

use super::{OutputArgs, RunArgs, ThenArgs};
use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use std::path::PathBuf;

/// `offcut nest`
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  offcut nest bracket.svg:4 plate.dxf --sheet 600x400 --spacing 2 --time 5 -o sheets.svg
  offcut nest door.dxf:2,grain=90,mirror=no knob.svg:9,filler --sheet 2440x1220:3,grain=0,defect=800/300/25

Options of a part, behind its quantity: rotations=0/90|N|free, mirror[=no], grain=DEGREES (of the drawing), priority=N \
(higher ones first when not all fit), filler (only where room is left), quality=N (the least it takes), skip=LAYER \
(left out: notes and arrows drawn as lines; repeatable).
Options of a sheet: grain=DEGREES, cost=NUMBER, defect=X/Y/RADIUS or defect=X/Y/WIDTH/HEIGHT (mm from the lower left \
corner; repeatable). In the drawing of a sheet, closed contours on layers named 'defect' take no part, those on a \
layer 'quality N' are of quality N.")]
pub struct Nest {
    /// Drawings (SVG, DXF, LightBurn, JSON), each with how often its parts are wanted, and with options for its parts
    /// alone: bracket.svg:4,grain=90
    #[arg(
        value_name = "PART[:QTY][,OPTION]",
        required_unless_present = "instance",
        conflicts_with = "instance"
    )]
    pub parts: Vec<PathBuf>,
    /// A kind of sheet: width x height in mm (600x400, 24x12in) or a drawing of its outline, and how many there
    /// are (600x400:3), with options (600x400:3,grain=0); repeatable. Without a number there are as many as it takes
    #[arg(long, value_name = "WxH[:QTY][,OPTION]|FILE[:QTY][,OPTION]")]
    pub sheet: Vec<String>,
    /// The drawings together are a kit, of which so many are wanted
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub kits: u32,
    /// Nests onto the sheets of a layout (JSON), all of whose parts stay where they are
    #[arg(long, value_name = "LAYOUT")]
    pub onto: Option<PathBuf>,
    /// Takes sheets from the stock, offcuts first; of the material and thickness that are named, if any.
    /// Nothing is booked until `offcut stock confirm LAYOUT`
    #[arg(long)]
    pub from_stock: bool,
    /// The file with the stock. Default: stock.json in the user's folder for data
    #[arg(long, value_name = "FILE", requires = "from_stock")]
    pub stock: Option<PathBuf>,
    #[command(flatten)]
    pub section: SectionArgs,
    #[command(flatten)]
    pub rules: NestRules,
    #[command(flatten)]
    pub output: OutputArgs,
    /// Format of the layout. Default: as the output is named, or SVG
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<DrawingFormat>,
    /// Leaves out the outlines of sheets and offcuts, which else lie on layers of their own
    #[arg(long)]
    pub no_frame: bool,
    /// How long to search, seconds. The result is not the same every time
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, help_heading = "Search")]
    pub time: f64,
    /// How many places to try instead of a time: the same result every time
    #[arg(long, value_name = "N", conflicts_with = "time", help_heading = "Search")]
    pub work: Option<u64>,
    /// Searches side by side, which share what they find
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        value_parser = clap::value_parser!(u32).range(1..=64),
        help_heading = "Search"
    )]
    pub workers: u32,
    /// Instead of drawings: an instance with polygons and demands, and a strip or sheets; JSON as in nesting
    /// benchmarks
    #[arg(long, value_name = "FILE", help_heading = "Benchmarks")]
    pub instance: Option<PathBuf>,
    /// Where the solution goes, as JSON of nesting benchmarks; `-` is standard output. Default: beside the instance
    #[arg(long, value_name = "FILE", help_heading = "Benchmarks")]
    pub solution: Option<PathBuf>,
    /// A solution to begin from
    #[arg(long, value_name = "FILE", requires = "instance", help_heading = "Benchmarks")]
    pub start: Option<PathBuf>,
    /// Also writes the instance that the drawings make, for an auditor or another nester
    #[arg(long, value_name = "FILE", requires = "parts", help_heading = "Benchmarks")]
    pub save_instance: Option<PathBuf>,
    #[command(flatten)]
    pub then: ThenArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

/// Where models are cut to become drawings.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct SectionArgs {
    /// Cuts models (STL, OBJ, 3MF) at this height over their lowest point, mm
    #[arg(long, value_name = "Z")]
    pub section: Option<f64>,
    /// Cuts models into a stack of layers for sheets of this thickness, mm
    #[arg(long, value_name = "T", conflicts_with = "section")]
    pub layers: Option<f64>,
    /// What is scored on layers. Default: their numbers when they are cut, else nothing
    #[arg(long, value_enum, value_name = "MARKS", requires = "layers")]
    pub marks: Option<MarksArg>,
}

/// What is scored on the layers of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MarksArg {
    /// Nothing
    None,
    /// The number of each layer, from the lowest
    Numbers,
    /// Numbers, and where the next layer goes
    Outlines,
}

/// `offcut convert`
#[derive(Debug, ClapArgs)]
pub struct Convert {
    /// A drawing (SVG, DXF, LightBurn, JSON), layout, picture or model; `-` is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub output: OutputArgs,
    /// Format of the drawing. Default: as the output is named, or SVG
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<DrawingFormat>,
    /// Unit of the numbers in the file, whatever it says (mm, inch, px, px90, pt, …)
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
    #[command(flatten)]
    pub section: SectionArgs,
    /// No summary
    #[arg(short, long)]
    pub quiet: bool,
}

/// `offcut stock`
#[derive(Debug, ClapArgs)]
pub struct Stock {
    /// What to do.
    #[command(subcommand)]
    pub command: StockCommand,
    /// The file with the stock. Default: stock.json in the user's folder for data
    #[arg(long, value_name = "FILE", global = true)]
    pub stock: Option<PathBuf>,
    /// One result document on standard output
    #[arg(long, global = true)]
    pub json: bool,
}

/// The commands on the stock.
#[derive(Debug, Subcommand)]
pub enum StockCommand {
    /// Puts sheets in
    Add(StockAdd),
    /// Shows what there is
    List {
        #[command(flatten)]
        filter: StockFilter,
    },
    /// Takes a piece out
    Use {
        /// Its name, and how many
        #[arg(value_name = "ID[:QTY]")]
        id: String,
    },
    /// Writes the outlines of pieces as a drawing
    Export {
        /// Their names. Default: all
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        #[command(flatten)]
        output: OutputArgs,
        /// Format of the drawing. Default: as the output is named, or SVG
        #[arg(long, value_enum, value_name = "FORMAT")]
        format: Option<DrawingFormat>,
    },
    /// Books a layout: the sheets that it takes go, the offcuts that it leaves come. A layout is booked only once
    Confirm {
        /// The layout, as `offcut nest -o LAYOUT.json` writes it
        #[arg(value_name = "LAYOUT")]
        layout: PathBuf,
    },
}

/// `offcut stock add`
#[derive(Debug, ClapArgs)]
pub struct StockAdd {
    /// Width x height in mm (600x400, 24x12in) or a drawing of the outline, and how many (600x400:3)
    #[arg(value_name = "WxH[:QTY]|FILE[:QTY]", required = true)]
    pub sheet: Vec<String>,
    /// Its name. Default: its size, or the drawing's name
    #[arg(long, value_name = "NAME")]
    pub id: Option<String>,
    /// Name of the material
    #[arg(long, value_name = "NAME", default_value = "")]
    pub material: String,
    /// Thickness, mm
    #[arg(long, value_name = "MM")]
    pub thickness: Option<f64>,
    /// It is an offcut, to be taken before whole sheets
    #[arg(long)]
    pub offcut: bool,
    /// Unit of the numbers in drawings, whatever they say
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
}

/// Which pieces are meant.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct StockFilter {
    /// Of this material only
    #[arg(long, value_name = "NAME")]
    pub material: Option<String>,
    /// Of this thickness only, mm
    #[arg(long, value_name = "MM")]
    pub thickness: Option<f64>,
}

/// How parts may lie.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Rules")]
pub struct NestRules {
    /// Least distance between parts, mm
    #[arg(long, value_name = "MM", default_value_t = 0.0)]
    pub spacing: f64,
    /// Least distance from parts to the edges of sheets, mm
    #[arg(long, value_name = "MM", default_value_t = 0.0)]
    pub margin: f64,
    /// Least distance from parts to defects of sheets, mm. Default: the margin
    #[arg(long, value_name = "MM")]
    pub defect_margin: Option<f64>,
    /// Direction of the grain in all parts as drawn, degrees; it comes to lie along that of sheets which have one
    #[arg(long, value_name = "DEGREES", allow_negative_numbers = true)]
    pub grain: Option<f64>,
    /// Directions that parts may lie in: angles (0,90), steps of the full turn (4), or free
    #[arg(long, value_name = "0,90|N|free", default_value = "4")]
    pub rotations: String,
    /// Parts may be mirrored
    #[arg(long)]
    pub mirror: bool,
    /// Lays no part into the hole of another
    #[arg(long)]
    pub no_part_in_part: bool,
    /// Pieces of sheets narrower than this are scrap; wider ones are kept as offcuts, mm
    #[arg(long, value_name = "MM", default_value_t = 50.0)]
    pub keep: f64,
    /// How far the polygons for nesting may reach beyond the parts, mm
    #[arg(long, value_name = "MM", default_value_t = 0.1)]
    pub tolerance: f64,
    /// Unit of the numbers in the drawings, whatever they say (mm, inch, px, px90, pt, …)
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
    /// Material of the sheets, as it stands in the layout and the stock
    #[arg(long, value_name = "NAME", default_value = "")]
    pub material: String,
    /// Thickness of the sheets, mm
    #[arg(long, value_name = "MM")]
    pub thickness: Option<f64>,
}

/// A format for drawings and layouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DrawingFormat {
    /// Scalable Vector Graphics
    Svg,
    /// Drawing Exchange Format, release 2007
    Dxf,
    /// The layout with everything in it, for offcut cut, render and stock
    Json,
    /// LightBurn
    Lbrn2,
}
