//! The whole way: meshes in, motion program out.

use crate::arrange::{self, Part};
use crate::error::PrintError;
use crate::layers::layers;
use crate::plan::{Layer, LayerPlan};
use crate::regions::adhesion::skirt::convex_hull;
use crate::regions::adhesion::{Ground, adhesion, raft};
use crate::regions::plan_layers;
use crate::regions::support::support;
use crate::toolpaths::{Job, PrintObject, plan};
use offcut_gcode::Program;
use offcut_geometry::{Ctx, Loops, Point, clip, grid};
use offcut_mesh::Mesh;
use offcut_settings::PrintSettings;
use offcut_settings::print::{DraftShield, PrintOrder};

/// A mesh to be printed. Its lowest point goes to the bed.
#[derive(Debug, Clone, Copy)]
pub struct Body<'a> {
    /// Its name, for labels and messages.
    pub name: &'a str,
    /// The mesh, mm.
    pub mesh: &'a Mesh,
    /// How many copies are printed.
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
}

/// Slices, plans and orders a print. The objects are arranged around `center` (bed coordinates, mm),
/// or around the middle of the bed.
///
/// # Errors
/// When a mesh cannot be sliced, there is nothing to print or no room for it, or on cancellation.
pub fn print(
    bodies: &[Body],
    center: Option<[f64; 2]>,
    s: &PrintSettings,
    ctx: &Ctx,
) -> Result<Printed, PrintError> {
    let mut objects = Vec::with_capacity(bodies.len());
    let mut grounds = Vec::with_capacity(bodies.len());
    let mut mended = Vec::with_capacity(bodies.len());
    for b in bodies {
        ctx.report("slicing", objects.len() as f32 / bodies.len() as f32);
        let sliced = layers(b.mesh, s, ctx)?;
        mended.push((sliced.repaired, sliced.dropped));
        let (object, ground) = one(b, &sliced.layers, s, ctx)?;
        objects.push(object);
        grounds.push(ground);
    }
    place(&mut objects, bodies, center, s)?;
    let skirt = around(&objects, &grounds, s);
    drop(grounds);
    let program = plan(
        &Job {
            objects: &objects,
            skirt: &skirt,
        },
        s,
        ctx,
    )?;
    Ok(Printed { program, mended })
}

/// What an object covers of the bed, object coordinates.
struct Footprint {
    first: Loops,
    support: Loops,
    hull: Vec<Point>,
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

fn place(
    objects: &mut [PrintObject],
    bodies: &[Body],
    center: Option<[f64; 2]>,
    s: &PrintSettings,
) -> Result<(), PrintError> {
    let middle = [
        s.bed_origin.x + s.bed_size.x / 2.0,
        s.bed_origin.y + s.bed_size.y / 2.0,
    ];
    let wanted = center.unwrap_or(middle);
    if let ([object], [Body { copies: 1, .. }]) = (&mut *objects, bodies) {
        object.instances = vec![Point::new(grid(wanted[0]), grid(wanted[1]))];
        return Ok(());
    }
    let parts: Vec<Part> = objects
        .iter()
        .zip(bodies)
        .map(|(o, b)| Part {
            name: b.name,
            outline: &o.hull,
            copies: b.copies,
        })
        .collect();
    let skirt = if s.skirt_loops > 0 || s.draft_shield != DraftShield::Disabled {
        s.skirt_distance + f64::from(s.skirt_loops.max(1)) * s.nozzle_diameter * 1.2
    } else {
        0.0
    };
    let margin = skirt.max(s.brim_width);
    let mut distance = arrange::DISTANCE.max(2.0 * s.brim_width);
    if s.print_order == PrintOrder::ByObject {
        // A little more, for the rounding of the places.
        distance = distance.max(s.extruder_clearance_radius + 0.01);
    }
    let places = arrange::arrange(&parts, s, distance, margin)?;
    let shift = Point::new(grid(wanted[0] - middle[0]), grid(wanted[1] - middle[1]));
    for (o, p) in objects.iter_mut().zip(places) {
        o.instances = p.into_iter().map(|p| p + shift).collect();
    }
    Ok(())
}

/// Skirt, brim and draft shield of the whole plate.
fn around(objects: &[PrintObject], grounds: &[Footprint], s: &PrintSettings) -> Vec<crate::BeadSet> {
    if s.skirt_loops == 0 && s.brim_width <= 0.0 && s.draft_shield == DraftShield::Disabled {
        return Vec::new();
    }
    let mut ground = Ground::default();
    for (o, g) in objects.iter().zip(grounds) {
        for &at in &o.instances {
            for (from, to) in [(&g.first, &mut ground.objects), (&g.support, &mut ground.support)] {
                let mut l = from.clone();
                l.translate(at);
                to.extend(&l);
            }
            ground.others.extend(g.hull.iter().map(|&p| p + at));
        }
    }
    ground.objects = clip::positive(&ground.objects);
    ground.support = clip::positive(&ground.support);
    let mut heights: Vec<(f64, f64)> = objects
        .iter()
        .flat_map(|o| o.layers.iter().map(|l| (l.z, l.height)))
        .collect();
    heights.sort_by(|a, b| a.0.total_cmp(&b.0));
    heights.dedup_by(|a, b| (a.0 - b.0).abs() < 1e-4);
    let heights: Vec<f64> = heights.into_iter().map(|h| h.1).collect();
    adhesion(&ground, &heights, s)
}
