//! Printed lines in space: beads as round threads, stacked layer by layer.

use super::camera::{Camera, dot, unit};
use super::color::{decode, role_color};
use super::frame::{Frame, Picture, SAMPLES};
use super::layer::{along, extent, legend, roles};
use super::scene::{Ground, Light, Options, check_size};
use super::strokes::LayerStrokes;
use offcut_gcode::Role;

/// Draws layers as they would lie on the bed.
///
/// # Errors
/// When nothing is printed or the size is impossible.
pub fn draw_preview(layers: &[LayerStrokes], options: &Options) -> Result<Picture, crate::Error> {
    let size = check_size(options.width, options.height)?;
    let nothing = || crate::Error::Render("nothing is printed".into());
    let (lo, hi) = extent(layers).ok_or_else(nothing)?;
    let top = layers.iter().map(|l| l.z).fold(0.0, f32::max);
    let (lo, hi) = ([lo[0], lo[1], 0.0], [hi[0], hi[1], top]);
    let margin = if options.ground { 0.10 } else { 0.03 };
    let camera = Camera::fit(options.view, size, margin, |see| {
        for l in layers {
            for (s, _) in l.printed() {
                for p in l.points_of(s) {
                    see.add([p[0], p[1], l.z]);
                    see.add([p[0], p[1], l.z - l.height]);
                }
            }
        }
    });
    let light = Light::new(&camera);
    let mut frame = Frame::new(size[0], size[1]);
    let shades = Shades::new(&camera, &light);
    for l in layers {
        for (s, role) in l.printed() {
            let mid = l.z - l.height / 2.0;
            let size = [s.width, l.height];
            let points = l.points_of(s);
            for w in points.windows(2) {
                shades.thread(&mut frame, [w[0], w[1]], mid, size, role);
            }
            for (i, p) in points.iter().enumerate() {
                let sharp = match (i.checked_sub(1).and_then(|k| points.get(k)), points.get(i + 1)) {
                    (Some(a), Some(b)) => dot(along(*a, *p), along(*p, *b)) < 0.9,
                    _ => true,
                };
                if sharp {
                    shades.knob(&mut frame, *p, mid, size, role);
                }
            }
        }
    }
    if !options.ground {
        return Ok(frame.resolve(|_, _| None, Some(1.0 / camera.scale)));
    }
    let mut ground = Ground::new(&camera, options.bed, lo, hi);
    for l in layers {
        for (s, _) in l.printed() {
            for w in l.points_of(s).windows(2) {
                let d = along(w[0], w[1]);
                let side = [-d[1] * s.width / 2.0, d[0] * s.width / 2.0];
                let at = |p: [f32; 2], k: f32| [p[0] + k * side[0], p[1] + k * side[1], l.z];
                let q = [at(w[0], -1.0), at(w[1], -1.0), at(w[1], 1.0), at(w[0], 1.0)];
                ground.shadow([q[0], q[1], q[2]]);
                ground.shadow([q[0], q[2], q[3]]);
            }
        }
    }
    ground.soften();
    let cap = ((size[0].min(size[1]) * SAMPLES) as f32 * 0.014).max(12.0);
    legend(&mut frame, &roles(layers), [cap * 1.5, cap], cap, [70, 78, 88]);
    Ok(frame.resolve(|x, y| Some(ground.at(x, y)), Some(1.0 / camera.scale)))
}

struct Shades<'a> {
    camera: &'a Camera,
    light: &'a Light,
    colors: [[f32; 3]; Role::ALL.len()],
}

impl<'a> Shades<'a> {
    fn new(camera: &'a Camera, light: &'a Light) -> Self {
        Self {
            camera,
            light,
            colors: Role::ALL.map(|r| decode(role_color(r))),
        }
    }

    /// Paints one straight thread: an ellipse of `width` × `height` drawn along the segment. The
    /// sides that can be seen are cut into strips, each with the light of its own normal.
    fn thread(
        &self,
        frame: &mut Frame,
        [a, b]: [[f32; 2]; 2],
        mid: f32,
        [width, height]: [f32; 2],
        role: Role,
    ) {
        let d = along(a, b);
        let side = [-d[1], d[0]];
        let (rw, rh) = (width / 2.0, height / 2.0);
        let base = self.colors[role as usize];
        let at = |p: [f32; 2], c: f32, s: f32| {
            self.camera
                .project([p[0] + side[0] * rw * c, p[1] + side[1] * rw * c, mid + rh * s])
        };
        for strip in CIRCLE.windows(2) {
            let ((c0, s0), (c, s)) = (strip[0], strip[1]);
            let (mc, ms) = ((c + c0) / 2.0, (s + s0) / 2.0);
            let n = unit([side[0] * mc / rw, side[1] * mc / rw, ms / rh]);
            if dot(n, self.camera.toward) > 0.0 {
                let q = [at(a, c0, s0), at(b, c0, s0), at(b, c, s), at(a, c, s)];
                let color = || self.light.shade(base, n);
                frame.triangle([q[0], q[1], q[2]], color);
                frame.triangle([q[0], q[2], q[3]], color);
            }
        }
    }

    /// Rounds an end or a corner of a thread: the ellipse turned around the vertical.
    fn knob(&self, frame: &mut Frame, p: [f32; 2], mid: f32, [width, height]: [f32; 2], role: Role) {
        let (rw, rh) = (width / 2.0, height / 2.0);
        let base = self.colors[role as usize];
        let around = |k: usize| {
            let (c, s) = CIRCLE[k % 8];
            if k < 8 { (c, s) } else { (-c, -s) }
        };
        // Every second step will do at this size.
        for k in (0..16).step_by(2) {
            let (u, v) = (around(k), around((k + 2) % 16));
            let m = around(k + 1);
            for i in (0..4).step_by(2) {
                let (lo, hi, mean) = (CIRCLE[i], CIRCLE[i + 2], CIRCLE[i + 1]);
                let n = unit([m.0 * mean.0 / rw, m.1 * mean.0 / rw, mean.1 / rh]);
                if dot(n, self.camera.toward) <= 0.0 {
                    continue;
                }
                let at = |d: (f32, f32), r: (f32, f32)| {
                    self.camera
                        .project([p[0] + d.0 * r.0 * rw, p[1] + d.1 * r.0 * rw, mid + r.1 * rh])
                };
                let q = [at(u, lo), at(v, lo), at(v, hi), at(u, hi)];
                let color = || self.light.shade(base, n);
                frame.triangle([q[0], q[1], q[2]], color);
                frame.triangle([q[0], q[2], q[3]], color);
            }
        }
    }
}

/// Cosine and sine at every 22.5° of the upper half.
const CIRCLE: [(f32, f32); 9] = [
    (1.0, 0.0),
    (0.923_879_5, 0.382_683_43),
    (0.707_106_77, 0.707_106_77),
    (0.382_683_43, 0.923_879_5),
    (0.0, 1.0),
    (-0.382_683_43, 0.923_879_5),
    (-0.707_106_77, 0.707_106_77),
    (-0.923_879_5, 0.382_683_43),
    (-1.0, 0.0),
];
