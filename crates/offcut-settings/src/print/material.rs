//! Settings of the material: the filament, its temperatures and how it is cooled.

/// Hands the definitions below to the next macro.
macro_rules! material_settings {
    ($next:ident $($more:ident)* ; $($before:tt)*) => { $next! { $($more)* ; $($before)*

group "Material" of [Material] {
    /// Diameter of the filament, mm.
    filament_diameter: f64 = 1.75, Mm(0.5..=10.0);
    /// Kind of plastic.
    filament_type: String = "PLA".into(), None;
    /// Density, g/cm³.
    filament_density: f64 = 1.24, Density(0.0..=25.0);
    /// Price of a kilogram.
    filament_cost: f64 = 0.0, PerKg(0.0..=1000000.0);
    /// Colour as #RRGGBB.
    filament_colour: String = "#FF8000".into(), None;
    /// The most this filament can flow, mm³/s; 0 no limit.
    filament_max_volumetric_speed: f64 = 0.0, Mm3PerS(0.0..=1000.0);
    /// Factor on all flows.
    extrusion_multiplier: f64 = 1.0, Ratio(0.01..=3.0);
    /// Linear or pressure advance, s; left to the firmware when not set.
    pressure_advance: Option<f64> = None, S(0.0..=10.0);
}
group "Temperatures" of [Material] {
    /// Temperature of the hotend, °C.
    hotend_temperature: u32 = 210, Celsius(0..=600);
    /// Temperature of the hotend in the first layer, °C; hotend_temperature when not set.
    first_layer_hotend_temperature: Option<u32> = None, Celsius(0..=600);
    /// Temperature of the bed, °C; 0 unheated.
    bed_temperature: u32 = 60, Celsius(0..=300);
    /// Temperature of the bed in the first layer, °C; bed_temperature when not set.
    first_layer_bed_temperature: Option<u32> = None, Celsius(0..=300);
    /// Temperature of the chamber, °C; 0 unheated.
    chamber_temperature: u32 = 0, Celsius(0..=200) advanced;
}
group "Cooling" of [Material, Process] {
    /// Slows down and fans short layers.
    cooling: bool = true, None;
    /// Layers shorter than this are slowed down, s.
    min_layer_time: f64 = 5.0, S(0.0..=3600.0);
    /// Slowing down stops at this speed, mm/s.
    min_print_speed: f64 = 10.0, MmPerS(0.0..=2000.0);
    /// The fan runs for layers shorter than this, s.
    fan_below_layer_time: f64 = 60.0, S(0.0..=3600.0);
    /// The fan runs at least at its minimum.
    fan_always_on: bool = true, None;
    /// Fan speed for layers at fan_below_layer_time, %.
    fan_min_speed: f64 = 35.0, Percent(0.0..=100.0);
    /// Fan speed for layers at min_layer_time, %.
    fan_max_speed: f64 = 100.0, Percent(0.0..=100.0);
    /// Fan speed for bridges, %.
    bridge_fan_speed: f64 = 100.0, Percent(0.0..=100.0);
    /// Fan speed for bridges over sparse infill, %; bridge_fan_speed when not set.
    internal_bridge_fan_speed: Option<f64> = None, Percent(0.0..=100.0) advanced;
    /// Fan speed for overhanging perimeters, %; as the layer when not set.
    overhang_fan_speed: Option<f64> = None, Percent(0.0..=100.0) advanced;
    /// The fan stays off for so many layers.
    disable_fan_first_layers: u32 = 1, Count(0..=10000);
    /// The fan reaches its full speed in this layer, rising before; 0 at once.
    full_fan_speed_layer: u32 = 0, Count(0..=10000) advanced;
}
    } };
}
