//! A cheap answer to "does this mesh need repair?".
//!
//! In: a mesh. Out: [`Soundness`]. Promised: one pass, about 10 ns a triangle.
//!
//! A mesh is closed and consistently oriented when every directed edge is matched by its reverse. That is
//! tested without welding: each directed edge adds a 64-bit hash that changes its sign with the direction,
//! so that the sum over all triangles vanishes exactly when the edges cancel (a wrong answer needs an
//! accident of probability 2⁻⁶⁴).

use crate::mesh::{PART, each_part};
use crate::{Mesh, Triangle};

/// What one pass tells about a mesh.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Soundness {
    /// Every edge is shared by as many triangles in one direction as in the other.
    pub closed: bool,
    /// Enclosed volume, mm³; negative when inside out. Exact for closed meshes only.
    pub volume: f64,
    /// Triangles with two equal corners.
    pub degenerate: usize,
}

impl Soundness {
    /// Tests a mesh.
    #[must_use]
    pub fn of(mesh: &Mesh) -> Self {
        // Any origin gives the volume; one on the mesh keeps the terms small.
        let origin = mesh.triangles.first().map_or([0.0; 3], |t| t[0].map(f64::from));
        let parts = each_part(&mesh.triangles, PART, |triangles| Part::of(triangles, &origin));
        let whole = parts.iter().fold(Part::default(), |a, b| Part {
            balance: a.balance.wrapping_add(b.balance),
            volume: a.volume + b.volume,
            degenerate: a.degenerate + b.degenerate,
        });
        Self {
            closed: whole.balance == 0,
            volume: whole.volume / 6.0,
            degenerate: whole.degenerate,
        }
    }

    /// Whether slicing can take the mesh as it is. Degenerate triangles do no harm there.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.closed && self.volume > 0.0
    }
}

/// The sums over some triangles.
#[derive(Default)]
struct Part {
    balance: u64,
    volume: f64,
    degenerate: usize,
}

impl Part {
    fn of(triangles: &[Triangle], origin: &[f64; 3]) -> Self {
        let mut sum = Self::default();
        for t in triangles {
            // Spelled out: `map` over the corners costs ten times as much.
            let (a, b, c) = (vertex_hash(&t[0]), vertex_hash(&t[1]), vertex_hash(&t[2]));
            sum.balance = sum
                .balance
                .wrapping_add(edge_hash(a, b))
                .wrapping_add(edge_hash(b, c))
                .wrapping_add(edge_hash(c, a));
            sum.degenerate += usize::from(a == b || b == c || c == a);
            sum.volume += six_volumes(t, origin);
        }
        sum
    }
}

/// Six times the signed volume of the tetrahedron of a triangle and a point.
#[inline]
pub(crate) fn six_volumes(t: &Triangle, origin: &[f64; 3]) -> f64 {
    let from = |v: &[f32; 3]| {
        [
            f64::from(v[0]) - origin[0],
            f64::from(v[1]) - origin[1],
            f64::from(v[2]) - origin[2],
        ]
    };
    let (a, b, c) = (from(&t[0]), from(&t[1]), from(&t[2]));
    a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0])
        + a[2] * (b[0] * c[1] - b[1] * c[0])
}

/// The product of two words folded to one: the mixing step of wyhash and its kin.
#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ (product >> 64) as u64
}

/// A hash of a corner; equal coordinates hash equal, so −0 counts as 0.
#[inline]
pub(crate) fn vertex_hash(v: &[f32; 3]) -> u64 {
    let bits = |c: f32| u64::from((c + 0.0).to_bits());
    let (x, y, z) = (bits(v[0]), bits(v[1]), bits(v[2]));
    fold(x ^ (y << 32) ^ 0xa076_1d64_78bd_642f, z ^ 0xe703_7ed1_a0b4_28db)
}

/// A hash of a directed edge: the reverse edge has the negative value, an edge to itself zero.
#[inline]
fn edge_hash(a: u64, b: u64) -> u64 {
    let hash = fold(a.min(b) ^ 0x8ebc_6af0_9c88_c6e3, a.max(b) ^ 0x5899_65cc_7537_4cc3);
    // Times 1, 0 or −1: a branch would be guessed wrong every second time.
    hash.wrapping_mul(u64::from(a < b).wrapping_sub(u64::from(a > b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::cube;
    use proptest::prelude::*;

    #[test]
    fn a_cube_is_sound() {
        let s = Soundness::of(&cube());
        assert!(s.is_sound());
        assert!((s.volume - 8000.0).abs() < 1e-9);
        assert_eq!(s.degenerate, 0);
    }

    #[test]
    fn negative_zero_is_zero() {
        let mut mesh = cube();
        for (i, v) in mesh.triangles.iter_mut().flatten().flatten().enumerate() {
            if *v == 0.0 && i % 2 == 0 {
                *v = -0.0;
            }
        }
        assert!(Soundness::of(&mesh).is_sound());
    }

    #[test]
    fn an_inside_out_cube_is_closed_but_not_sound() {
        let mut mesh = cube();
        mesh.triangles.iter_mut().for_each(|t| t.swap(0, 1));
        let s = Soundness::of(&mesh);
        assert!(s.closed && !s.is_sound());
        assert!((s.volume + 8000.0).abs() < 1e-9);
    }

    #[test]
    fn degenerate_triangles_keep_it_closed() {
        let mut mesh = cube();
        let [a, b, _] = mesh.triangles[0];
        mesh.triangles.push([a, b, b]);
        let s = Soundness::of(&mesh);
        assert!(s.is_sound());
        assert_eq!(s.degenerate, 1);
    }

    proptest! {
        #[test]
        fn order_does_not_matter_and_every_defect_does(rotate in 0usize..12, turn in 0usize..3, which in 0usize..12) {
            let mut mesh = cube();
            mesh.triangles.rotate_left(rotate);
            mesh.triangles[which].rotate_left(turn);
            prop_assert!(Soundness::of(&mesh).is_sound());
            let mut flipped = mesh.clone();
            flipped.triangles[which].swap(0, 2);
            prop_assert!(!Soundness::of(&flipped).closed);
            let mut holed = mesh.clone();
            holed.triangles.remove(which);
            prop_assert!(!Soundness::of(&holed).closed);
            let mut moved = mesh;
            moved.triangles[which][turn][0] += 1e-3;
            prop_assert!(!Soundness::of(&moved).closed);
        }
    }
}
