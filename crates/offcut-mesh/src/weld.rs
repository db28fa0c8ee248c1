//! From a triangle soup to vertices and indices, and back.

use crate::mesh::{PART, each_part};
use crate::soundness::{six_volumes, vertex_hash};
use crate::{Mesh, Triangle};

/// Vertices and the triangles between them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Indexed {
    /// Distinct corners, mm, in the order of their first use.
    pub vertices: Vec<[f32; 3]>,
    /// Three vertices each, counter-clockwise seen from outside.
    pub faces: Vec<[u32; 3]>,
}

impl Mesh {
    /// The mesh with equal corners made one; −0 counts as 0.
    #[must_use]
    pub fn indexed(&self) -> Indexed {
        const FREE: u32 = u32::MAX;
        // Closed meshes have half as many vertices as triangles; soups up to three times as many.
        let mut slots = vec![FREE; (self.triangles.len() * 2).next_power_of_two().max(16)];
        let mut vertices: Vec<[f32; 3]> = Vec::with_capacity(self.triangles.len() / 2 + 3);
        let mut faces = Vec::with_capacity(self.triangles.len());
        for triangle in &self.triangles {
            let mut face = [0u32; 3];
            for (index, corner) in face.iter_mut().zip(triangle) {
                let corner = corner.map(|c| c + 0.0);
                let mask = slots.len() - 1;
                let mut at = vertex_hash(&corner) as usize & mask;
                *index = loop {
                    match slots[at] {
                        FREE => {
                            slots[at] = vertices.len() as u32;
                            vertices.push(corner);
                            break slots[at];
                        }
                        v if vertices[v as usize] == corner => break v,
                        _ => at = (at + 1) & mask,
                    }
                };
            }
            faces.push(face);
            if vertices.len() * 2 > slots.len() {
                slots = vec![FREE; slots.len() * 2];
                let mask = slots.len() - 1;
                for (i, v) in vertices.iter().enumerate() {
                    let mut at = vertex_hash(v) as usize & mask;
                    while slots[at] != FREE {
                        at = (at + 1) & mask;
                    }
                    slots[at] = i as u32;
                }
            }
        }
        Indexed { vertices, faces }
    }
}

impl Indexed {
    /// The triangles with their corners' coordinates.
    #[must_use]
    pub fn soup(&self) -> Mesh {
        #[cfg(feature = "parallel")]
        let triangles = {
            use rayon::prelude::*;
            let faces = self.faces.par_iter().with_min_len(PART);
            faces.map(|f| self.triangle(f)).collect()
        };
        #[cfg(not(feature = "parallel"))]
        let triangles = self.faces.iter().map(|f| self.triangle(f)).collect();
        Mesh { triangles }
    }

    /// Six times the volume that is enclosed, mm³, if it is closed.
    pub(crate) fn six_volumes(&self) -> f64 {
        let origin = self.vertices.first().map_or([0.0; 3], |v| v.map(f64::from));
        let sum = |faces: &[[u32; 3]]| -> f64 {
            faces
                .iter()
                .map(|f| six_volumes(&self.triangle(f), &origin))
                .sum()
        };
        each_part(&self.faces, PART, sum).iter().sum()
    }

    /// One face's corners.
    #[must_use]
    pub fn triangle(&self, face: &[u32; 3]) -> Triangle {
        face.map(|v| self.vertices[v as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::cube;

    #[test]
    fn a_cube_has_eight_vertices() {
        let indexed = cube().indexed();
        assert_eq!(indexed.vertices.len(), 8);
        assert_eq!(indexed.soup(), cube());
    }

    #[test]
    fn a_soup_without_shared_corners_grows_the_table() {
        let triangles = (0..1000u16).map(|i| {
            [[0.0, 0.0, 0.0f32], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]].map(|c| c.map(|v| v + f32::from(i) * 2.0))
        });
        let mesh = Mesh {
            triangles: triangles.collect(),
        };
        let indexed = mesh.indexed();
        assert_eq!(indexed.vertices.len(), 3000);
        assert_eq!(indexed.soup(), mesh);
    }
}
