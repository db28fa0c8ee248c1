//! Passes over the whole program, in parallel runs.

use super::{Path, Program, Step, Vertex};
use offcut_geometry::Coord;
#[cfg(feature = "parallel")]
use rayon::prelude::*;

/// Steps or vertices that are passed over together.
const RUN: usize = 1 << 11;

/// The lowest and the highest corner of a box, grid units.
type Corners = ([Coord; 3], [Coord; 3]);

/// The box around nothing.
const NOTHING: Corners = ([Coord::MAX; 3], [Coord::MIN; 3]);

fn with((mut lo, mut hi): Corners, (l, h): Corners) -> Corners {
    for k in 0..3 {
        lo[k] = lo[k].min(l[k]);
        hi[k] = hi[k].max(h[k]);
    }
    (lo, hi)
}

fn around(mut corners: Corners, vertices: &[Vertex]) -> Corners {
    for v in vertices {
        let v = [v.x, v.y, v.z];
        corners = with(corners, (v, v));
    }
    corners
}

/// The box of all runs of a list.
fn boxed<T: Sync>(list: &[T], run: impl Fn(&[T]) -> Corners + Sync + Send) -> Option<Corners> {
    #[cfg(feature = "parallel")]
    let all = list.par_chunks(RUN).map(run).reduce(|| NOTHING, with);
    #[cfg(not(feature = "parallel"))]
    let all = list.chunks(RUN).map(run).fold(NOTHING, with);
    (all.0[0] <= all.1[0]).then_some(all)
}

impl Step {
    /// The targets of a step that moves.
    pub(crate) fn targets(&self) -> Option<Path> {
        match self {
            Self::Travel { path, .. }
            | Self::Extrude { path, .. }
            | Self::Wipe { path, .. }
            | Self::Cut { path, .. }
            | Self::Raster { path, .. }
            | Self::Cycle { at: path, .. }
                if path.end > path.start =>
            {
                Some(*path)
            }
            _ => None,
        }
    }
}

impl Program {
    /// The box of everything that is extruded, grid units; `None` when nothing is.
    #[must_use]
    pub fn extruded_box(&self) -> Option<([Coord; 3], [Coord; 3])> {
        boxed(&self.steps, |steps| {
            steps.iter().fold(NOTHING, |corners, step| match step {
                Step::Extrude { path, .. } => around(corners, self.path(*path)),
                _ => corners,
            })
        })
    }

    /// The box of all vertices, used or not, grid units.
    pub(crate) fn vertex_box(&self) -> Option<Corners> {
        boxed(&self.vertices, |vertices| around(NOTHING, vertices))
    }

    /// Where the machine stands before a step; `None` where custom G-code left it.
    fn place_before(&self, step: usize) -> Option<Vertex> {
        for step in self.steps[..step].iter().rev() {
            if let Some(path) = step.targets() {
                return self.path(path).last().copied();
            }
            if matches!(step, Step::Custom(text) if crate::write::moves(text)) {
                break;
            }
        }
        None
    }

    /// Slows travels down whose share along Z is faster than `most` mm/s. A way that begins where custom
    /// G-code left the machine is not known, and the writer sees to it.
    pub fn limit_z(&mut self, most: f32) {
        let places: Vec<Option<Vertex>> = (0..self.steps.len())
            .step_by(RUN)
            .map(|i| self.place_before(i))
            .collect();
        let vertices = &self.vertices;
        let run = |(steps, mut at): (&mut [Step], Option<Vertex>)| {
            for step in steps {
                match step {
                    Step::Travel { path, speed } => {
                        for &v in &vertices[path.start as usize..path.end as usize] {
                            if let Some(from) = at.filter(|f| f.z != v.z) {
                                let d = [v.x - from.x, v.y - from.y, v.z - from.z].map(f64::from);
                                let way = (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).sqrt();
                                *speed = speed.min((f64::from(most) * way / d[2].abs()) as f32);
                            }
                            at = Some(v);
                        }
                    }
                    Step::Height { speed, .. } => *speed = speed.min(most),
                    Step::Custom(text) if crate::write::moves(text) => at = None,
                    _ => {
                        if let Some(path) = step.targets() {
                            at = vertices.get(path.end as usize - 1).copied();
                        }
                    }
                }
            }
        };
        #[cfg(feature = "parallel")]
        self.steps.par_chunks_mut(RUN).zip(places).for_each(run);
        #[cfg(not(feature = "parallel"))]
        self.steps.chunks_mut(RUN).zip(places).for_each(run);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{Extrusion, Role};

    /// A rise of 45 degrees may go faster than the Z axis by the root of two, wherever the run ends in which it
    /// begins, and the first one after custom moves isn't known.
    #[test]
    fn rises_are_slowed_across_the_runs() {
        let mut p = Program::default();
        let count = 3 * RUN as i32;
        for i in 0..count {
            let to = Vertex {
                x: i * 100,
                y: 0,
                z: i * 100,
            };
            let path = p.add_path([to]);
            p.steps.push(Step::Travel { path, speed: 500.0 });
        }
        p.steps[RUN + 5] = Step::Custom("G28".into());
        p.limit_z(10.0);
        for (i, step) in p.steps.iter().enumerate() {
            let Step::Travel { speed, .. } = step else {
                continue;
            };
            if i == 0 || i == RUN + 6 {
                assert_eq!(*speed, 500.0, "step {i}");
            } else {
                assert!((speed - 200f32.sqrt()).abs() < 1e-4, "step {i}: {speed}");
            }
        }
    }

    #[test]
    fn travels_are_not_in_the_box_of_what_is_extruded() {
        let mut p = Program::default();
        assert_eq!(p.extruded_box(), None);
        let far = p.add_path([Vertex {
            x: -900,
            y: 900,
            z: 7,
        }]);
        p.steps.push(Step::Travel {
            path: far,
            speed: 100.0,
        });
        assert_eq!(p.extruded_box(), None);
        for i in 0..RUN as i32 + 3 {
            let path = p.add_path([Vertex { x: i, y: -i, z: 5 }]);
            let bead = Extrusion {
                role: Role::Perimeter,
                mm3_per_mm: 0.1,
                width: 0.4,
                height: 0.2,
                speed: 50.0,
            };
            p.steps.push(Step::Extrude { path, bead });
        }
        let top = RUN as i32 + 2;
        assert_eq!(p.extruded_box(), Some(([0, -top, 5], [top, 0, 5])));
        assert_eq!(p.vertex_box(), Some(([-900, -top, 5], [top, 900, 7])));
    }
}
