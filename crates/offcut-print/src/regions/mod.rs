//! From layers to planned beads.
//!
//! In: the layers of one object. Out: for every layer the beads of its islands. Two parallel passes:
//! the first makes walls and scan rows of each layer by itself, the second finds what is solid from
//! the rows of the layers around and fills. Layers of equal outline share the first pass.

pub mod adhesion;
pub mod bridges;
pub mod chains;
pub mod infill;
pub mod medial;
pub mod overhang;
pub mod perimeters;
pub mod shells;
pub mod spans;
pub mod spec;
pub mod support;

mod density;
mod fill;
mod hanging;
mod lines;
mod solid;
mod sparse;
mod surface;
mod top;
mod window;

use crate::error::PrintError;
use crate::layers::spiral_from;
use crate::plan::{Layer, LayerPlan};
pub(crate) use fill::Filler;
use offcut_geometry::{Ctx, Hatch, Island, Loops, Point, Rows, UNITS_PER_MM, islands};
use offcut_settings::PrintSettings;
use perimeters::{Scratch, Walls};
#[cfg(feature = "parallel")]
use rayon::prelude::*;
use spans::RowSpans;
use spec::LayerSpec;
use std::f64::consts::FRAC_PI_2;
use std::ops::Range;

/// What one outline gives, whatever lies around it.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    pub(crate) islands: Vec<(Island, Walls)>,
    /// Rows of the whole outline in both directions of solid lines.
    pub(crate) rows: [RowSpans; 2],
}

/// Everything the second pass looks at.
pub(crate) struct Object<'a> {
    pub(crate) layers: &'a [Layer],
    pub(crate) settings: &'a PrintSettings,
    pub(crate) hatches: [Hatch; 2],
    /// Distance of solid lines in all but special layers, mm.
    pub(crate) spacing: f64,
    /// Density of the lines of sparse infill, 0 to 1: with its links it is what was asked for.
    pub(crate) density: f64,
    /// Layers whose sparse infill is printed at once.
    pub(crate) groups: Vec<Range<usize>>,
    /// The first layer that a spiral vase's contour rises in.
    pub(crate) spiral: Option<usize>,
    shapes: Vec<Shape>,
    shape_of: Vec<u32>,
}

impl Object<'_> {
    pub(crate) fn shape(&self, layer: usize) -> &Shape {
        &self.shapes[self.shape_of[layer] as usize]
    }

    pub(crate) fn is_spiral(&self, layer: usize) -> bool {
        self.spiral.is_some_and(|first| layer >= first)
    }

    /// The layers whose sparse infill is printed together with that of layer `k`.
    pub(crate) fn group_of(&self, k: usize) -> Range<usize> {
        self.groups
            .get(self.groups.partition_point(|g| g.end <= k))
            .cloned()
            .unwrap_or(k..k + 1)
    }

    pub(crate) fn same_shape(&self, a: usize, b: usize) -> bool {
        self.shape_of[a] == self.shape_of[b]
    }
}

/// In narrow regions links would make much more than the density asked for; this times it is enough.
const MOST_INFILL: f64 = 1.25;

/// How sparse infill is printed, at a density of its lines.
pub(crate) fn fill_params(s: &PrintSettings, spec: &LayerSpec, density: f64) -> infill::FillParams {
    infill::FillParams {
        width: spec.sparse.width,
        spacing: spec.sparse.spacing,
        density,
        most: MOST_INFILL * density.max(s.infill_density / 100.0),
        angle: s.infill_angle.to_radians(),
        anchor: s.infill_anchor_mm(),
        anchor_max: s.infill_anchor_max_mm(),
        origin: Point::default(),
    }
}

/// Outlines differ less than this when only the rounding of slicing tells them apart, grid units.
const ROUNDING: i32 = 4;

/// True when two outlines are the same but for rounding.
fn alike(a: &Loops, b: &Loops) -> bool {
    a.ends == b.ends
        && a.points
            .iter()
            .zip(&b.points)
            .all(|(p, q)| (p.x - q.x).abs() <= ROUNDING && (p.y - q.y).abs() <= ROUNDING)
}

/// The layers whose sparse infill is printed at once, from the bed up.
fn groups(layers: &[Layer], s: &PrintSettings) -> Vec<Range<usize>> {
    let heights: Vec<f64> = layers.iter().map(|l| l.height).collect();
    infill::combine(&heights, s.infill_every_layers, s.nozzle_diameter)
        .into_iter()
        .enumerate()
        .filter(|&(_, count)| count > 0)
        .map(|(last, count)| last + 1 - count as usize..last + 1)
        .collect()
}

