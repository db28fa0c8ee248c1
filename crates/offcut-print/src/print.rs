//! The whole way: meshes in, motion program out.

use crate::error::PrintError;
use crate::layers::layers;
use crate::pipeline::{Source, join};
use crate::plan::Layer;
use crate::plate::{Anchor, Notice, around, place};
use crate::regions::Regions;
use crate::regions::adhesion::raft;
use crate::regions::support::support;
use crate::toolpaths::{Placed, SeamTarget, columns};
use offcut_gcode::Program;
use offcut_geometry::hull::convex_hull;
use offcut_geometry::{Ctx, Loops, Point};
use offcut_mesh::{Bounds, Mesh};
use offcut_settings::PrintSettings;
use offcut_settings::print::PrintOrder;
use offcut_settings::print::SeamPosition;
#[cfg(feature = "parallel")]
use rayon::prelude::*;

/// A mesh to be printed. Its lowest point goes to the bed.
#[derive(Debug, Clone, Copy)]
pub struct Body<'a> {
    /// Its name, for labels and messages.
    pub name: &'a str,
    /// The mesh, mm.
    pub mesh: &'a Mesh,
    /// Its box, mm.
    pub bounds: Bounds,
    /// Where the mesh's origin lies, mm: places relative to those of the other bodies of its group.
    pub places: &'a [[f64; 2]],
    /// Bodies of one group, one after the other in the list, keep their places relative to each other.
    pub group: usize,
    /// How many times the whole group is printed.
    pub copies: usize,
}

/// A planned print.
#[derive(Debug, Default)]
pub struct Printed {
    /// The motion.
    pub program: Program,
    /// Per body the layers whose outline had gaps that were closed, and the pieces of outline that
    /// could not be closed and were left out.
    pub mended: Vec<(usize, usize)>,
    /// What was done otherwise than asked for.
    pub notices: Vec<Notice>,
}

/// Slices, plans and orders a print. One group stands at `anchor`; several groups or copies are arranged
/// around it.
///
/// # Errors
/// When a mesh cannot be sliced, there is nothing to print or no room for it, or on cancellation.
pub fn print(bodies: &[Body], anchor: Anchor, s: &PrintSettings, ctx: &Ctx) -> Result<Printed, PrintError> {
    let vase;
    let mut s = s;
    if s.spiral_vase {
        let several = bodies.iter().map(|b| b.copies * b.places.len()).sum::<usize>() > 1;
        if several && s.print_order == PrintOrder::ByLayer {
            return Err(PrintError::SeveralSpirals);
        }
        vase = s.as_spiral_vase();
        s = &vase;
    }
    let mut sliced = Vec::with_capacity(bodies.len());
    for b in bodies {
        ctx.report("slicing", sliced.len() as f32 / bodies.len() as f32);
        sliced.push(layers(b.mesh, b.bounds, s, ctx)?);
    }
    let mut notices = Vec::new();
    let mut source = Source::default();
    let mut placed = Vec::with_capacity(bodies.len());
    let mut grounds = Vec::with_capacity(bodies.len());
    for (b, sliced) in bodies.iter().zip(&sliced) {
        if sliced.reduced > 0 {
            notices.push(Notice::OneContour {
                name: b.name.to_owned(),
                layers: sliced.reduced,
            });
        }
        let (ground, seams) = one(&sliced.layers, &mut source, s, ctx)?;
        placed.push(Placed {
            name: b.name.to_owned(),
            instances: Vec::new(),
            hull: ground.hull.clone(),
            seams,
        });
        grounds.push(ground);
    }
    notices.extend(place(&mut placed, bodies, anchor, s)?);
    let (skirt, left_out) = around(&placed, source.levels(), &grounds, s);
    notices.extend(left_out);
    drop(grounds);
    let program = source.print(&placed, &skirt, s, ctx)?;
    Ok(Printed {
        program,
        mended: sliced.iter().map(|s| (s.repaired, s.dropped)).collect(),
        notices,
    })
}

/// What an object covers of the bed, object coordinates.
pub(crate) struct Footprint {
    pub first: Loops,
    pub support: Loops,
    pub hull: Vec<Point>,
}

/// Makes the layers of an object ready to be planned; returns what it covers and where its seams shall be.
fn one<'a>(
    layers: &'a [Layer],
    source: &mut Source<'a>,
    s: &'a PrintSettings,
    ctx: &Ctx,
) -> Result<(Footprint, Vec<Vec<SeamTarget>>), PrintError> {
    // What goes up layer by layer takes one thread and needs nothing but the outlines.
    let (planned, (mut points, mut seams)) = join(
        || -> Result<_, PrintError> { Ok((support(layers, s, ctx)?, Regions::new(layers, s, ctx)?)) },
        || (corners(layers), seams(layers, s)),
    );
    let (support, regions) = planned?;
    for beads in &support.layers {
        points.extend_from_slice(&beads.points);
    }
    let first = layers.first().map(|l| l.outline.clone()).unwrap_or_default();
    let raft = raft(&first, &support.footprint, s);
    points.extend_from_slice(&raft.footprint.points);
    let hull = convex_hull(&points);
    let footprint = if raft.layers.is_empty() {
        Footprint {
            first,
            support: support.footprint,
            hull,
        }
    } else {
        if !seams.is_empty() {
            seams.splice(0..0, vec![Vec::new(); raft.layers.len()]);
        }
        Footprint {
            first: raft.footprint,
            support: Loops::new(),
            hull,
        }
    };
    source.add(layers, regions, support.layers, raft.layers, raft.lift);
    Ok((footprint, seams))
}

/// The corners of the convex hull of every run of layers.
fn corners(layers: &[Layer]) -> Vec<Point> {
    const RUN: usize = 16;
    let run = |layers: &[Layer]| {
        let points: Vec<Point> = layers.iter().flat_map(|l| &l.outline.points).copied().collect();
        convex_hull(&points)
    };
    #[cfg(feature = "parallel")]
    let hulls: Vec<_> = layers.par_chunks(RUN).map(run).collect();
    #[cfg(not(feature = "parallel"))]
    let hulls: Vec<_> = layers.chunks(RUN).map(run).collect();
    hulls.concat()
}

/// Where the seams of the layers' loops shall be; nothing when they follow no line.
fn seams(layers: &[Layer], s: &PrintSettings) -> Vec<Vec<SeamTarget>> {
    match s.seam {
        SeamPosition::Aligned => columns(layers),
        _ => Vec::new(),
    }
}
