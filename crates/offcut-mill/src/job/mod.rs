//! From a job file and its inputs to a job that can be planned.
//!
//! In: [`JobFile`], drawing or model, library. Out: [`Job`]: everything in the program's coordinates, tools and
//! operations resolved, feeds computed. Promised: nothing is guessed silently; what does not fit is an error.

mod default;
mod file;
mod place;
mod schema;
mod select;
mod set;
mod units;

pub use default::{
    SheetOfParts, for_drawing as default_for_drawing, for_model as default_for_model,
    for_picture as default_for_picture,
};
pub use file::{
    CommonDoc, CoolantDoc, FixtureDoc, HeightsDoc, InputDoc, JobFile, MachineDoc, OriginDoc, OriginXy,
    OriginZ, ReliefDoc, SelectDoc, StockDoc, Units,
};
pub use schema::schema;
pub use select::{Picked, Selection, circle};

use crate::operations::{self, Kind, Operation};
use crate::tools::feeds::{self, Drive, Material};
use crate::tools::{Cutting, ToolDoc, library};
use crate::{Feeds, Fixture, MillError, Setup, Tool};
use offcut_geometry::drawing::Drawing;
use offcut_mesh::Mesh;
use toml::{Table, Value};

/// The files that a job names, read.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// The drawing, mm.
    pub drawing: Option<Drawing>,
    /// The model, mm.
    pub model: Option<Mesh>,
    /// The stock's model, mm.
    pub stock: Option<Mesh>,
    /// Text and name of the tool library.
    pub library: Option<(String, String)>,
}

/// One operation, ready to be planned.
#[derive(Debug)]
pub struct Entry {
    /// Its kind.
    pub kind: &'static str,
    /// Number and name, for messages.
    pub label: String,
    /// Index of its tool in [`Job::tools`].
    pub tool: usize,
    /// Feeds and speeds.
    pub feeds: Feeds,
    /// What cools.
    pub coolant: CoolantDoc,
    /// What it works on.
    pub selection: Selection,
    /// What it does.
    pub operation: Box<dyn Operation>,
}

/// A milling job.
#[derive(Debug)]
pub struct Job {
    /// What it is called.
    pub name: String,
    /// Stock, fixtures and heights.
    pub setup: Setup,
    /// The machine.
    pub machine: MachineDoc,
    /// The material.
    pub material: &'static Material,
    /// The tools that operations use.
    pub tools: Vec<Tool>,
    /// The operations, in order.
    pub entries: Vec<Entry>,
    /// The model, in the program's coordinates.
    pub model: Option<Mesh>,
    /// The drawing's contours, in the program's coordinates.
    pub picked: Picked,
}

impl Job {
    /// Resolves a job.
    ///
    /// # Errors
    /// What is missing, does not fit or is not known.
    pub fn new(file: &JobFile, inputs: &Inputs) -> Result<Self, MillError> {
        let material = feeds::named(file.material.as_deref().unwrap_or("plywood"))?;
        let placed = place::place(file, inputs)?;
        let picked = placed.drawing.as_ref().map(Picked::new).unwrap_or_default();
        let mut known = Vec::new();
        if let Some((text, name)) = &inputs.library {
            known = library::read(text, name)?;
        }
        known.extend(library::builtin()?);
        let m = &file.machine;
        let drive = Drive {
            rpm: m.rpm,
            feed: m.max_feed,
            feed_z: m.max_feed_z,
        };
        let mut box_ = ToolBox::new(&file.tool, known)?;
        let mut entries = Vec::new();
        for (i, table) in file.operation.iter().enumerate() {
            let (kind, common, own) = split(table, i)?;
            let label = match &common.name {
                Some(n) => format!("{} ({n})", i + 1),
                None => format!("{} ({})", i + 1, kind.name),
            };
            let fail = |what: String| MillError::Operation {
                operation: label.clone(),
                what,
            };
            let tool = box_.find(common.tool.as_ref(), &label)?;
            let (t, cutting) = &box_.tools[tool];
            let cutting = Cutting {
                feed: common.feed.or(cutting.feed),
                plunge: common.plunge.or(cutting.plunge),
                rpm: common.rpm.or(cutting.rpm),
                ..*cutting
            };
            let selection = picked.select(&common.select).map_err(|e| match e {
                MillError::Job(what) => fail(what),
                e => e,
            })?;
            entries.push(Entry {
                kind: kind.name,
                tool,
                feeds: feeds::feeds(t, &cutting, material, &drive),
                coolant: common.coolant,
                selection,
                operation: (kind.read)(own).map_err(|what| {
                    MillError::Job(format!("operation {label}: {}", what.trim().replace('\n', "; ")))
                })?,
                label: label.clone(),
            });
        }
        let heights = &file.heights;
        let fixtures: Vec<Fixture> = file.fixture.iter().map(|f| placed.fixture(f)).collect();
        let highest = fixtures.iter().fold(placed.stock.max[2], |z, f| z.max(f.max[2]));
        for (key, v) in [("safe", heights.safe), ("clearance", heights.clearance)] {
            if !(v > 0.0 && v < 500.0) {
                return Err(MillError::Job(format!(
                    "heights.{key} must lie above 0 and below 500 mm"
                )));
            }
        }
        let setup = Setup {
            safe: heights.safe,
            clearance: highest + heights.clearance.max(heights.safe),
            spoil: heights.spoil.max(0.0),
            tolerance: file.tolerance.unwrap_or(0.01).clamp(0.001, 1.0),
            stock: placed.stock,
            fixtures,
        };
        Ok(Self {
            name: file.name.clone().unwrap_or_else(|| "job".into()),
            setup,
            machine: m.clone(),
            material,
            tools: box_.tools.into_iter().map(|(t, _)| t).collect(),
            entries,
            model: placed.model,
            picked,
        })
    }
}

