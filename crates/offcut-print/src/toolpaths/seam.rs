//! Where external loops begin.
//!
//! In: the external perimeters of a layer, and the seams of the layer below or the places that
//! [`super::columns`] has chosen. Out: one place on every loop.
//! Corners that are concave in the material hide a seam best, sharp convex ones come second. Aligned
//! seams follow the one below as long as the loop passes near it, so that they form a line up the wall.
//! A loop begins over material wherever it has some below: a bead that begins in the air has nothing to hold on to.

use super::walk::Seam;
use crate::plan::{Bead, IslandPlan, LayerPlan, OVERHANG_QUARTER, OverhangStep};
use offcut_geometry::loops::edges;
use offcut_geometry::{BBox, Coord, Point};
use offcut_settings::print::SeamPosition;

/// Arm over which a corner's turn is measured: rounded corners count too, 0.45 mm.
const ARM: f64 = 45_000.0;
/// A seam below is followed over this distance, 2 mm.
pub(super) const FOLLOW: f64 = 200_000.0;
/// A corner so near to the followed place is taken instead, 0.6 mm.
const SNAP: f64 = 60_000.0;
/// Corners closer than this are one, 1 mm.
const ROUND: f64 = 100_000.0;
/// A seam that had to leave the air stands so far from it where the loop is long enough, 1 mm.
const STAND: f64 = 100_000.0;
/// 1 − cos of the least turn of a concave corner: 30°.
const CONCAVE: f64 = 0.134;
/// 1 − cos of the least turn of a sharp convex corner: 45°.
const CONVEX: f64 = 0.293;

/// A loop with its seam: of the layer below, or of this layer's outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Below {
    /// Where the seam is, object coordinates.
    pub seam: Point,
    /// Box of the loop.
    pub bbox: BBox,
    /// Runs around a hole.
    pub hole: bool,
}

/// The seams of one object, followed from layer to layer.
#[derive(Debug)]
pub(super) struct Seams<'a> {
    mode: SeamPosition,
    seed: u64,
    /// Per layer where aligned seams shall be.
    columns: &'a [Vec<Below>],
    layer: usize,
    below: Vec<Below>,
    now: Vec<Below>,
}

/// The seams of a layer's external loops.
#[derive(Debug, Default)]
pub(super) struct LayerSeams {
    nearest: bool,
    /// Per island the index of its first bead in `seams`.
    start: Vec<u32>,
    seams: Vec<Option<Seam>>,
}

impl LayerSeams {
    /// The seam of an external loop; `at` is where the nozzle stands, in object coordinates.
    pub fn of(&self, island: u32, bead: usize, plan: &IslandPlan, at: Point) -> Option<Seam> {
        if self.nearest {
            let set = &plan.perimeters;
            let points = set.points_of(&set.beads[bead]);
            return Some(on_support(
                points,
                set.steps_of(&set.beads[bead]),
                near_nozzle(points, at),
            ));
        }
        let first = *self.start.get(island as usize)? as usize;
        *self.seams.get(first + bead)?
    }
}

impl<'a> Seams<'a> {
    pub fn new(mode: SeamPosition, seed: u64, columns: &'a [Vec<Below>]) -> Self {
        Self {
            mode,
            seed,
            columns,
            layer: 0,
            below: Vec::new(),
            now: Vec::new(),
        }
    }

    /// Forgets the layers below: another copy begins.
    pub fn restart(&mut self) {
        self.below.clear();
        self.layer = 0;
    }

    /// Places the seams of the next layer.
    pub fn place(&mut self, plan: &LayerPlan) -> LayerSeams {
        let mut out = LayerSeams {
            nearest: self.mode == SeamPosition::Nearest,
            ..LayerSeams::default()
        };
        if out.nearest {
            return out;
        }
        if let Some(column) = self.columns.get(self.layer).filter(|c| !c.is_empty()) {
            self.below.clear();
            self.below.extend_from_slice(column);
        }
        self.layer += 1;
        self.now.clear();
        for island in &plan.islands {
            let set = &island.perimeters;
            out.start.push(out.seams.len() as u32);
            for b in &set.beads {
                let seam = (b.closed && b.depth == 0 && b.end > b.start + 2)
                    .then(|| self.choose(set.points_of(b), set.steps_of(b), b, plan.z));
                out.seams.push(seam);
            }
        }
        std::mem::swap(&mut self.below, &mut self.now);
        out
    }

