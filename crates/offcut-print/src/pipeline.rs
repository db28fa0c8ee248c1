//! Layers are planned just before their motion: the regions of some layers while the motion of those before
//! is planned.
//!
//! In: objects whose walls are known, and where they stand. Out: the program. Promised: the same program on
//! any number of threads; no more than two batches of planned layers at once, but for objects whose copies
//! are printed one by one.

use crate::error::PrintError;
use crate::plan::{BeadSet, Layer, LayerPlan};
use crate::regions::{Regions, plan_some};
use crate::toolpaths::{Placed, Planner, Turn, schedule};
use offcut_gcode::Program;
use offcut_geometry::Ctx;
use offcut_settings::PrintSettings;
use offcut_settings::print::PrintOrder;
use std::ops::Range;

/// Layers that are planned at once: enough to keep all threads busy, few enough to bound the memory.
const BATCH: usize = 16;

/// The layers of all objects, to be planned when their turn comes.
#[derive(Default)]
pub(crate) struct Source<'a> {
    regions: Vec<Regions<'a>>,
    around: Vec<Around>,
}

/// What an object has besides its regions.
struct Around {
    /// Top and thickness of every layer from the bed up, the raft's included, mm.
    levels: Vec<(f64, f64)>,
    raft: Vec<LayerPlan>,
    support: Vec<BeadSet>,
    /// How much the raft lifts the object, mm.
    lift: f64,
}

/// Turns that are planned together.
struct Batch {
    turns: Range<usize>,
    /// The layers that no batch before has planned: object and layer.
    layers: Vec<(usize, usize)>,
}

impl<'a> Source<'a> {
    /// Adds an object: its layers and their walls, the support of each layer (or of none), the raft below.
    pub(crate) fn add(
        &mut self,
        layers: &[Layer],
        regions: Regions<'a>,
        support: Vec<BeadSet>,
        raft: Vec<LayerPlan>,
        lift: f64,
    ) {
        let below = raft.iter().map(|l| (l.z, l.height));
        let levels = below.chain(layers.iter().map(|l| (l.z + lift, l.height)));
        self.around.push(Around {
            levels: levels.collect(),
            raft,
            support,
            lift,
        });
        self.regions.push(regions);
    }

    /// Top and thickness of the layers of every object.
    pub(crate) fn levels(&self) -> impl Iterator<Item = &[(f64, f64)]> {
        self.around.iter().map(|a| &a.levels[..])
    }

    /// Plans layers, the raft's counted first.
    #[inline(never)]
    fn layers(&mut self, wanted: &[(usize, usize)], ctx: &Ctx) -> Result<Vec<LayerPlan>, PrintError> {
        let above = |&(o, k): &(usize, usize)| Some((o, k.checked_sub(self.around[o].raft.len())?));
        let own: Vec<_> = wanted.iter().filter_map(above).collect();
        let mut plans = plan_some(&self.regions, &own, ctx)?.into_iter();
        let mut finished = |&(o, k): &(usize, usize)| {
            let a = &mut self.around[o];
            let Some(i) = k.checked_sub(a.raft.len()) else {
                return std::mem::take(&mut a.raft[k]);
            };
            let mut plan = plans.next().unwrap_or_default();
            plan.z += a.lift;
            if let Some(support) = a.support.get_mut(i) {
                plan.support = std::mem::take(support);
            }
            plan
        };
        Ok(wanted.iter().map(&mut finished).collect())
    }

    /// Plans everything.
    ///
    /// # Errors
    /// When nothing would be printed, objects printed one by one stand in each other's way, or the job was
    /// cancelled.
    #[inline(never)]
    pub(crate) fn print(
        mut self,
        placed: &[Placed],
        skirt: &[BeadSet],
        s: &PrintSettings,
        ctx: &Ctx,
    ) -> Result<Program, PrintError> {
        let tops: Vec<Vec<f64>> = self.levels().map(|l| l.iter().map(|l| l.0).collect()).collect();
        let turns = schedule(placed, &tops, s)?;
        let batches = batches(&turns, placed.len());
        let mut planner = Planner::new(placed, s, ctx);
        // The planned layers of every object; those that are done with are empty.
        let mut store: Vec<Vec<LayerPlan>> = vec![Vec::new(); placed.len()];
        let mut made = match batches.first() {
            Some(b) => self.layers(&b.layers, ctx)?,
            None => Vec::new(),
        };
        for (i, batch) in batches.iter().enumerate() {
            for (&(object, _), plan) in batch.layers.iter().zip(made) {
                store[object].push(plan);
            }
            let (moved, next) = join(
                || {
                    batch.turns.clone().try_for_each(|t| {
                        planner.turn(&turns[t], |object, k| &store[object][k], skirt)?;
                        ctx.report("toolpaths", (t + 1) as f32 / turns.len() as f32);
                        Ok::<(), PrintError>(())
                    })
                },
                || match batches.get(i + 1) {
                    Some(b) => self.layers(&b.layers, ctx),
                    None => Ok(Vec::new()),
                },
            );
            moved?;
            made = next?;
            for &(object, k) in &batch.layers {
                let again = s.print_order == PrintOrder::ByObject && placed[object].instances.len() > 1;
                if !again {
                    store[object][k] = LayerPlan::default();
                }
            }
        }
        planner.finish()
    }
}

fn batches(turns: &[Turn], objects: usize) -> Vec<Batch> {
    let mut batches = Vec::new();
    let mut planned = vec![0; objects];
    let mut batch = Batch {
        turns: 0..0,
        layers: Vec::new(),
    };
    for (i, turn) in turns.iter().enumerate() {
        batch.turns.end = i + 1;
        if let Turn::Layer { parts, .. } = turn {
            for &(object, k) in parts {
                if k == planned[object] {
                    planned[object] += 1;
                    batch.layers.push((object, k));
                }
            }
        }
        if batch.layers.len() >= BATCH || i + 1 == turns.len() {
            batches.push(batch);
            batch = Batch {
                turns: i + 1..i + 1,
                layers: Vec::new(),
            };
        }
    }
    batches
}

/// Does both, at the same time where there are threads for it.
#[cfg(feature = "parallel")]
pub(crate) fn join<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(a, b)
}

#[cfg(not(feature = "parallel"))]
pub(crate) fn join<A, B>(a: impl FnOnce() -> A, b: impl FnOnce() -> B) -> (A, B) {
    (a(), b())
}
