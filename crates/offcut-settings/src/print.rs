//! The settings of a print: one documented field each.

use crate::value::{LengthOrPercent, Size};
use serde::{Deserialize, Serialize};

/// How perimeters are made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PerimeterGenerator {
    /// Beads of equal width at equal distances.
    #[default]
    Classic,
    /// Beads of variable width.
    Arachne,
}

/// Which perimeter of an island is printed first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PerimeterOrder {
    /// Inner perimeters first.
    #[default]
    InsideOut,
    /// External perimeter first.
    OutsideIn,
}

/// Where loops begin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeamPosition {
    /// Seams of neighbouring layers lie over each other, in concave corners where there are any.
    #[default]
    Aligned,
    /// Near the nozzle, corners preferred.
    Nearest,
    /// At the rear of the object.
    Rear,
    /// Scattered.
    Random,
}

/// The pattern of top and bottom surfaces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurfacePattern {
    /// Parallel lines, each beside one that was printed before.
    #[default]
    Monotonic,
    /// Parallel lines in any order.
    Rectilinear,
    /// Loops that follow the outline.
    Concentric,
}

/// The pattern of sparse infill.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InfillPattern {
    /// Parallel lines, turned by 90° from layer to layer.
    Rectilinear,
    /// Parallel lines, the same in every layer.
    AlignedRectilinear,
    /// Parallel lines that are linked at an angle.
    Line,
    /// Lines in two directions in every layer.
    #[default]
    Grid,
    /// Lines in three directions that meet in one point.
    Triangles,
    /// Lines in three directions that form stars.
    Stars,
    /// Lines in three directions that move with height: cubes on their corner.
    Cubic,
    /// Tetrahedra and octahedra.
    QuarterCubic,
    /// Loops that follow the outline.
    Concentric,
    /// Hexagons.
    Honeycomb,
    /// Octagons and squares that change with height.
    #[serde(rename = "3d_honeycomb")]
    Honeycomb3d,
    /// The gyroid surface.
    Gyroid,
    /// The Schwarz D surface.
    TpmsD,
    /// Hilbert curves.
    Hilbert,
    /// Archimedean chords: a spiral.
    Archimedean,
    /// Eight-pointed stars.
    Octagram,
    /// Lines whose direction changes through a wave with height.
    CrossHatch,
}

/// Support structures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// No support.
    #[default]
    None,
    /// Columns on a grid, easy to break off.
    Grid,
    /// Follows the shape of the overhang closely.
    Snug,
    /// Branches.
    Tree,
}

/// Where the brim is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BrimType {
    /// Around the outside.
    #[default]
    Outer,
    /// In the holes.
    Inner,
    /// On both sides.
    Both,
}

/// How overlapping and reversed shells are read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlicingMode {
    /// Where shells wind positively there is material.
    #[default]
    Regular,
    /// Every second shell is a hole.
    EvenOdd,
    /// Only the outermost shells count.
    CloseHoles,
}

/// The dialect of the G-code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GcodeFlavor {
    /// Marlin 1.
    #[default]
    Marlin,
    /// Marlin 2.
    Marlin2,
    /// Klipper.
    Klipper,
    /// RepRapFirmware.
    Reprapfirmware,
    /// Prusa's firmware.
    Prusa,
}

/// How objects are marked, so that one can be cancelled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelObjects {
    /// Not at all.
    #[default]
    None,
    /// By comments.
    Octoprint,
    /// By the dialect's own commands (M486, EXCLUDE_OBJECT).
    Firmware,
}

/// A wall around the print.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftShield {
    /// None.
    #[default]
    Disabled,
    /// As high as skirt_height.
    Limited,
    /// As high as the print.
    Enabled,
}

/// How several objects are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrintOrder {
    /// All objects layer by layer.
    #[default]
    ByLayer,
    /// One object after the other.
    ByObject,
}

