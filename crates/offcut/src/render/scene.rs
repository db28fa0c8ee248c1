//! Shaded pictures of models: on their own (thumbnails) or standing on a bed with a grid.

use super::camera::{Camera, View, unit};
use super::color::{Rgb, decode, encode};
use super::frame::{Frame, Picture, SAMPLES};
use offcut_mesh::Mesh;

/// A mesh and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Body<'a> {
    /// The triangles, mm.
    pub mesh: &'a Mesh,
    /// Added to all corners, mm.
    pub offset: [f32; 3],
    /// sRGB.
    pub color: [u8; 3],
}

/// A rectangular build plate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bed {
    /// The front left corner, mm.
    pub origin: [f32; 2],
    /// Width and depth, mm.
    pub size: [f32; 2],
}

/// How a picture is taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Where the viewer stands.
    pub view: View,
    /// Draws the ground with a grid and a shadow; without it the ground is transparent.
    pub ground: bool,
    /// The grid ends at the bed's border; without a bed it reaches somewhat beyond the models.
    pub bed: Option<Bed>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            width: 1200,
            height: 900,
            view: View::default(),
            ground: true,
            bed: None,
        }
    }
}

/// Largest picture, pixels along a side.
pub const MAX_SIDE: u32 = 8192;

pub(super) fn check_size(width: u32, height: u32) -> Result<[usize; 2], crate::Error> {
    if (1..=MAX_SIDE).contains(&width) && (1..=MAX_SIDE).contains(&height) {
        Ok([width as usize, height as usize])
    } else {
        Err(crate::Error::Render(format!(
            "a picture of {width}x{height} pixels can't be drawn; sides go from 1 to {MAX_SIDE}"
        )))
    }
}

/// Two lamps, a sky and a gloss; constant over a face.
pub(super) struct Light {
    key: [f32; 3],
    fill: [f32; 3],
    half: [f32; 3],
    toward: [f32; 3],
}

impl Light {
    pub fn new(c: &Camera) -> Self {
        let mix =
            |r: f32, u: f32, t: f32| unit([0, 1, 2].map(|k| r * c.right[k] + u * c.up[k] + t * c.toward[k]));
        let key = mix(-0.55, 0.65, 0.6);
        Self {
            key,
            fill: mix(0.9, -0.1, 0.35),
            half: unit([0, 1, 2].map(|k| key[k] + c.toward[k])),
            toward: c.toward,
        }
    }

    /// The light that a face with this unit normal sends to the viewer.
    #[inline]
    pub fn shade(&self, base: Rgb, n: [f32; 3]) -> [u8; 3] {
        let d = super::camera::dot;
        // The inside of an open shell shows as a dark face.
        let (n, base) = if d(n, self.toward) < 0.0 {
            (n.map(|v| -v), base.map(|v| v * 0.35))
        } else {
            (n, base)
        };
        let diffuse = 0.27 + 0.08 * n[2] + 0.62 * d(n, self.key).max(0.0) + 0.16 * d(n, self.fill).max(0.0);
        let gloss = d(n, self.half).max(0.0);
        let g2 = gloss * gloss;
        let g8 = g2 * g2 * g2 * g2;
        let spot = 0.10 * g8 * g8 * g8;
        encode(base.map(|b| b * diffuse + spot))
    }
}

/// Paints a mesh. `cull`: faces that look away are skipped, right for closed meshes.
pub(super) fn draw_mesh(frame: &mut Frame, camera: &Camera, light: &Light, body: &Body, cull: bool) {
    let base = decode(body.color);
    let camera = camera.moved(body.offset);
    for [a, b, c] in &body.mesh.triangles {
        let s = [camera.project(*a), camera.project(*b), camera.project(*c)];
        let turn = (s[1][0] - s[0][0]) * (s[2][1] - s[0][1]) - (s[1][1] - s[0][1]) * (s[2][0] - s[0][0]);
        // y runs down, so faces that look to the viewer turn right.
        if cull && turn >= 0.0 {
            continue;
        }
        frame.triangle(s, || light.shade(base, unit(cross(sub(*b, *a), sub(*c, *a)))));
    }
}

