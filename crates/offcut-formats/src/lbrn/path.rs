//! The vertices and legs of LightBurn's paths.
//!
//! In: the text of a list, or an element of the older spelling. Out: [`Vertex`] and [`Leg`].

use super::{number, wrong};
use crate::Cause;
use offcut_geometry::drawing::Vec2;
use roxmltree::Node;

/// A corner of a path with its handles.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Vertex {
    pub at: Vec2,
    /// Handle of the curve that leaves, of the one that arrives.
    pub out: Option<Vec2>,
    pub into: Option<Vec2>,
}

/// A leg of a path between two vertices.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leg {
    pub curve: bool,
    pub from: usize,
    pub to: usize,
}

/// The number at the head of a text, and what follows.
fn head(text: &str) -> Option<(f64, &str)> {
    let text = text.trim_start();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E')))
        .unwrap_or(text.len());
    let v: f64 = text[..end].parse().ok()?;
    v.is_finite().then_some((v, &text[end..]))
}

/// Vertices as `V24.1 13.2c0x21c0y13c1x1V…`; a handle without y is none.
pub(super) fn vertices(node: Node<'_, '_>, list: &str) -> Result<Vec<Vertex>, Cause> {
    let mut out = Vec::new();
    for part in list.split('V').skip(1) {
        let read = || {
            let (x, rest) = head(part)?;
            let (y, mut rest) = head(rest)?;
            let mut handles = [[None; 2]; 2];
            while let Some(h) = rest.trim_start().strip_prefix('c') {
                let which = match h.as_bytes().first()? {
                    b'0' => 0,
                    b'1' => 1,
                    _ => return None,
                };
                let axis = match h.as_bytes().get(1)? {
                    b'x' => 0,
                    b'y' => 1,
                    _ => return None,
                };
                let (v, after) = head(&h[2..])?;
                handles[which][axis] = Some(v);
                rest = after;
            }
            let [out, into] = handles.map(|[x, y]| Some(Vec2::new(x?, y?)));
            Some(Vertex {
                at: Vec2::new(x, y),
                out,
                into,
            })
        };
        let shown: String = part.chars().take(40).collect();
        out.push(read().ok_or_else(|| wrong(node, format!("'V{}' is not a vertex", shown.escape_debug())))?);
    }
    Ok(out)
}

/// Legs as `L0 1B1 2…`, or a word for lines through all vertices.
pub(super) fn legs(node: Node<'_, '_>, list: &str, count: usize) -> Result<Vec<Leg>, Cause> {
    let line = |from: usize, to: usize| Leg {
        curve: false,
        from,
        to,
    };
    let list = list.trim();
    if list.starts_with("Line") {
        let closing = (list == "LineClosed" && count > 2).then(|| line(count - 1, 0));
        return Ok((1..count).map(|i| line(i - 1, i)).chain(closing).collect());
    }
    let mut out = Vec::new();
    let mut rest = list;
    while let Some(kind) = rest.chars().next() {
        let read = || {
            let (from, after) = head(rest.get(1..)?)?;
            let (to, after) = head(after)?;
            Some((from, to, after.trim_start()))
        };
        let Some((from, to, after)) = read().filter(|_| matches!(kind, 'L' | 'B')) else {
            let shown: String = rest.chars().take(20).collect();
            return Err(wrong(
                node,
                format!("'{}' is not a leg of a path", shown.escape_debug()),
            ));
        };
        out.push(Leg {
            curve: kind == 'B',
            from: from.max(0.0) as usize,
            to: to.max(0.0) as usize,
        });
        rest = after;
    }
    Ok(out)
}

pub(super) fn vertex(node: Node<'_, '_>) -> Result<Vertex, Cause> {
    let handle = |x: &str, y: &str| {
        let given = node.has_attribute(x) && node.has_attribute(y);
        given
            .then(|| Ok(Vec2::new(number(node, x)?, number(node, y)?)))
            .transpose()
    };
    Ok(Vertex {
        at: Vec2::new(number(node, "vx")?, number(node, "vy")?),
        out: handle("c0x", "c0y")?,
        into: handle("c1x", "c1y")?,
    })
}

pub(super) fn leg(node: Node<'_, '_>) -> Result<Leg, Cause> {
    Ok(Leg {
        curve: node.attribute("T") == Some("B"),
        from: number(node, "p0")?.max(0.0) as usize,
        to: number(node, "p1")?.max(0.0) as usize,
    })
}
