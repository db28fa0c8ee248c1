//! What the operations over a model share: the tool over the surface, the stock, how a pass begins.
//!
//! In: a [`Plan`]. Out: a [`Scene`]; passes of paths. Promised: a pass begins above the stock at its place; parts of
//! paths that would cut nothing are left out.

use super::{GAP, Plan};
use crate::dropcutter::{DropCutter, Follow, Surface};
use crate::path::ramp_length;
use crate::stock::{Body, Field, Sweep};
use crate::tools::Profile;
use crate::{CutRole, MillError, Pass};
use std::borrow::Cow;

/// The tip's way over the model.
pub(super) type Path = Vec<[f64; 3]>;

/// Share of the tolerance that stays on the model, so that neither chords and arcs nor the rounding of what is written
/// reach into a wall.
const SPARE: f64 = 0.5;

/// Model, tool and stock of an operation.
pub(super) struct Scene<'a> {
    pub plan: &'a Plan<'a>,
    pub surface: Surface,
    pub profile: Profile,
    /// The tool with what it leaves around it.
    wide: Profile,
    /// Distance of the tool from the model, mm.
    pub leave: f64,
    pub stock: Cow<'a, Field>,
    body: Body,
    /// Lowest z of the tip.
    pub floor: f64,
}

impl<'a> Scene<'a> {
    /// `leave` is left on the model; `depth` below the stock's top is as deep as it goes.
    pub fn new(plan: &'a Plan<'a>, leave: f64, depth: Option<f64>) -> Result<Self, MillError> {
        let Some(model) = plan.model else {
            return Err(MillError::Job(
                "there is no model; this operation needs one".into(),
            ));
        };
        let profile = Profile::of(plan.tool)?;
        let surface = Surface::new(model)?;
        let leave = leave.max(0.0) + SPARE * plan.setup.tolerance;
        let (min, _) = surface.bounds();
        let mut floor = (min[2] + leave).max(plan.setup.bed() - plan.setup.spoil);
        if let Some(d) = depth {
            floor = floor.max(plan.setup.top() - d);
        }
        let stock = match plan.stock {
            Some(s) => Cow::Borrowed(s),
            None => Cow::Owned(Field::of(plan.setup, Field::cell_for(plan.setup, profile.radius))),
        };
        Ok(Self {
            plan,
            surface,
            wide: profile.wider(leave),
            profile,
            leave,
            stock,
            body: Body {
                profile,
                above: Vec::new(),
            },
            floor,
        })
    }