/// Everything a print depends on. Lengths are millimetres, speeds mm/s, angles degrees, shares percent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PrintSettings {
    // Layers and planes
    /// Height of a layer, mm.
    pub layer_height: f64,
    /// Height of the first layer, mm.
    pub first_layer_height: f64,
    /// How overlapping and reversed shells are read.
    pub slicing_mode: SlicingMode,
    /// Gaps in the mesh up to twice this are closed at slicing, mm.
    pub slice_closing_radius: f64,
    /// Outlines may deviate this much from the mesh, mm.
    pub resolution: f64,
    /// Outlines grow by this, mm; negative shrinks.
    pub xy_compensation: f64,
    /// Holes grow by this, mm; negative shrinks.
    pub hole_compensation: f64,
    /// The first layer shrinks by this, mm.
    pub elephant_foot_compensation: f64,
    // Widths
    /// Diameter of the nozzle, mm.
    pub nozzle_diameter: f64,
    /// Width of lines, mm or % of the nozzle.
    pub line_width: LengthOrPercent,
    /// Width of lines of the first layer, mm or % of the nozzle; line_width when not set.
    pub first_layer_line_width: Option<LengthOrPercent>,
    /// Width of lines of inner perimeters, mm or % of the nozzle; line_width when not set.
    pub perimeter_line_width: Option<LengthOrPercent>,
    /// Width of lines of the external perimeter, mm or % of the nozzle; line_width when not set.
    pub external_perimeter_line_width: Option<LengthOrPercent>,
    /// Width of lines of sparse infill, mm or % of the nozzle; line_width when not set.
    pub infill_line_width: Option<LengthOrPercent>,
    /// Width of lines of solid infill, mm or % of the nozzle; line_width when not set.
    pub solid_infill_line_width: Option<LengthOrPercent>,
    /// Width of lines of top surfaces, mm or % of the nozzle; line_width when not set.
    pub top_solid_infill_line_width: Option<LengthOrPercent>,
    /// Width of lines of support, mm or % of the nozzle; line_width when not set.
    pub support_line_width: Option<LengthOrPercent>,
    // Perimeters
    /// Loops around every island.
    pub perimeters: u32,
    /// How perimeters are made.
    pub perimeter_generator: PerimeterGenerator,
    /// Which perimeter of an island is printed first.
    pub perimeter_order: PerimeterOrder,
    /// Walls too thin for two lines get one.
    pub thin_walls: bool,
    /// Gaps between perimeters are filled.
    pub gap_fill: bool,
    /// Steep overhangs get perimeters instead of infill.
    pub extra_perimeters_on_overhangs: bool,
    /// Top surfaces get one perimeter only.
    pub one_wall_on_top: bool,
    /// Where loops begin.
    pub seam: SeamPosition,
    /// Perimeters slow down where they hang over.
    pub overhang_speeds_enabled: bool,
    /// Speed where a line hangs over wholly, mm/s or % of the perimeter speed.
    pub overhang_speed_0: LengthOrPercent,
    /// Speed where three quarters of a line hang over, mm/s or %.
    pub overhang_speed_1: LengthOrPercent,
    /// Speed where half a line hangs over, mm/s or %.
    pub overhang_speed_2: LengthOrPercent,
    /// Speed where a quarter of a line hangs over, mm/s or %.
    pub overhang_speed_3: LengthOrPercent,
    /// One rising perimeter without a seam, no infill above the bottom.
    pub spiral_vase: bool,
    // Surfaces
    /// Solid layers below top surfaces.
    pub top_solid_layers: u32,
    /// Solid layers above bottom surfaces.
    pub bottom_solid_layers: u32,
    /// Top shells are at least this thick, mm.
    pub top_solid_min_thickness: f64,
    /// Bottom shells are at least this thick, mm.
    pub bottom_solid_min_thickness: f64,
    /// Pattern of top surfaces.
    pub top_surface_pattern: SurfacePattern,
    /// Pattern of bottom surfaces.
    pub bottom_surface_pattern: SurfacePattern,
    /// Every so many layers one is solid; 0 never.
    pub solid_infill_every_layers: u32,
    /// Sparse regions smaller than this are solid, mm².
    pub solid_infill_below_area: f64,
    /// Flow of bridges as a ratio of a round thread of the nozzle's diameter.
    pub bridge_flow_ratio: f64,
    /// Direction of bridges, degrees; found when not set.
    pub bridge_angle: Option<f64>,
    /// Bridges are round threads of the nozzle's diameter.
    pub thick_bridges: bool,
    // Infill
    /// Share of the inside that sparse infill fills, %.
    pub infill_density: f64,
    /// Pattern of sparse infill.
    pub infill_pattern: InfillPattern,
    /// Direction of infill lines, degrees from the X axis.
    pub infill_angle: f64,
    /// Sparse infill of so many layers is combined into one thicker layer.
    pub infill_every_layers: u32,
    /// Length along the wall by which an infill line is anchored, mm or % of the infill line width.
    pub infill_anchor: LengthOrPercent,
    /// Infill lines are linked along the wall when the link is not longer, mm or % of the infill line width.
    pub infill_anchor_max: LengthOrPercent,
    /// Overlap of infill with the perimeters, mm or % of the perimeter line width.
    pub infill_overlap: LengthOrPercent,
    // Support
    /// Support structures.
    pub support: Support,
    /// Overhangs flatter than this from the horizontal are supported, degrees.
    pub support_threshold_angle: f64,
    /// Support stands on the bed only.
    pub support_buildplate_only: bool,
    /// Gap between support and the object above, mm.
    pub support_contact_distance: f64,
    /// Gap between the object and support standing on it, mm; support_contact_distance when not set.
    pub support_bottom_contact_distance: Option<f64>,
    /// Distance between support and the object's sides, mm or % of the external perimeter line width.
    pub support_xy_distance: LengthOrPercent,
    /// Dense layers below the object.
    pub support_interface_layers: u32,
    /// Dense layers on top of the object; support_interface_layers when not set.
    pub support_bottom_interface_layers: Option<u32>,
    /// Gap between lines of the interface, mm.
    pub support_interface_spacing: f64,
    /// Gap between lines of support, mm.
    pub support_spacing: f64,
    /// Direction of support lines, degrees.
    pub support_angle: f64,
    /// Bridges are supported too.
    pub support_bridges: bool,
    // Adhesion
    /// Loops around everything in the first layers; 0 none.
    pub skirt_loops: u32,
    /// Distance of the skirt from the objects, mm.
    pub skirt_distance: f64,
    /// Layers of the skirt.
    pub skirt_height: u32,
    /// The skirt is at least so long, mm of filament.
    pub min_skirt_length: f64,
    /// A wall around the print.
    pub draft_shield: DraftShield,
    /// Where the brim is.
    pub brim_type: BrimType,
    /// Width of the brim, mm; 0 none.
    pub brim_width: f64,
    /// Gap between brim and object, mm.
    pub brim_separation: f64,
    /// Layers of the raft; 0 none.
    pub raft_layers: u32,
    /// Gap between raft and object, mm.
    pub raft_contact_distance: f64,
    /// The raft is so much larger than the object, mm.
    pub raft_expansion: f64,
    // Speeds
    /// Speed of inner perimeters, mm/s.
    pub perimeter_speed: f64,
    /// Speed of the external perimeter, mm/s or % of perimeter_speed.
    pub external_perimeter_speed: LengthOrPercent,
    /// Speed of loops of a radius up to 6.5 mm, mm/s or % of perimeter_speed; 0 off.
    pub small_perimeter_speed: LengthOrPercent,
    /// Speed of sparse infill, mm/s.
    pub infill_speed: f64,
    /// Speed of solid infill, mm/s or % of infill_speed.
    pub solid_infill_speed: LengthOrPercent,
    /// Speed of top surfaces, mm/s or % of solid_infill_speed.
    pub top_solid_infill_speed: LengthOrPercent,
    /// Speed of gap fill, mm/s.
    pub gap_fill_speed: f64,
    /// Speed of bridges, mm/s.
    pub bridge_speed: f64,
    /// Speed of support, mm/s.
    pub support_speed: f64,
    /// Speed of the support's interface, mm/s or % of support_speed.
    pub support_interface_speed: LengthOrPercent,
    /// Speed of travels, mm/s.
    pub travel_speed: f64,
    /// Speed of travels along Z, mm/s; 0 as travel_speed.
    pub travel_speed_z: f64,
    /// Speed of the first layer, mm/s or % of each speed.
    pub first_layer_speed: LengthOrPercent,
    /// Speeds are lowered so that no more than this flows, mm³/s; 0 no limit.
    pub max_volumetric_speed: f64,
    // Accelerations
    /// Acceleration of printing moves that have none of their own, mm/s²; 0 leaves it to the firmware.
    pub acceleration: f64,
    /// Acceleration in the first layer, mm/s²; 0 as acceleration.
    pub first_layer_acceleration: f64,
    /// Acceleration of inner perimeters, mm/s²; 0 as acceleration.
    pub perimeter_acceleration: f64,
    /// Acceleration of the external perimeter, mm/s²; 0 as perimeter_acceleration.
    pub external_perimeter_acceleration: f64,
    /// Acceleration of infill, mm/s²; 0 as acceleration.
    pub infill_acceleration: f64,
    /// Acceleration of solid infill, mm/s²; 0 as infill_acceleration.
    pub solid_infill_acceleration: f64,
    /// Acceleration of top surfaces, mm/s²; 0 as solid_infill_acceleration.
    pub top_solid_infill_acceleration: f64,
    /// Acceleration of bridges, mm/s²; 0 as acceleration.
    pub bridge_acceleration: f64,
    /// Acceleration of travels, mm/s²; 0 as acceleration.
    pub travel_acceleration: f64,
    // Retraction and travel
    /// Filament pulled back before a travel, mm; 0 none.
    pub retract_length: f64,
    /// Speed of the pull, mm/s.
    pub retract_speed: f64,
    /// Speed of the push, mm/s; 0 as retract_speed.
    pub deretract_speed: f64,
    /// Filament pushed on top, mm.
    pub retract_restart_extra: f64,
    /// Travels shorter than this are made without retraction, mm.
    pub retract_before_travel: f64,
    /// Retracts at every change of layer.
    pub retract_layer_change: bool,
    /// Lift during retracted travels, mm.
    pub z_hop: f64,
    /// No lift below this height, mm.
    pub z_hop_above: f64,
    /// No lift above this height, mm; 0 no limit.
    pub z_hop_below: f64,
    /// Wipes the nozzle along the line just printed while retracting.
    pub wipe: bool,
    /// Share of the retraction made before the wipe, %.
    pub retract_before_wipe: f64,
    /// Travels go round walls.
    pub avoid_crossing_perimeters: bool,
    /// Longest detour around walls, mm or % of the direct way; 0 no limit.
    pub avoid_crossing_max_detour: LengthOrPercent,
    /// Retracts by G10 and G11.
    pub firmware_retraction: bool,
    // Material
    /// Diameter of the filament, mm.
    pub filament_diameter: f64,
    /// Kind of plastic.
    pub filament_type: String,
    /// Density, g/cm³.
    pub filament_density: f64,
    /// Price of a kilogram.
    pub filament_cost: f64,
    /// Colour as #RRGGBB.
    pub filament_colour: String,
    /// The most this filament can flow, mm³/s; 0 no limit.
    pub filament_max_volumetric_speed: f64,
    /// Factor on all flows.
    pub extrusion_multiplier: f64,
    /// Temperature of the hotend, °C.
    pub hotend_temperature: u32,
    /// Temperature of the hotend in the first layer, °C; hotend_temperature when not set.
    pub first_layer_hotend_temperature: Option<u32>,
    /// Temperature of the bed, °C; 0 unheated.
    pub bed_temperature: u32,
    /// Temperature of the bed in the first layer, °C; bed_temperature when not set.
    pub first_layer_bed_temperature: Option<u32>,
    /// Temperature of the chamber, °C; 0 unheated.
    pub chamber_temperature: u32,
    /// Linear or pressure advance; left to the firmware when not set.
    pub pressure_advance: Option<f64>,
    // Cooling
    /// Slows down and fans short layers.
    pub cooling: bool,
    /// Layers shorter than this are slowed down, s.
    pub min_layer_time: f64,
    /// Slowing down stops at this speed, mm/s.
    pub min_print_speed: f64,
    /// The fan runs for layers shorter than this, s.
    pub fan_below_layer_time: f64,
    /// The fan runs at least at its minimum.
    pub fan_always_on: bool,
    /// Fan speed for layers at fan_below_layer_time, %.
    pub fan_min_speed: f64,
    /// Fan speed for layers at min_layer_time, %.
    pub fan_max_speed: f64,
    /// Fan speed for bridges, %.
    pub bridge_fan_speed: f64,
    /// Fan speed for overhanging perimeters, %; as the layer when not set.
    pub overhang_fan_speed: Option<f64>,
    /// The fan stays off for so many layers.
    pub disable_fan_first_layers: u32,
    /// The fan reaches its full speed in this layer, rising before; 0 at once.
    pub full_fan_speed_layer: u32,
    // Machine
    /// Model of the printer.
    pub printer_model: String,
    /// Size of the bed, mm, as 220x220.
    pub bed_size: Size,
    /// Coordinates of the bed's front left corner, mm.
    pub bed_origin: Size,
    /// Height of the room above the bed, mm.
    pub bed_height: f64,
    /// The bed is round, with the diameter bed_size.
    pub bed_round: bool,
    /// Dialect of the G-code.
    pub gcode_flavor: GcodeFlavor,
    /// Extruder distances are relative (M83).
    pub relative_e: bool,
    /// Added to all heights, mm.
    pub z_offset: f64,
    /// Limit of X, mm/s.
    pub max_speed_x: f64,
    /// Limit of Y, mm/s.
    pub max_speed_y: f64,
    /// Limit of Z, mm/s.
    pub max_speed_z: f64,
    /// Limit of the extruder, mm/s.
    pub max_speed_e: f64,
    /// Limit of X, mm/s².
    pub max_acceleration_x: f64,
    /// Limit of Y, mm/s².
    pub max_acceleration_y: f64,
    /// Limit of Z, mm/s².
    pub max_acceleration_z: f64,
    /// Limit of the extruder, mm/s².
    pub max_acceleration_e: f64,
    /// Limit while extruding, mm/s².
    pub max_acceleration_extruding: f64,
    /// Limit of retractions, mm/s².
    pub max_acceleration_retracting: f64,
    /// Limit of travels, mm/s².
    pub max_acceleration_travel: f64,
    /// Speed X may jump by, mm/s.
    pub max_jerk_x: f64,
    /// Speed Y may jump by, mm/s.
    pub max_jerk_y: f64,
    /// Speed Z may jump by, mm/s.
    pub max_jerk_z: f64,
    /// Speed the extruder may jump by, mm/s.
    pub max_jerk_e: f64,
    /// Junction deviation, mm; replaces jerk in Marlin 2 when above 0.
    pub junction_deviation: f64,
    /// Speed through a square corner (Klipper), mm/s.
    pub square_corner_velocity: f64,
    /// Writes the limits (M201, M203, M204, M205) at the start.
    pub emit_machine_limits: bool,
    /// Thumbnails as WxH/PNG, separated by commas.
    pub thumbnails: String,
    /// Room around the nozzle for printing one by one, mm.
    pub extruder_clearance_radius: f64,
    /// Height of the carriage above the nozzle's tip, mm.
    pub extruder_clearance_height: f64,
    // G-code
    /// Before the print; placeholders allowed.
    pub start_gcode: String,
    /// After the print; placeholders allowed.
    pub end_gcode: String,
    /// Before every change of layer.
    pub before_layer_gcode: String,
    /// After every change of layer.
    pub layer_gcode: String,
    /// Between objects that are printed one by one.
    pub between_objects_gcode: String,
    /// How objects are marked.
    pub label_objects: LabelObjects,
    /// Arcs are written as G2 and G3.
    pub arc_fitting: bool,
    /// Paths may deviate this much, mm.
    pub gcode_resolution: f64,
    /// Writes M73.
    pub remaining_times: bool,
    /// How several objects are printed.
    pub print_order: PrintOrder,
    /// Date for the head of the file; none keeps equal jobs equal.
    pub print_date: Option<String>,
}

