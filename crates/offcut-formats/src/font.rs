//! Letters as outlines of the bundled fonts: Ubuntu Light, Hack where all letters are to have one width.
//!
//! In: text and a map from the em square (y up, baseline at 0) to where it goes. Out: contours, outer ones and
//! counters with opposite turns, as the font has them.

use offcut_geometry::drawing::{Affine, Segment, Vec2};
use ttf_parser::{Face, OutlineBuilder};

/// A bundled font.
pub struct Font {
    face: Face<'static>,
}

/// Outlines of a letter in the font's units, one run of segments for each contour.
#[derive(Default)]
struct Outline {
    contours: Vec<Vec<Segment>>,
    start: Vec2,
    pen: Vec2,
}

impl Outline {
    fn add(&mut self, s: Segment) {
        if let Some(c) = self.contours.last_mut()
            && s.a != s.b
        {
            c.push(s);
        }
        self.pen = s.b;
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.pen = Vec2::new(x.into(), y.into());
        self.start = self.pen;
        self.contours.push(Vec::new());
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.add(Segment::line(self.pen, Vec2::new(x.into(), y.into())));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (c, b) = (Vec2::new(x1.into(), y1.into()), Vec2::new(x.into(), y.into()));
        let (c1, c2) = (self.pen.lerp(c, 2.0 / 3.0), b.lerp(c, 2.0 / 3.0));
        self.add(Segment::cubic(self.pen, c1, c2, b));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let p = [(x1, y1), (x2, y2), (x, y)].map(|(x, y)| Vec2::new(x.into(), y.into()));
        self.add(Segment::cubic(self.pen, p[0], p[1], p[2]));
    }

    fn close(&mut self) {
        self.add(Segment::line(self.pen, self.start));
    }
}

impl Font {
    /// The proportional font, or the one with letters of one width.
    #[must_use]
    pub fn bundled(monospace: bool) -> Option<Self> {
        // Made by build.rs.
        let bytes: &[u8] = if monospace {
            include_bytes!(concat!(env!("OUT_DIR"), "/mono.ttf"))
        } else {
            include_bytes!(concat!(env!("OUT_DIR"), "/sans.ttf"))
        };
        let face = Face::parse(bytes, 0).ok()?;
        Some(Self { face })
    }

    fn em(&self) -> f64 {
        f64::from(self.face.units_per_em())
    }

    /// Height of a capital, em.
    #[must_use]
    pub fn cap_height(&self) -> f64 {
        self.face
            .capital_height()
            .map_or(0.7, |h| f64::from(h) / self.em())
    }

    /// Width of a text, em; letters that the font doesn't have take none.
    #[must_use]
    pub fn width(&self, text: &str) -> f64 {
        text.chars().filter_map(|c| self.advance(c)).sum()
    }

    /// How far the pen goes on after a letter, em; `None` when the font doesn't have it.
    #[must_use]
    pub fn advance(&self, c: char) -> Option<f64> {
        let glyph = self.face.glyph_index(c)?;
        Some(f64::from(self.face.glyph_hor_advance(glyph).unwrap_or(0)) / self.em())
    }

    /// The contours of a letter under a map of the em square; `None` when the font doesn't have it.
    #[must_use]
    pub fn letter(&self, c: char, place: &Affine) -> Option<Vec<Vec<Segment>>> {
        let glyph = self.face.glyph_index(c)?;
        let mut outline = Outline::default();
        self.face.outline_glyph(glyph, &mut outline);
        let k = 1.0 / self.em();
        let map = place.of(&Affine::scale(k, k));
        let moved = outline.contours.iter().map(|contour| {
            let mut out = Vec::with_capacity(contour.len());
            for s in contour {
                s.push_mapped(&map, &mut out);
            }
            out
        });
        Some(moved.collect())
    }

    /// The contours of a line of text; letters that the font doesn't have are left out.
    #[must_use]
    pub fn line(&self, text: &str, place: &Affine) -> Vec<Vec<Segment>> {
        let mut pen = 0.0;
        let mut out = Vec::new();
        for c in text.chars() {
            let at = place.of(&Affine::translate(Vec2::new(pen, 0.0)));
            out.extend(self.letter(c, &at).unwrap_or_default());
            pen += self.advance(c).unwrap_or(0.0);
        }
        out
    }
}
