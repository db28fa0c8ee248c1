//! Sparse infill: patterns behind a registry.
//!
//! In: a region where the centres of lines may run, and how dense it is to be. Out: polylines.
//! Promised: nothing leaves the region by more than 10 µm; a pattern lies fixed in the object, so
//! that layers stack; lines are linked along the region's boundary, no piece of it twice; the same
//! input gives the same bytes.
//!
//! A new pattern is one file with a [`Pattern`] and one line in [`REGISTRY`].

mod archimedean;
mod combine;
mod concentric;
mod cross_hatch;
mod cubic;
mod curves;
mod grid;
mod gyroid;
mod hilbert;
mod honeycomb;
mod honeycomb_3d;
mod line;
mod lines;
mod octagram;
mod quarter_cubic;
mod rectilinear;
mod stars;
mod tpms_d;
mod triangles;
mod waves;

#[cfg(test)]
mod tests;

pub use combine::combine;

use offcut_geometry::{
    LineClipper, LinkLimits, Linker, Loops, Point, Polylines, Rows, Strands, UNITS_PER_MM,
};
use offcut_settings::print::InfillPattern;

/// Where sparse infill goes in one layer.
#[derive(Debug, Clone, Copy)]
pub struct FillArea<'a> {
    /// A valid polygon set within which the centres of lines may run.
    pub region: &'a Loops,
    /// Number of the layer among those that print infill; patterns that turn from layer to layer
    /// count by it.
    pub layer: u32,
    /// Height of the layer's middle in the object, mm.
    pub z: f64,
}

/// How sparse infill is printed; the same for all layers of an object.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FillParams {
    /// Width of a line, mm.
    pub width: f64,
    /// Distance of lines at full density, mm.
    pub spacing: f64,
    /// Share of the area that lines cover, 0 to 1.
    pub density: f64,
    /// Share of the area that lines and links together may cover.
    pub most: f64,
    /// Direction of the lines, radians from the X axis.
    pub angle: f64,
    /// Longest anchor along the wall of a line's end that is not linked, mm.
    pub anchor: f64,
    /// Longest link along the wall, mm.
    pub anchor_max: f64,
    /// The fixed point from which patterns are laid out; spirals and stars turn about it.
    pub origin: Point,
}

impl FillParams {
    /// Distance of parallel lines of one direction at this density, mm.
    fn distance(&self) -> f64 {
        self.spacing / self.density
    }
}

/// Memory that patterns reuse from call to call; what is in it never changes a result.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    rows: Rows,
    strands: Strands,
    clipper: LineClipper,
    linker: Linker,
    line: Vec<Point>,
}

impl Scratch {
    /// Links the strands and appends them to `out`. `distance` is what lines lie apart, mm.
    fn link(&mut self, area: &FillArea, params: &FillParams, distance: f64, out: &mut Polylines) {
        let most = params.most * area.region.area_mm2() / params.spacing * UNITS_PER_MM;
        let limits = LinkLimits {
            budget: (most - self.strands.lines.length()).max(0.0),
            link: params.anchor_max * UNITS_PER_MM,
            anchor: params.anchor.min(params.anchor_max) * UNITS_PER_MM,
            free_end: (FREE_END * distance).max(FREE_END_LEAST) * UNITS_PER_MM,
            gap: params.width * UNITS_PER_MM,
            shortest: params.width * UNITS_PER_MM,
        };
        self.linker.link(area.region, &mut self.strands, &limits, out);
    }
}

/// A free end costs half a retraction and half a travel: links longer by so many line distances are
/// better than one free end more.
const FREE_END: f64 = 3.0;
/// The same in mm, where lines are close.
const FREE_END_LEAST: f64 = 6.0;

/// Lines farther apart than this fill nothing, mm.
const MAX_DISTANCE: f64 = 500.0;

/// Strands shorter than this share of a line's width are not worth a link.
const SHORTEST_STRAND: f64 = 0.2;

/// A way to fill regions sparsely.
pub trait Pattern: Sync {
    /// Appends the lines that fill `area` to `out`.
    fn fill(&self, area: &FillArea, params: &FillParams, scratch: &mut Scratch, out: &mut Polylines);

    /// Which share of the walls its links run along, measured on large and small regions.
    fn link_share(&self) -> f64 {
        0.47
    }
}