#[inline]
fn sub(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

#[inline]
fn cross(u: [f32; 3], v: [f32; 3]) -> [f32; 3] {
    [
        u[1] * v[2] - u[2] * v[1],
        u[2] * v[0] - u[0] * v[2],
        u[0] * v[1] - u[1] * v[0],
    ]
}

/// The box around all bodies, mm.
fn bounds(bodies: &[Body]) -> ([f32; 3], [f32; 3]) {
    let (mut lo, mut hi) = ([f32::INFINITY; 3], [f32::NEG_INFINITY; 3]);
    for b in bodies {
        if let Some((l, h)) = b.mesh.bounds() {
            for k in 0..3 {
                lo[k] = lo[k].min(l[k] + b.offset[k]);
                hi[k] = hi[k].max(h[k] + b.offset[k]);
            }
        }
    }
    (lo, hi)
}

/// Draws models.
///
/// # Errors
/// When there is nothing to draw or the size is impossible.
pub fn draw_models(bodies: &[Body], options: &Options) -> Result<Picture, crate::Error> {
    let size = check_size(options.width, options.height)?;
    if bodies.iter().all(|b| b.mesh.triangles.is_empty()) {
        return Err(crate::Error::Render("there is nothing to draw".into()));
    }
    let margin = if options.ground { 0.12 } else { 0.03 };
    let camera = Camera::fit(options.view, size, margin, |see| {
        for b in bodies {
            for p in b.mesh.triangles.iter().flatten() {
                see.add([p[0] + b.offset[0], p[1] + b.offset[1], p[2] + b.offset[2]]);
            }
        }
    });
    let light = Light::new(&camera);
    let mut frame = Frame::new(size[0], size[1]);
    for b in bodies {
        draw_mesh(&mut frame, &camera, &light, b, !options.ground);
    }
    if !options.ground {
        return Ok(frame.resolve(|_, _| None, Some(1.0 / camera.scale)));
    }
    let (lo, hi) = bounds(bodies);
    let mut ground = Ground::new(&camera, options.bed, lo, hi);
    for b in bodies {
        let place = |v: [f32; 3]| [v[0] + b.offset[0], v[1] + b.offset[1], v[2] + b.offset[2]];
        for [p, q, r] in &b.mesh.triangles {
            ground.shadow([place(*p), place(*q), place(*r)]);
        }
    }
    ground.soften();
    Ok(frame.resolve(|x, y| Some(ground.at(x, y)), Some(1.0 / camera.scale)))
}

/// Draws a model file as it lies in its own coordinates, dropped to the ground.
///
/// # Errors
/// When the file can't be read or the size is impossible.
pub fn draw_file(
    name: &str,
    bytes: &[u8],
    options: &Options,
    color: [u8; 3],
) -> Result<Picture, crate::Error> {
    let model = offcut_formats::read_model(bytes, name, &offcut_formats::Limits::default())
        .map_err(|e| crate::Error::Input(e.to_string()))?;
    let meshes: Vec<Mesh> = model.objects.iter().map(|o| o.placed()).collect();
    let low = meshes
        .iter()
        .filter_map(|m| Some(m.bounds()?.0[2]))
        .fold(f32::INFINITY, f32::min);
    let bodies: Vec<Body> = meshes
        .iter()
        .map(|mesh| Body {
            mesh,
            offset: [0.0, 0.0, -low],
            color,
        })
        .collect();
    draw_models(&bodies, options)
}

/// The plate under the models: grid, border, soft shadow, fading into the backdrop.
pub(super) struct Ground {
    camera: Camera,
    /// The part that the mask covers, mm.
    lo: [f32; 2],
    hi: [f32; 2],
    bed: Option<Bed>,
    /// Where light is kept off, 0 to 1.
    mask: Vec<f32>,
    shade: Frame,
}

/// Cells of the shadow mask along a side.
const MASK: usize = 512;
/// The direction of the light that casts the shadow: millimetres aside for one down.
const SLANT: [f32; 2] = [0.28, 0.18];

impl Ground {
    pub fn new(camera: &Camera, bed: Option<Bed>, lo: [f32; 3], hi: [f32; 3]) -> Self {
        let extent = (hi[0] - lo[0]).max(hi[1] - lo[1]).max(hi[2] - lo[2]) * 0.5;
        Self {
            camera: *camera,
            lo: [lo[0] - extent, lo[1] - extent],
            hi: [hi[0] + extent, hi[1] + extent],
            bed,
            mask: vec![0.0; MASK * MASK],
            shade: Frame::new(MASK / SAMPLES, MASK / SAMPLES),
        }
    }

    /// A point of the bed in cells of the mask.
    #[inline]
    fn cell(&self, x: f32, y: f32) -> [f32; 2] {
        let n = MASK as f32;
        [
            (x - self.lo[0]) / (self.hi[0] - self.lo[0]) * n,
            (y - self.lo[1]) / (self.hi[1] - self.lo[1]) * n,
        ]
    }

    /// Marks the shadow of a triangle.
    #[inline]
    pub fn shadow(&mut self, [a, b, c]: [[f32; 3]; 3]) {
        let cast = |p: [f32; 3]| {
            let [x, y] = self.cell(p[0] + p[2] * SLANT[0], p[1] + p[2] * SLANT[1]);
            [x, y, 0.0]
        };
        let s = [cast(a), cast(b), cast(c)];
        self.shade.triangle(s, || [0; 3]);
    }

    /// Blurs the shadow.
    pub fn soften(&mut self) {
        for (m, d) in self.mask.iter_mut().zip(&self.shade.depth) {
            *m = if *d > f32::NEG_INFINITY { 1.0 } else { 0.0 };
        }
        const REACH: usize = 5;
        let mut line = vec![0.0; MASK];
        for pass in 0..6 {
            for i in 0..MASK {
                let at = |k: usize| if pass % 2 == 0 { i * MASK + k } else { k * MASK + i };
                for (k, cell) in line.iter_mut().enumerate() {
                    *cell = self.mask[at(k)];
                }
                let mut sum: f32 = line[..REACH].iter().sum();
                for k in 0..MASK {
                    sum += line.get(k + REACH).copied().unwrap_or(0.0);
                    if k > REACH {
                        sum -= line[k - REACH - 1];
                    }
                    self.mask[at(k)] = sum / (2 * REACH + 1) as f32;
                }
            }
        }
    }

    /// The colour behind a pixel, linear.
    pub fn at(&self, x: usize, y: usize) -> Rgb {
        let rows = y as f32 * SAMPLES as f32 / (self.camera.scale * 200.0).max(1.0);
        let top = decode([241, 243, 246]);
        let low = decode([220, 225, 231]);
        let t = (rows / 4.0).clamp(0.0, 1.0);
        let backdrop = [0, 1, 2].map(|k| top[k] + t * (low[k] - top[k]));
        let half = SAMPLES as f32 / 2.0;
        let (sx, sy) = (x as f32 * SAMPLES as f32 + half, y as f32 * SAMPLES as f32 + half);
        let Some(p) = self.camera.on_bed(sx, sy) else {
            return backdrop;
        };
        // Width of a pixel on the bed along each axis, for lines of even strength.
        let step = |dx: f32, dy: f32| self.camera.on_bed(sx + dx, sy + dy).unwrap_or(p);
        let (px, py) = (step(SAMPLES as f32, 0.0), step(0.0, SAMPLES as f32));
        let spread = [0, 1].map(|k| (px[k] - p[k]).abs() + (py[k] - p[k]).abs());
        let line = |pitch: f32, wide: f32| {
            (0..2)
                .map(|k| {
                    let off = (p[k] / pitch - (p[k] / pitch).round()).abs() * pitch;
                    (wide / 2.0 + 0.5 - off / spread[k]).clamp(0.0, 1.0)
                        * (1.0 - spread[k] / pitch * 2.0).max(0.0)
                })
                .fold(0.0, f32::max)
        };
        let inside = match self.bed {
            Some(b) => (0..2)
                .map(|k| {
                    let d = (p[k] - b.origin[k]).min(b.origin[k] + b.size[k] - p[k]);
                    (d / spread[k] + 0.5).clamp(0.0, 1.0)
                })
                .fold(1.0, f32::min),
            None => {
                // Fades out around the models.
                let fade = (0..2).map(|k| {
                    let mid = (self.lo[k] + self.hi[k]) / 2.0;
                    let d = (p[k] - mid) / ((self.hi[k] - self.lo[k]) / 2.0);
                    d * d
                });
                (1.4 - fade.sum::<f32>()).clamp(0.0, 1.0)
            }
        };
        let plate = decode([232, 235, 239]);
        let ink = decode([176, 186, 198]);
        let strength = inside * (0.45 * line(10.0, 1.0)).max(0.9 * line(50.0, 1.2));
        let dark = 1.0 - 0.5 * self.shadow_at(p);
        [0, 1, 2].map(|k| {
            let ground = backdrop[k] + inside * (plate[k] - backdrop[k]);
            (ground + strength * (ink[k] - ground)) * dark
        })
    }

    fn shadow_at(&self, p: [f32; 2]) -> f32 {
        let [u, v] = self.cell(p[0], p[1]).map(|c| c - 0.5);
        if u < 0.0 || v < 0.0 || u >= (MASK - 1) as f32 || v >= (MASK - 1) as f32 {
            return 0.0;
        }
        let (i, j) = (u as usize, v as usize);
        let (fu, fv) = (u - i as f32, v - j as f32);
        let m = |i: usize, j: usize| self.mask[j * MASK + i];
        (m(i, j) * (1.0 - fu) + m(i + 1, j) * fu) * (1.0 - fv)
            + (m(i, j + 1) * (1.0 - fu) + m(i + 1, j + 1) * fu) * fv
    }
}
