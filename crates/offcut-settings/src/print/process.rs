//! Settings of the process: what the object shall be like, and how fast it is made.

/// Hands the definitions below to the next macro.
macro_rules! process_settings {
    ($next:ident $($more:ident)* ; $($before:tt)*) => { $next! { $($more)* ; $($before)*

group "Layers" of [Process] {
    /// Height of a layer, mm.
    layer_height: f64 = 0.2, Mm(0.01..=2.0);
    /// Height of the first layer, mm.
    first_layer_height: f64 = 0.2, Mm(0.01..=2.0);
    /// How overlapping and reversed shells are read.
    slicing_mode: SlicingMode = SlicingMode::Regular, None advanced;
    /// Gaps in the mesh up to twice this are closed at slicing, mm.
    slice_closing_radius: f64 = 0.049, Mm(0.0..=5.0) advanced;
    /// Outlines may deviate this much from the mesh, mm.
    resolution: f64 = 0.01, Mm(0.0..=1.0) advanced;
    /// Outlines grow by this, mm; negative shrinks.
    xy_compensation: f64 = 0.0, Mm(-5.0..=5.0) advanced;
    /// Holes grow by this, mm; negative shrinks.
    hole_compensation: f64 = 0.0, Mm(-5.0..=5.0) advanced;
}
group "Layers" of [Machine, Process] {
    /// The first layer shrinks by this, mm.
    elephant_foot_compensation: f64 = 0.0, Mm(0.0..=2.0) advanced;
}
group "Line widths" of [Process] {
    /// Width of lines, mm or % of the nozzle.
    line_width: LengthOrPercent = Percent(112.5), Mm(0.05..=10.0);
    /// Width of lines of the first layer, mm or % of the nozzle; line_width when not set.
    first_layer_line_width: Option<LengthOrPercent> = None, Mm(0.05..=10.0) advanced;
    /// Width of lines of inner perimeters, mm or % of the nozzle; line_width when not set.
    perimeter_line_width: Option<LengthOrPercent> = None, Mm(0.05..=10.0) advanced;
    /// Width of lines of the external perimeter, mm or % of the nozzle; line_width when not set.
    external_perimeter_line_width: Option<LengthOrPercent> = None, Mm(0.05..=10.0) advanced;
    /// Width of lines of sparse infill, mm or % of the nozzle; line_width when not set.
    infill_line_width: Option<LengthOrPercent> = None, Mm(0.05..=10.0) advanced;
    /// Width of lines of solid infill, mm or % of the nozzle; line_width when not set.
    solid_infill_line_width: Option<LengthOrPercent> = None, Mm(0.05..=10.0) advanced;
    /// Width of lines of top surfaces, mm or % of the nozzle; line_width when not set.
    top_solid_infill_line_width: Option<LengthOrPercent> = None, Mm(0.05..=10.0) advanced;
    /// Width of lines of support, mm or % of the nozzle; line_width when not set.
    support_line_width: Option<LengthOrPercent> = None, Mm(0.05..=10.0) advanced;
}
group "Perimeters" of [Process] {
    /// Loops around every island.
    perimeters: u32 = 3, Count(0..=1000);
    /// How perimeters are made.
    perimeter_generator: PerimeterGenerator = PerimeterGenerator::Classic, None advanced;
    /// Which perimeter of an island is printed first.
    perimeter_order: PerimeterOrder = PerimeterOrder::InsideOut, None;
    /// Walls too thin for two lines get one.
    thin_walls: bool = true, None;
    /// Gaps between perimeters are filled.
    gap_fill: bool = true, None;
    /// Overhangs that can't be bridged get perimeters instead of solid infill.
    extra_perimeters_on_overhangs: bool = false, None advanced;
    /// Top surfaces get one perimeter only.
    one_wall_on_top: bool = false, None;
    /// The first layer gets one perimeter only.
    one_wall_on_first_layer: bool = false, None advanced;
    /// Where loops begin.
    seam: SeamPosition = SeamPosition::Aligned, None;
    /// One rising perimeter without a seam, no infill above the bottom.
    spiral_vase: bool = false, None;
}
group "Surfaces" of [Process] {
    /// Solid layers below top surfaces.
    top_solid_layers: u32 = 5, Count(0..=10000);
    /// Solid layers above bottom surfaces.
    bottom_solid_layers: u32 = 4, Count(0..=10000);
    /// Top shells are at least this thick, mm.
    top_solid_min_thickness: f64 = 0.0, Mm(0.0..=1000.0);
    /// Bottom shells are at least this thick, mm.
    bottom_solid_min_thickness: f64 = 0.0, Mm(0.0..=1000.0);
    /// Pattern of top surfaces.
    top_surface_pattern: SurfacePattern = SurfacePattern::Monotonic, None;
    /// Pattern of bottom surfaces.
    bottom_surface_pattern: SurfacePattern = SurfacePattern::Monotonic, None;
    /// Every so many layers one is solid; 0 never.
    solid_infill_every_layers: u32 = 0, Count(0..=10000) advanced;
    /// Sparse regions smaller than this are solid, mm².
    solid_infill_below_area: f64 = 10.0, Mm2(0.0..=1000000.0) advanced;
    /// Flow of bridges as a ratio of a round thread of the nozzle's diameter.
    bridge_flow_ratio: f64 = 1.0, Ratio(0.1..=3.0) advanced;
    /// Direction of bridges, degrees; found when not set.
    bridge_angle: Option<f64> = None, Degree(-360.0..=360.0) advanced;
    /// Bridges are round threads of the nozzle's diameter.
    thick_bridges: bool = true, None advanced;
    /// Flow of bridges over sparse infill as a ratio of that of solid infill, or of a round thread.
    internal_bridge_flow_ratio: f64 = 1.0, Ratio(0.1..=3.0) advanced;
    /// Bridges over sparse infill are round threads of the nozzle's diameter.
    thick_internal_bridges: bool = true, None advanced;
}
group "Infill" of [Process] {
    /// Share of the inside that sparse infill fills, %.
    infill_density: f64 = 20.0, Percent(0.0..=100.0);
    /// Pattern of sparse infill.
    infill_pattern: InfillPattern = InfillPattern::Grid, None;
    /// Direction of infill lines, degrees from the X axis.
    infill_angle: f64 = 45.0, Degree(-360.0..=360.0) advanced;
    /// Sparse infill of so many layers is combined into one thicker layer.
    infill_every_layers: u32 = 1, Count(1..=1000) advanced;
    /// Length along the wall by which an infill line is anchored, mm or % of the infill line width.
    infill_anchor: LengthOrPercent = Percent(600.0), Mm(0.0..=10000.0) advanced;
    /// Infill lines are linked along the wall when the link is not longer, mm or % of the infill line width.
    infill_anchor_max: LengthOrPercent = Mm(50.0), Mm(0.0..=10000.0) advanced;
    /// Overlap of infill with the perimeters, mm or % of the perimeter line width.
    infill_overlap: LengthOrPercent = Percent(25.0), Mm(0.0..=10.0) advanced;
}
group "Support" of [Process] {
    /// Support structures.
    support: Support = Support::None, None;
    /// Overhangs flatter than this from the horizontal are supported, degrees.
    support_threshold_angle: f64 = 45.0, Degree(0.0..=90.0);
    /// Support stands on the bed only.
    support_buildplate_only: bool = false, None;
    /// Gap between lines of support, mm.
    support_spacing: f64 = 2.5, Mm(0.0..=100.0) advanced;
    /// Direction of support lines, degrees.
    support_angle: f64 = 0.0, Degree(-360.0..=360.0) advanced;
    /// Bridges are supported too.
    support_bridges: bool = false, None advanced;
    /// Dense layers below the object.
    support_interface_layers: u32 = 2, Count(0..=1000);
    /// Dense layers on top of the object; support_interface_layers when not set.
    support_bottom_interface_layers: Option<u32> = None, Count(0..=1000) advanced;
    /// Gap between lines of the interface, mm.
    support_interface_spacing: f64 = 0.2, Mm(0.0..=100.0) advanced;
    /// Distance between support and the object's sides, mm or % of the external perimeter line width.
    support_xy_distance: LengthOrPercent = Percent(60.0), Mm(0.0..=100.0) advanced;
}
group "Support" of [Material, Process] {
    /// Gap between support and the object above, mm.
    support_contact_distance: f64 = 0.2, Mm(0.0..=10.0);
    /// Gap between the object and support standing on it, mm; support_contact_distance when not set.
    support_bottom_contact_distance: Option<f64> = None, Mm(0.0..=10.0) advanced;
}
group "Adhesion" of [Process] {
    /// Loops around everything in the first layers; 0 none.
    skirt_loops: u32 = 1, Count(0..=100);
    /// Distance of the skirt from the objects, mm.
    skirt_distance: f64 = 6.0, Mm(0.0..=200.0);
    /// Layers of the skirt.
    skirt_height: u32 = 1, Count(0..=100000);
    /// The skirt is at least so long, mm of filament.
    min_skirt_length: f64 = 0.0, Mm(0.0..=10000.0) advanced;
}
group "Adhesion" of [Material, Process] {
    /// A wall around the print.
    draft_shield: DraftShield = DraftShield::Disabled, None advanced;
    /// Where the brim is.
    brim_type: BrimType = BrimType::Outer, None;
    /// Width of the brim, mm; 0 none.
    brim_width: f64 = 0.0, Mm(0.0..=500.0);
    /// Gap between brim and object, mm.
    brim_separation: f64 = 0.0, Mm(0.0..=10.0) advanced;
    /// Layers of the raft; 0 none.
    raft_layers: u32 = 0, Count(0..=1000);
    /// Gap between raft and object, mm.
    raft_contact_distance: f64 = 0.1, Mm(0.0..=10.0) advanced;
    /// The raft is so much larger than the object, mm.
    raft_expansion: f64 = 1.5, Mm(0.0..=100.0) advanced;
}
group "Speeds" of [Machine, Process] {
    /// Speed of inner perimeters, mm/s.
    perimeter_speed: f64 = 60.0, MmPerS(0.1..=2000.0);
    /// Speed of the external perimeter, mm/s or % of perimeter_speed.
    external_perimeter_speed: LengthOrPercent = Percent(50.0), MmPerS(0.1..=2000.0);
    /// Speed of loops of a radius up to 6.5 mm, mm/s or % of perimeter_speed; 0 off.
    small_perimeter_speed: LengthOrPercent = Mm(15.0), MmPerS(0.0..=2000.0);
    /// Speed of sparse infill, mm/s.
    infill_speed: f64 = 80.0, MmPerS(0.1..=2000.0);
    /// Speed of solid infill, mm/s or % of infill_speed.
    solid_infill_speed: LengthOrPercent = Mm(60.0), MmPerS(0.1..=2000.0);
    /// Speed of top surfaces, mm/s or % of solid_infill_speed.
    top_solid_infill_speed: LengthOrPercent = Mm(40.0), MmPerS(0.1..=2000.0);
    /// Speed of gap fill, mm/s.
    gap_fill_speed: f64 = 20.0, MmPerS(0.1..=2000.0);
    /// Speed of bridges, mm/s.
    bridge_speed: f64 = 30.0, MmPerS(0.1..=2000.0);
    /// Speed of bridges over sparse infill, mm/s or % of bridge_speed.
    internal_bridge_speed: LengthOrPercent = Percent(100.0), MmPerS(0.1..=2000.0) advanced;
    /// Speed of support, mm/s.
    support_speed: f64 = 60.0, MmPerS(0.1..=2000.0);
    /// Speed of the support's interface, mm/s or % of support_speed.
    support_interface_speed: LengthOrPercent = Percent(100.0), MmPerS(0.1..=2000.0);
    /// Speed of travels, mm/s.
    travel_speed: f64 = 130.0, MmPerS(0.1..=2000.0);
    /// Speed of travels along Z, mm/s; 0 as travel_speed.
    travel_speed_z: f64 = 0.0, MmPerS(0.0..=2000.0) advanced;
    /// Speed of the first layer, mm/s or % of each speed.
    first_layer_speed: LengthOrPercent = Mm(20.0), MmPerS(0.1..=2000.0);
    /// Perimeters slow down where they hang over.
    overhang_speeds_enabled: bool = true, None;
    /// Speed where a line hangs over wholly, mm/s or % of the perimeter speed.
    overhang_speed_0: LengthOrPercent = Mm(15.0), MmPerS(0.1..=2000.0) advanced;
    /// Speed where three quarters of a line hang over, mm/s or % of the perimeter speed.
    overhang_speed_1: LengthOrPercent = Mm(20.0), MmPerS(0.1..=2000.0) advanced;
    /// Speed where half a line hangs over, mm/s or % of the perimeter speed.
    overhang_speed_2: LengthOrPercent = Mm(30.0), MmPerS(0.1..=2000.0) advanced;
    /// Speed where a quarter of a line hangs over, mm/s or % of the perimeter speed.
    overhang_speed_3: LengthOrPercent = Percent(100.0), MmPerS(0.1..=2000.0) advanced;
    /// Speeds are lowered so that no more than this flows, mm³/s; 0 no limit.
    max_volumetric_speed: f64 = 0.0, Mm3PerS(0.0..=1000.0) advanced;
}
group "Accelerations" of [Machine, Process] {
    /// Acceleration of printing moves that have none of their own, mm/s²; 0 leaves it to the firmware.
    acceleration: f64 = 0.0, MmPerS2(0.0..=200000.0);
    /// Acceleration in the first layer, mm/s²; 0 as acceleration.
    first_layer_acceleration: f64 = 0.0, MmPerS2(0.0..=200000.0) advanced;
    /// Acceleration of inner perimeters, mm/s²; 0 as acceleration.
    perimeter_acceleration: f64 = 0.0, MmPerS2(0.0..=200000.0) advanced;
    /// Acceleration of the external perimeter, mm/s²; 0 as perimeter_acceleration.
    external_perimeter_acceleration: f64 = 0.0, MmPerS2(0.0..=200000.0) advanced;
    /// Acceleration of infill, mm/s²; 0 as acceleration.
    infill_acceleration: f64 = 0.0, MmPerS2(0.0..=200000.0) advanced;
    /// Acceleration of solid infill, mm/s²; 0 as infill_acceleration.
    solid_infill_acceleration: f64 = 0.0, MmPerS2(0.0..=200000.0) advanced;
    /// Acceleration of top surfaces, mm/s²; 0 as solid_infill_acceleration.
    top_solid_infill_acceleration: f64 = 0.0, MmPerS2(0.0..=200000.0) advanced;
    /// Acceleration of bridges, mm/s²; 0 as acceleration.
    bridge_acceleration: f64 = 0.0, MmPerS2(0.0..=200000.0) advanced;
    /// Acceleration of travels, mm/s²; 0 as acceleration.
    travel_acceleration: f64 = 0.0, MmPerS2(0.0..=200000.0) advanced;
}
group "Travel" of [Machine, Process] {
    /// Travels go round walls.
    avoid_crossing_perimeters: bool = false, None;
    /// Longest detour around walls, mm or % of the direct way; 0 no limit.
    avoid_crossing_max_detour: LengthOrPercent = Mm(0.0), Mm(0.0..=10000.0) advanced;
}
group "Output" of [Machine, Process] {
    /// How objects are marked.
    label_objects: LabelObjects = LabelObjects::None, None;
    /// Arcs are written as G2 and G3.
    arc_fitting: bool = false, None;
    /// Paths may deviate this much, mm.
    gcode_resolution: f64 = 0.0125, Mm(0.0..=1.0) advanced;
    /// Writes M73.
    remaining_times: bool = true, None;
    /// How several objects are printed.
    print_order: PrintOrder = PrintOrder::ByLayer, None;
    /// Date for the head of the file; none keeps equal jobs equal.
    print_date: Option<String> = None, None advanced;
}
    } };
}