/// Plans all layers of an object.
///
/// # Errors
/// When the job was cancelled.
pub fn plan_layers(
    layers: &[Layer],
    settings: &PrintSettings,
    ctx: &Ctx,
) -> Result<Vec<LayerPlan>, PrintError> {
    let all: Vec<_> = (0..layers.len()).map(|k| (0, k)).collect();
    plan_some(&[Regions::new(layers, settings, ctx)?], &all, ctx)
}

/// Plans the layers `wanted`, each an index among `objects` and one of the object's layers; the plans come in
/// the same order.
///
/// # Errors
/// When the job was cancelled.
pub fn plan_some(
    objects: &[Regions],
    wanted: &[(usize, usize)],
    ctx: &Ctx,
) -> Result<Vec<LayerPlan>, PrintError> {
    let one = |filler: &mut Filler, &(object, k): &(usize, usize)| -> Result<LayerPlan, PrintError> {
        ctx.check()?;
        Ok(objects[object].layer(filler, k))
    };
    #[cfg(feature = "parallel")]
    {
        wanted
            .par_iter()
            .with_max_len(4)
            .map_init(Filler::default, one)
            .collect()
    }
    #[cfg(not(feature = "parallel"))]
    {
        let mut f = Filler::default();
        wanted.iter().map(|w| one(&mut f, w)).collect()
    }
}

/// The layers of an object after the first pass.
pub struct Regions<'a> {
    object: Object<'a>,
}

impl<'a> Regions<'a> {
    /// Plans one layer.
    pub(crate) fn layer(&self, filler: &mut Filler, k: usize) -> LayerPlan {
        filler.layer(&self.object, k)
    }

    /// Runs the first pass over all layers.
    ///
    /// # Errors
    /// When the job was cancelled.
    #[inline(never)]
    pub fn new(layers: &'a [Layer], settings: &'a PrintSettings, ctx: &Ctx) -> Result<Self, PrintError> {
        let normal = LayerSpec::new(settings, settings.layer_height, false);
        let spacing = normal.solid.spacing;
        let angle = settings.infill_angle.to_radians();
        let hatches = [0.0, FRAC_PI_2].map(|turn| Hatch::new(angle + turn, spacing * UNITS_PER_MM, 0.0));

        // A layer shares its shape with those below when nothing tells them apart.
        let mut firsts: Vec<usize> = Vec::new();
        let mut shape_of: Vec<u32> = Vec::with_capacity(layers.len());
        for (i, l) in layers.iter().enumerate() {
            let same = i > 1
                && firsts.last().is_some_and(|&f| {
                    f > 0
                        && (layers[f].height - l.height).abs() < 1e-9
                        && alike(&layers[f].outline, &l.outline)
                });
            if !same {
                firsts.push(i);
            }
            shape_of.push(firsts.len() as u32 - 1);
        }
        let shape = |(scratch, rows): &mut (Scratch, Rows), i: usize| -> Result<Shape, PrintError> {
            ctx.check()?;
            let l = &layers[i];
            let spec = LayerSpec::new(settings, l.height, i == 0);
            Ok(Shape {
                islands: islands(&l.outline)
                    .into_iter()
                    .map(|island| {
                        let walls = scratch.walls(&island, &spec);
                        (island, walls)
                    })
                    .collect(),
                rows: [0, 1].map(|d| RowSpans::of(&l.outline, &hatches[d], rows)),
            })
        };
        #[cfg(feature = "parallel")]
        let shapes: Vec<Shape> = firsts
            .par_iter()
            .with_max_len(4)
            .map_init(Default::default, |s, &i| shape(s, i))
            .collect::<Result<_, _>>()?;
        #[cfg(not(feature = "parallel"))]
        let shapes: Vec<Shape> = {
            let mut s = Default::default();
            firsts
                .iter()
                .map(|&i| shape(&mut s, i))
                .collect::<Result<_, _>>()?
        };
        ctx.report("regions", 1.0);

        let density = density::of_lines(settings, &normal, layers, &shapes, &shape_of);
        let object = Object {
            density,
            groups: groups(layers, settings),
            spiral: settings.spiral_vase.then(|| {
                spiral_from(
                    &layers.iter().map(|l| (l.z, l.height)).collect::<Vec<_>>(),
                    settings,
                )
            }),
            layers,
            settings,
            hatches,
            spacing,
            shapes,
            shape_of,
        };
        Ok(Self { object })
    }
}
