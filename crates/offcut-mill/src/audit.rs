//! A job in the words of an independent checker of its G-code.
//!
//! In: job and toolpaths. Out: arguments (stock, tools with half angles, limits) and regions as JSON.

use crate::operations::Notes;
use crate::{Job, Planned, Shape, Tool};
use offcut_geometry::{Ctx, Point, to_mm};
use serde_json::{Value, json};

/// A tool in the words of the auditor: half angles, tip diameter; drills as V-bits.
fn tool(t: &Tool) -> String {
    let d = t.diameter;
    let form = match t.shape {
        Shape::Flat => format!("flat:d={d}"),
        Shape::Ball => format!("ball:d={d}"),
        Shape::Bull { corner_radius } => format!("bull:d={d},cr={corner_radius}"),
        Shape::Vee { angle, tip_diameter } | Shape::Chamfer { angle, tip_diameter } => {
            format!("v:d={d},angle={},tip={tip_diameter}", angle / 2.0)
        }
        Shape::TaperedBall { angle, tip_radius } => {
            format!("taper:d={d},cr={tip_radius},angle={}", angle / 2.0)
        }
        Shape::Drill { angle } => format!("v:d={d},angle={},tip=0", angle / 2.0),
    };
    format!("{}={form},flute={}", t.number, t.flute_length)
}

/// Arguments for an independent check of the G-code: stock, tools, limits.
#[must_use]
pub fn arguments(job: &Job, planned: &Planned) -> Vec<String> {
    let s = &job.setup.stock;
    let corners: Vec<String> = s
        .min
        .iter()
        .chain(&s.max)
        .map(|v| format!("{}", (v * 1e6).round() / 1e6))
        .collect();
    // In one word: the first number may be negative.
    let mut out = vec![format!("--stock={}", corners.join(","))];
    let mut plunge = 0.0f64;
    let mut named = Vec::new();
    for t in &planned.toolpaths {
        plunge = plunge.max(t.feeds.plunge);
        if !named.contains(&t.tool) {
            named.push(t.tool);
            let text = tool(&job.tools[t.tool]);
            // Without a changer the first tool's number is not written.
            let text = if job.changes_tools() {
                text
            } else {
                text.split_once('=').map_or(String::new(), |p| p.1.into())
            };
            out.extend(["--tool".to_owned(), text]);
        }
    }
    out.extend(["--tol".into(), format!("{}", job.setup.tolerance)]);
    out.extend([
        "--safe-z".into(),
        format!(
            "{}",
            ((job.setup.top() + job.setup.safe).min(job.setup.clearance) * 1e6).round() / 1e6
        ),
    ]);
    out.extend(["--max-plunge".into(), format!("{plunge}")]);
    out.extend(["--spoil".into(), format!("{}", job.setup.spoil.max(0.2))]);
    out
}

/// What a job may remove, as regions with their floors, in the program's coordinates.
#[must_use]
pub fn regions(job: &Job, planned: &Planned, ctx: &Ctx) -> Value {
    let notes = Notes::default();
    let mut list = Vec::new();
    for t in &planned.toolpaths {
        let Some(p) = job.context(t.operation, None, ctx, &notes) else {
            continue;
        };
        for (region, z) in job.entries[t.operation].operation.clears(&p) {
            let ring = |l: &[Point]| l.iter().map(|p| [to_mm(p.x), to_mm(p.y)]).collect::<Vec<_>>();
            let rings: Vec<Vec<[f64; 2]>> = region.iter().map(ring).collect();
            list.push(json!({ "clear": rings, "bottom": z }));
        }
    }
    json!({ "regions": list, "top": job.setup.top() })
}
