//! Which key of PrusaSlicer is which setting here.

use super::convert::{
    self, Convert, Outcome, dropped, exact, first, inverted, is_on, nearly, surface_pattern, width,
};
use super::dropped::reason;
use super::ini::Preset;
use crate::table::Scope;

/// How a value is taken over.
enum Rule {
    /// The first value, which means the same.
    Same(&'static str),
    /// As [`Rule::Same`], but 0 lets PrusaSlicer choose.
    NotZero(&'static str),
    /// As [`Rule::Same`], but 0 (or −1) is unset.
    Unset(&'static str),
    /// A text in quotes.
    Text(&'static str),
    /// G-code.
    Gcode(&'static str),
    /// A width.
    Width(&'static str),
    /// A switch that says the contrary.
    Not(&'static str),
    /// Something of its own.
    Own(Convert),
}
use Rule::{Gcode, Not, NotZero, Own, Same, Text, Unset, Width};

const PRINT: &[(&str, Rule)] = &[
    ("layer_height", Same("layer_height")),
    ("first_layer_height", Own(convert::first_layer_height)),
    ("slicing_mode", Same("slicing_mode")),
    ("slice_closing_radius", Same("slice_closing_radius")),
    ("resolution", Same("resolution")),
    ("gcode_resolution", Same("gcode_resolution")),
    ("xy_size_compensation", Same("xy_compensation")),
    ("elefant_foot_compensation", Same("elephant_foot_compensation")),
    ("extrusion_width", Width("line_width")),
    ("first_layer_extrusion_width", Width("first_layer_line_width")),
    ("perimeter_extrusion_width", Width("perimeter_line_width")),
    (
        "external_perimeter_extrusion_width",
        Width("external_perimeter_line_width"),
    ),
    ("infill_extrusion_width", Width("infill_line_width")),
    ("solid_infill_extrusion_width", Width("solid_infill_line_width")),
    ("top_infill_extrusion_width", Width("top_solid_infill_line_width")),
    ("support_material_extrusion_width", Width("support_line_width")),
    ("perimeters", Same("perimeters")),
    (
        "perimeter_generator",
        Own(|v, _| match v {
            "arachne" => nearly("perimeter_generator", v, "variable-width walls are not there yet"),
            _ => exact("perimeter_generator", v),
        }),
    ),
    (
        "external_perimeters_first",
        Own(|v, _| {
            exact(
                "perimeter_order",
                if v == "1" { "outside_in" } else { "inside_out" },
            )
        }),
    ),
    ("thin_walls", Same("thin_walls")),
    ("gap_fill_enabled", Same("gap_fill")),
    (
        "extra_perimeters_on_overhangs",
        Same("extra_perimeters_on_overhangs"),
    ),
    (
        "top_one_perimeter_type",
        Own(|v, _| match v {
            "none" => exact("one_wall_on_top", "false"),
            "topmost" => nearly(
                "one_wall_on_top",
                "true",
                "on all top surfaces, not only the topmost",
            ),
            _ => exact("one_wall_on_top", "true"),
        }),
    ),
    ("only_one_perimeter_top", Same("one_wall_on_top")),
    ("only_one_perimeter_first_layer", Same("one_wall_on_first_layer")),
    ("seam_position", Same("seam")),
    ("spiral_vase", Same("spiral_vase")),
    ("top_solid_layers", Same("top_solid_layers")),
    ("bottom_solid_layers", Same("bottom_solid_layers")),
    ("top_solid_min_thickness", Same("top_solid_min_thickness")),
    ("bottom_solid_min_thickness", Same("bottom_solid_min_thickness")),
    (
        "top_fill_pattern",
        Own(|v, _| surface_pattern("top_surface_pattern", v)),
    ),
    (
        "bottom_fill_pattern",
        Own(|v, _| surface_pattern("bottom_surface_pattern", v)),
    ),
    (
        "external_fill_pattern",
        Own(|v, _| {
            convert::both(
                surface_pattern("top_surface_pattern", v),
                surface_pattern("bottom_surface_pattern", v),
            )
        }),
    ),
    (
        "ensure_vertical_shell_thickness",
        Own(|_, _| dropped("the thickness of shells is always kept")),
    ),
    ("solid_infill_every_layers", Same("solid_infill_every_layers")),
    ("solid_infill_below_area", Same("solid_infill_below_area")),
    (
        "bridge_flow_ratio",
        Own(|v, _| {
            convert::both(
                exact("bridge_flow_ratio", v),
                exact("internal_bridge_flow_ratio", v),
            )
        }),
    ),
    ("bridge_angle", Unset("bridge_angle")),
    (
        "thick_bridges",
        Own(|v, _| convert::both(exact("thick_bridges", v), exact("thick_internal_bridges", v))),
    ),
    ("fill_density", Same("infill_density")),
    ("fill_pattern", Own(convert::infill_pattern)),
    ("fill_angle", Same("infill_angle")),
    ("infill_every_layers", Same("infill_every_layers")),
    ("infill_anchor", Same("infill_anchor")),
    ("infill_anchor_max", Same("infill_anchor_max")),
    ("infill_overlap", Same("infill_overlap")),
    ("support_material", Own(convert::support)),
    ("support_material_threshold", NotZero("support_threshold_angle")),
    (
        "support_material_buildplate_only",
        Same("support_buildplate_only"),
    ),
    (
        "support_material_contact_distance",
        Same("support_contact_distance"),
    ),
    (
        "support_material_bottom_contact_distance",
        Unset("support_bottom_contact_distance"),
    ),
    ("support_material_xy_spacing", Same("support_xy_distance")),
    (
        "support_material_interface_layers",
        Same("support_interface_layers"),
    ),
    (
        "support_material_bottom_interface_layers",
        Own(|v, _| {
            exact(
                "support_bottom_interface_layers",
                if v.starts_with('-') { "auto" } else { v },
            )
        }),
    ),
    (
        "support_material_interface_spacing",
        Same("support_interface_spacing"),
    ),
    ("support_material_spacing", Same("support_spacing")),
    ("support_material_angle", Same("support_angle")),
    ("support_material_speed", NotZero("support_speed")),
    (
        "support_material_interface_speed",
        NotZero("support_interface_speed"),
    ),
    ("dont_support_bridges", Not("support_bridges")),
    ("skirts", Same("skirt_loops")),
    ("skirt_distance", Same("skirt_distance")),
    ("skirt_height", Same("skirt_height")),
    ("min_skirt_length", Same("min_skirt_length")),
    (
        "draft_shield",
        Own(|v, _| match v {
            "1" => exact("draft_shield", "enabled"),
            "0" => exact("draft_shield", "disabled"),
            _ => exact("draft_shield", v),
        }),
    ),
    ("brim_type", Own(convert::brim_type)),
    ("brim_width", Own(convert::brim_width)),
    ("brim_separation", Same("brim_separation")),
    ("raft_layers", Same("raft_layers")),
    ("raft_contact_distance", Same("raft_contact_distance")),
    ("raft_expansion", Same("raft_expansion")),
    ("perimeter_speed", NotZero("perimeter_speed")),
    ("external_perimeter_speed", NotZero("external_perimeter_speed")),
    ("small_perimeter_speed", Same("small_perimeter_speed")),
    ("infill_speed", NotZero("infill_speed")),
    ("solid_infill_speed", NotZero("solid_infill_speed")),
    ("top_solid_infill_speed", NotZero("top_solid_infill_speed")),
    (
        "gap_fill_speed",
        Own(|v, _| match v.parse::<f64>() {
            Ok(0.0) => exact("gap_fill", "false"),
            _ => exact("gap_fill_speed", v),
        }),
    ),
    ("bridge_speed", NotZero("bridge_speed")),
    ("travel_speed", NotZero("travel_speed")),
    ("travel_speed_z", Same("travel_speed_z")),
    ("first_layer_speed", NotZero("first_layer_speed")),
    ("max_volumetric_speed", Same("max_volumetric_speed")),
    ("enable_dynamic_overhang_speeds", Same("overhang_speeds_enabled")),
    ("overhang_speed_0", NotZero("overhang_speed_0")),
    ("overhang_speed_1", NotZero("overhang_speed_1")),
    ("overhang_speed_2", NotZero("overhang_speed_2")),
    ("overhang_speed_3", NotZero("overhang_speed_3")),
    ("default_acceleration", Same("acceleration")),
    ("first_layer_acceleration", Same("first_layer_acceleration")),
    ("perimeter_acceleration", Same("perimeter_acceleration")),
    (
        "external_perimeter_acceleration",
        Same("external_perimeter_acceleration"),
    ),
    ("infill_acceleration", Same("infill_acceleration")),
    ("solid_infill_acceleration", Same("solid_infill_acceleration")),
    (
        "top_solid_infill_acceleration",
        Same("top_solid_infill_acceleration"),
    ),
    ("bridge_acceleration", Same("bridge_acceleration")),
    ("travel_acceleration", Same("travel_acceleration")),
    ("avoid_crossing_perimeters", Same("avoid_crossing_perimeters")),
    (
        "avoid_crossing_perimeters_max_detour",
        Same("avoid_crossing_max_detour"),
    ),
    (
        "complete_objects",
        Own(|v, _| exact("print_order", if v == "1" { "by_object" } else { "by_layer" })),
    ),
    (
        "gcode_label_objects",
        Own(|v, _| match v {
            "0" | "disabled" => exact("label_objects", "none"),
            "1" => exact("label_objects", "octoprint"),
            _ => exact("label_objects", v),
        }),
    ),
    (
        "label_printed_objects",
        Own(|v, _| exact("label_objects", if v == "1" { "octoprint" } else { "none" })),
    ),
    (
        "arc_fitting",
        Own(|v, _| exact("arc_fitting", if v == "disabled" { "false" } else { "true" })),
    ),
    ("extruder_clearance_radius", Same("extruder_clearance_radius")),
    ("extruder_clearance_height", Same("extruder_clearance_height")),
];

const FILAMENT: &[(&str, Rule)] = &[
    ("filament_diameter", Same("filament_diameter")),
    ("filament_type", Text("filament_type")),
    ("filament_density", Same("filament_density")),
    ("filament_cost", Same("filament_cost")),
    ("filament_colour", Text("filament_colour")),
    (
        "filament_max_volumetric_speed",
        Same("filament_max_volumetric_speed"),
    ),
    ("extrusion_multiplier", Same("extrusion_multiplier")),
    ("temperature", Same("hotend_temperature")),
    ("first_layer_temperature", Same("first_layer_hotend_temperature")),
    ("bed_temperature", Same("bed_temperature")),
    ("first_layer_bed_temperature", Same("first_layer_bed_temperature")),
    ("chamber_temperature", Same("chamber_temperature")),
    (
        "chamber_minimal_temperature",
        Own(|_, _| dropped("the print does not wait for the chamber")),
    ),
    ("cooling", Same("cooling")),
    ("slowdown_below_layer_time", Same("min_layer_time")),
    ("min_print_speed", Same("min_print_speed")),
    ("fan_below_layer_time", Same("fan_below_layer_time")),
    ("fan_always_on", Same("fan_always_on")),
    ("min_fan_speed", Same("fan_min_speed")),
    ("max_fan_speed", Same("fan_max_speed")),
    ("bridge_fan_speed", Same("bridge_fan_speed")),
    ("disable_fan_first_layers", Same("disable_fan_first_layers")),
    ("full_fan_speed_layer", Same("full_fan_speed_layer")),
    (
        "enable_dynamic_fan_speeds",
        Own(|v, p| match (first(v), p.get("overhang_fan_speed_0")) {
            ("1", Some(speed)) => nearly("overhang_fan_speed", first(speed), "one speed for all overhangs"),
            ("1", None) => dropped("there is no overhang_fan_speed_0"),
            _ => exact("overhang_fan_speed", "auto"),
        }),
    ),
    ("start_filament_gcode", Own(convert::filament_start)),
    ("filament_retract_length", Same("retract_length")),
    ("filament_retract_speed", Same("retract_speed")),
    ("filament_deretract_speed", Same("deretract_speed")),
    ("filament_retract_restart_extra", Same("retract_restart_extra")),
    ("filament_retract_before_travel", Same("retract_before_travel")),
    ("filament_retract_layer_change", Same("retract_layer_change")),
    ("filament_retract_before_wipe", Same("retract_before_wipe")),
    ("filament_retract_lift", Same("z_hop")),
    ("filament_retract_lift_above", Same("z_hop_above")),
    ("filament_retract_lift_below", Same("z_hop_below")),
    ("filament_wipe", Same("wipe")),
];

const PRINTER: &[(&str, Rule)] = &[
    ("printer_model", Text("printer_model")),
    ("bed_shape", Own(convert::bed_shape)),
    ("max_print_height", Same("bed_height")),
    ("nozzle_diameter", Same("nozzle_diameter")),
    ("gcode_flavor", Own(convert::gcode_flavor)),
    ("use_relative_e_distances", Same("relative_e")),
    ("z_offset", Same("z_offset")),
    ("thumbnails", Own(convert::thumbnails)),
    ("remaining_times", Same("remaining_times")),
    ("machine_max_feedrate_x", Same("max_speed_x")),
    ("machine_max_feedrate_y", Same("max_speed_y")),
    ("machine_max_feedrate_z", Same("max_speed_z")),
    ("machine_max_feedrate_e", Same("max_speed_e")),
    ("machine_max_acceleration_x", Same("max_acceleration_x")),
    ("machine_max_acceleration_y", Same("max_acceleration_y")),
    ("machine_max_acceleration_z", Same("max_acceleration_z")),
    ("machine_max_acceleration_e", Same("max_acceleration_e")),
    (
        "machine_max_acceleration_extruding",
        Same("max_acceleration_extruding"),
    ),
    (
        "machine_max_acceleration_retracting",
        Same("max_acceleration_retracting"),
    ),
    ("machine_max_acceleration_travel", Same("max_acceleration_travel")),
    ("machine_max_jerk_x", Same("max_jerk_x")),
    ("machine_max_jerk_y", Same("max_jerk_y")),
    ("machine_max_jerk_z", Same("max_jerk_z")),
    ("machine_max_jerk_e", Same("max_jerk_e")),
    ("machine_max_junction_deviation", Same("junction_deviation")),
    (
        "machine_limits_usage",
        Own(|v, _| match v {
            "emit_to_gcode" => exact("emit_machine_limits", "true"),
            "ignore" => nearly(
                "emit_machine_limits",
                "false",
                "the time estimate heeds them all the same",
            ),
            _ => exact("emit_machine_limits", "false"),
        }),
    ),
    ("retract_length", Same("retract_length")),
    ("retract_speed", Same("retract_speed")),
    ("deretract_speed", Same("deretract_speed")),
    ("retract_restart_extra", Same("retract_restart_extra")),
    ("retract_before_travel", Same("retract_before_travel")),
    ("retract_layer_change", Same("retract_layer_change")),
    ("retract_lift", Same("z_hop")),
    ("retract_lift_above", Same("z_hop_above")),
    ("retract_lift_below", Same("z_hop_below")),
    ("wipe", Same("wipe")),
    ("retract_before_wipe", Same("retract_before_wipe")),
    ("use_firmware_retraction", Same("firmware_retraction")),
    ("start_gcode", Gcode("start_gcode")),
    ("end_gcode", Gcode("end_gcode")),
    ("before_layer_gcode", Gcode("before_layer_gcode")),
    ("layer_gcode", Gcode("layer_gcode")),
    ("between_objects_gcode", Gcode("between_objects_gcode")),
    (
        "autoemit_temperature_commands",
        Own(|_, p| match is_on(p, "autoemit_temperature_commands") {
            true => dropped("always done"),
            false => dropped("temperatures that the start G-code does not set are always set"),
        }),
    ),
];

fn find(key: &str) -> Option<(Scope, &'static Rule)> {
    [
        (Scope::Process, PRINT),
        (Scope::Material, FILAMENT),
        (Scope::Machine, PRINTER),
    ]
    .into_iter()
    .find_map(|(scope, rules)| {
        rules
            .iter()
            .find(|(k, _)| *k == key)
            .map(|(_, rule)| (scope, rule))
    })
}

/// Our name of a key of PrusaSlicer that has one: for hints and for placeholders in G-code.
#[must_use]
pub fn counterpart(key: &str) -> Option<&'static str> {
    match find(key)?.1 {
        Same(to) | NotZero(to) | Unset(to) | Text(to) | Gcode(to) | Width(to) | Not(to) => Some(to),
        Own(_) => OWN_NAMES
            .iter()
            .find(|(theirs, _)| *theirs == key)
            .map(|(_, to)| *to),
    }
}

/// Our names of keys that are converted by functions of their own.
const OWN_NAMES: &[(&str, &str)] = &[
    ("fill_pattern", "infill_pattern"),
    ("support_material", "support"),
    ("bed_shape", "bed_size"),
    ("top_fill_pattern", "top_surface_pattern"),
    ("bottom_fill_pattern", "bottom_surface_pattern"),
    ("external_perimeters_first", "perimeter_order"),
    ("gcode_label_objects", "label_objects"),
    ("complete_objects", "print_order"),
];

/// The kind of preset that a key belongs to in PrusaSlicer.
pub(super) fn section(key: &str) -> Scope {
    find(key).map_or(Scope::Process, |(scope, _)| scope)
}

/// What becomes of a key.
pub(super) fn outcome(key: &str, value: &str, preset: &Preset) -> Outcome {
    let one = first(value).trim_matches('"');
    if matches!(one, "nil" | "") && !key.ends_with("_gcode") {
        return dropped("not set there");
    }
    let Some((_, rule)) = find(key) else {
        return dropped(reason(key).unwrap_or("no such key is known of PrusaSlicer 2.5 to 2.9"));
    };
    let zero = || one.trim_end_matches('%').parse::<f64>().is_ok_and(|v| v <= 0.0);
    match rule {
        Same(to) => exact(to, one),
        NotZero(_) if zero() => dropped("0 lets PrusaSlicer choose"),
        NotZero(to) => exact(to, one),
        Unset(to) => exact(to, if zero() { "auto" } else { one }),
        Text(to) => exact(
            to,
            convert::unescape(value.split(';').next().unwrap_or(value).trim()),
        ),
        Gcode(to) => convert::gcode(to, value),
        Width(to) => width(to, one, preset),
        Not(to) => inverted(to, value),
        Own(convert) => convert(value, preset),
    }
}