    fn choose(&mut self, points: &[Point], steps: Option<&[OverhangStep]>, bead: &Bead, z: f64) -> Seam {
        let bbox = BBox::of(points);
        let seam = match self.mode {
            SeamPosition::Random => return on_support(points, steps, self.random(points, z)),
            SeamPosition::Rear => self.rear(points, &bbox),
            _ => follow(&self.below, points, &bbox, bead.hole).unwrap_or_else(|| best_corner(points, &bbox)),
        };
        let seam = on_support(points, steps, seam);
        self.now.push(Below {
            seam: seam.point,
            bbox,
            hole: bead.hole,
        });
        seam
    }

    fn random(&self, points: &[Point], z: f64) -> Seam {
        let mut h = mix(self.seed ^ z.to_bits());
        for p in [points[0], points[points.len() / 2]] {
            h = mix(h ^ ((p.x as u32 as u64) << 32 | p.y as u32 as u64));
        }
        let total: f64 = edges(points).map(|(a, b)| a.dist(b)).sum();
        let mut left = total * (h >> 11) as f64 / (1u64 << 53) as f64;
        for i in 0..points.len() {
            let (a, b) = (points[i], points[(i + 1) % points.len()]);
            let d = a.dist(b);
            if left < d {
                return Seam {
                    edge: i as u32,
                    point: a.lerp(b, left / d),
                };
            }
            left -= d;
        }
        Seam::vertex(points, 0)
    }

    fn rear(&self, points: &[Point], bbox: &BBox) -> Seam {
        // Among places equally far back the one above the seam below.
        let x = self
            .below
            .iter()
            .filter(|b| b.bbox.touches(bbox))
            .min_by_key(|b| (b.bbox.max.y - bbox.max.y).abs())
            .map_or(bbox.min.x, |b| b.seam.x);
        let i = (0..points.len())
            .filter(|&i| points[i].y >= bbox.max.y - 100)
            .min_by_key(|&i| (points[i].x - x).abs());
        Seam::vertex(points, i.unwrap_or(0))
    }
}

/// The seam, or the place nearest to it where at most a quarter of the loop's width hangs over; `steps` as in
/// [`crate::plan::BeadSet::overhang`]. The seam itself where all hangs.
fn on_support(points: &[Point], steps: Option<&[OverhangStep]>, seam: Seam) -> Seam {
    let Some(steps) = steps.filter(|s| s.iter().any(|&s| s > OVERHANG_QUARTER)) else {
        return seam;
    };
    let n = points.len();
    // The move from vertex i to the next one; its step is stored there.
    let stands = |i: usize| steps[(i + 1) % n] <= OVERHANG_QUARTER;
    let vertex_stands = |i: usize| stands(i) && stands((i + n - 1) % n);
    let e = seam.edge as usize;
    if if points[e] == seam.point {
        vertex_stands(e)
    } else {
        stands(e)
    } {
        return seam;
    }
    let mut best: Option<(f64, Seam)> = None;
    for i in (0..n).filter(|&i| stands(i)) {
        let (a, b) = (points[i], points[(i + 1) % n]);
        let len = a.dist(b).max(1.0);
        let from = if vertex_stands(i) { 0.0 } else { STAND };
        let to = if vertex_stands((i + 1) % n) {
            len
        } else {
            len - STAND
        };
        let nearest = (seam.point - a).dot(b - a) as f64 / len;
        let at = if from <= to {
            nearest.clamp(from, to)
        } else {
            len / 2.0
        };
        let point = a.lerp(b, at / len);
        let place = Seam {
            edge: if point == b { (i + 1) % n } else { i } as u32,
            point,
        };
        let d = point.dist(seam.point);
        if best.is_none_or(|(least, _)| d < least) {
            best = Some((d, place));
        }
    }
    best.map_or(seam, |(_, s)| s)
}

/// The place on a loop beside the nearest of the seams, or a corner near it.
pub(super) fn follow(below: &[Below], points: &[Point], bbox: &BBox, hole: bool) -> Option<Seam> {
    let reach = bbox.grown(FOLLOW as Coord);
    let mut best: Option<(f64, Seam)> = None;
    for b in below {
        if b.hole != hole || !reach.contains(b.seam) {
            continue;
        }
        let s = Seam::nearest(points, b.seam);
        let d = s.point.dist(b.seam);
        if d <= FOLLOW && best.is_none_or(|(e, _)| d < e) {
            best = Some((d, s));
        }
    }
    let (_, s) = best?;
    Some(snap(points, s))
}

