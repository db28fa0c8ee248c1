//! What settings say about one kind of line: its width, speed and acceleration, with percentages and
//! "as that one" resolved.

use crate::flow;
use crate::print::PrintSettings;

/// The kinds of lines that have widths, speeds and accelerations of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Line {
    /// The outline of an island or a hole.
    ExternalPerimeter,
    /// Loops inside the external one.
    Perimeter,
    /// A loop of a radius up to 6.5 mm.
    SmallPerimeter,
    /// Sparse infill.
    SparseInfill,
    /// Solid infill inside and at the bottom.
    SolidInfill,
    /// Solid infill that is seen from above.
    TopSolidInfill,
    /// Lines in gaps and thin walls.
    GapFill,
    /// Threads over air.
    Bridge,
    /// Support and raft.
    Support,
    /// Dense support that touches the object.
    SupportInterface,
    /// Skirt, brim and draft shield.
    SkirtBrim,
}

impl Line {
    /// All kinds.
    pub const ALL: [Self; 11] = [
        Self::ExternalPerimeter,
        Self::Perimeter,
        Self::SmallPerimeter,
        Self::SparseInfill,
        Self::SolidInfill,
        Self::TopSolidInfill,
        Self::GapFill,
        Self::Bridge,
        Self::Support,
        Self::SupportInterface,
        Self::SkirtBrim,
    ];
}

/// The first of some values that is above 0, else 0.
fn first_positive<const N: usize>(values: [f64; N]) -> f64 {
    values.into_iter().find(|v| *v > 0.0).unwrap_or(0.0)
}

impl PrintSettings {
    /// Width of lines, mm. In the first layer `first_layer_line_width` comes before the others.
    /// Thick bridges have the diameter of their thread, also in the first layer.
    #[must_use]
    pub fn width_of(&self, line: Line, first_layer: bool) -> f64 {
        if line == Line::Bridge && self.thick_bridges {
            return flow::bridge_diameter(self.nozzle_diameter, self.bridge_flow_ratio);
        }
        let own = match line {
            Line::ExternalPerimeter => self.external_perimeter_line_width,
            Line::Perimeter | Line::SmallPerimeter | Line::GapFill => self.perimeter_line_width,
            Line::SparseInfill => self.infill_line_width,
            Line::SolidInfill | Line::Bridge => self.solid_infill_line_width,
            Line::TopSolidInfill => self.top_solid_infill_line_width,
            Line::Support | Line::SupportInterface => self.support_line_width,
            Line::SkirtBrim => self.perimeter_line_width,
        };
        let first = self.first_layer_line_width.filter(|_| first_layer);
        first
            .or(own)
            .unwrap_or(self.line_width)
            .resolve(self.nozzle_diameter)
    }

    /// Speed of lines, mm/s, before cooling, overhangs and the limit of flow.
    ///
    /// `first_layer_speed` replaces the speeds of the first layer, or scales them when it is a percentage.
    #[must_use]
    pub fn speed_of(&self, line: Line, first_layer: bool) -> f64 {
        let speed = match line {
            Line::ExternalPerimeter => self.external_perimeter_speed_mm_s(),
            Line::Perimeter | Line::SkirtBrim => self.perimeter_speed,
            Line::SmallPerimeter => self.small_perimeter_speed_mm_s().unwrap_or(self.perimeter_speed),
            Line::SparseInfill => self.infill_speed,
            Line::SolidInfill => self.solid_infill_speed_mm_s(),
            Line::TopSolidInfill => self.top_solid_infill_speed_mm_s(),
            Line::GapFill => self.gap_fill_speed,
            Line::Bridge => self.bridge_speed,
            Line::Support => self.support_speed,
            Line::SupportInterface => self.support_interface_speed.resolve(self.support_speed),
        };
        if first_layer {
            self.first_layer_speed.resolve(speed)
        } else {
            speed
        }
    }

    /// Speed of the external perimeter, mm/s.
    #[must_use]
    pub fn external_perimeter_speed_mm_s(&self) -> f64 {
        self.external_perimeter_speed.resolve(self.perimeter_speed)
    }

    /// Speed of loops of a radius up to 6.5 mm, mm/s; none when they have no speed of their own.
    #[must_use]
    pub fn small_perimeter_speed_mm_s(&self) -> Option<f64> {
        Some(self.small_perimeter_speed.resolve(self.perimeter_speed)).filter(|v| *v > 0.0)
    }

    /// Speed of bridges over sparse infill, mm/s.
    #[must_use]
    pub fn internal_bridge_speed_mm_s(&self) -> f64 {
        self.internal_bridge_speed.resolve(self.bridge_speed)
    }

    /// Speed of solid infill, mm/s.
    #[must_use]
    pub fn solid_infill_speed_mm_s(&self) -> f64 {
        self.solid_infill_speed.resolve(self.infill_speed)
    }

    /// Speed of top surfaces, mm/s.
    #[must_use]
    pub fn top_solid_infill_speed_mm_s(&self) -> f64 {
        self.top_solid_infill_speed
            .resolve(self.solid_infill_speed_mm_s())
    }

