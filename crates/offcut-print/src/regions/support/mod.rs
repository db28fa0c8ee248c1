//! Support structures of one object: grid and snug columns with dense interfaces.
//!
//! In: all layers of the object. Out: per layer the beads of support, in object coordinates, and
//! the area that they need on the bed. Promised: support keeps its distance from the object's sides
//! in its own layer and its gaps above and below, lies under every overhang flatter than the
//! threshold that is no bridge, and is the same on any number of threads.
//!
//! Detection and the sweep work on bit rasters (`raster`); only the outlines that get lines are
//! traced as polygons, at exact distances from the object (`contour`).

mod bridge;
mod contour;
mod fill;
mod overhang;
mod params;
mod raster;
mod sweep;
#[cfg(test)]
mod tests;

pub use params::{Params, check, supported_styles};

use crate::error::PrintError;
use crate::plan::{BeadSet, Layer};
use offcut_geometry::{BBox, Ctx, Loops};
use offcut_settings::print::{PrintSettings, Support};
use overhang::{Overhang, Slice, overhang, significant};
use raster::{Bits, Frame, fill, near};
use sweep::{Blocked, Input, Shadows};

/// Overhangs that hold no square of so many samples are left out: those up to about a line wide.
const SMALLEST: usize = 2;

/// The support of one object.
#[derive(Debug, Clone, Default)]
pub struct SupportPlan {
    /// The beads of every layer; as many entries as layers, or none without support.
    pub layers: Vec<BeadSet>,
    /// What the first layer's support covers: for skirt, brim and raft.
    pub footprint: Loops,
}

/// Plans the support of an object. `layers` rise from the bed (or the raft).
///
/// # Errors
/// For a style that cannot be made, and when cancelled.
#[inline(never)]
pub fn support(layers: &[Layer], settings: &PrintSettings, ctx: &Ctx<'_>) -> Result<SupportPlan, PrintError> {
    check(settings)?;
    let bbox = layers.iter().fold(BBox::EMPTY, |b, l| b.union(&l.outline.bbox()));
    if settings.support == Support::None || bbox.is_empty() {
        return Ok(SupportPlan::default());
    }
    let p = Params::new(settings, &bbox);
    let frame = p.frame(&bbox);
    let slices = Slices::new(&frame, layers, ctx)?;
    let need = needs(&frame, &p, layers, &slices, ctx)?;
    if need.iter().all(Bits::is_empty) {
        return Ok(SupportPlan::default());
    }
    let shadows = Shadows::new(&frame, &p, &need);
    let blocked = slices.blocked(&frame, &p, &shadows, ctx)?;
    let areas = sweep::sweep(
        &frame,
        &p,
        &Input {
            layers,
            inside: &|k| slices.inside(k),
            need: &need,
            blocked: &blocked,
        },
    );
    drop(need);
    ctx.report("support", 0.5);
    fill::beads(&frame, &p, layers, &areas, &blocked, ctx)
}

/// The rasters of all layers; equal outlines in a row share one.
struct Slices<'a> {
    layers: &'a [Layer],
    /// For every layer the first one of the run of equal outlines that it is in.
    first: Vec<usize>,
    inside: Vec<Bits>,
}

impl<'a> Slices<'a> {
    fn new(frame: &Frame, layers: &'a [Layer], ctx: &Ctx<'_>) -> Result<Self, PrintError> {
        let mut first: Vec<usize> = Vec::with_capacity(layers.len());
        for (k, l) in layers.iter().enumerate() {
            let equal = k > 0 && l.outline == layers[k - 1].outline;
            first.push(if equal { first[k - 1] } else { k });
        }
        let inside = map(layers.len(), ctx, |k, (): &mut ()| {
            if first[k] == k {
                fill(frame, &layers[k].outline)
            } else {
                Bits::empty(frame)
            }
        })?;
        Ok(Self {
            layers,
            first,
            inside,
        })
    }

    fn inside(&self, k: usize) -> &Bits {
        &self.inside[self.first[k]]
    }

    fn slice(&self, k: usize) -> Slice<'_> {
        Slice {
            outline: &self.layers[k].outline,
            inside: self.inside(k),
        }
    }

    /// Where support may not be, within the shadows.
    fn blocked(
        &self,
        frame: &Frame,
        p: &Params,
        shadows: &Shadows,
        ctx: &Ctx<'_>,
    ) -> Result<Vec<Blocked>, PrintError> {
        let mut own = map(self.layers.len(), ctx, |k, (): &mut ()| {
            if self.first[k] != k {
                return Blocked::default();
            }
            // A run of equal layers is seen from its lowest one, which has the largest shadow.
            let shadow = shadows.around(p, self.layers, k);
            let mut edge = self.inside(k).clone();
            edge.and(shadow);
            let mut side = edge.clone();
            let mut around = shadow.clone();
            around.and_not(&edge);
            near(
                frame,
                &self.layers[k].outline,
                p.side.max(p.edge),
                &around,
                |x, y, d| {
                    if d < f64::from(p.side) {
                        side.set(x, y);
                    }
                    if d < f64::from(p.edge) {
                        edge.set(x, y);
                    }
                },
            );
            Blocked { side, edge }
        })?;
        for k in 0..own.len() {
            if self.first[k] != k {
                own[k] = own[self.first[k]].clone();
            }
        }
        Ok(own)
    }
}

/// Per layer the samples that need support.
fn needs(
    frame: &Frame,
    p: &Params,
    layers: &[Layer],
    slices: &Slices<'_>,
    ctx: &Ctx<'_>,
) -> Result<Vec<Bits>, PrintError> {
    let all = map(layers.len(), ctx, |k, scratch| {
        if k == 0 || slices.first[k] != k {
            return Overhang {
                steps: Bits::empty(frame),
                islands: Bits::empty(frame),
            };
        }
        let reach = p.reach(&layers[k]);
        let mut o = overhang(frame, slices.slice(k - 1), slices.slice(k), reach, scratch);
        if !p.bridges && !o.steps.is_empty() {
            let spanned = bridge::bridged(frame, &o.steps, slices.inside(k));
            o.steps.and_not(&spanned);
            o.steps.trim();
        }
        o
    })?;
    map(layers.len(), ctx, |k, (): &mut ()| {
        significant(frame, &all, k, p.window, SMALLEST)
    })
}

/// `f` of every layer, in order, on all threads; `S` is scratch of a thread.
fn map<T: Send, S: Default>(
    n: usize,
    ctx: &Ctx<'_>,
    f: impl Fn(usize, &mut S) -> T + Sync,
) -> Result<Vec<T>, PrintError> {
    let one = |s: &mut S, k: usize| -> Result<T, PrintError> {
        ctx.check()?;
        Ok(f(k, s))
    };
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        (0..n)
            .into_par_iter()
            .with_max_len(4)
            .map_init(S::default, one)
            .collect()
    }
    #[cfg(not(feature = "parallel"))]
    {
        let mut s = S::default();
        (0..n).map(|k| one(&mut s, k)).collect()
    }
}
