//! From planned layers to the motion program: order, seams, travels, speeds, cooling.
//!
//! In: the layers of every object, bottom up, and where its copies stand. Out: the [`Program`].
//! [`plan`] does a whole job; a [`Planner`] takes one layer after the other, so that layers can be made
//! while earlier ones are planned.

mod columns;
mod cooling;
mod frame;
mod layer;
mod outline;
mod rates;
mod schedule;
mod seam;
mod sequence;
mod spiral;
mod track;
mod walk;
mod walls;
mod ways;

use crate::error::PrintError;
use crate::plan::{BeadSet, LayerPlan};
pub use columns::{SeamTarget, columns};
use cooling::Cooling;
use frame::Frame;
use layer::{Here, Printer};
use offcut_gcode::program::{LayerMark, ObjectInstance, Program, Step};
use offcut_geometry::order::Stop;
use offcut_geometry::{BBox, Ctx, Point, grid};
use offcut_settings::PrintSettings;
use offcut_settings::print::LabelObjects;
pub use schedule::{Turn, schedule};
use seam::Seams;
pub use sequence::one_by_one;
use spiral::Spiral;
use ways::Standing;

/// An object with all its layers.
#[derive(Debug, Clone, Default)]
pub struct PrintObject {
    /// Its name in the model file.
    pub name: String,
    /// Its layers, bottom up.
    pub layers: Vec<LayerPlan>,
    /// Where the object's origin lies on the bed, for every copy; grid units.
    pub instances: Vec<Point>,
    /// Convex outline in object coordinates.
    pub hull: Vec<Point>,
    /// Per layer where aligned seams shall be; without it they follow those of the layer below.
    pub seams: Vec<Vec<SeamTarget>>,
}

/// Everything that is printed.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// The objects.
    pub objects: &'a [PrintObject],
    /// Skirt and draft shield of every layer from the first, in bed coordinates.
    pub skirt: &'a [BeadSet],
}

/// What the planner must know of an object before its first layer.
#[derive(Debug, Clone, Default)]
pub struct Placed {
    /// Its name.
    pub name: String,
    /// Where its origin lies on the bed, for every copy.
    pub instances: Vec<Point>,
    /// Convex outline in object coordinates.
    pub hull: Vec<Point>,
    /// Per layer where aligned seams shall be; without it they follow those of the layer below.
    pub seams: Vec<Vec<SeamTarget>>,
}

/// Objects printed before are passed at this height above them, mm.
const SAFE: f64 = 1.0;

/// Plans the motion of a whole job.
///
/// # Errors
/// When nothing would be printed, objects printed one by one stand in each other's way, or the job was
/// cancelled.
pub fn plan(job: &Job, settings: &PrintSettings, ctx: &Ctx) -> Result<Program, PrintError> {
    let placed: Vec<Placed> = job
        .objects
        .iter()
        .map(|o| Placed {
            name: o.name.clone(),
            instances: o.instances.clone(),
            hull: o.hull.clone(),
            seams: o.seams.clone(),
        })
        .collect();
    let tops: Vec<Vec<f64>> = job
        .objects
        .iter()
        .map(|o| o.layers.iter().map(|l| l.z).collect())
        .collect();
    let turns = schedule(&placed, &tops, settings)?;
    let mut planner = Planner::new(&placed, settings, ctx);
    for (done, turn) in turns.iter().enumerate() {
        planner.turn(turn, |object, k| &job.objects[object].layers[k], job.skirt)?;
        ctx.report("toolpaths", (done + 1) as f32 / turns.len() as f32);
    }
    planner.finish()
}

