//! ASCII STL as it is found, not as it was specified.
//!
//! Words decide, not lines: any line ends, indentation, letter case, missing names or `endsolid`, text
//! after end words, several solids. Normals are skipped unread, so NaN there does no harm.

use offcut_mesh::{Mesh, Triangle};

use crate::number::{self, BadNumber};
use crate::{Cause, Limits, Model, Read};

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Whether the bytes begin like ASCII STL: "solid", and "facet" or "endsolid" soon after, all of it text.
pub(super) fn detect(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    let mut words = Words::new(head);
    let Some(first) = words.next() else { return false };
    if !is(first, b"solid") && !is(first, b"facet") {
        return false;
    }
    // A name can be long, a binary header can't: no control characters before the first keyword.
    let keyword = head
        .windows(8)
        .position(|w| (is(&w[..5], b"facet") && w[5].is_ascii_whitespace()) || is(w, b"endsolid"));
    keyword.is_some_and(|at| head[..at].iter().all(|c| *c >= 32 || c.is_ascii_whitespace()))
}

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Read {
    let mut words = Words::new(bytes);
    let mut triangles: Vec<Triangle> = Vec::with_capacity(bytes.len() / 250);
    let mut name = String::new();
    let mut solids = 0;
    let mut corners: [[f32; 3]; 3] = [[0.0; 3]; 3];
    let mut found = 0;
    let (mut closed, mut in_facet) = (false, false);
    let mut ignored = None;
    while let Some(word) = words.next() {
        if is(word, b"vertex") {
            let mut corner = [0.0f32; 3];
            for value in &mut corner {
                let at = words.at;
                let token = words.next().unwrap_or_default();
                if token.is_empty() {
                    return Err(Cause::Truncated(format!(
                        "it ends within facet {}",
                        triangles.len() + 1
                    )));
                }
                *value = match number::parse(token) {
                    Ok(v) => v as f32,
                    Err(why) => return Err(bad_number(bytes, at, token, why)),
                };
                if value.is_infinite() {
                    return Err(bad_number(bytes, at, token, BadNumber::NotFinite));
                }
            }
            if found < 3 {
                corners[found] = corner;
            }
            found += 1;
        } else if is(word, b"facet") {
            if in_facet && found > 0 {
                return Err(line_error(bytes, words.at, "a facet begins within a facet"));
            }
            (in_facet, found, closed) = (true, 0, false);
        } else if is(word, b"endfacet") {
            if found != 3 {
                return Err(line_error(
                    bytes,
                    words.at,
                    format!("a facet has {found} corners, not 3"),
                ));
            }
            triangles.push(corners);
            limits.triangle_count(triangles.len())?;
            (in_facet, found) = (false, 0);
        } else if is(word, b"solid") {
            let title = words.title();
            if solids == 0 {
                name = String::from_utf8_lossy(title).trim().chars().take(200).collect();
            }
            solids += 1;
            closed = false;
        } else if is(word, b"endsolid") {
            words.title();
            closed = true;
        } else if closed {
            ignored = Some(words.at - word.len());
            break;
        }
        // Anything else is a structure word or stray text.
    }
    if in_facet {
        return Err(Cause::Truncated(format!(
            "it ends within facet {}",
            triangles.len() + 1
        )));
    }
    let unclosed = !closed && !triangles.is_empty();
    let mut model = Model::single("stl", "ascii", name, Mesh { triangles });
    if let Some(at) = ignored {
        let rest = bytes.len() - at;
        model.warn(
            "trailing_data",
            format!("{rest} bytes after the last solid are ignored"),
        );
    }
    if unclosed {
        model.warn(
            "no_endsolid",
            "the last solid has no end mark; the file may be cut off",
        );
    }
    if solids > 1 {
        model.warn("solids", format!("{solids} solids are taken as one object"));
    }
    Ok(model)
}

fn is(word: &[u8], keyword: &[u8]) -> bool {
    word.eq_ignore_ascii_case(keyword)
}

/// Words between ASCII white space.
struct Words<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Words<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let at = if bytes.starts_with(BOM) { BOM.len() } else { 0 };
        Self { bytes, at }
    }

    /// The rest of the line as a solid's name; a one-line file's name ends where its first facet begins.
    fn title(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.at..];
        let end = rest
            .iter()
            .position(|c| matches!(c, b'\n' | b'\r'))
            .unwrap_or(rest.len());
        let line = &rest[..end];
        let facet = line.windows(14).position(|w| is(w, b" facet normal "));
        let line = &line[..facet.unwrap_or(end)];
        self.at += line.len();
        line
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = &self.bytes[self.at..];
        let start = rest.iter().position(|c| !c.is_ascii_whitespace())?;
        let rest = &rest[start..];
        let length = rest
            .iter()
            .position(u8::is_ascii_whitespace)
            .unwrap_or(rest.len());
        self.at += start + length;
        Some(&rest[..length])
    }
}

/// The line of a byte, counted from 1 at any kind of line end.
fn line(bytes: &[u8], at: usize) -> String {
    let head = &bytes[..at.min(bytes.len())];
    let ends = head
        .iter()
        .enumerate()
        .filter(|(i, c)| **c == b'\n' || (**c == b'\r' && head.get(i + 1) != Some(&b'\n')));
    format!("line {}", ends.count() + 1)
}

#[cold]
fn bad_number(bytes: &[u8], at: usize, token: &[u8], why: BadNumber) -> Cause {
    number::error(token, why, line(bytes, at))
}

#[cold]
fn line_error(bytes: &[u8], at: usize, what: impl Into<String>) -> Cause {
    Cause::syntax(line(bytes, at), what)
}
