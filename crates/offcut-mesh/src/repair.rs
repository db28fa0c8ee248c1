//! Repair of defective meshes, with a report.
//!
//! In: a mesh as read. Out: a mesh that is closed and turned outside out as far as that is certain, and a
//! [`RepairReport`]. Promised: a mesh that needs nothing comes back untouched, and nothing moves by more than
//! 0.01 mm. What is left open is for slicing to bridge; overlapping bodies are for slicing to unite.

use serde::Serialize;

use crate::edges::{Edges, Union};
use crate::measure::{is_degenerate, normal};
use crate::{Indexed, Mesh, Soundness};

mod cracks;
mod duplicates;
mod holes;
mod orient;
mod shells;

/// Meshes up to this size are always examined in full, which takes a millisecond at most; larger ones only when
/// [`Soundness`] finds them wanting. It can't see facets that are there twice.
const SMALL: usize = 5_000;

/// What repair found and did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RepairReport {
    /// Triangles without extent that were removed.
    pub degenerate_removed: usize,
    /// Triangles that were there more than once and were removed.
    pub duplicates_removed: usize,
    /// Triangles that enclosed nothing, such as fins, and were removed.
    pub dangling_removed: usize,
    /// Corners at open edges that were moved together.
    pub vertices_welded: usize,
    /// Triangles that were split where a neighbour's corner lies on their edge.
    pub edges_split: usize,
    /// Triangles that were turned over to agree with their neighbours.
    pub triangles_turned: usize,
    /// Bodies that were inside out and were turned.
    pub bodies_turned: usize,
    /// Holes that were closed.
    pub holes_closed: usize,
    /// Edges that remain without partner.
    pub open_edges: usize,
    /// Edges where more than two triangles meet.
    pub nonmanifold_edges: usize,
    /// Edges along which the surface can't be turned consistently, as on a Klein bottle.
    pub unorientable_edges: usize,
    /// Nothing that encloses a volume is left.
    pub no_volume: bool,
}

impl RepairReport {
    /// Whether there was nothing to do or to say.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        *self == Self::default()
    }

    /// The report in sentences, one a finding.
    #[must_use]
    pub fn messages(&self) -> Vec<String> {
        let mut out = Vec::new();
        let mut say = |n: usize, one: &str, many: &str| match n {
            0 => {}
            1 => out.push(one.replace("{}", "1")),
            n => out.push(many.replace("{}", &n.to_string())),
        };
        say(
            self.degenerate_removed,
            "removed {} degenerate triangle",
            "removed {} degenerate triangles",
        );
        say(
            self.duplicates_removed,
            "removed {} duplicate triangle",
            "removed {} duplicate triangles",
        );
        say(
            self.dangling_removed,
            "removed {} triangle that encloses nothing",
            "removed {} triangles that enclose nothing",
        );
        say(
            self.vertices_welded,
            "joined {} corner at a crack",
            "joined {} corners at cracks",
        );
        say(
            self.edges_split,
            "split {} edge at a neighbour's corner",
            "split {} edges at neighbours' corners",
        );
        say(
            self.triangles_turned,
            "turned {} flipped triangle",
            "turned {} flipped triangles",
        );
        say(
            self.bodies_turned,
            "turned {} inside-out body",
            "turned {} inside-out bodies",
        );
        say(self.holes_closed, "closed {} hole", "closed {} holes");
        say(self.open_edges, "{} edge remains open", "{} edges remain open");
        say(
            self.nonmanifold_edges,
            "at {} edge more than two triangles meet",
            "at {} edges more than two triangles meet",
        );
        say(
            self.unorientable_edges,
            "the surface has no inside: it contradicts itself at {} edge",
            "the surface has no inside: it contradicts itself at {} edges",
        );
        say(usize::from(self.no_volume), "the mesh encloses no volume", "");
        out
    }
}

/// A mesh under repair, with its edges.
struct Work {
    m: Indexed,
    edges: Edges,
    faults: Faults,
    /// Faces that hang together by edges, once asked for.
    patches: Option<Union>,
    /// The largest side of the box around it, mm.
    size: f64,
}

/// Numbers of edges with an odd number of triangles, and with more than two.
type Faults = (usize, usize);

fn faults(edges: &Edges) -> Faults {
    edges.irregular().fold((0, 0), |(odd, many), edge| {
        (odd + edge.len() % 2, many + usize::from(edge.len() > 2))
    })
}

impl Work {
    fn new(m: Indexed) -> Self {
        let edges = Edges::of(&m.faces);
        let faults = faults(&edges);
        let size = size(&m.vertices);
        Self {
            m,
            edges,
            faults,
            patches: None,
            size,
        }
    }

