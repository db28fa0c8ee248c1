//! Wavefront OBJ.
//!
//! In: text. Out: an object for every `o` with faces, polygons as triangles; texture, normals, materials and
//! groups are passed over, points and lines told.
//!
//! Own reader rather than `tobj`: that one cuts concave polygons as fans, has no limits, and brings a random
//! number generator into the wasm build.

use offcut_mesh::{Mesh, Triangle};

use crate::sniff::text_head;
use crate::{Cause, Format, Limits, Model, Read, number};
use offcut_mesh::triangulate;

pub(crate) const FORMAT: Format = Format {
    id: "obj",
    doc: "an OBJ mesh",
    extensions: &["obj"],
    detect,
    read,
};

fn detect(bytes: &[u8]) -> bool {
    text_head(bytes).is_some_and(|head| {
        let mut lines = head
            .lines()
            .map(str::trim_start)
            .filter(|l| !l.is_empty() && !l.starts_with('#'));
        lines.any(|l| l.starts_with("v ") || l.starts_with("v\t"))
    })
}

/// Polygons with more corners are refused: cutting ears is quadratic.
const MOST_CORNERS: usize = 2_000;

#[derive(Default)]
struct Reader {
    vertices: Vec<[f32; 3]>,
    triangles: Vec<Triangle>,
    name: String,
    /// Name and first triangle of the objects that `o` began.
    objects: Vec<(String, usize)>,
    /// Points and lines, and free-form elements.
    ignored: [usize; 2],
    corners: Vec<[f32; 3]>,
    ears: Vec<[usize; 3]>,
}

fn read(bytes: &[u8], limits: &Limits) -> Read {
    if bytes.contains(&0) {
        return Err(Cause::syntax("the file", "not text, which OBJ is"));
    }
    let mut reader = Reader::default();
    let mut rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut number = 0;
    let mut joined = Vec::new();
    while !rest.is_empty() {
        number += 1;
        let mut line = next_line(&mut rest);
        // A backslash joins a line with the next one.
        if line.ends_with(b"\\") {
            let first = number;
            joined.clear();
            while let Some(part) = line.strip_suffix(b"\\") {
                joined.extend_from_slice(part);
                joined.push(b' ');
                line = next_line(&mut rest);
                number += 1;
            }
            joined.extend_from_slice(line);
            reader.line(&joined, first, limits)?;
        } else {
            reader.line(line, number, limits)?;
        }
    }
    if reader.triangles.is_empty() {
        return Err(Cause::Empty(match (reader.vertices.is_empty(), reader.ignored) {
            (true, _) => "the OBJ file has no vertices",
            (_, [0, 0]) => "the OBJ file has vertices but no faces",
            (_, [0, _]) => "the OBJ file has free-form surfaces but no faces; export it as a mesh",
            _ => "the OBJ file has points and lines but no faces",
        }));
    }
    let [lines, surfaces] = reader.ignored;
    let mut model = reader.model();
    if lines > 0 {
        model.warn("lines", format!("{lines} points or lines are left out"));
    }
    if surfaces > 0 {
        model.warn(
            "free_form",
            format!("{surfaces} free-form elements are left out; export as a mesh"),
        );
    }
    Ok(model)
}

/// Takes a line off the front, whatever ends it.
fn next_line<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let end = rest
        .iter()
        .position(|c| matches!(c, b'\n' | b'\r'))
        .unwrap_or(rest.len());
    let line = &rest[..end];
    let skip = if rest[end..].starts_with(b"\r\n") { 2 } else { 1 };
    *rest = rest.get(end + skip..).unwrap_or_default();
    line
}

