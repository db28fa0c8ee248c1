//! What lies on the machine: the stock, what holds it, and the heights between them.
//!
//! Everything is in the program's coordinates, millimetres: zero is where the operator sets it.

use offcut_mesh::Mesh;

/// The form of the stock within its box.
#[derive(Debug, Clone, PartialEq)]
pub enum StockShape {
    /// All of the box.
    Box,
    /// A round bar that stands upright in the middle of the box.
    Cylinder {
        /// mm.
        radius: f64,
    },
    /// A body, as a casting or what another job left.
    Mesh(Mesh),
}

/// What is cut.
#[derive(Debug, Clone, PartialEq)]
pub struct Stock {
    /// Lowest corner of its box, mm.
    pub min: [f64; 3],
    /// Highest corner of its box, mm.
    pub max: [f64; 3],
    /// Its form.
    pub shape: StockShape,
}

/// A clamp or screw: a box where no tool and no holder may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Fixture {
    /// For messages.
    pub name: String,
    /// Lowest corner, mm.
    pub min: [f64; 3],
    /// Highest corner, mm.
    pub max: [f64; 3],
}

/// The machine's table as a job finds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// What is cut.
    pub stock: Stock,
    /// What holds it.
    pub fixtures: Vec<Fixture>,
    /// Height above the highest material below a hop at which rapids are safe, mm.
    pub safe: f64,
    /// Z where the tool clears everything, mm.
    pub clearance: f64,
    /// How far paths may go below the stock's underside, mm.
    pub spoil: f64,
    /// How far a surface may lie off the target, mm.
    pub tolerance: f64,
}

impl Setup {
    /// Z of the stock's top.
    #[must_use]
    pub const fn top(&self) -> f64 {
        self.stock.max[2]
    }

    /// Z of the stock's underside.
    #[must_use]
    pub const fn bed(&self) -> f64 {
        self.stock.min[2]
    }
}