/// Plans the motion layer by layer.
pub struct Planner<'a> {
    printer: Printer,
    frame: Frame<'a>,
    cooling: Cooling,
    seams: Vec<Seams<'a>>,
    objects: &'a [Placed],
    ctx: Ctx<'a>,
    settings: &'a PrintSettings,
    label: bool,
    /// Per object the index of its first copy among [`Program::objects`].
    first_copy: Vec<u32>,
    /// The one copy that is printed now, when they are printed one by one.
    only: Option<usize>,
    /// Layers of this print, or of this copy, so far.
    index: u32,
    /// The highest layer so far, mm.
    top: f64,
    /// The next layer begins above other objects.
    over: bool,
    /// The spiral vase that is printed now, once its contour rises.
    spiral: Option<Spiral>,
}

impl<'a> Planner<'a> {
    /// Begins a print: heats up and runs the start G-code.
    #[must_use]
    #[inline(never)]
    pub fn new(objects: &'a [Placed], settings: &'a PrintSettings, ctx: &Ctx<'a>) -> Self {
        let mut printer = Printer::new(settings);
        let frame = Frame::new(settings);
        let mut first_copy = Vec::with_capacity(objects.len());
        for (i, o) in objects.iter().enumerate() {
            first_copy.push(printer.track.program.objects.len() as u32);
            for (k, &at) in o.instances.iter().enumerate() {
                printer.track.program.objects.push(ObjectInstance {
                    name: o.name.clone(),
                    object: i as u32,
                    copy: k as u32,
                    hull: o.hull.iter().map(|&p| p + at).collect(),
                });
            }
        }
        frame.start(&mut printer.track);
        Self {
            printer,
            frame,
            cooling: Cooling::new(settings),
            seams: objects
                .iter()
                .map(|o| Seams::new(settings.seam, ctx.seed, &o.seams))
                .collect(),
            objects,
            ctx: *ctx,
            settings,
            label: settings.label_objects != LabelObjects::None,
            first_copy,
            only: None,
            index: 0,
            top: 0.0,
            over: false,
            spiral: None,
        }
    }

