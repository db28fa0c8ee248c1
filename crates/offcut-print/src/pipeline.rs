//! Layers are planned just before their motion: whichever thread finds the next layer of the print planned
//! adds its motion, the others plan layers ahead.
//!
//! In: objects whose walls are known, and where they stand. Out: the program. Promised: the same program on
//! any number of threads; no more than [`AHEAD`] planned layers at once, but for objects whose copies are
//! printed one by one.

use crate::error::PrintError;
use crate::plan::{BeadSet, Layer, LayerPlan};
use crate::regions::{Filler, Regions};
use crate::toolpaths::{Placed, Planner, Turn, schedule};
use offcut_gcode::Program;
use offcut_geometry::Ctx;
use offcut_settings::PrintSettings;
use offcut_settings::print::PrintOrder;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Layers that are planned ahead of their motion at most: enough to keep all threads busy, few enough to bound the
/// memory.
const AHEAD: usize = 32;

/// What a thread sleeps when it may not go farther ahead: rare, and shorter than the layer that all wait for takes.
const PAUSE: Duration = Duration::from_micros(100);

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

    /// Plans everything.
    ///
    /// # Errors
    /// When nothing would be printed, objects printed one by one stand in each other's way, or the job was
    /// cancelled.
    #[inline(never)]
    pub(crate) fn print(
        self,
        placed: &[Placed],
        skirt: &[BeadSet],
        s: &PrintSettings,
        ctx: &Ctx,
    ) -> Result<Program, PrintError> {
        let tops: Vec<Vec<f64>> = self.levels().map(|l| l.iter().map(|l| l.0).collect()).collect();
        let turns = schedule(placed, &tops, s)?;
        let (wanted, needs) = wanted(&turns, placed.len());
        let ahead = Ahead {
            regions: &self.regions,
            rafts: self.around.iter().map(|a| a.raft.len()).collect(),
            slots: wanted.iter().map(|_| Mutex::default()).collect(),
            wanted: &wanted,
            claimed: AtomicUsize::new(0),
            taken: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
            motion: Mutex::new(Motion {
                planner: Planner::new(placed, s, ctx),
                around: self.around,
                store: vec![Vec::new(); placed.len()],
                taken: 0,
                turn: 0,
                turns: &turns,
                needs: &needs,
                skirt,
                keep: placed
                    .iter()
                    .map(|p| s.print_order == PrintOrder::ByObject && p.instances.len() > 1)
                    .collect(),
            }),
        };
        on_all_threads(|| ahead.work(ctx))?;
        let mut motion = ahead.motion.into_inner().unwrap_or_else(PoisonError::into_inner);
        // The last layers, should all threads have left at the same time.
        motion.advance(&ahead.slots, ahead.wanted, &ahead.taken, ctx)?;
        motion.planner.finish()
    }
}

/// The layers in the order in which they are needed, object and layer, and how many of them each turn needs.
fn wanted(turns: &[Turn], objects: usize) -> (Vec<(usize, usize)>, Vec<usize>) {
    let mut wanted = Vec::new();
    let mut planned = vec![0; objects];
    let needs = turns.iter().map(|turn| {
        if let Turn::Layer { parts, .. } = turn {
            for &(object, k) in parts {
                if k == planned[object] {
                    planned[object] += 1;
                    wanted.push((object, k));
                }
            }
        }
        wanted.len()
    });
    let needs = needs.collect();
    (wanted, needs)
}

/// A planned layer on its way to its motion.
type Slot = Mutex<Option<LayerPlan>>;

/// What the threads share.
struct Ahead<'a> {
    regions: &'a [Regions<'a>],
    /// How many layers the raft of each object has.
    rafts: Vec<usize>,
    /// The layers in the order in which they are needed: object and layer, the raft's counted first.
    wanted: &'a [(usize, usize)],
    slots: Vec<Slot>,
    /// Layers that a thread has begun to plan.
    claimed: AtomicUsize,
    /// Layers that have left their slots.
    taken: AtomicUsize,
    stopped: AtomicBool,
    motion: Mutex<Motion<'a>>,
}

