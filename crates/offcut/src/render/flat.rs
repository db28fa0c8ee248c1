//! Flat pictures: areas, lines and texts in millimetres, as PNG or SVG.
//!
//! In: a [`Scene`] with y up. Out: a [`Picture`] or SVG text that show the same. Lines have widths in pixels of a picture
//! of [`Scene::nominal`] pixels across, so that both look alike at any size.

use super::canvas::{Canvas, Dot};
use super::frame::Picture;
use super::scene::MAX_SIDE;
use crate::Error;
use offcut_formats::font::Font;
use offcut_geometry::drawing::{self, Affine, Bounds, Vec2};
use std::fmt::Write;

/// A line or area.
pub(super) struct Shape {
    /// Rings of an area (holes turn the other way) or runs of a line, mm.
    pub rings: Vec<Vec<Vec2>>,
    /// Colour and opacity of the area.
    pub fill: Option<([u8; 3], f32)>,
    /// Colour and width (nominal pixels) of the line.
    pub line: Option<([u8; 3], f32)>,
    /// The line comes back to its start.
    pub closed: bool,
}

/// A picture in the scene: pixels, and where the unit square goes.
pub(super) struct Raster {
    /// Width and height.
    pub size: [u32; 2],
    /// Red, green, blue and opacity, rows from the top.
    pub rgba: Vec<u8>,
    /// From the unit square (lower left corner at the origin) to millimetres.
    pub frame: Affine,
    /// The shapes before it are below it.
    pub after: usize,
}

/// What is to be drawn, bottom first.
#[derive(Default)]
pub(super) struct Scene {
    pub shapes: Vec<Shape>,
    pub rasters: Vec<Raster>,
    /// What the picture shows, mm.
    pub window: Option<Bounds>,
}

/// The paper.
const PAPER: [u8; 3] = [250, 250, 248];
/// Pixels across for which widths of lines are meant.
const NOMINAL: f64 = 1600.0;
/// Share of the window around it.
const EDGE: f64 = 0.02;

/// Where a text stands on its place.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Align {
    Left,
    Middle,
}

impl Scene {
    /// Adds an area.
    pub fn area(&mut self, rings: Vec<Vec<Vec2>>, fill: ([u8; 3], f32), line: Option<([u8; 3], f32)>) {
        self.shapes.push(Shape {
            rings,
            fill: Some(fill),
            line,
            closed: true,
        });
    }

    /// Adds lines.
    pub fn lines(&mut self, rings: Vec<Vec<Vec2>>, closed: bool, color: [u8; 3], width: f32) {
        self.shapes.push(Shape {
            rings,
            fill: None,
            line: Some((color, width)),
            closed,
        });
    }

    /// Adds a line of text whose capitals are `cap` mm high; its baseline begins at, or is centred on, `at`.
    pub fn text(&mut self, text: &str, at: Vec2, cap: f64, align: Align, color: [u8; 3]) {
        let Some(font) = Font::bundled(false) else { return };
        let size = cap / font.cap_height();
        let back = match align {
            Align::Left => 0.0,
            Align::Middle => font.width(text) * size / 2.0,
        };
        let place = Affine::new(size, 0.0, 0.0, size, at.x - back, at.y);
        let rings: Vec<Vec<Vec2>> = font
            .line(text, &place)
            .iter()
            .map(|c| drawing::polygon(c, cap / 60.0))
            .collect();
        // The font is a light one; a thin line makes it readable.
        self.area(rings, (color, 1.0), Some((color, 0.7)));
    }

    /// Width of a text, mm.
    pub fn text_width(text: &str, cap: f64) -> f64 {
        Font::bundled(false).map_or(0.0, |f| f.width(text) * cap / f.cap_height())
    }

    fn view(&self) -> Bounds {
        let mut b = self.window.unwrap_or_else(|| {
            let points = self.shapes.iter().flat_map(|s| s.rings.iter().flatten());
            points.fold(Bounds::EMPTY, |mut b, p| {
                b.add(*p);
                b
            })
        });
        if b.is_empty() {
            b.add(Vec2::ZERO);
        }
        let edge = (b.size().x.max(b.size().y) * EDGE).max(1e-3);
        let edge = Vec2::new(edge, edge);
        Bounds {
            min: b.min - edge,
            max: b.max + edge,
        }
    }