    /// The tool, with what it leaves, over the model: its tip is [`Self::leave`] lower than the tool's.
    pub fn cutter(&self) -> DropCutter<'_> {
        DropCutter::new(&self.surface, self.wide)
    }

    /// Leads the tool over the model.
    pub fn follow(&self, step: f64) -> Follow<'_> {
        Follow {
            cutter: self.cutter(),
            floor: self.floor,
            step: step.min(0.5 * self.profile.radius),
            tolerance: 0.5 * self.plan.setup.tolerance,
            lift: self.leave,
        }
    }

    /// Leads the tool along walls, where its height jumps within nothing: by a tool that is narrower by a quarter of
    /// the tolerance.
    pub fn follow_walls(&self, step: f64) -> Follow<'_> {
        let (inner, up) = self.wide.narrower(0.25 * self.plan.setup.tolerance);
        Follow {
            cutter: DropCutter::new(&self.surface, inner),
            lift: self.leave - up,
            ..self.follow(step)
        }
    }

    /// The parts of a path that cut something, each with somewhat of the way before and after.
    pub fn trimmed(&self, path: &[[f64; 3]]) -> Vec<Path> {
        let least = 0.1 * self.plan.setup.tolerance;
        let cuts = |w: &[[f64; 3]]| {
            let sweep = Sweep { from: w[0], to: w[1] };
            self.stock.probe(&self.body, &sweep).depth > least
        };
        #[cfg(feature = "parallel")]
        let cuts: Vec<bool> = {
            use rayon::prelude::*;
            path.par_windows(2).map(cuts).collect()
        };
        #[cfg(not(feature = "parallel"))]
        let cuts: Vec<bool> = path.windows(2).map(cuts).collect();
        // Air shorter than this is passed at feed.
        let gap = 4.0 * self.profile.radius;
        let mut out: Vec<Path> = Vec::new();
        let mut i = 0;
        while i < cuts.len() {
            if !cuts[i] {
                i += 1;
                continue;
            }
            let (mut end, mut air, mut k) = (i + 1, 0.0, i + 1);
            while k < cuts.len() && air <= gap {
                if cuts[k] {
                    (end, air) = (k + 1, 0.0);
                } else {
                    air += apart(path[k], path[k + 1]);
                }
                k += 1;
            }
            out.push(path[i..=end].to_vec());
            i = end + 1;
        }
        out
    }

    /// A pass along a path: down to its beginning from above the stock, by a ramp along the path where the tool
    /// can't go straight down.
    pub fn pass(&self, path: &[[f64; 3]], role: CutRole, angle: f64) -> Option<Pass> {
        let first = *path.first()?;
        let at = [first[0], first[1]];
        // Columns are looked at in their middles; what stands between two of them at the rim is not missed.
        let top = self
            .stock
            .highest(at, at, self.profile.radius + self.stock.cell());
        let deep = top - first[2];
        let mut pass = Pass::at([at[0], at[1], top.max(first[2]) + GAP]);
        if deep > 1e-3 && !self.plan.tool.center_cutting {
            pass.feed([at[0], at[1], top], CutRole::Plunge);
            for p in ramp(path, deep, angle, 2.0 * self.profile.radius) {
                pass.feed(p, CutRole::Ramp);
            }
        }
        pass.feed(first, CutRole::Plunge);
        for p in &path[1..] {
            pass.feed(*p, role);
        }
        (!pass.moves.is_empty()).then_some(pass)
    }
}

/// Distance of two places, mm.
pub(super) fn apart(a: [f64; 3], b: [f64; 3]) -> f64 {
    libm::hypot(libm::hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2])
}

/// The way down from `deep` above a path's beginning to it: forth and back along the path, above it all the way.
fn ramp(path: &[[f64; 3]], deep: f64, angle: f64, least: f64) -> Path {
    let mut way = vec![0.0];
    for w in path.windows(2) {
        let d = libm::hypot(w[1][0] - w[0][0], w[1][1] - w[0][1]);
        way.push(way[way.len() - 1] + d);
    }
    let length = way[way.len() - 1];
    let whole = ramp_length(deep, angle);
    if length < 1e-3 {
        return Vec::new();
    }
    // An even number of legs that end where they began.
    let leg = least.max(0.1).min(length);
    let legs = 2 * ((whole / leg / 2.0).ceil().clamp(1.0, 500.0) as usize);
    let leg = (whole / legs as f64).min(length);
    let at = |s: f64| -> [f64; 3] {
        let i = way.partition_point(|w| *w <= s).clamp(1, way.len() - 1);
        let d = way[i] - way[i - 1];
        let t = if d > 0.0 {
            ((s - way[i - 1]) / d).clamp(0.0, 1.0)
        } else {
            1.0
        };
        std::array::from_fn(|k| path[i - 1][k] + (path[i][k] - path[i - 1][k]) * t)
    };
    let total = leg * legs as f64;
    let mut out = Vec::new();
    for k in 0..legs {
        let corners = way.iter().copied().filter(|w| *w > 0.0 && *w < leg);
        let mut stops: Vec<f64> = corners.chain([leg]).collect();
        if k % 2 == 1 {
            stops = stops.iter().rev().skip(1).copied().chain([0.0]).collect();
        }
        for s in stops {
            let done = leg * k as f64 + if k % 2 == 0 { s } else { leg - s };
            let p = at(s);
            out.push([p[0], p[1], p[2] + deep * (1.0 - done / total).max(0.0)]);
        }
    }
    out
}