    /// Speeds of a perimeter of the given speed whose line hangs over wholly, by three quarters, by half
    /// and by a quarter, mm/s. None when overhangs are not slowed down. Percentages are of `speed`.
    #[must_use]
    pub fn overhang_speeds_mm_s(&self, speed: f64) -> Option<[f64; 4]> {
        let steps = [
            self.overhang_speed_0,
            self.overhang_speed_1,
            self.overhang_speed_2,
            self.overhang_speed_3,
        ];
        self.overhang_speeds_enabled
            .then(|| steps.map(|s| s.resolve(speed)))
    }

    /// Speed of travels along Z, mm/s.
    #[must_use]
    pub fn travel_speed_z_mm_s(&self) -> f64 {
        first_positive([self.travel_speed_z, self.travel_speed])
    }

    /// Speed at which retracted filament is pushed back, mm/s.
    #[must_use]
    pub fn deretract_speed_mm_s(&self) -> f64 {
        first_positive([self.deretract_speed, self.retract_speed])
    }

    /// Acceleration of lines, mm/s²; none when it is left to the firmware.
    #[must_use]
    pub fn acceleration_of(&self, line: Line, first_layer: bool) -> Option<f64> {
        let a = self.acceleration;
        let own = match line {
            _ if first_layer && self.first_layer_acceleration > 0.0 => self.first_layer_acceleration,
            Line::ExternalPerimeter => {
                first_positive([self.external_perimeter_acceleration, self.perimeter_acceleration])
            }
            Line::Perimeter | Line::SmallPerimeter | Line::GapFill => self.perimeter_acceleration,
            Line::SparseInfill => self.infill_acceleration,
            Line::SolidInfill => first_positive([self.solid_infill_acceleration, self.infill_acceleration]),
            Line::TopSolidInfill => first_positive([
                self.top_solid_infill_acceleration,
                self.solid_infill_acceleration,
                self.infill_acceleration,
            ]),
            Line::Bridge => self.bridge_acceleration,
            Line::Support | Line::SupportInterface | Line::SkirtBrim => 0.0,
        };
        Some(first_positive([own, a])).filter(|v| *v > 0.0)
    }

    /// Acceleration of travels, mm/s²; none when it is left to the firmware.
    #[must_use]
    pub fn travel_acceleration_mm_s2(&self) -> Option<f64> {
        Some(first_positive([self.travel_acceleration, self.acceleration])).filter(|v| *v > 0.0)
    }

    /// The most that may flow, mm³/s; none without a limit of print or filament.
    #[must_use]
    pub fn volumetric_limit_mm3_s(&self) -> Option<f64> {
        [self.max_volumetric_speed, self.filament_max_volumetric_speed]
            .into_iter()
            .filter(|v| *v > 0.0)
            .min_by(f64::total_cmp)
    }

    /// Temperature of the hotend in the first layer, °C.
    #[must_use]
    pub fn first_layer_hotend_temperature(&self) -> u32 {
        self.first_layer_hotend_temperature
            .unwrap_or(self.hotend_temperature)
    }

    /// Temperature of the bed in the first layer, °C.
    #[must_use]
    pub fn first_layer_bed_temperature(&self) -> u32 {
        self.first_layer_bed_temperature.unwrap_or(self.bed_temperature)
    }

    /// Gap between the object and support that stands on it, mm.
    #[must_use]
    pub fn support_bottom_contact_distance_mm(&self) -> f64 {
        self.support_bottom_contact_distance
            .unwrap_or(self.support_contact_distance)
    }

    /// Dense layers of support on top of the object.
    #[must_use]
    pub fn support_bottom_interface_layers(&self) -> u32 {
        self.support_bottom_interface_layers
            .unwrap_or(self.support_interface_layers)
    }

    /// Distance between support and the object's sides, mm.
    #[must_use]
    pub fn support_xy_distance_mm(&self) -> f64 {
        self.support_xy_distance
            .resolve(self.width_of(Line::ExternalPerimeter, false))
    }

    /// Overlap of infill with the perimeters, mm.
    #[must_use]
    pub fn infill_overlap_mm(&self) -> f64 {
        self.infill_overlap.resolve(self.width_of(Line::Perimeter, false))
    }

    /// Length along the wall by which an infill line is anchored, mm. At most
    /// [`PrintSettings::infill_anchor_max_mm`].
    #[must_use]
    pub fn infill_anchor_mm(&self) -> f64 {
        let anchor = self
            .infill_anchor
            .resolve(self.width_of(Line::SparseInfill, false));
        anchor.min(self.infill_anchor_max_mm())
    }

    /// The longest link of infill lines along the wall, mm.
    #[must_use]
    pub fn infill_anchor_max_mm(&self) -> f64 {
        self.infill_anchor_max
            .resolve(self.width_of(Line::SparseInfill, false))
    }

    /// Plastic of a line, mm³ a mm of path, for the given layer height. Bridges have a thread's section:
    /// round when thick, else a bead scaled by `bridge_flow_ratio`. `extrusion_multiplier` is not included.
    #[must_use]
    pub fn mm3_per_mm(&self, line: Line, height: f64, first_layer: bool) -> f64 {
        let width = self.width_of(line, first_layer);
        match (line, self.thick_bridges) {
            (Line::Bridge, true) => flow::round_area(width),
            (Line::Bridge, false) => flow::bead_area(width, height) * self.bridge_flow_ratio,
            _ => flow::bead_area(width, height),
        }
    }
}
