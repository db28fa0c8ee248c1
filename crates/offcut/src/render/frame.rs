//! A picture in the making: colours and depths at twice the final resolution.
//!
//! In: shaded triangles in pixels. Out: an antialiased [`Picture`]. Promised: the same bytes everywhere
//! (only additions, products and square roots decide a pixel).

use super::color::{Rgb, decode, encode};

/// Samples per pixel along each axis.
pub(super) const SAMPLES: usize = 2;

/// A finished picture, 8 bits a channel, RGBA, rows from the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Four bytes a pixel, alpha not multiplied in.
    pub rgba: Vec<u8>,
}

/// Colour and depth of every sample; greater depth is nearer to the viewer.
pub(super) struct Frame {
    /// Samples across.
    pub w: usize,
    /// Samples down.
    pub h: usize,
    /// Colour of what is nearest, sRGB.
    pub color: Vec<[u8; 3]>,
    /// Its depth; minus infinity where there is nothing.
    pub depth: Vec<f32>,
}

/// A corner in samples (x to the right, y down) with its depth.
pub(super) type Corner = [f32; 3];

impl Frame {
    /// An empty picture of `width` × `height` pixels.
    pub fn new(width: usize, height: usize) -> Self {
        let (w, h) = (width * SAMPLES, height * SAMPLES);
        Self {
            w,
            h,
            color: vec![[0; 3]; w * h],
            depth: vec![f32::NEG_INFINITY; w * h],
        }
    }

    /// Paints one sample if nothing nearer is there.
    #[inline]
    pub fn put(&mut self, x: usize, y: usize, depth: f32, color: [u8; 3]) {
        let i = y * self.w + x;
        if depth > self.depth[i] {
            self.depth[i] = depth;
            self.color[i] = color;
        }
    }

    /// The samples whose centres lie between two coordinates.
    #[inline]
    pub fn span(lo: f32, hi: f32, size: usize) -> std::ops::Range<usize> {
        // Casts saturate and cut towards zero; `ceil` and `floor` would be calls.
        let (lo, hi) = (lo - 0.5, hi - 0.5);
        if hi < 0.0 {
            return 0..0;
        }
        let first = lo as usize;
        first + usize::from(lo > first as f32)..(hi as usize + 1).min(size)
    }

    /// Paints a triangle of one colour. `color` is asked only when a sample is covered.
    #[inline]
    pub fn triangle(&mut self, [a, b, c]: [Corner; 3], color: impl FnOnce() -> [u8; 3]) {
        let xs = Self::span(a[0].min(b[0]).min(c[0]), a[0].max(b[0]).max(c[0]), self.w);
        let ys = Self::span(a[1].min(b[1]).min(c[1]), a[1].max(b[1]).max(c[1]), self.h);
        if xs.is_empty() || ys.is_empty() {
            return;
        }
        let area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        if area == 0.0 {
            return;
        }
        // Barycentric weights of b and c are linear in the position.
        let inv = 1.0 / area;
        let (bx, by) = ((c[1] - a[1]) * inv, -(c[0] - a[0]) * inv);
        let (cx, cy) = (-(b[1] - a[1]) * inv, (b[0] - a[0]) * inv);
        let (zb, zc) = (b[2] - a[2], c[2] - a[2]);
        let color = color();
        for y in ys {
            let dy = y as f32 + 0.5 - a[1];
            for x in xs.clone() {
                let dx = x as f32 + 0.5 - a[0];
                let (u, v) = (dx * bx + dy * by, dx * cx + dy * cy);
                if u >= 0.0 && v >= 0.0 && u + v <= 1.0 {
                    self.put(x, y, a[2] + u * zb + v * zc, color);
                }
            }
        }
    }

