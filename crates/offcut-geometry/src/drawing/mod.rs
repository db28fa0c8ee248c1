//! Drawings for cutting: paths of lines, arcs and curves with their layers and colours.
//!
//! In: what a reader found, in `f64` millimetres with y up. Out: exact lengths, boxes and areas, points on
//! chords within a stated tolerance, covering polygons on the grid. Arcs stay arcs; they are flattened for
//! predicates only.

mod cubic;
mod flatten;
mod segment;
mod spline;
mod style;
mod vec2;

pub use flatten::{polygon, push_cover};
pub use segment::{Circle, Curve, Segment};
pub use spline::{SplineError, push_spline, push_through};
pub use style::{Color, CutSetting, Layer, Operation, Paint};
pub use vec2::{Affine, Bounds, Vec2};

use serde::{Deserialize, Serialize};

/// One path as drawn: a run of segments, each beginning where the one before ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Path {
    /// Index of its first segment in [`Drawing::segments`].
    pub first: u32,
    /// Number of its segments.
    pub count: u32,
    /// The file says that it is closed, or it ends where it begins.
    pub closed: bool,
    /// Its layer in [`Drawing::layers`].
    pub layer: u32,
    /// Its own colour.
    pub color: Option<Color>,
    /// How it is drawn.
    pub paint: Paint,
    /// It is the outline of a letter.
    pub text: bool,
    /// Its place in [`Drawing::sources`].
    pub source: u32,
}

/// A picture in a drawing, still encoded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// `png` or `jpeg`.
    pub format: String,
    /// Width and height, pixels.
    pub pixels: [u32; 2],
    /// Where the unit square with its lower left corner at the origin goes, mm.
    pub frame: Affine,
    /// Its layer in [`Drawing::layers`].
    pub layer: u32,
    /// The file's bytes.
    pub bytes: Vec<u8>,
}

/// A drawing, mm, y up.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Drawing {
    /// The segments of all paths.
    pub segments: Vec<Segment>,
    /// The paths, in the order of the file.
    pub paths: Vec<Path>,
    /// The layers.
    pub layers: Vec<Layer>,
    /// What the paths are called in the file, for messages: element and its id, handle or line.
    pub sources: Vec<String>,
    /// Pictures, apart.
    pub pictures: Vec<Picture>,
    /// Width and height of the page, mm; its lower left corner is the origin.
    pub page: Option<[f64; 2]>,
}

impl Drawing {
    /// The segments of a path.
    #[must_use]
    pub fn run(&self, path: &Path) -> &[Segment] {
        &self.segments[path.first as usize..(path.first + path.count) as usize]
    }

    /// The layer of that name; made when missing.
    pub fn layer(&mut self, name: &str) -> u32 {
        let found = self.layers.iter().position(|l| l.name == name);
        found.unwrap_or_else(|| {
            self.layers.push(Layer::new(name));
            self.layers.len() - 1
        }) as u32
    }

    /// The exact box of all paths.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        self.segments
            .iter()
            .fold(Bounds::EMPTY, |b, s| b.union(&s.bounds()))
    }

    /// The length of all paths, mm.
    #[must_use]
    pub fn length(&self) -> f64 {
        self.segments.iter().map(Segment::length).sum()
    }

    /// The drawing under a map; arcs stay arcs where the map keeps circles.
    #[must_use]
    pub fn mapped(&self, map: &Affine) -> Self {
        let mut out = Self {
            segments: Vec::with_capacity(self.segments.len()),
            paths: Vec::with_capacity(self.paths.len()),
            layers: self.layers.clone(),
            sources: self.sources.clone(),
            pictures: self.pictures.clone(),
            page: self.page,
        };
        for p in &self.paths {
            let first = out.segments.len() as u32;
            for s in self.run(p) {
                s.push_mapped(map, &mut out.segments);
            }
            let count = out.segments.len() as u32 - first;
            out.paths.push(Path {
                first,
                count,
                ..p.clone()
            });
        }
        for p in &mut out.pictures {
            p.frame = map.of(&p.frame);
        }
        out
    }
}

/// The length of a run of segments, mm.
#[must_use]
pub fn length(segments: &[Segment]) -> f64 {
    segments.iter().map(Segment::length).sum()
}

/// The exact box of a run of segments.
#[must_use]
pub fn bounds(segments: &[Segment]) -> Bounds {
    segments.iter().fold(Bounds::EMPTY, |b, s| b.union(&s.bounds()))
}

/// The area that a closed run of segments encloses, mm²; positive when it runs counter-clockwise.
#[must_use]
pub fn area(segments: &[Segment]) -> f64 {
    let Some(o) = segments.first().map(|s| s.a) else {
        return 0.0;
    };
    segments
        .iter()
        .map(|s| 0.5 * (s.a - o).cross(s.b - o) + s.lens_area())
        .sum()
}

/// Turns a run of segments around.
pub fn reverse(segments: &mut [Segment]) {
    segments.reverse();
    for s in segments {
        *s = s.reversed();
    }
}

#[cfg(test)]
mod tests;
