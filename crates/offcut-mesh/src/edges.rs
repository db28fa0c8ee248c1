//! Which faces meet at which edge.
//!
//! In: the faces of an indexed mesh. Out: every edge with its uses, sorted. Promised: n log n, no hashing.

/// One use of an edge by a face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Use {
    /// Lower and higher vertex of the edge.
    pub edge: (u32, u32),
    /// The face.
    pub face: u32,
    /// Whether the face goes from the lower to the higher vertex.
    pub upward: bool,
}

/// All uses of all edges between distinct vertices, sorted by edge.
pub(crate) fn uses(faces: &[[u32; 3]]) -> Vec<Use> {
    let mut all = Vec::with_capacity(faces.len() * 3);
    for (face, f) in faces.iter().enumerate() {
        for k in 0..3 {
            let (a, b) = (f[k], f[(k + 1) % 3]);
            if a != b {
                all.push(Use {
                    edge: (a.min(b), a.max(b)),
                    face: face as u32,
                    upward: a < b,
                });
            }
        }
    }
    all.sort_unstable();
    all
}

/// The uses edge by edge.
pub(crate) fn by_edge(uses: &[Use]) -> impl Iterator<Item = &[Use]> {
    uses.chunk_by(|a, b| a.edge == b.edge)
}

/// Sets that merge, each known by its lowest member.
pub(crate) struct Union(Vec<u32>);

impl Union {
    pub(crate) fn new(n: usize) -> Self {
        Self((0..n as u32).collect())
    }

    pub(crate) fn find(&mut self, mut i: u32) -> u32 {
        while self.0[i as usize] != i {
            self.0[i as usize] = self.0[self.0[i as usize] as usize];
            i = self.0[i as usize];
        }
        i
    }

    pub(crate) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        self.0[a.max(b) as usize] = a.min(b);
    }

    /// The number of each member's set, counted from 0 by lowest member, and how many there are.
    pub(crate) fn numbered(mut self) -> (Vec<u32>, usize) {
        let mut numbers = vec![0u32; self.0.len()];
        let mut count = 0;
        for i in 0..self.0.len() as u32 {
            let root = self.find(i);
            if root == i {
                numbers[i as usize] = count;
                count += 1;
            } else {
                numbers[i as usize] = numbers[root as usize];
            }
        }
        (numbers, count as usize)
    }
}