impl Ahead<'_> {
    /// What every thread does until there is nothing left to plan: neither part waits for other tasks, so that no
    /// thread begins a second time within the first.
    fn work(&self, ctx: &Ctx) -> Result<(), PrintError> {
        let _stop = StopOnPanic(&self.stopped);
        let mut filler = Filler::default();
        let result = loop {
            if self.stopped.load(Ordering::Relaxed) {
                break Ok(());
            }
            if let Ok(mut motion) = self.motion.try_lock()
                && let Err(e) = motion.advance(&self.slots, self.wanted, &self.taken, ctx)
            {
                break Err(e);
            }
            let most = self.wanted.len().min(self.taken.load(Ordering::Relaxed) + AHEAD);
            let next = |n| (n < most).then_some(n + 1);
            match self
                .claimed
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, next)
            {
                Ok(i) => {
                    if let Err(e) = ctx.check() {
                        break Err(e.into());
                    }
                    let (object, k) = self.wanted[i];
                    let own = k.checked_sub(self.rafts[object]);
                    let plan = own.map(|k| self.regions[object].layer(&mut filler, k));
                    *lock(&self.slots[i]) = Some(plan.unwrap_or_default());
                }
                Err(n) if n == self.wanted.len() => break Ok(()),
                Err(_) => std::thread::sleep(PAUSE),
            }
        };
        if result.is_err() {
            self.stopped.store(true, Ordering::Relaxed);
        }
        result
    }
}

/// Sees to it that nobody waits for a thread that panicked.
struct StopOnPanic<'a>(&'a AtomicBool);

impl Drop for StopOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}

/// The motion so far, which one thread at a time continues.
struct Motion<'a> {
    planner: Planner<'a>,
    around: Vec<Around>,
    /// The planned layers of every object; those that are done with are empty.
    store: Vec<Vec<LayerPlan>>,
    taken: usize,
    turn: usize,
    turns: &'a [Turn],
    /// How many layers there have to be for each turn.
    needs: &'a [usize],
    skirt: &'a [BeadSet],
    /// Whether an object's layers are needed again for its next copy.
    keep: Vec<bool>,
}

impl Motion<'_> {
    /// Adds the motion of all layers that are planned, in their order.
    fn advance(
        &mut self,
        slots: &[Slot],
        wanted: &[(usize, usize)],
        taken: &AtomicUsize,
        ctx: &Ctx,
    ) -> Result<(), PrintError> {
        loop {
            while self.needs.get(self.turn).is_some_and(|n| *n <= self.taken) {
                let turn = &self.turns[self.turn];
                let store = &self.store;
                self.planner
                    .turn(turn, |object, k| &store[object][k], self.skirt)?;
                if let Turn::Layer { parts, .. } = turn {
                    for &(object, k) in parts.iter().filter(|p| !self.keep[p.0]) {
                        self.store[object][k] = LayerPlan::default();
                    }
                }
                self.turn += 1;
                ctx.report("toolpaths", self.turn as f32 / self.turns.len() as f32);
            }
            let Some(plan) = slots.get(self.taken).and_then(|s| lock(s).take()) else {
                return Ok(());
            };
            let (object, k) = wanted[self.taken];
            let plan = self.around[object].finished(k, plan);
            self.store[object].push(plan);
            self.taken += 1;
            taken.store(self.taken, Ordering::Relaxed);
        }
    }
}

impl Around {
    /// Layer `k`, the raft's counted first, with all that belongs to it.
    fn finished(&mut self, k: usize, mut plan: LayerPlan) -> LayerPlan {
        let Some(i) = k.checked_sub(self.raft.len()) else {
            return std::mem::take(&mut self.raft[k]);
        };
        plan.z += self.lift;
        if let Some(support) = self.support.get_mut(i) {
            plan.support = std::mem::take(support);
        }
        plan
    }
}

/// The content of a lock, whatever became of a thread that had it.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does the same on every thread; an error is that of the first that has one.
fn on_all_threads(work: impl Fn() -> Result<(), PrintError> + Sync) -> Result<(), PrintError> {
    #[cfg(feature = "parallel")]
    {
        let failed = Mutex::new(Ok(()));
        let run = || {
            if let Err(e) = work() {
                *lock(&failed) = Err(e);
            }
        };
        rayon::scope(|scope| {
            for _ in 1..rayon::current_num_threads() {
                scope.spawn(|_| run());
            }
            run();
        });
        failed.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
    #[cfg(not(feature = "parallel"))]
    work()
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
