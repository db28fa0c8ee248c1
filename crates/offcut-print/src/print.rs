//! The whole way: meshes in, motion program out.

use crate::error::PrintError;
use crate::layers::layers;
use crate::plan::{Layer, LayerPlan};
use crate::plate::{Anchor, Notice, around, place};
use crate::regions::adhesion::raft;
use crate::regions::plan_layers;
use crate::regions::support::support;
use crate::toolpaths::{Job, PrintObject, plan};
use offcut_gcode::Program;
use offcut_geometry::hull::convex_hull;
use offcut_geometry::{Ctx, Loops, Point};
use offcut_mesh::Mesh;
use offcut_settings::PrintSettings;
use offcut_settings::print::PrintOrder;

/// A mesh to be printed. Its lowest point goes to the bed.
#[derive(Debug, Clone, Copy)]
pub struct Body<'a> {
    /// Its name, for labels and messages.
    pub name: &'a str,
    /// The mesh, mm.
    pub mesh: &'a Mesh,
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
        let several = bodies.iter().map(|b| b.copies).sum::<usize>() > 1;
        if several && s.print_order == PrintOrder::ByLayer {
            return Err(PrintError::SeveralSpirals);
        }
        vase = s.as_spiral_vase();
        s = &vase;
    }
    let mut objects = Vec::with_capacity(bodies.len());
    let mut grounds = Vec::with_capacity(bodies.len());
    let mut mended = Vec::with_capacity(bodies.len());
    let mut notices = Vec::new();
    for b in bodies {
        ctx.report("slicing", objects.len() as f32 / bodies.len() as f32);
        let sliced = layers(b.mesh, s, ctx)?;
        mended.push((sliced.repaired, sliced.dropped));
        if sliced.reduced > 0 {
            notices.push(Notice::OneContour {
                name: b.name.to_owned(),
                layers: sliced.reduced,
            });
        }
        let (object, ground) = one(b, &sliced.layers, s, ctx)?;
        objects.push(object);
        grounds.push(ground);
    }
    notices.extend(place(&mut objects, bodies, anchor, s)?);
    let (skirt, left_out) = around(&objects, &grounds, s);
    notices.extend(left_out);
    drop(grounds);
    let program = plan(
        &Job {
            objects: &objects,
            skirt: &skirt,
        },
        s,
        ctx,
    )?;
    Ok(Printed {
        program,
        mended,
        notices,
    })
}

/// What an object covers of the bed, object coordinates.
pub(crate) struct Footprint {
    pub first: Loops,
    pub support: Loops,
    pub hull: Vec<Point>,
}

fn one(
    b: &Body,
    layers: &[Layer],
    s: &PrintSettings,
    ctx: &Ctx,
) -> Result<(PrintObject, Footprint), PrintError> {
    let support = support(layers, s, ctx)?;
    let mut plans = plan_layers(layers, s, ctx)?;
    let mut points: Vec<Point> = Vec::new();
    for (plan, beads) in plans.iter_mut().zip(support.layers) {
        points.extend_from_slice(&beads.points);
        plan.support = beads;
    }
    for l in layers {
        points.extend_from_slice(&l.outline.points);
        if points.len() > 100_000 {
            points = convex_hull(&points);
        }
    }
    let first = layers.first().map(|l| l.outline.clone()).unwrap_or_default();
    let raft = raft(&first, &support.footprint, s);
    let footprint = if raft.layers.is_empty() {
        Footprint {
            first,
            support: support.footprint,
            hull: Vec::new(),
        }
    } else {
        points.extend_from_slice(&raft.footprint.points);
        for p in &mut plans {
            p.z += raft.lift;
        }
        let mut all: Vec<LayerPlan> = raft.layers;
        all.append(&mut plans);
        plans = all;
        Footprint {
            first: raft.footprint,
            support: Loops::new(),
            hull: Vec::new(),
        }
    };
    let hull = convex_hull(&points);
    let object = PrintObject {
        name: b.name.to_owned(),
        layers: plans,
        instances: Vec::new(),
        hull: hull.clone(),
    };
    Ok((object, Footprint { hull, ..footprint }))
}