    /// The picture; with one side missing it follows from the scene.
    ///
    /// # Errors
    /// When the size is impossible.
    pub fn draw(&self, size: Option<[u32; 2]>) -> Result<Picture, Error> {
        let view = self.view();
        let own = view.size();
        let [w, h] = size.unwrap_or_else(|| {
            let h = (NOMINAL * own.y / own.x).clamp(NOMINAL / 8.0, NOMINAL * 2.0);
            [NOMINAL as u32, h.round() as u32]
        });
        if !(1..=MAX_SIDE).contains(&w) || !(1..=MAX_SIDE).contains(&h) {
            return Err(Error::Render(format!(
                "a picture of {w} x {h} pixels can't be drawn; both sides go from 1 to {MAX_SIDE}"
            )));
        }
        let k = (f64::from(w) / own.x).min(f64::from(h) / own.y);
        let middle = view.min.lerp(view.max, 0.5);
        let at = |p: Vec2| -> Dot {
            [
                (f64::from(w) / 2.0 + (p.x - middle.x) * k) as f32,
                (f64::from(h) / 2.0 - (p.y - middle.y) * k) as f32,
            ]
        };
        let thick = (k * own.x / NOMINAL) as f32;
        let mut canvas = Canvas::new(w as usize, h as usize, PAPER);
        for (i, s) in self.shapes.iter().enumerate() {
            for r in self.rasters.iter().filter(|r| r.after == i) {
                raster(&mut canvas, r, [w, h], middle, k);
            }
            let rings: Vec<Vec<Dot>> = s
                .rings
                .iter()
                .map(|r| r.iter().map(|p| at(*p)).collect())
                .collect();
            if let Some((color, alpha)) = s.fill {
                canvas.fill(&rings, color, alpha);
            }
            if let Some((color, width)) = s.line {
                for r in &rings {
                    let width = width * thick;
                    // Lines thinner than a pixel fade instead of breaking up.
                    canvas.stroke(r, s.closed, width.max(0.8), color, (width / 0.8).clamp(0.25, 1.0));
                }
            }
        }
        for r in self.rasters.iter().filter(|r| r.after >= self.shapes.len()) {
            raster(&mut canvas, r, [w, h], middle, k);
        }
        Ok(canvas.picture())
    }

    /// The same as SVG in millimetres.
    #[must_use]
    pub fn svg(&self) -> String {
        let view = self.view();
        let size = view.size();
        let px = size.x / NOMINAL;
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.3}mm\" height=\"{1:.3}mm\" viewBox=\"0 0 {0:.3} \
             {1:.3}\" stroke-linecap=\"round\" stroke-linejoin=\"round\">\n<rect width=\"{0:.3}\" height=\"{1:.3}\" \
             fill=\"{2}\"/>",
            size.x,
            size.y,
            hex(PAPER)
        );
        for (i, s) in self.shapes.iter().enumerate() {
            for r in self.rasters.iter().filter(|r| r.after == i) {
                self.svg_raster(&mut out, r, &view);
            }
            let mut d = String::new();
            for r in &s.rings {
                for (k, p) in r.iter().enumerate() {
                    let c = if k == 0 { 'M' } else { 'L' };
                    let _ = write!(d, "{c}{:.3} {:.3}", p.x - view.min.x, view.max.y - p.y);
                }
                if s.closed {
                    d.push('Z');
                }
            }
            let fill = s.fill.map_or("fill=\"none\"".to_owned(), |(c, a)| {
                let opacity = if a < 1.0 {
                    format!(" fill-opacity=\"{a:.2}\"")
                } else {
                    String::new()
                };
                format!("fill=\"{}\"{opacity}", hex(c))
            });
            let line = s.line.map_or(String::new(), |(c, w)| {
                format!(" stroke=\"{}\" stroke-width=\"{:.4}\"", hex(c), f64::from(w) * px)
            });
            let _ = writeln!(out, "<path {fill}{line} d=\"{d}\"/>");
        }
        for r in self.rasters.iter().filter(|r| r.after >= self.shapes.len()) {
            self.svg_raster(&mut out, r, &view);
        }
        out.push_str("</svg>\n");
        out
    }

    fn svg_raster(&self, out: &mut String, r: &Raster, view: &Bounds) {
        let picture = Picture {
            width: r.size[0],
            height: r.size[1],
            rgba: r.rgba.clone(),
        };
        let Ok(png) = picture.png() else { return };
        let f = r.frame;
        // The unit square with its upper left corner at the origin, y down.
        let _ = writeln!(
            out,
            "<image width=\"1\" height=\"1\" preserveAspectRatio=\"none\" transform=\"matrix({} {} {} {} {} {})\" \
             href=\"data:image/png;base64,{}\"/>",
            f.a,
            -f.b,
            -f.c,
            f.d,
            f.c + f.e - view.min.x,
            view.max.y - f.d - f.f,
            offcut_formats::base64_of(&png)
        );
    }
}

fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Paints a picture by asking for every pixel where it comes from.
fn raster(canvas: &mut Canvas, r: &Raster, [w, h]: [u32; 2], middle: Vec2, k: f64) {
    let f = r.frame;
    let det = f.det();
    let [cols, rows] = r.size;
    if det == 0.0 || cols == 0 || rows == 0 {
        return;
    }
    for y in 0..h {
        for x in 0..w {
            let p = Vec2::new(
                middle.x + (f64::from(x) + 0.5 - f64::from(w) / 2.0) / k - f.e,
                middle.y - (f64::from(y) + 0.5 - f64::from(h) / 2.0) / k - f.f,
            );
            let u = (f.d * p.x - f.c * p.y) / det;
            let v = (f.a * p.y - f.b * p.x) / det;
            if !(0.0..1.0).contains(&u) || !(0.0..1.0).contains(&v) {
                continue;
            }
            let (i, j) = (
                (u * f64::from(cols)) as usize,
                ((1.0 - v) * f64::from(rows)).min(f64::from(rows - 1)) as usize,
            );
            let at = (j * cols as usize + i) * 4;
            if let Some([r, g, b, a]) = r.rgba.get(at..at + 4).and_then(|c| <[u8; 4]>::try_from(c).ok()) {
                canvas.blend(x as usize, y as usize, [r, g, b], f32::from(a) / 255.0);
            }
        }
    }
}
