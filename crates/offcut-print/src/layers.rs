//! From a mesh to layers: heights, slices, compensation.

use crate::error::PrintError;
use crate::plan::Layer;
use crate::regions::spec::odd;
use offcut_geometry::loops::area2;
use offcut_geometry::offset::{Join, offset, opening};
use offcut_geometry::{Ctx, Loops, clip};
use offcut_mesh::slice::{Fill, SliceParams, slice_within};
use offcut_mesh::{Bounds, Mesh};
use offcut_settings::PrintSettings;
use offcut_settings::print::SlicingMode;
#[cfg(feature = "parallel")]
use rayon::prelude::*;

/// The layers of a mesh and what slicing had to mend.
#[derive(Debug, Default)]
pub struct Sliced {
    /// Bottom up; heights are measured from the lowest point of the mesh.
    pub layers: Vec<Layer>,
    /// Layers whose outline had gaps that were closed.
    pub repaired: usize,
    /// Pieces of outline that could not be closed and were left out.
    pub dropped: usize,
    /// Layers of which a spiral vase leaves out all but the largest contour.
    pub reduced: usize,
}

/// The first of some layers (top and thickness each, mm) in which the contour of a spiral vase rises: the
/// one above the bottom.
#[must_use]
pub fn spiral_from(layers: &[(f64, f64)], s: &PrintSettings) -> usize {
    let bottom = (s.bottom_solid_layers as usize).max(1);
    let thick = layers
        .iter()
        .position(|(z, h)| z - h >= s.bottom_solid_min_thickness - 1e-9)
        .unwrap_or(layers.len());
    bottom.max(thick)
}

/// Leaves the largest contour of an outline, without holes; true when there was more.
fn largest_contour(outline: &mut Loops) -> bool {
    let Some(largest) = (0..outline.len()).max_by_key(|&i| area2(outline.get(i))) else {
        return false;
    };
    let more = outline.len() > 1;
    if more {
        let mut one = Loops::new();
        one.push(outline.get(largest));
        *outline = one;
    }
    more
}

/// Tops and thicknesses of the layers of an object `height` mm high: as many as have their middle
/// inside it.
#[must_use]
pub fn heights(height: f64, s: &PrintSettings) -> Vec<(f64, f64)> {
    let mut out = Vec::new();
    let mut k = 0u32;
    loop {
        let z = s.first_layer_height + f64::from(k) * s.layer_height;
        let h = if k == 0 {
            s.first_layer_height
        } else {
            s.layer_height
        };
        if z - h / 2.0 >= height - 1e-4 {
            return out;
        }
        out.push((z, h));
        k += 1;
    }
}

/// Layers are cut so far below their middle, mm: of a flat face just there, what is below counts. A
/// plate between two such faces then has the layers that its thickness asks for, not one more.
const BELOW_MIDDLE: f64 = 0.000_01;

/// Slices a mesh whose box is known and whose origin in the plane is the middle of it.
///
/// # Errors
/// When the mesh cannot be sliced, or the job was cancelled.
pub fn layers(mesh: &Mesh, (lo, hi): Bounds, s: &PrintSettings, ctx: &Ctx) -> Result<Sliced, PrintError> {
    let bottom = f64::from(lo[2]);
    let heights = heights(f64::from(hi[2]) - bottom, s);
    let planes: Vec<f64> = heights
        .iter()
        .map(|(z, h)| bottom + z - h / 2.0 - BELOW_MIDDLE)
        .collect();
    let params = SliceParams {
        fill: match s.slicing_mode {
            SlicingMode::Regular => Fill::Positive,
            SlicingMode::EvenOdd => Fill::EvenOdd,
            SlicingMode::CloseHoles => Fill::CloseHoles,
        },
        resolution: s.resolution,
        closing_radius: s.slice_closing_radius,
        origin: [0, 1].map(|k| (f64::from(lo[k]) + f64::from(hi[k])) / 2.0),
    };
    let slices = slice_within(mesh, (lo, hi), &planes, &params, ctx)?;
    let one = |((z, height), outline): (&(f64, f64), Loops)| Layer {
        z: *z,
        height: *height,
        outline: compensated(outline, s, *z <= s.first_layer_height + 1e-9),
    };
    let mut outlines = slices.outlines;
    let mut reduced = 0;
    if s.spiral_vase {
        let rising = outlines.iter_mut().skip(spiral_from(&heights, s));
        reduced = rising.map(largest_contour).filter(|&more| more).count();
    }
    #[cfg(feature = "parallel")]
    let layers = heights
        .par_iter()
        .zip(outlines.into_par_iter())
        .with_max_len(4)
        .map(one)
        .collect();
    #[cfg(not(feature = "parallel"))]
    let layers = heights.iter().zip(outlines).map(one).collect();
    Ok(Sliced {
        layers,
        repaired: slices.repaired,
        dropped: slices.dropped,
        reduced,
    })
}

/// Applies the XY, hole and elephant-foot compensation.
fn compensated(outline: Loops, s: &PrintSettings, first: bool) -> Loops {
    let mut out = outline;
    if s.xy_compensation.abs() > 1e-6 {
        out = offset(&out, odd(s.xy_compensation), Join::Miter);
    }
    if s.hole_compensation.abs() > 1e-6 {
        let mut outer = Loops::new();
        let mut holes = Loops::new();
        for l in out.iter() {
            if area2(l) > 0 {
                outer.push(l)
            } else {
                holes.push(l)
            }
        }
        holes.reverse_all();
        out = clip::difference(
            &clip::positive(&outer),
            &offset(&holes, odd(s.hole_compensation), Join::Miter),
        );
    }
    if first && s.elephant_foot_compensation > 1e-6 {
        out = without_elephant_foot(&out, s.elephant_foot_compensation, s.nozzle_diameter);
    }
    out
}

/// Shrinks by `d` mm except where that would leave less than about a line's width.
fn without_elephant_foot(outline: &Loops, d: f64, least_width: f64) -> Loops {
    let shrunk = offset(outline, -odd(d), Join::Miter);
    let wide = opening(outline, odd(d + least_width / 2.0));
    let thin = clip::difference(outline, &offset(&wide, odd(0.02), Join::Miter));
    if thin.is_empty() {
        return shrunk;
    }
    let thin = opening(&thin, odd(0.05));
    clip::intersection(
        &clip::union(&shrunk, &offset(&thin, odd(0.02), Join::Miter)),
        outline,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_end_with_the_object() {
        let s = PrintSettings {
            layer_height: 0.3,
            first_layer_height: 0.2,
            ..PrintSettings::default()
        };
        let h = heights(10.0, &s);
        assert_eq!(h[0], (0.2, 0.2));
        assert!((h[1].0 - 0.5).abs() < 1e-12);
        // The middle of layer 34, at 9.95 mm, is still inside; that of the next is not.
        assert_eq!(h.len(), 34);
        let s = PrintSettings::default();
        assert_eq!(heights(20.0, &s).len(), 100);
        assert!((heights(20.0, &s)[99].0 - 20.0).abs() < 1e-9);
    }
}