/// A registered pattern.
pub struct Entry {
    /// The setting that names it.
    pub pattern: InfillPattern,
    /// Its name in settings.
    pub name: &'static str,
    /// What it looks like, in one sentence.
    pub doc: &'static str,
    /// What draws it.
    pub fill: &'static dyn Pattern,
}

const fn entry(
    pattern: InfillPattern,
    name: &'static str,
    doc: &'static str,
    fill: &'static dyn Pattern,
) -> Entry {
    Entry {
        pattern,
        name,
        doc,
        fill,
    }
}

/// All patterns.
#[rustfmt::skip]
pub static REGISTRY: &[Entry] = &[
    entry(InfillPattern::Rectilinear, "rectilinear", "Parallel lines, turned by 90° from layer to layer.", &rectilinear::Rectilinear),
    entry(InfillPattern::AlignedRectilinear, "aligned_rectilinear", "Parallel lines, the same in every layer.", &rectilinear::Aligned),
    entry(InfillPattern::Line, "line", "Lines that lean to each other in turn, so that links are short.", &line::Line),
    entry(InfillPattern::Grid, "grid", "Lines in two directions in every layer.", &grid::Grid),
    entry(InfillPattern::Triangles, "triangles", "Lines in three directions that meet in one point.", &triangles::Triangles),
    entry(InfillPattern::Stars, "stars", "Lines in three directions that form six-pointed stars.", &stars::Stars),
    entry(InfillPattern::Cubic, "cubic", "Lines in three directions that move with height: cubes that stand on a corner.", &cubic::Cubic),
    entry(InfillPattern::QuarterCubic, "quarter_cubic", "Pairs of lines that part and meet with height: tetrahedra and octahedra.", &quarter_cubic::QuarterCubic),
    entry(InfillPattern::Concentric, "concentric", "Loops that follow the outline.", &concentric::Concentric),
    entry(InfillPattern::Honeycomb, "honeycomb", "Hexagons, one of three walls double, turned by 60° from layer to layer.", &honeycomb::Honeycomb),
    entry(InfillPattern::Honeycomb3d, "3d_honeycomb", "Truncated octahedra: squares and octagons that change with height.", &honeycomb_3d::Honeycomb3d),
    entry(InfillPattern::Gyroid, "gyroid", "The gyroid surface.", &gyroid::Gyroid),
    entry(InfillPattern::TpmsD, "tpms_d", "The Schwarz D surface.", &tpms_d::TpmsD),
    entry(InfillPattern::Hilbert, "hilbert", "Hilbert's curve.", &hilbert::Hilbert),
    entry(InfillPattern::Archimedean, "archimedean", "A spiral about the object's middle.", &archimedean::Archimedean),
    entry(InfillPattern::Octagram, "octagram", "Eight-pointed stars about the object's middle.", &octagram::Octagram),
    entry(InfillPattern::CrossHatch, "cross_hatch", "Lines in one direction that turn over waves into the other with height.", &cross_hatch::CrossHatch),
];

/// The registered pattern of a setting.
#[must_use]
pub fn pattern(which: InfillPattern) -> &'static dyn Pattern {
    REGISTRY
        .iter()
        .find(|e| e.pattern == which)
        .map_or(&grid::Grid, |e| e.fill)
}

/// The density to fill with so that lines and links together cover `params.density` of an object
/// whose sparse regions measure `area` mm² and have `wall` mm of boundary, summed over all layers.
/// One figure for the whole object: with one per region the lines of layers would not meet. Not
/// below three quarters of the density, as thin objects consist of links mostly.
#[must_use]
pub fn density_before_links(which: InfillPattern, params: &FillParams, area: f64, wall: f64) -> f64 {
    let links = pattern(which).link_share() * wall * params.spacing / area;
    // Lines that may not be linked over a distance are hardly linked at all.
    if links.is_finite() && params.anchor_max >= params.distance() {
        (params.density - links).max(0.75 * params.density)
    } else {
        params.density
    }
}

/// Fills an area; nothing for a density of zero, an empty region, or one that reaches farther than
/// 2.5 m from the origin of the pattern.
pub fn fill(
    which: InfillPattern,
    area: &FillArea,
    params: &FillParams,
    scratch: &mut Scratch,
    out: &mut Polylines,
) {
    let sound = [params.density, params.spacing, params.width]
        .iter()
        .all(|v| v.is_finite() && *v > 0.0);
    if sound && params.distance() < MAX_DISTANCE && !area.region.is_empty() {
        pattern(which).fill(area, params, scratch, out);
    }
}
