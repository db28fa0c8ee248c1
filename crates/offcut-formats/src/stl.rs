//! STL, binary and ASCII.
//!
//! In: bytes. Out: one object with the triangles as they stand, facet normals and colours ignored.
//! Promised: a binary file becomes a mesh in one pass over its bytes.
//!
//! Own readers rather than `stl_io`: it welds vertices on the way, which slicing doesn't need, and it
//! rejects most of the dirty text files that slicers accept. It serves as the oracle in the tests.

use offcut_mesh::{Mesh, Triangle};

use crate::{Cause, Format, Limits, Model, Read};

mod ascii;

const HEADER: usize = 84;
const FACET: usize = 50;

pub(crate) const FORMAT: Format = Format {
    id: "stl",
    doc: "an STL mesh",
    extensions: &["stl"],
    detect,
    read,
};

/// The facet count that the header claims, when there is a header.
fn claimed(bytes: &[u8]) -> Option<u32> {
    let field = bytes.get(80..HEADER)?;
    Some(u32::from_le_bytes(field.try_into().ok()?))
}

/// Binary when the size fits the count, whatever the header says: many begin with "solid".
fn is_binary(bytes: &[u8]) -> bool {
    claimed(bytes).is_some_and(|n| n > 0 && bytes.len() as u64 == HEADER as u64 + FACET as u64 * u64::from(n))
}

fn detect(bytes: &[u8]) -> bool {
    is_binary(bytes) || ascii::detect(bytes)
}

fn read(bytes: &[u8], limits: &Limits) -> Read {
    if !is_binary(bytes) && ascii::detect(bytes) {
        return ascii::read(bytes, limits);
    }
    read_binary(bytes, limits)
}

fn read_binary(bytes: &[u8], limits: &Limits) -> Read {
    let Some(claimed) = claimed(bytes) else {
        return Err(Cause::Truncated(format!(
            "{} bytes are less than an STL header",
            bytes.len()
        )));
    };
    let body = &bytes[HEADER..];
    let present = body.len() / FACET;
    let mut warning = None;
    let count = if claimed == 0 || claimed == u32::MAX {
        // Writers that stream leave the count open; whole facets to the end are then the file.
        if present == 0 || !body.len().is_multiple_of(FACET) {
            return Err(Cause::Empty("the header says that there are no facets"));
        }
        warning = Some(format!(
            "the header says {claimed} facets; all {present} that follow are used"
        ));
        present
    } else if present < claimed as usize {
        return Err(Cause::Truncated(format!(
            "the header promises {claimed} facets and only {present} follow"
        )));
    } else {
        let rest = body.len() - claimed as usize * FACET;
        if rest > 0 {
            warning = Some(format!(
                "{rest} bytes after the last of {claimed} facets are ignored"
            ));
        }
        claimed as usize
    };
    limits.triangle_count(count)?;
    let mut triangles: Vec<Triangle> = vec![[[0.0; 3]; 3]; count];
    #[cfg(feature = "parallel")]
    let farthest = {
        use rayon::prelude::*;
        triangles
            .par_chunks_mut(RUN)
            .zip(body.par_chunks(RUN * FACET))
            .map(facets)
            .max()
    };
    #[cfg(not(feature = "parallel"))]
    let farthest = triangles
        .chunks_mut(RUN)
        .zip(body.chunks(RUN * FACET))
        .map(facets)
        .max();
    if farthest > Some((limits.coordinate as f32).to_bits()) {
        return Err(out_of_range(&triangles, limits));
    }
    let mut model = Model::single("stl", "binary", String::new(), Mesh { triangles });
    if let Some(message) = warning {
        model.warn("facet_count", message);
    }
    Ok(model)
}

/// Facets that a thread reads at a time.
const RUN: usize = 1 << 14;

/// Reads facets; returns the largest absolute coordinate's bits: as integers without their sign, floats keep
/// their order, and NaN comes out on top.
fn facets((triangles, bytes): (&mut [Triangle], &[u8])) -> u32 {
    let mut farthest = 0;
    for (triangle, facet) in triangles.iter_mut().zip(bytes.as_chunks::<FACET>().0) {
        let corners = triangle.as_flattened_mut();
        for (value, raw) in corners.iter_mut().zip(facet[12..48].as_chunks::<4>().0) {
            *value = f32::from_le_bytes(*raw);
            farthest = farthest.max(value.to_bits() & 0x7fff_ffff);
        }
    }
    farthest
}

/// The error for the first facet with a coordinate that isn't within the limit.
#[cold]
fn out_of_range(triangles: &[Triangle], limits: &Limits) -> Cause {
    for (i, value) in triangles
        .iter()
        .enumerate()
        .flat_map(|(i, t)| t.iter().flatten().map(move |v| (i, *v)))
    {
        if !value.is_finite() {
            return Cause::NotFinite(format!("facet {}", i + 1));
        }
        if f64::from(value.abs()) > limits.coordinate {
            return Cause::TooFar {
                value: f64::from(value),
                limit: limits.coordinate,
            };
        }
    }
    Cause::Empty("it has no triangles")
}

/// Writes binary STL. Only triangles: names, colours and instances are not kept.
#[must_use]
pub fn write(mesh: &Mesh) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEADER + FACET * mesh.triangles.len());
    let mut header = [0u8; 80];
    header[..6].copy_from_slice(b"offcut");
    out.extend_from_slice(&header);
    out.extend_from_slice(&(mesh.triangles.len() as u32).to_le_bytes());
    for t in &mesh.triangles {
        for value in normal(t).iter().chain(t.iter().flatten()) {
            out.extend_from_slice(&value.to_le_bytes());
        }
        out.extend_from_slice(&[0, 0]);
    }
    out
}

/// The unit normal; zero for a degenerate triangle, as the format advises.
fn normal(t: &Triangle) -> [f32; 3] {
    let edge = |k: usize| [0, 1, 2].map(|i| f64::from(t[k][i]) - f64::from(t[0][i]));
    let (a, b) = (edge(1), edge(2));
    let n = [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ];
    let length = (n[0] * n[0] + n[1] * n[1] + n[2] * n[2]).sqrt();
    if length > 0.0 {
        n.map(|v| (v / length) as f32)
    } else {
        [0.0; 3]
    }
}

#[cfg(test)]
mod tests;
