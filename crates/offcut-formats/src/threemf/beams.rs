//! Beam lattices as triangles: each beam a prism between two rings, each end a ball.
//!
//! The bodies overlap; slicing unites them by winding.

use std::collections::BTreeMap;

use libm::{cos, sin};
use offcut_mesh::Triangle;

use crate::Cause;
use crate::xml::{Node, Tag, Xml, get};

/// Sides of a beam. A dodecagon of the same area as the circle is within 2.3 % of its radius.
pub(super) const SIDES: usize = 12;
/// Rings of a ball between its poles.
const RINGS: usize = 5;

/// Beams, and a ball at each vertex where beams end.
#[derive(Default)]
pub(super) struct Lattice {
    beams: Vec<Beam>,
    /// Center and radius by vertex.
    balls: BTreeMap<u32, ([f64; 3], f64)>,
}

/// Two ends with their radii, mm.
struct Beam {
    ends: [[f64; 3]; 2],
    radii: [f64; 2],
}

/// The beams of the lattice element that has just started, and the largest ball at each vertex.
pub(super) fn parse(xml: &mut Xml, tag: &Tag, vertices: &[[f32; 3]], scale: f64) -> Result<Lattice, Cause> {
    let attributes = tag.all(xml)?;
    let default = match get(&attributes, "radius") {
        Some(radius) => xml.parse(radius)?,
        None => 0.0,
    };
    let mut lattice = Lattice::default();
    let mut depth = 1;
    while depth > 0 {
        match xml.next()? {
            Some(Node::Start(tag)) => {
                depth += 1;
                if tag.local() == "beam" {
                    let attributes = tag.all(xml)?;
                    let end = |name: &str| {
                        let index = get(&attributes, name).map_or(Ok(u32::MAX), |v| xml.index(v))?;
                        let vertex = vertices.get(index as usize).ok_or_else(|| Cause::Dangling {
                            place: xml.place(),
                            what: format!("vertex {index} (of {})", vertices.len()),
                        })?;
                        Ok((index, vertex.map(f64::from)))
                    };
                    let radius = |name, other| get(&attributes, name).map_or(Ok(other), |v| xml.parse(v));
                    let r1 = radius("r1", default)?;
                    let radii = [r1, radius("r2", r1)?].map(|r| (r * scale).abs());
                    let ends = [end("v1")?, end("v2")?];
                    for ((index, center), radius) in ends.into_iter().zip(radii) {
                        let ball = lattice.balls.entry(index).or_insert((center, radius));
                        ball.1 = ball.1.max(radius);
                    }
                    lattice.beams.push(Beam {
                        ends: ends.map(|(_, center)| center),
                        radii,
                    });
                }
            }
            Some(Node::End) => depth -= 1,
            Some(Node::Text(_)) => {}
            None => break,
        }
    }
    Ok(lattice)
}

/// Adds the lattice's triangles; fails when there would be more than `most`.
pub(super) fn add(lattice: &Lattice, most: usize, triangles: &mut Vec<Triangle>) -> Result<(), ()> {
    let beams = lattice.beams.len().saturating_mul(4 * SIDES);
    let balls = lattice.balls.len().saturating_mul(2 * SIDES * RINGS);
    if beams.saturating_add(balls).saturating_add(triangles.len()) > most {
        return Err(());
    }
    for beam in &lattice.beams {
        prism(beam, triangles);
    }
    for (center, radius) in lattice.balls.values() {
        ball(center, *radius, triangles);
    }
    Ok(())
}

fn single(p: [f64; 3]) -> [f32; 3] {
    p.map(|v| v as f32)
}

/// The factor by which a regular polygon's corners lie outside the circle of the same area.
fn swell() -> f64 {
    let angle = std::f64::consts::TAU / SIDES as f64;
    (angle / sin(angle)).sqrt()
}

/// Points around a center in the plane of two unit vectors.
fn ring(center: [f64; 3], u: [f64; 3], v: [f64; 3], radius: f64) -> [[f32; 3]; SIDES] {
    std::array::from_fn(|i| {
        let angle = std::f64::consts::TAU * i as f64 / SIDES as f64;
        let (s, c) = (radius * sin(angle), radius * cos(angle));
        single([0, 1, 2].map(|k| center[k] + c * u[k] + s * v[k]))
    })
}

fn prism(beam: &Beam, triangles: &mut Vec<Triangle>) {
    let [a, b] = beam.ends;
    let axis = [0, 1, 2].map(|k| b[k] - a[k]);
    let length = axis.iter().map(|v| v * v).sum::<f64>().sqrt();
    if length == 0.0 {
        return;
    }
    let w = axis.map(|v| v / length);
    // Any direction that isn't along the beam: that of its smallest component.
    let k = if w[0].abs() <= w[1].abs() && w[0].abs() <= w[2].abs() {
        0
    } else if w[1].abs() <= w[2].abs() {
        1
    } else {
        2
    };
    let mut u = w.map(|v| -v * w[k]);
    u[k] += 1.0;
    let n = u.iter().map(|v| v * v).sum::<f64>().sqrt();
    let u = u.map(|v| v / n);
    let v = [
        w[1] * u[2] - w[2] * u[1],
        w[2] * u[0] - w[0] * u[2],
        w[0] * u[1] - w[1] * u[0],
    ];
    let low = ring(a, u, v, beam.radii[0] * swell());
    let high = ring(b, u, v, beam.radii[1] * swell());
    for i in 0..SIDES {
        let j = (i + 1) % SIDES;
        triangles.push([low[i], low[j], high[j]]);
        triangles.push([low[i], high[j], high[i]]);
        triangles.push([single(a), low[j], low[i]]);
        triangles.push([single(b), high[i], high[j]]);
    }
}

fn ball(center: &[f64; 3], radius: f64, triangles: &mut Vec<Triangle>) {
    let at = |height: f64| single([center[0], center[1], center[2] + height]);
    let mut below = [at(-radius); SIDES];
    for step in 1..=RINGS + 1 {
        let angle = std::f64::consts::PI * step as f64 / (RINGS + 1) as f64;
        let above = if step > RINGS {
            [at(radius); SIDES]
        } else {
            let level = [center[0], center[1], center[2] - radius * cos(angle)];
            ring(
                level,
                [1.0, 0.0, 0.0],
                [0.0, 1.0, 0.0],
                radius * sin(angle) * swell(),
            )
        };
        for i in 0..SIDES {
            let j = (i + 1) % SIDES;
            if step > 1 {
                triangles.push([below[i], below[j], above[j]]);
            }
            if step <= RINGS {
                triangles.push([below[i], above[j], above[i]]);
            }
        }
        below = above;
    }
}
