//! Settings of the machine: its room, its limits, its firmware's words.

/// Hands the definitions below to the next macro.
macro_rules! machine_settings {
    ($next:ident $($more:ident)* ; $($before:tt)*) => { $next! { $($more)* ; $($before)*

group "Machine" of [Machine] {
    /// Model of the printer.
    printer_model: String = String::new(), None;
    /// Size of the bed, mm, as 220x220.
    bed_size: Size = Size { x: 220.0, y: 220.0 }, Mm(1.0..=10000.0);
    /// Coordinates of the bed's front left corner, mm.
    bed_origin: Size = Size { x: 0.0, y: 0.0 }, Mm(-10000.0..=10000.0);
    /// Height of the room above the bed, mm.
    bed_height: f64 = 250.0, Mm(1.0..=10000.0);
    /// The bed is round, with the diameter bed_size.
    bed_round: bool = false, None advanced;
    /// Diameter of the nozzle, mm.
    nozzle_diameter: f64 = 0.4, Mm(0.05..=10.0);
    /// Dialect of the G-code.
    gcode_flavor: GcodeFlavor = GcodeFlavor::Marlin, None;
    /// Extruder distances are relative (M83).
    relative_e: bool = false, None advanced;
    /// Added to all heights, mm.
    z_offset: f64 = 0.0, Mm(-50.0..=50.0) advanced;
    /// The most the hotend stands, °C.
    max_hotend_temperature: u32 = 300, Celsius(0..=600) advanced;
    /// The most the bed reaches, °C.
    max_bed_temperature: u32 = 120, Celsius(0..=300) advanced;
    /// The machine stands in an enclosure.
    enclosed: bool = false, None advanced;
    /// Thumbnails as WxH/PNG, separated by commas.
    thumbnails: String = String::new(), None;
}
group "Machine" of [Machine, Process] {
    /// Room around the nozzle for printing one by one, mm.
    extruder_clearance_radius: f64 = 45.0, Mm(0.0..=1000.0) advanced;
    /// Height of the carriage above the nozzle's tip, mm.
    extruder_clearance_height: f64 = 20.0, Mm(0.0..=1000.0) advanced;
}
group "Machine limits" of [Machine] {
    /// Limit of X, mm/s.
    max_speed_x: f64 = 500.0, MmPerS(0.1..=5000.0);
    /// Limit of Y, mm/s.
    max_speed_y: f64 = 500.0, MmPerS(0.1..=5000.0);
    /// Limit of Z, mm/s.
    max_speed_z: f64 = 12.0, MmPerS(0.1..=5000.0);
    /// Limit of the extruder, mm/s.
    max_speed_e: f64 = 120.0, MmPerS(0.1..=5000.0);
    /// Limit of X, mm/s².
    max_acceleration_x: f64 = 1500.0, MmPerS2(1.0..=200000.0);
    /// Limit of Y, mm/s².
    max_acceleration_y: f64 = 1500.0, MmPerS2(1.0..=200000.0);
    /// Limit of Z, mm/s².
    max_acceleration_z: f64 = 500.0, MmPerS2(1.0..=200000.0);
    /// Limit of the extruder, mm/s².
    max_acceleration_e: f64 = 5000.0, MmPerS2(1.0..=200000.0);
    /// Limit while extruding, mm/s².
    max_acceleration_extruding: f64 = 1500.0, MmPerS2(1.0..=200000.0);
    /// Limit of retractions, mm/s².
    max_acceleration_retracting: f64 = 1500.0, MmPerS2(1.0..=200000.0);
    /// Limit of travels, mm/s².
    max_acceleration_travel: f64 = 1500.0, MmPerS2(1.0..=200000.0);
    /// Speed X may jump by, mm/s.
    max_jerk_x: f64 = 8.0, MmPerS(0.0..=1000.0) advanced;
    /// Speed Y may jump by, mm/s.
    max_jerk_y: f64 = 8.0, MmPerS(0.0..=1000.0) advanced;
    /// Speed Z may jump by, mm/s.
    max_jerk_z: f64 = 0.4, MmPerS(0.0..=1000.0) advanced;
    /// Speed the extruder may jump by, mm/s.
    max_jerk_e: f64 = 5.0, MmPerS(0.0..=1000.0) advanced;
    /// Junction deviation, mm; replaces jerk in Marlin 2 when above 0.
    junction_deviation: f64 = 0.0, Mm(0.0..=1.0) advanced;
    /// Speed through a square corner (Klipper), mm/s.
    square_corner_velocity: f64 = 5.0, MmPerS(0.0..=1000.0) advanced;
    /// Writes the limits (M201, M203, M204, M205) at the start.
    emit_machine_limits: bool = false, None advanced;
}
group "Retraction" of [Machine, Material] {
    /// Filament pulled back before a travel, mm; 0 none.
    retract_length: f64 = 0.8, Mm(0.0..=1000.0);
    /// Speed of the pull, mm/s.
    retract_speed: f64 = 35.0, MmPerS(0.1..=1000.0);
    /// Speed of the push, mm/s; 0 as retract_speed.
    deretract_speed: f64 = 0.0, MmPerS(0.0..=1000.0) advanced;
    /// Filament pushed on top, mm.
    retract_restart_extra: f64 = 0.0, Mm(-10.0..=10.0) advanced;
    /// Travels shorter than this are made without retraction, mm.
    retract_before_travel: f64 = 1.5, Mm(0.0..=1000.0);
    /// Retracts at every change of layer.
    retract_layer_change: bool = false, None advanced;
    /// Lift during retracted travels, mm.
    z_hop: f64 = 0.0, Mm(0.0..=100.0);
    /// No lift below this height, mm.
    z_hop_above: f64 = 0.0, Mm(0.0..=10000.0) advanced;
    /// No lift above this height, mm; 0 no limit.
    z_hop_below: f64 = 0.0, Mm(0.0..=10000.0) advanced;
    /// Wipes the nozzle along the line just printed while retracting.
    wipe: bool = false, None;
    /// Share of the retraction made before the wipe, %.
    retract_before_wipe: f64 = 0.0, Percent(0.0..=100.0) advanced;
    /// Retracts by G10 and G11.
    firmware_retraction: bool = false, None advanced;
}
group "G-code" of [Machine] {
    /// Before the print; placeholders allowed.
    start_gcode: String = "G28 ; home all axes\nG1 Z5 F5000 ; lift the nozzle\n".into(), Gcode;
    /// After the print; placeholders allowed.
    end_gcode: String = "M104 S0\nM140 S0\nG28 X0\nM84\n".into(), Gcode;
    /// Before every change of layer.
    before_layer_gcode: String = String::new(), Gcode advanced;
    /// After every change of layer.
    layer_gcode: String = String::new(), Gcode advanced;
    /// Between objects that are printed one by one.
    between_objects_gcode: String = String::new(), Gcode advanced;
}
    } };
}
