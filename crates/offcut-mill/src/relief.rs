//! Reliefs: a picture's brightness as the height of a surface.
//!
//! In: grey pixels. Out: a mesh that operations over models carve. Promised: the surface goes through every pixel's
//! height at the pixel's middle; its border reaches the picture's.

use crate::MillError;
use offcut_mesh::{Mesh, Triangle};

/// How a picture becomes a relief. Lengths in mm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Relief {
    /// Width of the relief; its depth follows from the picture's sides.
    pub width: f64,
    /// From the lowest place to the highest.
    pub height: f64,
    /// Dark is high.
    pub dark_high: bool,
    /// Radius of the smoothing, pixels; 0 for none.
    pub smooth: usize,
}

impl Relief {
    /// The surface of a picture: `pixels` row by row from the top, 0 black, 1 white. Its lower left corner is the
    /// origin, its highest possible place lies at z = 0.
    ///
    /// # Errors
    /// [`MillError::Job`] for pictures of less than two pixels a side and for sizes that aren't above 0.
    pub fn mesh(&self, pixels: &[f32], columns: usize) -> Result<Mesh, MillError> {
        let rows = pixels.len() / columns.max(1);
        if columns < 2 || rows < 2 || rows * columns != pixels.len() {
            return Err(MillError::Job(
                "the picture of the relief needs at least two pixels on each side; choose another".into(),
            ));
        }
        if !(self.width > 0.0 && self.height > 0.0 && self.width < 5000.0 && self.height < 500.0) {
            return Err(MillError::Job(
                "width and height of the relief must lie above 0 and below 5000 and 500 mm".into(),
            ));
        }
        let mut level: Vec<f32> = pixels
            .iter()
            .map(|p| if self.dark_high { 1.0 - p } else { *p })
            .collect();
        if self.smooth > 0 {
            // Three box filters are close to a Gaussian one.
            for _ in 0..3 {
                level = boxed(&level, columns, self.smooth, 1, rows);
                level = boxed(&level, columns, self.smooth, columns, rows);
            }
        }
        let pixel = self.width / columns as f64;
        // A pixel's height holds at its middle; at the border it goes on to the picture's edge.
        let along = |i: usize, n: usize| match i {
            0 => 0.0,
            i if i + 1 == n => n as f64 * pixel,
            i => (i as f64 + 0.5) * pixel,
        };
        let at = |i: usize, j: usize| {
            let z = self.height * (f64::from(level[(rows - 1 - j) * columns + i]) - 1.0);
            [along(i, columns) as f32, along(j, rows) as f32, z as f32]
        };
        let mut triangles: Vec<Triangle> = Vec::with_capacity(2 * (columns - 1) * (rows - 1));
        for j in 0..rows - 1 {
            for i in 0..columns - 1 {
                let (a, b, c, d) = (at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1));
                // The diagonal that bends less.
                if (a[2] - c[2]).abs() <= (b[2] - d[2]).abs() {
                    triangles.extend([[a, b, c], [a, c, d]]);
                } else {
                    triangles.extend([[a, b, d], [b, c, d]]);
                }
            }
        }
        Ok(Mesh { triangles })
    }
}

/// The mean over `2·radius + 1` pixels along rows (`stride` 1) or columns; fewer at the border.
fn boxed(level: &[f32], columns: usize, radius: usize, stride: usize, rows: usize) -> Vec<f32> {
    let (n, lines, step) = if stride == 1 {
        (columns, rows, columns)
    } else {
        (rows, columns, 1)
    };
    let mut out = vec![0.0; level.len()];
    for line in 0..lines {
        let at = |i: usize| line * step + i * stride;
        for i in 0..n {
            let (a, b) = (i.saturating_sub(radius), (i + radius + 1).min(n));
            let sum: f32 = (a..b).map(|k| level[at(k)]).sum();
            out[at(i)] = sum / (b - a) as f32;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const RELIEF: Relief = Relief {
        width: 40.0,
        height: 5.0,
        dark_high: false,
        smooth: 0,
    };

    #[test]
    fn brightness_is_height() {
        // Two rows: the upper one bright, the lower one dark.
        let mesh = RELIEF.mesh(&[1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0], 4).unwrap();
        let (lo, hi) = mesh.bounds().unwrap();
        assert_eq!((lo, hi), ([0.0, 0.0, -5.0], [40.0, 20.0, 0.0]));
        for v in mesh.triangles.iter().flatten() {
            assert_eq!(v[2], if v[1] == 0.0 { -5.0 } else { 0.0 });
        }
        let turned = Relief {
            dark_high: true,
            ..RELIEF
        };
        let mesh = turned.mesh(&[1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0], 4).unwrap();
        assert!(
            mesh.triangles
                .iter()
                .flatten()
                .all(|v| (v[2] == 0.0) == (v[1] == 0.0))
        );
    }

    #[test]
    fn smoothing_keeps_the_mean_and_errors_are_told() {
        let pixels: Vec<f32> = (0..400)
            .map(|i| f32::from(u8::from((i / 20 + i) % 7 < 3)))
            .collect();
        let rough = RELIEF.mesh(&pixels, 20).unwrap();
        let fine = Relief { smooth: 2, ..RELIEF }.mesh(&pixels, 20).unwrap();
        let spread = |m: &Mesh| {
            let (lo, hi) = m.bounds().unwrap();
            hi[2] - lo[2]
        };
        assert!(spread(&fine) < 0.6 * spread(&rough));
        assert!(RELIEF.mesh(&[0.0], 1).is_err());
        assert!(
            Relief {
                height: 0.0,
                ..RELIEF
            }
            .mesh(&pixels, 20)
            .is_err()
        );
    }
}