    /// Plans the next turn. `layer_of` gives the plan of a layer of an object; `skirt` is that of the job.
    ///
    /// # Errors
    /// When the job was cancelled.
    pub fn turn<'l>(
        &mut self,
        turn: &Turn,
        layer_of: impl Fn(usize, usize) -> &'l LayerPlan,
        skirt: &[BeadSet],
    ) -> Result<(), PrintError> {
        match turn {
            Turn::Copy { object, copy } => {
                self.start_copy(*object, *copy);
                Ok(())
            }
            Turn::Layer { parts, skirt: around } => {
                let parts: Vec<_> = parts.iter().map(|&(o, k)| (o, layer_of(o, k))).collect();
                let none = BeadSet::default();
                self.layer(&parts, around.and_then(|k| skirt.get(k)).unwrap_or(&none))
            }
        }
    }

    /// From now on only this copy of this object is printed, from its first layer.
    pub fn start_copy(&mut self, object: usize, copy: usize) {
        self.end_spiral();
        if self.only.is_some() {
            let t = &mut self.printer.track;
            t.retract();
            self.frame.between_objects(t);
            self.over = true;
        }
        self.only = Some(copy);
        self.seams[object].restart();
        self.index = 0;
    }

    /// Plans the next layer: the parts (index of the object, its plan) that lie at one height, and what
    /// is printed around them.
    ///
    /// # Errors
    /// When the job was cancelled.
    pub fn layer(&mut self, parts: &[(usize, &LayerPlan)], skirt: &BeadSet) -> Result<(), PrintError> {
        self.ctx.check()?;
        let Some(&(_, first)) = parts.first() else {
            return Ok(());
        };
        self.begin(first.z, first.height, first.spiral);
        if let (&[(object, plan)], true) = (parts, first.spiral) {
            self.rise(object, plan);
            self.complete();
            return Ok(());
        }
        self.printer.layer(parts.iter().map(|p| p.1));
        let mut stops = Vec::new();
        let mut copies = Vec::new();
        let mut standing = Vec::new();
        let mut seams = Vec::new();
        for (n, &(object, plan)) in parts.iter().enumerate() {
            seams.push(self.seams[object].place(plan));
            let mut bbox = BBox::EMPTY;
            for i in &plan.islands {
                bbox = bbox.union(&i.bbox);
            }
            if bbox.is_empty() {
                bbox = BBox::of(&plan.support.points);
            }
            if bbox.is_empty() {
                continue;
            }
            for (k, &by) in self.objects[object].instances.iter().enumerate() {
                if self.only.is_none_or(|only| only == k) {
                    stops.push(Stop::at(bbox.center() + by));
                    copies.push(self.first_copy[object] + k as u32);
                    standing.push(Standing { part: n, plan, by });
                }
            }
        }
        let scene = if self.printer.avoids() { &standing[..] } else { &[] };
        self.printer.set(skirt, Here { scene, ..Here::BED });
        for v in self.printer.tour(&stops) {
            let (copy, id) = (&standing[v.index as usize], copies[v.index as usize]);
            if self.label {
                self.printer.track.retract();
                self.printer.track.step(Step::ObjectStart(id));
            }
            self.printer.object(copy, scene, &seams[copy.part]);
            if self.label {
                self.printer.track.retract();
                self.printer.track.step(Step::ObjectEnd(id));
            }
        }
        self.complete();
        Ok(())
    }

    /// Prints a layer of a spiral vase.
    fn rise(&mut self, object: usize, plan: &LayerPlan) {
        let copy = self.only.unwrap_or(0);
        let Some(&by) = self.objects[object].instances.get(copy) else {
            return;
        };
        let id = self.first_copy[object] + copy as u32;
        if self.label {
            self.printer.track.step(Step::ObjectStart(id));
        }
        self.spiral = self.printer.spiral(plan, by, self.spiral.take());
        if self.label {
            self.printer.track.step(Step::ObjectEnd(id));
        }
    }

    fn end_spiral(&mut self) {
        if let Some(spiral) = self.spiral.take() {
            self.printer.end_spiral(spiral);
        }
    }

    /// Begins a layer whose moves lie at `z`, or `rising` to it.
    fn begin(&mut self, z: f64, height: f64, rising: bool) {
        let t = &mut self.printer.track;
        if self.index > 0 && !rising && (self.settings.retract_layer_change || self.label) {
            t.retract();
        }
        t.layer_start = t.program.steps.len();
        t.timed.clear();
        t.other_time = 0.0;
        self.frame.temperatures(t, self.index, self.over);
        let mark = t.program.layers.len() as u32;
        t.program.layers.push(LayerMark { z, height });
        // The mark comes first: before_layer_gcode already knows the number and height of this layer.
        t.step(Step::Layer(mark));
        self.frame.before_layer(t);
        if self.over {
            t.pass_over(
                grid((self.top + SAFE).min(self.settings.bed_height.max(self.top))),
                grid(z),
            );
            self.over = false;
        } else if !rising {
            t.set_height(grid(z));
        }
        self.top = self.top.max(z);
        self.frame.layer(t);
        t.reset_fan();
        self.printer.first_layer = self.index == 0;
    }

    fn complete(&mut self) {
        let t = &mut self.printer.track;
        let time = self
            .cooling
            .slow_down(&mut t.timed, t.other_time, &mut t.program.steps);
        self.cooling
            .set_fan(self.index, time, &mut t.program.steps, t.layer_start);
        self.index += 1;
    }

    /// Ends the print.
    ///
    /// # Errors
    /// When nothing was printed.
    #[inline(never)]
    pub fn finish(mut self) -> Result<Program, PrintError> {
        self.end_spiral();
        let t = &mut self.printer.track;
        t.retract();
        self.frame.end(t);
        let printed = |s: &Step| matches!(s, Step::Extrude { .. });
        if !t.program.steps.iter().any(printed) {
            return Err(PrintError::Empty);
        }
        Ok(self.printer.track.program)
    }
}