impl Job {
    /// Whether tools are changed by the program.
    #[must_use]
    pub fn changes_tools(&self) -> bool {
        let first = self.entries.first().map(|e| e.tool);
        self.machine
            .tool_change
            .unwrap_or_else(|| self.entries.iter().any(|e| Some(e.tool) != first))
    }
}

/// Takes an operation's table apart: its kind, what all may say, what its kind says.
fn split(table: &Table, i: usize) -> Result<(&'static Kind, CommonDoc, Table), MillError> {
    let mut own = table.clone();
    let name = match own.remove("kind") {
        Some(Value::String(s)) => s,
        _ => {
            return Err(MillError::Job(format!(
                "operation {} has no kind; it is one of {}",
                i + 1,
                names()
            )));
        }
    };
    let kind = operations::KINDS.iter().find(|k| k.name == name).ok_or_else(|| {
        MillError::Job(format!(
            "operation {}: the kind '{name}' is not known; it is one of {}",
            i + 1,
            names()
        ))
    })?;
    let mut common = Table::new();
    for key in file::COMMON {
        if let Some(v) = own.remove(*key) {
            common.insert((*key).into(), v);
        }
    }
    let common = common.try_into().map_err(|e: toml::de::Error| {
        MillError::Job(format!("operation {} ({name}): {}", i + 1, e.message()))
    })?;
    Ok((kind, common, own))
}

fn names() -> String {
    operations::KINDS
        .iter()
        .map(|k| k.name)
        .collect::<Vec<_>>()
        .join(", ")
}

/// The job's tools, and the library from which operations may take more.
struct ToolBox {
    tools: Vec<(Tool, Cutting)>,
    library: Vec<ToolDoc>,
}

impl ToolBox {
    fn new(given: &[ToolDoc], library: Vec<ToolDoc>) -> Result<Self, MillError> {
        let mut out = Self {
            tools: Vec::new(),
            library,
        };
        for t in given {
            let doc = match &t.base {
                None => t.clone(),
                Some(name) => {
                    let mut doc = out.known(name)?.with(t);
                    doc.name = t.name.clone().or(doc.name);
                    doc
                }
            };
            let free = out.free_number();
            let tool = doc.resolve(free)?;
            if out.tools.iter().any(|(o, _)| o.number == tool.0.number) {
                return Err(MillError::Tool(format!(
                    "two tools have the number {}; give them different ones",
                    tool.0.number
                )));
            }
            out.tools.push(tool);
        }
        Ok(out)
    }

    fn free_number(&self) -> u32 {
        self.tools.iter().map(|(t, _)| t.number).max().unwrap_or(0) + 1
    }

    fn known(&self, name: &str) -> Result<ToolDoc, MillError> {
        let found = self.library.iter().find(|t| t.name.as_deref() == Some(name));
        found.cloned().ok_or_else(|| {
            let names: Vec<&str> = self.library.iter().filter_map(|t| t.name.as_deref()).collect();
            MillError::Tool(format!(
                "there is no tool '{name}'; the library has {}",
                names.join(", ")
            ))
        })
    }

    /// The tool that an operation names; one of the library joins the job's.
    fn find(&mut self, wanted: Option<&Value>, label: &str) -> Result<usize, MillError> {
        let fail = |what: &str| {
            Err(MillError::Operation {
                operation: label.into(),
                what: what.into(),
            })
        };
        match wanted {
            None if self.tools.len() == 1 => Ok(0),
            None => fail("its tool is missing; write tool = NUMBER or tool = \"NAME\""),
            Some(Value::Integer(n)) => match self.tools.iter().position(|(t, _)| i64::from(t.number) == *n) {
                Some(i) => Ok(i),
                None => fail(&format!("the job has no tool {n}; add one under [[tool]]")),
            },
            Some(Value::String(name)) => {
                if let Some(i) = self.tools.iter().position(|(t, _)| t.name == *name) {
                    return Ok(i);
                }
                let doc = ToolDoc {
                    number: None,
                    ..self.known(name)?
                };
                self.tools.push(doc.resolve(self.free_number())?);
                Ok(self.tools.len() - 1)
            }
            Some(_) => fail("tool must be a number or a name"),
        }
    }
}
