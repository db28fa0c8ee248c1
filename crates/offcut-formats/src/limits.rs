//! How much a file may ask for.

use crate::Cause;

/// Bounds for reading a file; each has an error of its own. The defaults suit a workstation.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Largest file, bytes.
    pub file_bytes: u64,
    /// Most triangles in all objects together, instances counted.
    pub triangles: usize,
    /// Most bytes that all read entries of an archive may inflate to together.
    pub expanded_bytes: u64,
    /// Largest ratio of inflated to packed bytes of an entry above 16 MiB. Honest models stay below 50.
    pub expansion_ratio: u64,
    /// Most entries of an archive.
    pub entries: usize,
    /// Deepest nesting of components or XML elements.
    pub depth: usize,
    /// Most placed objects.
    pub instances: usize,
    /// Farthest coordinate from the origin, mm. Beyond 32.768 m neighbouring `f32` lie 4 µm apart.
    pub coordinate: f64,
    /// Largest drawing, bytes.
    pub drawing_bytes: u64,
    /// Most segments of a drawing, copies counted.
    pub segments: usize,
    /// Most pixels of a picture.
    pub pixels: u64,
    /// Farthest coordinate of a drawing from the origin, mm: site plans lie far out.
    pub drawing_coordinate: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 4 << 30,
            triangles: 30_000_000,
            expanded_bytes: 2 << 30,
            expansion_ratio: 200,
            entries: 10_000,
            depth: 200,
            instances: 100_000,
            coordinate: 32_768.0,
            drawing_bytes: 256 << 20,
            segments: 5_000_000,
            pixels: 200_000_000,
            drawing_coordinate: 1e9,
        }
    }
}

impl Limits {
    pub(crate) fn file(&self, bytes: usize) -> Result<(), Cause> {
        let bytes = bytes as u64;
        if bytes > self.file_bytes {
            return Err(Cause::FileTooLarge {
                bytes,
                limit: self.file_bytes,
            });
        }
        Ok(())
    }

    pub(crate) fn triangle_count(&self, count: usize) -> Result<(), Cause> {
        if count > self.triangles {
            return Err(Cause::TooManyTriangles(self.triangles));
        }
        Ok(())
    }
}