    /// Averages the samples over `background`, in linear light. With `cavity` (mm of depth a sample)
    /// hollows darken and edges brighten a little.
    pub fn resolve(&self, background: impl Fn(usize, usize) -> Option<Rgb>, cavity: Option<f32>) -> Picture {
        let (width, height) = (self.w / SAMPLES, self.h / SAMPLES);
        let mut rgba = Vec::with_capacity(width * height * 4);
        for y in 0..height {
            for x in 0..width {
                let mut sum = [0.0_f32; 3];
                let mut hits = 0.0_f32;
                for k in 0..SAMPLES * SAMPLES {
                    let i = (y * SAMPLES + k / SAMPLES) * self.w + x * SAMPLES + k % SAMPLES;
                    if self.depth[i] > f32::NEG_INFINITY {
                        let c = decode(self.color[i]);
                        for j in 0..3 {
                            sum[j] += c[j];
                        }
                        hits += 1.0;
                    }
                }
                if hits > 0.0
                    && let Some(scale) = cavity
                {
                    let light = self.cavity(x, y, scale);
                    sum = sum.map(|v| v * light);
                }
                let all = (SAMPLES * SAMPLES) as f32;
                match background(x, y) {
                    Some(b) => {
                        let c = [0, 1, 2].map(|j| (sum[j] + (all - hits) * b[j]) / all);
                        rgba.extend(encode(c));
                        rgba.push(255);
                    }
                    None => {
                        rgba.extend(encode(sum.map(|v| v / hits.max(1.0))));
                        rgba.push((255.0 * hits / all + 0.5) as u8);
                    }
                }
            }
        }
        Picture {
            width: width as u32,
            height: height as u32,
            rgba,
        }
    }

    /// Light left at a pixel, from how the depth bends around it: the mean of two opposite neighbours
    /// cancels the slope, what remains is hollow (nearer) or edge (farther).
    fn cavity(&self, x: usize, y: usize, scale: f32) -> f32 {
        let at = |dx: isize, dy: isize| {
            let px = (x * SAMPLES) as isize + dx;
            let py = (y * SAMPLES) as isize + dy;
            let inside = px >= 0 && py >= 0 && px < self.w as isize && py < self.h as isize;
            let d = if inside {
                self.depth[py as usize * self.w + px as usize]
            } else {
                f32::NEG_INFINITY
            };
            (d > f32::NEG_INFINITY).then_some(d)
        };
        let Some(here) = at(0, 0) else { return 1.0 };
        let near = (self.w.min(self.h) / 200).max(2) as isize;
        let mut bend = 0.0;
        for reach in [near, 3 * near] {
            let limit = scale * reach as f32 * 2.0;
            for (dx, dy) in [
                (reach, 0),
                (0, reach),
                (reach * 7 / 10, reach * 7 / 10),
                (reach * 7 / 10, -reach * 7 / 10),
            ] {
                if let (Some(p), Some(q)) = (at(dx, dy), at(-dx, -dy)) {
                    let mean = (p - here).clamp(-limit, limit) + (q - here).clamp(-limit, limit);
                    bend += mean / (2.0 * limit);
                }
            }
        }
        let bend = bend / 8.0;
        if bend > 0.0 {
            1.0 / (1.0 + 3.0 * bend)
        } else {
            1.0 - 0.6 * bend.max(-0.5)
        }
    }
}

impl Picture {
    /// The picture as a PNG file.
    ///
    /// # Errors
    /// When the picture has no pixels.
    pub fn png(&self) -> Result<Vec<u8>, crate::Error> {
        let mut out = Vec::new();
        let mut e = png::Encoder::new(&mut out, self.width, self.height);
        let opaque = self.rgba.chunks_exact(4).all(|c| c[3] == 255);
        e.set_color(if opaque {
            png::ColorType::Rgb
        } else {
            png::ColorType::Rgba
        });
        e.set_depth(png::BitDepth::Eight);
        e.set_compression(png::Compression::Balanced);
        let rgb: Vec<u8>;
        let data = if opaque {
            rgb = self
                .rgba
                .chunks_exact(4)
                .flat_map(|c| [c[0], c[1], c[2]])
                .collect();
            &rgb
        } else {
            &self.rgba
        };
        let write = |e: png::Encoder<&mut Vec<u8>>| -> Result<(), png::EncodingError> {
            let mut w = e.write_header()?;
            w.write_image_data(data)?;
            w.finish()
        };
        write(e).map_err(|e| crate::Error::Render(e.to_string()))?;
        Ok(out)
    }

    /// Copies another picture into this one; what does not fit is cut off.
    pub(super) fn paste(&mut self, o: &Self, x: u32, y: u32) {
        let columns = o.width.min(self.width.saturating_sub(x)) as usize * 4;
        for row in 0..o.height.min(self.height.saturating_sub(y)) {
            let from = (row * o.width) as usize * 4;
            let to = ((y + row) * self.width + x) as usize * 4;
            self.rgba[to..to + columns].copy_from_slice(&o.rgba[from..from + columns]);
        }
    }
}
