//! Plane slicing by an own sweep.
//!
//! In: a triangle soup and rising plane heights. Out: per plane a valid polygon set in grid units.
//!
//! Two passes over the triangles: the first counts segments per plane from the z coordinates alone,
//! the second writes each segment straight into its plane's slot. Planes sit half a grid unit above
//! their nominal height, so that no vertex lies on one and every crossing is proper. An edge is
//! always interpolated from its lower to its upper end: both of its triangles give the same point to
//! the bit, so chaining needs no tolerance.

mod chain;
mod segments;

use crate::mesh::Mesh;
use chain::Chainer;
use offcut_geometry::offset::closing;
use offcut_geometry::{Coord, Ctx, Loops, Point, UNITS_PER_MM, clip, grid};
#[cfg(feature = "parallel")]
use rayon::prelude::*;
use thiserror::Error;

/// How overlapping and nested shells are read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fill {
    /// Material where shells wind positively.
    #[default]
    Positive,
    /// Every second shell is a hole.
    EvenOdd,
    /// Only the outermost shells count.
    CloseHoles,
}

/// What slicing needs to know.
#[derive(Debug, Clone, Copy)]
pub struct SliceParams {
    /// How shells are read.
    pub fill: Fill,
    /// Outlines may deviate this much from the mesh, mm.
    pub resolution: f64,
    /// Where the outline had to be repaired, gaps up to twice this are closed, mm.
    pub closing_radius: f64,
    /// The point of the plane that becomes the origin of the outlines, mm.
    pub origin: [f64; 2],
}

/// The slices of a mesh.
#[derive(Debug, Default)]
pub struct Slices {
    /// One valid polygon set per plane.
    pub outlines: Vec<Loops>,
    /// Planes whose outline had gaps that were closed.
    pub repaired: usize,
    /// Pieces of outline that could not be closed and were left out.
    pub dropped: usize,
}

/// Why a mesh could not be sliced.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SliceError {
    /// No triangles.
    #[error("the mesh has no triangles; there is nothing to slice")]
    Empty,
    /// A coordinate does not fit the grid.
    #[error("the mesh reaches to {0} mm; offcut works within ±5 m: scale it or check its unit")]
    TooLarge(f32),
    /// A coordinate is not a number.
    #[error("the mesh has a vertex that is not a finite number")]
    NotFinite,
    /// Cancelled from outside.
    #[error(transparent)]
    Cancelled(#[from] offcut_geometry::Cancelled),
}

/// Cuts `mesh` at the given heights (mm, rising). A plane that touches a flat face keeps that face,
/// whether it looks up or down.
///
/// # Errors
/// See [`SliceError`].
pub fn slice(mesh: &Mesh, heights: &[f64], params: &SliceParams, ctx: &Ctx) -> Result<Slices, SliceError> {
    let bounds = mesh.bounds().ok_or(SliceError::Empty)?;
    slice_within(mesh, bounds, heights, params, ctx)
}

/// As [`fn@slice`], when the box of the mesh ([`Mesh::bounds`]) is known already.
///
/// # Errors
/// See [`SliceError`].
pub fn slice_within(
    mesh: &Mesh,
    (lo, hi): ([f32; 3], [f32; 3]),
    heights: &[f64],
    params: &SliceParams,
    ctx: &Ctx,
) -> Result<Slices, SliceError> {
    for v in lo.iter().chain(&hi) {
        if !v.is_finite() {
            return Err(SliceError::NotFinite);
        }
        if v.abs() > 5000.0 {
            return Err(SliceError::TooLarge(*v));
        }
    }
    let frame = segments::Frame::new(lo);
    let top = ((f64::from(hi[2]) - f64::from(lo[2])) * UNITS_PER_MM) as Coord + 1;
    let nominal: Vec<Coord> = heights
        .iter()
        .map(|h| grid(h - f64::from(lo[2])).clamp(-1, top))
        .collect();
    let (planes, segments) = segments::collect(&mesh.triangles, &frame, &nominal, top);
    let shift = Point::new(
        grid(f64::from(lo[0]) - params.origin[0]),
        grid(f64::from(lo[1]) - params.origin[1]),
    );
    let one = |(chainer, scratch): &mut (Chainer, Vec<segments::Segment>),
               i: usize|
     -> Result<(Loops, bool, usize), SliceError> {
        ctx.check()?;
        let mut loops = Loops::new();
        let mut repaired = false;
        let mut dropped = 0;
        for k in planes.of(i) {
            let mut raw = Loops::new();
            let own = segments.of_plane(k, scratch);
            let gaps = chainer.chain(own, params.resolution * UNITS_PER_MM, &mut raw);
            repaired |= gaps.closed > 0;
            dropped += gaps.dropped;
            let mut clean = match params.fill {
                Fill::Positive => clip::positive(&raw),
                Fill::EvenOdd => clip::even_odd(&raw),
                Fill::CloseHoles => without_holes(&raw),
            };
            if gaps.closed > 0 && params.closing_radius > 0.0 {
                clean = closing(&clean, grid(params.closing_radius) | 1);
            }
            loops = if loops.is_empty() {
                clean
            } else {
                clip::union(&loops, &clean)
            };
        }
        loops.translate(shift);
        Ok((loops, repaired, dropped))
    };
    #[cfg(feature = "parallel")]
    let layers: Vec<_> = (0..heights.len())
        .into_par_iter()
        // Of the few long runs that the layers are cut into otherwise one thread gets the last.
        .with_max_len(8)
        .map_init(Default::default, one)
        .collect::<Result<_, _>>()?;
    #[cfg(not(feature = "parallel"))]
    let layers: Vec<_> = {
        let mut scratch = Default::default();
        (0..heights.len())
            .map(|i| one(&mut scratch, i))
            .collect::<Result<_, _>>()?
    };
    let mut out = Slices::default();
    for (loops, repaired, dropped) in layers {
        out.outlines.push(loops);
        out.repaired += usize::from(repaired);
        out.dropped += dropped;
    }
    Ok(out)
}

fn without_holes(raw: &Loops) -> Loops {
    let mut outer = Loops::new();
    for l in clip::non_zero(raw).iter() {
        if offcut_geometry::loops::area2(l) > 0 {
            outer.push(l);
        }
    }
    clip::positive(&outer)
}