    /// Takes other faces.
    fn replace(&mut self, faces: Vec<[u32; 3]>) {
        self.edges = Edges::of(&faces);
        self.faults = faults(&self.edges);
        self.m.faces = faces;
        self.patches = None;
    }

    /// Takes more faces between the vertices.
    fn extend(&mut self, more: impl IntoIterator<Item = [u32; 3]>) {
        let from = self.m.faces.len();
        self.m.faces.extend(more);
        self.edges.extend(&self.m.faces, from);
        self.faults = faults(&self.edges);
        if let Some(patches) = &mut self.patches {
            patches.grow(self.m.faces.len());
            for [a, b, c] in self.m.faces[from..].iter().copied() {
                for (a, b) in [(a, b), (b, c), (c, a)] {
                    let edge = self.edges.at((a.min(b), a.max(b)));
                    edge.neighbours().for_each(|(a, b)| patches.join(a, b));
                }
            }
        }
    }

    /// The number of each face's patch, the faces that hang together by edges, and how many there are.
    fn patches(&mut self) -> (Vec<u32>, usize) {
        let join_all = || {
            let mut patches = Union::new(self.m.faces.len());
            for edge in self.edges.iter() {
                edge.neighbours().for_each(|(a, b)| patches.join(a, b));
            }
            patches
        };
        self.patches.get_or_insert_with(join_all).numbered()
    }

    /// Takes other faces if they have fewer faults.
    fn improve(&mut self, faces: Vec<[u32; 3]>) -> bool {
        let edges = Edges::of(&faces);
        let faults = faults(&edges);
        let better = faults < self.faults;
        if better {
            (self.edges, self.faults, self.m.faces) = (edges, faults, faces);
            self.patches = None;
        }
        better
    }
}

/// The largest side of the box around some points.
fn size(points: &[[f32; 3]]) -> f64 {
    let side = |k: usize| {
        let (lo, hi) = points
            .iter()
            .fold((f32::MAX, f32::MIN), |(lo, hi), v| (lo.min(v[k]), hi.max(v[k])));
        f64::from(hi) - f64::from(lo)
    };
    (0..3).map(side).fold(0.0, f64::max)
}

/// Repairs a mesh.
#[must_use]
pub fn repair(mesh: Mesh) -> (Mesh, RepairReport) {
    let sound = Soundness::of(&mesh).is_sound();
    if sound && mesh.triangles.len() > SMALL {
        return (mesh, RepairReport::default());
    }
    let mut report = RepairReport::default();
    let mut m = mesh.indexed();
    let all = m.faces.len();
    m.faces.retain(|f| !is_degenerate(f));
    let points = all - m.faces.len();
    let mut work = Work::new(m);
    duplicates::remove(&mut work, &mut report);
    if work.faults.0 > 0 {
        report.degenerate_removed += points;
        remove_needles(&mut work, &mut report);
        cracks::weld(&mut work, &mut report);
        cracks::split(&mut work, &mut report);
        duplicates::remove(&mut work, &mut report);
    }
    if !sound || work.faults.1 > 0 {
        orient::agree(&mut work, &mut report);
        holes::close(&mut work, &mut report);
    }
    shells::turn(&mut work, &mut report);
    (report.open_edges, report.nonmanifold_edges) = work.faults;
    report.no_volume = is_flat(&work);
    let only_seen = RepairReport {
        open_edges: report.open_edges,
        nonmanifold_edges: report.nonmanifold_edges,
        unorientable_edges: report.unorientable_edges,
        no_volume: report.no_volume,
        ..RepairReport::default()
    };
    if report == only_seen {
        return (mesh, report);
    }
    (work.m.soup(), report)
}

/// Removes triangles that have no area though their corners differ, if that leaves fewer faults.
fn remove_needles(work: &mut Work, report: &mut RepairReport) {
    let m = &work.m;
    let kept: Vec<[u32; 3]> = m
        .faces
        .iter()
        .filter(|f| normal(&m.triangle(f)).iter().any(|v| *v != 0.0))
        .copied()
        .collect();
    let gone = m.faces.len() - kept.len();
    if gone > 0 && work.improve(kept) {
        report.degenerate_removed += gone;
    }
}

/// Whether the enclosed volume is nothing against the box around the mesh.
fn is_flat(work: &Work) -> bool {
    let size = work.size;
    work.m.six_volumes().abs() <= 1e-9 * size * size * size
}

#[cfg(test)]
mod tests;