impl Reader {
    /// The objects with faces; all in one where `o` parts nothing.
    fn model(mut self) -> Model {
        let total = self.triangles.len();
        if self.objects.first().is_none_or(|o| o.1 > 0) {
            self.objects.insert(0, (std::mem::take(&mut self.name), 0));
        }
        let end = |k: usize| self.objects.get(k + 1).map_or(total, |o| o.1);
        let parts: Vec<usize> = (0..self.objects.len())
            .filter(|&k| end(k) > self.objects[k].1)
            .collect();
        let mut model = Model::new("obj", "");
        for k in parts.iter().copied() {
            let (name, first) = &self.objects[k];
            let name = if parts.len() == 1 && name.is_empty() {
                &self.name
            } else {
                name
            };
            model.push(
                name.clone(),
                Mesh {
                    triangles: if parts.len() == 1 {
                        std::mem::take(&mut self.triangles)
                    } else {
                        self.triangles[*first..end(k)].to_vec()
                    },
                },
            );
        }
        model
    }

    fn line(&mut self, line: &[u8], number: usize, limits: &Limits) -> Result<(), Cause> {
        let mut words = line.split(u8::is_ascii_whitespace).filter(|w| !w.is_empty());
        match words.next().unwrap_or_default() {
            b"v" => {
                let mut vertex = [0.0f32; 3];
                for value in &mut vertex {
                    let token = words.next().unwrap_or_default();
                    *value =
                        number::parse(token).map_err(|why| number::error(token, why, place(number)))? as f32;
                }
                if vertex.iter().any(|v| !v.is_finite()) {
                    return Err(Cause::NotFinite(place(number)));
                }
                self.vertices.push(vertex);
            }
            b"f" => {
                self.corners.clear();
                for word in words.take_while(|w| !w.starts_with(b"#")) {
                    let corner = self.vertex(word, number)?;
                    self.corners.push(corner);
                }
                self.face(number, limits)?;
            }
            b"p" | b"l" => self.ignored[0] += 1,
            b"curv" | b"curv2" | b"surf" => self.ignored[1] += 1,
            word @ (b"o" | b"g") => {
                let rest = line.trim_ascii_start().get(1..).unwrap_or_default();
                let name: String = String::from_utf8_lossy(rest).trim().chars().take(200).collect();
                if word == b"o" {
                    if self.objects.len() >= limits.instances {
                        return Err(Cause::TooManyInstances(limits.instances));
                    }
                    self.objects.push((name.clone(), self.triangles.len()));
                }
                if self.name.is_empty() {
                    self.name = name;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The vertex of a corner such as `7`, `7/1`, `7//3` or `-1`.
    fn vertex(&self, word: &[u8], number: usize) -> Result<[f32; 3], Cause> {
        let index = word.split(|c| *c == b'/').next().unwrap_or_default();
        let shown = || {
            String::from_utf8_lossy(&index[..index.len().min(40)])
                .escape_debug()
                .to_string()
        };
        let digits = index.strip_prefix(b"-").unwrap_or(index);
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return Err(Cause::syntax(
                place(number),
                format!("'{}' is not a vertex number", shown()),
            ));
        }
        let value = digits.iter().fold(0usize, |n, d| {
            n.saturating_mul(10).saturating_add(usize::from(d - b'0'))
        });
        let count = self.vertices.len();
        let at = if digits.len() == index.len() {
            value.checked_sub(1)
        } else {
            count.checked_sub(value)
        };
        at.and_then(|at| self.vertices.get(at))
            .copied()
            .ok_or_else(|| Cause::Dangling {
                place: place(number),
                what: format!("vertex {} (of {count} so far)", shown()),
            })
    }

    fn face(&mut self, number: usize, limits: &Limits) -> Result<(), Cause> {
        let n = self.corners.len();
        if !(3..=MOST_CORNERS).contains(&n) {
            return Err(Cause::syntax(place(number), format!("a face with {n} corners")));
        }
        limits.triangle_count(self.triangles.len() + n - 2)?;
        if let [a, b, c] = self.corners[..] {
            self.triangles.push([a, b, c]);
            return Ok(());
        }
        self.ears.clear();
        triangulate::polygon(&self.corners, &mut self.ears);
        self.triangles
            .extend(self.ears.iter().map(|t| t.map(|i| self.corners[i])));
        Ok(())
    }
}

#[cold]
fn place(line: usize) -> String {
    format!("line {line}")
}

#[cfg(test)]
mod tests;