impl Default for PrintSettings {
    fn default() -> Self {
        Self {
            layer_height: 0.2,
            first_layer_height: 0.2,
            slicing_mode: SlicingMode::default(),
            slice_closing_radius: 0.049,
            resolution: 0.01,
            xy_compensation: 0.0,
            hole_compensation: 0.0,
            elephant_foot_compensation: 0.0,
            nozzle_diameter: 0.4,
            line_width: LengthOrPercent::Percent(112.5),
            first_layer_line_width: None,
            perimeter_line_width: None,
            external_perimeter_line_width: None,
            infill_line_width: None,
            solid_infill_line_width: None,
            top_solid_infill_line_width: None,
            support_line_width: None,
            perimeters: 3,
            perimeter_generator: PerimeterGenerator::default(),
            perimeter_order: PerimeterOrder::default(),
            thin_walls: true,
            gap_fill: true,
            extra_perimeters_on_overhangs: false,
            one_wall_on_top: false,
            seam: SeamPosition::default(),
            overhang_speeds_enabled: true,
            overhang_speed_0: LengthOrPercent::Mm(15.0),
            overhang_speed_1: LengthOrPercent::Mm(20.0),
            overhang_speed_2: LengthOrPercent::Mm(30.0),
            overhang_speed_3: LengthOrPercent::Percent(100.0),
            spiral_vase: false,
            top_solid_layers: 5,
            bottom_solid_layers: 4,
            top_solid_min_thickness: 0.0,
            bottom_solid_min_thickness: 0.0,
            top_surface_pattern: SurfacePattern::default(),
            bottom_surface_pattern: SurfacePattern::default(),
            solid_infill_every_layers: 0,
            solid_infill_below_area: 10.0,
            bridge_flow_ratio: 1.0,
            bridge_angle: None,
            thick_bridges: true,
            infill_density: 20.0,
            infill_pattern: InfillPattern::Grid,
            infill_angle: 45.0,
            infill_every_layers: 1,
            infill_anchor: LengthOrPercent::Percent(600.0),
            infill_anchor_max: LengthOrPercent::Mm(50.0),
            infill_overlap: LengthOrPercent::Percent(25.0),
            support: Support::default(),
            support_threshold_angle: 45.0,
            support_buildplate_only: false,
            support_contact_distance: 0.2,
            support_bottom_contact_distance: None,
            support_xy_distance: LengthOrPercent::Percent(60.0),
            support_interface_layers: 2,
            support_bottom_interface_layers: None,
            support_interface_spacing: 0.2,
            support_spacing: 2.5,
            support_angle: 0.0,
            support_bridges: false,
            skirt_loops: 1,
            skirt_distance: 6.0,
            skirt_height: 1,
            min_skirt_length: 0.0,
            draft_shield: DraftShield::default(),
            brim_type: BrimType::default(),
            brim_width: 0.0,
            brim_separation: 0.0,
            raft_layers: 0,
            raft_contact_distance: 0.1,
            raft_expansion: 1.5,
            perimeter_speed: 60.0,
            external_perimeter_speed: LengthOrPercent::Percent(50.0),
            small_perimeter_speed: LengthOrPercent::Mm(15.0),
            infill_speed: 80.0,
            solid_infill_speed: LengthOrPercent::Mm(60.0),
            top_solid_infill_speed: LengthOrPercent::Mm(40.0),
            gap_fill_speed: 20.0,
            bridge_speed: 30.0,
            support_speed: 60.0,
            support_interface_speed: LengthOrPercent::Percent(100.0),
            travel_speed: 130.0,
            travel_speed_z: 0.0,
            first_layer_speed: LengthOrPercent::Mm(20.0),
            max_volumetric_speed: 0.0,
            acceleration: 0.0,
            first_layer_acceleration: 0.0,
            perimeter_acceleration: 0.0,
            external_perimeter_acceleration: 0.0,
            infill_acceleration: 0.0,
            solid_infill_acceleration: 0.0,
            top_solid_infill_acceleration: 0.0,
            bridge_acceleration: 0.0,
            travel_acceleration: 0.0,
            retract_length: 0.8,
            retract_speed: 35.0,
            deretract_speed: 0.0,
            retract_restart_extra: 0.0,
            retract_before_travel: 1.5,
            retract_layer_change: false,
            z_hop: 0.0,
            z_hop_above: 0.0,
            z_hop_below: 0.0,
            wipe: false,
            retract_before_wipe: 0.0,
            avoid_crossing_perimeters: false,
            avoid_crossing_max_detour: LengthOrPercent::Mm(0.0),
            firmware_retraction: false,
            filament_diameter: 1.75,
            filament_type: "PLA".into(),
            filament_density: 1.24,
            filament_cost: 0.0,
            filament_colour: "#FF8000".into(),
            filament_max_volumetric_speed: 0.0,
            extrusion_multiplier: 1.0,
            hotend_temperature: 210,
            first_layer_hotend_temperature: None,
            bed_temperature: 60,
            first_layer_bed_temperature: None,
            chamber_temperature: 0,
            pressure_advance: None,
            cooling: true,
            min_layer_time: 5.0,
            min_print_speed: 10.0,
            fan_below_layer_time: 60.0,
            fan_always_on: true,
            fan_min_speed: 35.0,
            fan_max_speed: 100.0,
            bridge_fan_speed: 100.0,
            overhang_fan_speed: None,
            disable_fan_first_layers: 1,
            full_fan_speed_layer: 0,
            printer_model: String::new(),
            bed_size: Size { x: 220.0, y: 220.0 },
            bed_origin: Size { x: 0.0, y: 0.0 },
            bed_height: 250.0,
            bed_round: false,
            gcode_flavor: GcodeFlavor::Marlin,
            relative_e: false,
            z_offset: 0.0,
            max_speed_x: 500.0,
            max_speed_y: 500.0,
            max_speed_z: 12.0,
            max_speed_e: 120.0,
            max_acceleration_x: 1500.0,
            max_acceleration_y: 1500.0,
            max_acceleration_z: 500.0,
            max_acceleration_e: 5000.0,
            max_acceleration_extruding: 1500.0,
            max_acceleration_retracting: 1500.0,
            max_acceleration_travel: 1500.0,
            max_jerk_x: 8.0,
            max_jerk_y: 8.0,
            max_jerk_z: 0.4,
            max_jerk_e: 5.0,
            junction_deviation: 0.0,
            square_corner_velocity: 5.0,
            emit_machine_limits: false,
            thumbnails: String::new(),
            extruder_clearance_radius: 45.0,
            extruder_clearance_height: 20.0,
            start_gcode: "G28 ; home all axes\nG1 Z5 F5000 ; lift the nozzle\n".into(),
            end_gcode: "M104 S0\nM140 S0\nG28 X0\nM84\n".into(),
            before_layer_gcode: String::new(),
            layer_gcode: String::new(),
            between_objects_gcode: String::new(),
            label_objects: LabelObjects::default(),
            arc_fitting: false,
            gcode_resolution: 0.0125,
            remaining_times: true,
            print_order: PrintOrder::default(),
            print_date: None,
        }
    }
}
