//! The stock as a field of heights: dexels at the centres of square cells.
//!
//! In: the stock of a [`Setup`], then moves of tools. Out: what is left, and what each move took. Promised: at every
//! column the height is the exact lower envelope of the straight moves (stored as `f32`, computed as `f64`); the
//! same field on any number of threads, for tiles are cut each by itself, in the order of the moves.

mod cut;
mod raster;
mod row;
mod solid;
#[cfg(test)]
mod tests;

pub use cut::{Bite, Body, Sweep};

use crate::setup::{Setup, StockShape};
use offcut_mesh::Mesh;

/// Columns on a side of a tile.
pub(crate) const TILE: usize = 128;

/// A square part of the field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tile {
    /// Row by row, [`TILE`] × [`TILE`].
    pub heights: Vec<f32>,
    /// No column is higher.
    pub top: f32,
}

/// What is left of the stock.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Corner of the first cell, mm.
    min: [f64; 2],
    /// Side of a cell, mm.
    cell: f64,
    /// Columns in x and y.
    size: [usize; 2],
    /// Tiles in x and y.
    tiles: [usize; 2],
    /// Where nothing stands: underside of the stock, mm.
    bed: f32,
    data: Vec<Tile>,
}

/// More columns than this aren't made of a stock: the cells become larger.
const MOST_COLUMNS: f64 = 16e6;

impl Field {
    /// The stock of a setup in cells of `cell` mm, larger when they would be too many.
    #[must_use]
    pub fn of(setup: &Setup, cell: f64) -> Self {
        let (min, max) = (setup.stock.min, setup.stock.max);
        match &setup.stock.shape {
            StockShape::Box => Self::filled(min, max, cell, max[2]),
            StockShape::Cylinder { radius } => {
                let mut field = Self::filled(min, max, cell, max[2]);
                let middle = [0, 1].map(|k| 0.5 * (min[k] + max[k]));
                let bed = field.bed;
                field.each(|at, h| {
                    if libm::hypot(at[0] - middle[0], at[1] - middle[1]) > *radius {
                        *h = bed;
                    }
                });
                field
            }
            StockShape::Mesh(mesh) => Self::of_mesh(mesh, min, max, cell),
        }
    }

    /// The upper side of a mesh within a box; where there is none, the box's underside.
    #[must_use]
    pub fn of_mesh(mesh: &Mesh, min: [f64; 3], max: [f64; 3], cell: f64) -> Self {
        let mut field = Self::filled(min, max, cell, min[2]);
        raster::raster(&mut field, mesh);
        field
    }

    /// A field of equal heights.
    #[must_use]
    pub fn filled(min: [f64; 3], max: [f64; 3], cell: f64, height: f64) -> Self {
        let (w, d) = ((max[0] - min[0]).max(0.0), (max[1] - min[1]).max(0.0));
        let cell = cell.max(1e-4).max((w * d / MOST_COLUMNS).sqrt());
        let size = [w, d].map(|l| ((l / cell - 1e-9).ceil() as usize).max(1));
        let tiles = size.map(|n| n.div_ceil(TILE));
        let tile = Tile {
            heights: vec![height as f32; TILE * TILE],
            top: height as f32,
        };
        Self {
            min: [min[0], min[1]],
            cell,
            size,
            tiles,
            bed: min[2] as f32,
            data: vec![tile; tiles[0] * tiles[1]],
        }
    }

    /// A cell size that shows what a tool of this radius leaves within a stock: a twentieth of the radius, not so
    /// small that the field has more than four million columns.
    #[must_use]
    pub fn cell_for(setup: &Setup, radius: f64) -> f64 {
        let [w, d] = [0, 1].map(|k| setup.stock.max[k] - setup.stock.min[k]);
        (radius / 20.0)
            .clamp(0.01, 0.25)
            .max((w * d / 4e6).max(0.0).sqrt())
    }

    /// Side of a cell, mm.
    #[must_use]
    pub const fn cell(&self) -> f64 {
        self.cell
    }

    /// Columns in x and y.
    #[must_use]
    pub const fn size(&self) -> [usize; 2] {
        self.size
    }

    /// Centre of a column, mm.
    #[must_use]
    pub fn center(&self, i: usize, j: usize) -> [f64; 2] {
        [
            self.min[0] + (i as f64 + 0.5) * self.cell,
            self.min[1] + (j as f64 + 0.5) * self.cell,
        ]
    }

    /// Height of a column, mm.
    #[must_use]
    pub fn height(&self, i: usize, j: usize) -> f64 {
        let tile = &self.data[(j / TILE) * self.tiles[0] + i / TILE];
        f64::from(tile.heights[(j % TILE) * TILE + i % TILE])
    }

    /// Height at a place; the bed outside.
    #[must_use]
    pub fn at(&self, x: f64, y: f64) -> f64 {
        let (i, j) = (
            ((x - self.min[0]) / self.cell).floor(),
            ((y - self.min[1]) / self.cell).floor(),
        );
        if i >= 0.0 && j >= 0.0 && i < self.size[0] as f64 && j < self.size[1] as f64 {
            self.height(i as usize, j as usize)
        } else {
            f64::from(self.bed)
        }
    }

    /// The highest material, mm.
    #[must_use]
    pub fn top(&self) -> f64 {
        self.data
            .iter()
            .map(|t| f64::from(t.top))
            .fold(f64::from(self.bed), f64::max)
    }

    /// Volume above the bed, mm³.
    #[must_use]
    pub fn volume(&self) -> f64 {
        let mut sum = 0.0;
        for j in 0..self.size[1] {
            sum += (0..self.size[0])
                .map(|i| self.height(i, j) - f64::from(self.bed))
                .sum::<f64>();
        }
        sum * self.cell * self.cell
    }

    /// Changes every column.
    fn each(&mut self, f: impl Fn([f64; 2], &mut f32)) {
        let (size, tiles) = (self.size, self.tiles);
        for j in 0..size[1] {
            for i in 0..size[0] {
                let at = self.center(i, j);
                let tile = &mut self.data[(j / TILE) * tiles[0] + i / TILE];
                f(at, &mut tile.heights[(j % TILE) * TILE + i % TILE]);
            }
        }
        self.refresh();
    }

    /// Finds the tiles' tops anew. Columns beyond the field's border count as well: they are cut as all others.
    pub(crate) fn refresh(&mut self) {
        for t in &mut self.data {
            t.refresh();
        }
    }
}

impl Tile {
    pub(crate) fn refresh(&mut self) {
        self.top = self
            .heights
            .iter()
            .copied()
            .fold(f32::NEG_INFINITY, |a, b| if b > a { b } else { a });
    }
}
