//! The settings of support in the units that the stages work in.

use super::raster::Frame;
use crate::error::PrintError;
use crate::plan::Layer;
use offcut_geometry::{BBox, Coord, grid};
use offcut_settings::print::{PrintSettings, Support};
use offcut_settings::speeds::Line;

/// The styles of support that can be made.
#[must_use]
pub const fn supported_styles() -> &'static [Support] {
    &[Support::None, Support::Grid, Support::Snug]
}

/// Refuses settings of support that cannot be followed.
///
/// # Errors
/// [`PrintError::SupportStyle`] for a style outside [`supported_styles`].
pub fn check(settings: &PrintSettings) -> Result<(), PrintError> {
    if supported_styles().contains(&settings.support) {
        Ok(())
    } else {
        Err(PrintError::SupportStyle)
    }
}

/// Distance of lattice points, mm: finer than a line, so that thin gaps and walls are seen.
const STEP: f64 = 0.3;
/// Most lattice points along one side: wider objects get a coarser lattice.
const MAX_SIDE: f64 = 640.0;
/// Steps within so much height are seen together when small overhangs are removed, mm.
const WINDOW: f64 = 0.8;

/// What the stages of support read.
#[derive(Debug, Clone)]
pub struct Params {
    /// Columns snapped to a coarse grid.
    pub snap: bool,
    /// Bridges are supported too.
    pub bridges: bool,
    /// Only what stands on the bed.
    pub buildplate_only: bool,
    /// Step of the lattice, grid units.
    pub step: Coord,
    /// Samples along a cell of the coarse grid.
    pub cell: usize,
    /// Steps per layer height wider than this times the height hang over.
    pub reach_per_height: f64,
    /// Steps up to this are tolerated whatever the height, grid units.
    pub min_reach: Coord,
    /// Gap between support and object above and below, mm.
    pub gap_top: f64,
    /// See `gap_top`.
    pub gap_bottom: f64,
    /// Distance of the centre lines from the object's sides, grid units.
    pub side: Coord,
    /// Distance of the centre lines from what lies above and below, seen from the top, grid units.
    pub edge: Coord,
    /// Dense layers below the object.
    pub interface_top: usize,
    /// Dense layers on the object.
    pub interface_bottom: usize,
    /// How many samples a contact is larger than its overhang.
    pub grow: usize,
    /// How many samples the first layer is larger than the columns.
    pub foot: usize,
    /// Line of support above the first layer.
    pub width: f64,
    /// Line of the first layer.
    pub first_width: f64,
    /// Distance of the lines of the base, mm.
    pub base_pitch: f64,
    /// Distance of the lines of the interface, mm.
    pub interface_pitch: f64,
    /// Direction of the base's lines, radians.
    pub angle: f64,
    /// Layers of the window of `WINDOW`.
    pub window: usize,
    /// There is a raft below.
    pub raft: bool,
}

impl Params {
    pub(super) fn new(s: &PrintSettings, bbox: &BBox) -> Self {
        let width = s.width_of(Line::Support, false);
        let base_pitch = s.support_spacing.max(0.0) + width;
        let size = f64::from(
            bbox.max
                .x
                .abs_diff(bbox.min.x)
                .max(bbox.max.y.abs_diff(bbox.min.y)),
        );
        let wanted = STEP.max(size / offcut_geometry::UNITS_PER_MM / MAX_SIDE);
        let cell = (base_pitch / wanted).round().clamp(1.0, 32.0) as usize;
        let step = grid((base_pitch / cell as f64).clamp(0.5 * wanted, 1.5 * wanted));
        let xy = grid(s.support_xy_distance_mm().max(0.0));
        let half = grid(width / 2.0);
        let angle = s.support_threshold_angle.clamp(0.0, 90.0);
        let (reach_per_height, min_reach) = if angle > 0.0 {
            // Slopes of the threshold itself are supported: one degree more takes them in safely.
            (1.0 / libm::tan((angle + 1.0).min(90.0).to_radians()), 0)
        } else {
            // Automatic: a line may hang over by half its width.
            (0.0, half)
        };
        let slack = super::contour::slack(step, xy + half) + grid(super::fill::FINE);
        let samples = |mm: f64| (grid(mm) / step).max(1) as usize;
        Self {
            snap: s.support == Support::Grid,
            bridges: s.support_bridges,
            buildplate_only: s.support_buildplate_only,
            step,
            cell,
            reach_per_height,
            min_reach,
            gap_top: s.support_contact_distance.max(0.0),
            gap_bottom: s
                .support_bottom_contact_distance
                .unwrap_or(s.support_contact_distance)
                .max(0.0),
            side: xy + half + slack,
            edge: half,
            interface_top: s.support_interface_layers as usize,
            interface_bottom: s
                .support_bottom_interface_layers
                .unwrap_or(s.support_interface_layers) as usize,
            grow: samples(0.6),
            foot: samples(1.2),
            width,
            first_width: s.width_of(Line::Support, true),
            base_pitch,
            interface_pitch: s.support_interface_spacing.max(0.0) + width,
            angle: s.support_angle.to_radians(),
            window: (WINDOW / s.layer_height.max(0.01)).round().clamp(2.0, 16.0) as usize,
            raft: s.raft_layers > 0,
        }
    }

    /// The lattice over an object.
    pub(super) fn frame(&self, bbox: &BBox) -> Frame {
        let beyond = self.cell + self.grow + self.foot + 3;
        Frame::new(bbox, self.step, self.step * beyond as Coord)
    }

    /// The widest step that layer `l` may make over the one below, grid units.
    pub(super) fn reach(&self, l: &Layer) -> Coord {
        grid(l.height * self.reach_per_height).max(self.min_reach)
    }
}