/// The sharpest corner beside a place on a loop, or the place itself.
fn snap(points: &[Point], s: Seam) -> Seam {
    let n = points.len();
    let mut best = (0.0, s);
    for forward in [true, false] {
        let mut i = if forward {
            (s.edge as usize + 1) % n
        } else {
            s.edge as usize
        };
        let mut at = s.point;
        let mut way = 0.0;
        for _ in 0..n {
            way += at.dist(points[i]);
            at = points[i];
            if way > SNAP {
                break;
            }
            let score = corner(points, i);
            if score > best.0 {
                best = (score, Seam::vertex(points, i));
            }
            i = if forward { (i + 1) % n } else { (i + n - 1) % n };
        }
    }
    best.1
}

/// How well a corner hides a seam: above 2 concave, above 0 sharp and convex, 0 no corner.
fn corner(points: &[Point], i: usize) -> f64 {
    let t = turn(points, i);
    if t < -CONCAVE {
        2.0 - t
    } else if t > CONVEX {
        t
    } else {
        0.0
    }
}

/// The turn at a vertex as ±(1 − cos): positive to the left, which is convex, as material lies left.
fn turn(points: &[Point], i: usize) -> f64 {
    let p = points[i];
    let (u, v) = (p - arm(points, i, false), arm(points, i, true) - p);
    let len = u.norm() * v.norm();
    if len == 0.0 {
        return 0.0;
    }
    let t = 1.0 - u.dot(v) as f64 / len;
    if u.cross(v) < 0 { -t } else { t }
}

/// The place on the loop an arm's length before or behind a vertex.
fn arm(points: &[Point], i: usize, forward: bool) -> Point {
    let n = points.len();
    let mut left = ARM;
    let mut k = i;
    let mut at = points[i];
    for _ in 0..n {
        k = if forward { (k + 1) % n } else { (k + n - 1) % n };
        let d = at.dist(points[k]);
        if d >= left {
            return at.lerp(points[k], left / d);
        }
        left -= d;
        at = points[k];
    }
    at
}

/// The corner that hides a seam best; the rear one among equals and where there is none.
fn best_corner(points: &[Point], bbox: &BBox) -> Seam {
    let best = best_corners(points, bbox, 1);
    Seam::vertex(points, best.first().map_or(0, |b| b.1))
}

/// The corners that hide a seam best, the best first: score and vertex. The rearmost place where there is no
/// corner.
pub(super) fn best_corners(points: &[Point], bbox: &BBox, most: usize) -> Vec<(f64, usize)> {
    let height = f64::from(bbox.max.y - bbox.min.y).max(1.0);
    let back = |i: usize| 0.5 * f64::from(points[i].y - bbox.min.y) / height;
    let all = (0..points.len()).map(|i| (corner(points, i), i));
    let mut found: Vec<(f64, usize)> = all.filter(|c| c.0 > 0.0).map(|(c, i)| (c + back(i), i)).collect();
    // Equal but for the rounding of coordinates: the first one.
    found.sort_by_key(|&(score, i)| (std::cmp::Reverse((score * 1e6).round() as i64), i));
    let mut kept: Vec<(f64, usize)> = Vec::with_capacity(most);
    for &(score, i) in &found {
        // Neighbours round one corner count once.
        if kept.len() < most && kept.iter().all(|&(_, k)| points[i].dist(points[k]) > ROUND) {
            kept.push((score, i));
        }
    }
    if kept.is_empty() {
        let rear = (0..points.len()).rev().max_by_key(|&i| points[i].y);
        kept.extend(rear.map(|i| (back(i), i)));
    }
    kept
}

/// The score of the corner at a place on a loop; 0 between vertices.
pub(super) fn corner_at(points: &[Point], s: Seam) -> f64 {
    if points[s.edge as usize] == s.point {
        corner(points, s.edge as usize)
    } else {
        0.0
    }
}

/// The corner nearest to the nozzle, concave ones first; the nearest place where there is no corner.
fn near_nozzle(points: &[Point], at: Point) -> Seam {
    let mut best: Option<(u8, i64, usize)> = None;
    for (i, &p) in points.iter().enumerate() {
        let c = corner(points, i);
        let class = if c > 2.0 {
            0
        } else if c > 0.0 {
            1
        } else {
            continue;
        };
        let key = (class, (p - at).norm2(), i);
        if best.is_none_or(|b| key < b) {
            best = Some(key);
        }
    }
    match best {
        Some((_, _, i)) => Seam::vertex(points, i),
        None => Seam::nearest(points, at),
    }
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
fn mix(mut h: u64) -> u64 {
    h = h.wrapping_add(0x9E37_79B9_7F4A_7C15);
    h = (h ^ (h >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    h = (h ^ (h >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    h ^ (h >> 31)
}
