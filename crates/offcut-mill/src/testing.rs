//! What tests of several modules share.

use crate::operations::{Notes, Plan};
use crate::tools::feeds::{MATERIALS, named};
use crate::{Feeds, Setup, Shape, Stock, StockShape, Tool};
use offcut_geometry::{Ctx, Loops, Polylines};

pub(crate) const FEEDS: Feeds = Feeds {
    cut: 1000.0,
    finish: 800.0,
    slot: 700.0,
    ramp: 500.0,
    plunge: 300.0,
    rpm: 12000.0,
};

/// A tool with long flutes in a holder of 30 mm.
pub(crate) fn tool(shape: Shape, diameter: f64) -> Tool {
    Tool {
        name: "mill".into(),
        number: 1,
        shape,
        diameter,
        flute_length: 40.0,
        shank_diameter: diameter,
        stickout: 60.0,
        holder: vec![(30.0, 20.0)],
        flutes: 2,
        center_cutting: true,
    }
}

/// A block as stock, nothing around it.
pub(crate) fn block(min: [f64; 3], max: [f64; 3]) -> Setup {
    Setup {
        stock: Stock {
            min,
            max,
            shape: StockShape::Box,
        },
        fixtures: Vec::new(),
        safe: 1.0,
        clearance: max[2] + 10.0,
        spoil: 0.2,
        tolerance: 0.01,
    }
}

/// An operation on a region of a fresh stock.
pub(crate) fn plan<'a>(
    setup: &'a Setup,
    tool: &'a Tool,
    region: &'a Loops,
    lines: &'a Polylines,
    ctx: &'a Ctx<'a>,
    notes: &'a Notes,
) -> Plan<'a> {
    Plan {
        setup,
        tool,
        material: named("plywood").unwrap_or(&MATERIALS[0]),
        feeds: FEEDS,
        region,
        lines,
        holes: &[],
        model: None,
        stock: None,
        ctx,
        notes,
    }
}
