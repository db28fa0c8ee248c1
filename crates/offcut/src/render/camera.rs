//! The viewer: a direction, and a scale that fits a box into the picture. Parallel projection.

use super::frame::{Corner, SAMPLES};
use libm::{cosf, sinf};

/// Where the viewer stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Around the vertical, degrees: 0 looks from the front, 90 from the right.
    pub azimuth: f32,
    /// Above the horizon, degrees: 90 looks straight down.
    pub elevation: f32,
}

impl View {
    /// From the front, somewhat from the right and above.
    pub const ISOMETRIC: Self = Self {
        azimuth: 32.0,
        elevation: 28.0,
    };
}

impl Default for View {
    fn default() -> Self {
        Self::ISOMETRIC
    }
}

/// Maps millimetres to samples.
#[derive(Debug, Clone, Copy)]
pub(super) struct Camera {
    /// To the right in the picture, towards the top, towards the viewer: an orthonormal frame.
    pub right: [f32; 3],
    pub up: [f32; 3],
    pub toward: [f32; 3],
    /// Samples a millimetre.
    pub scale: f32,
    /// Samples added after scaling.
    shift: [f32; 3],
}

/// The part of the picture's plane that some points take.
pub(super) struct Extent {
    camera: Camera,
    min: [f32; 2],
    max: [f32; 2],
}

impl Extent {
    /// Makes room for a point.
    #[inline]
    pub fn add(&mut self, p: [f32; 3]) {
        let q = self.camera.project(p);
        self.min = [self.min[0].min(q[0]), self.min[1].min(q[1])];
        self.max = [self.max[0].max(q[0]), self.max[1].max(q[1])];
    }
}

#[inline]
pub(super) fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[inline]
pub(super) fn unit(v: [f32; 3]) -> [f32; 3] {
    let l = dot(v, v).sqrt();
    if l > 0.0 {
        v.map(|x| x / l)
    } else {
        [0.0, 0.0, 1.0]
    }
}

impl Camera {
    /// Shows all points that `points` reports, in `size` pixels with a margin (share of the picture).
    pub fn fit(view: View, size: [usize; 2], margin: f32, points: impl FnOnce(&mut Extent)) -> Self {
        let (a, e) = (view.azimuth.to_radians(), view.elevation.to_radians());
        let toward = [sinf(a) * cosf(e), -cosf(a) * cosf(e), sinf(e)];
        let right = [cosf(a), sinf(a), 0.0];
        let up = [-sinf(a) * sinf(e), cosf(a) * sinf(e), cosf(e)];
        let mut camera = Self {
            right,
            up,
            toward,
            scale: 1.0,
            shift: [0.0; 3],
        };
        let mut extent = Extent {
            camera,
            min: [f32::INFINITY; 2],
            max: [f32::NEG_INFINITY; 2],
        };
        points(&mut extent);
        let Extent { min, max, .. } = extent;
        let room = [(size[0] * SAMPLES) as f32, (size[1] * SAMPLES) as f32];
        let fit = |k: usize| room[k] * (1.0 - 2.0 * margin) / (max[k] - min[k]).max(1e-3);
        let scale = fit(0).min(fit(1));
        let middle = |k: usize| room[k] / 2.0 - scale * (min[k] + max[k]) / 2.0;
        camera.scale = scale;
        camera.shift = [middle(0), middle(1), 0.0];
        camera
    }

    /// The camera for things that are moved by `d` before they are seen.
    pub fn moved(mut self, d: [f32; 3]) -> Self {
        self.shift = self.project(d);
        self
    }

    /// A point in samples, y down, with its depth in millimetres.
    #[inline]
    pub fn project(&self, p: [f32; 3]) -> Corner {
        [
            dot(p, self.right) * self.scale + self.shift[0],
            -dot(p, self.up) * self.scale + self.shift[1],
            dot(p, self.toward) + self.shift[2],
        ]
    }

    /// The point of the plane z = 0 that a sample shows; `None` when the view runs along the plane.
    pub fn on_bed(&self, x: f32, y: f32) -> Option<[f32; 2]> {
        if self.toward[2] < 0.02 {
            return None;
        }
        let u = (x - self.shift[0]) / self.scale;
        let v = -(y - self.shift[1]) / self.scale;
        // Walk from the picture's plane along the view down to the bed.
        let p = [0, 1, 2].map(|k| u * self.right[k] + v * self.up[k]);
        let t = p[2] / self.toward[2];
        Some([p[0] - t * self.toward[0], p[1] - t * self.toward[1]])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projection_and_its_inverse() {
        for view in [
            View::ISOMETRIC,
            View {
                azimuth: -120.0,
                elevation: 70.0,
            },
        ] {
            let c = Camera::fit(view, [200, 100], 0.1, |see| {
                see.add([-5.0, 20.0, 0.0]);
                see.add([30.0, 0.0, 9.0]);
            });
            let q = c.project([12.0, 7.0, 0.0]);
            let p = c.on_bed(q[0], q[1]).unwrap();
            assert!((p[0] - 12.0).abs() < 1e-2 && (p[1] - 7.0).abs() < 1e-2, "{p:?}");
            for p in [[-5.0, 20.0, 0.0], [30.0, 0.0, 9.0]] {
                let k = c.project(p);
                assert!((39.0..=361.0).contains(&k[0]) && (19.0..=181.0).contains(&k[1]));
            }
        }
    }
}
