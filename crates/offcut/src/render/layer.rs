//! A layer seen from above: every bead with its width in the colour of its role.

use super::camera::unit;
use super::color::{decode, encode, role_color};
use super::frame::{Frame, Picture, SAMPLES};
use super::glyphs;
use super::scene::check_size;
use super::strokes::LayerStrokes;
use offcut_gcode::Role;

/// How layers are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LayerOptions {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Draws travels as thin lines.
    pub travels: bool,
    /// Names the layer and the roles.
    pub legend: bool,
}

impl Default for LayerOptions {
    fn default() -> Self {
        Self {
            width: 1200,
            height: 1200,
            travels: false,
            legend: true,
        }
    }
}

const PAPER: [u8; 3] = [30, 33, 38];
const TEXT: [u8; 3] = [222, 226, 232];
const TRAVEL: [u8; 3] = [88, 140, 190];

/// Lowest and highest point of some layers' printed lines, mm.
pub(super) fn extent<'a>(layers: impl IntoIterator<Item = &'a LayerStrokes>) -> Option<([f32; 2], [f32; 2])> {
    let (mut lo, mut hi) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
    for l in layers {
        for (s, _) in l.printed() {
            for p in l.points_of(s) {
                for k in 0..2 {
                    lo[k] = lo[k].min(p[k] - s.width / 2.0);
                    hi[k] = hi[k].max(p[k] + s.width / 2.0);
                }
            }
        }
    }
    (lo[0] <= hi[0]).then_some((lo, hi))
}

/// The roles that occur, in their order.
pub(super) fn roles<'a>(layers: impl IntoIterator<Item = &'a LayerStrokes>) -> Vec<Role> {
    let mut seen = [false; Role::ALL.len()];
    for l in layers {
        for (_, r) in l.printed() {
            seen[r as usize] = true;
        }
    }
    Role::ALL.into_iter().filter(|r| seen[*r as usize]).collect()
}

/// Millimetres to samples, y down.
struct Plan {
    scale: f32,
    shift: [f32; 2],
}

impl Plan {
    fn fit(lo: [f32; 2], hi: [f32; 2], at: [f32; 2], room: [f32; 2]) -> Self {
        let scale = (0..2)
            .map(|k| room[k] / (hi[k] - lo[k]).max(1e-3))
            .fold(f32::INFINITY, f32::min);
        let mid = [0, 1].map(|k| (lo[k] + hi[k]) / 2.0);
        Self {
            scale,
            shift: [
                at[0] + room[0] / 2.0 - scale * mid[0],
                at[1] + room[1] / 2.0 + scale * mid[1],
            ],
        }
    }

    fn at(&self, p: [f32; 2]) -> [f32; 2] {
        [
            p[0] * self.scale + self.shift[0],
            self.shift[1] - p[1] * self.scale,
        ]
    }
}

/// Paints a line with round ends and a round back: where lines meet, the nearer axis wins.
pub(super) fn capsule(
    frame: &mut Frame,
    [a, b]: [[f32; 2]; 2],
    radius: f32,
    base: f32,
    shade: impl Fn(f32) -> [u8; 3],
) {
    let d = [b[0] - a[0], b[1] - a[1]];
    let len2 = d[0] * d[0] + d[1] * d[1];
    let inv = if len2 > 0.0 { 1.0 / len2 } else { 0.0 };
    let r2 = radius * radius;
    for y in Frame::span(a[1].min(b[1]) - radius, a[1].max(b[1]) + radius, frame.h) {
        for x in Frame::span(a[0].min(b[0]) - radius, a[0].max(b[0]) + radius, frame.w) {
            let p = [x as f32 + 0.5 - a[0], y as f32 + 0.5 - a[1]];
            let t = ((p[0] * d[0] + p[1] * d[1]) * inv).clamp(0.0, 1.0);
            let e = [p[0] - t * d[0], p[1] - t * d[1]];
            let q = (e[0] * e[0] + e[1] * e[1]) / r2;
            if q <= 1.0 {
                frame.put(x, y, base - q, shade(q));
            }
        }
    }
}

/// Shades of one colour across a bead, from its axis to its border.
fn ramp(color: [u8; 3]) -> [[u8; 3]; 17] {
    let c = decode(color);
    std::array::from_fn(|i| {
        let q = i as f32 / 16.0;
        encode(c.map(|v| v * (1.0 - 0.62 * q * q)))
    })
}

fn paint(frame: &mut Frame, plan: &Plan, layer: &LayerStrokes, travels: bool) {
    let ramps = Role::ALL.map(|r| ramp(role_color(r)));
    for s in &layer.strokes {
        let points = layer.points_of(s);
        match s.role {
            Some(role) => {
                let radius = (s.width / 2.0 * plan.scale).max(0.6);
                let ramp = &ramps[role as usize];
                for w in points.windows(2) {
                    capsule(frame, [plan.at(w[0]), plan.at(w[1])], radius, 1.0, |q| {
                        ramp[(q * 16.0) as usize]
                    });
                }
            }
            None if travels => {
                for w in points.windows(2) {
                    capsule(frame, [plan.at(w[0]), plan.at(w[1])], 0.9, 4.0, |_| TRAVEL);
                }
            }
            None => {}
        }
    }
}

/// Writes a text with its baseline at `at` (samples).
pub(super) fn write(frame: &mut Frame, text: &str, at: [f32; 2], cap: f32, color: [u8; 3]) {
    for s in glyphs::segments(text, at, cap) {
        capsule(frame, s, cap * 0.075, 10.0, |_| color);
    }
}

/// Names of roles with their colours, downwards from `at`.
pub(super) fn legend(frame: &mut Frame, roles: &[Role], at: [f32; 2], cap: f32, text: [u8; 3]) {
    for (i, r) in roles.iter().enumerate() {
        let y = at[1] + (i as f32 + 1.0) * cap * 2.0;
        let ramp = ramp(role_color(*r));
        let mark = [
            [at[0] + cap * 0.5, y - cap / 2.0],
            [at[0] + cap * 2.0, y - cap / 2.0],
        ];
        capsule(frame, mark, cap * 0.5, 9.0, |q| ramp[(q * 16.0) as usize]);
        write(frame, r.label(), [at[0] + cap * 3.2, y], cap, text);
    }
}

fn title(layer: &LayerStrokes, number: usize) -> String {
    format!("layer {number}  z {:.2} mm", layer.z)
}

/// Draws one layer; `number` is for the legend.
///
/// # Errors
/// When the layer prints nothing or the size is impossible.
pub fn draw_layer(
    layer: &LayerStrokes,
    number: usize,
    options: &LayerOptions,
) -> Result<Picture, crate::Error> {
    let size = check_size(options.width, options.height)?;
    let (lo, hi) =
        extent([layer]).ok_or_else(|| crate::Error::Render(format!("layer {number} prints nothing")))?;
    let mut frame = Frame::new(size[0], size[1]);
    let full = size.map(|s| (s * SAMPLES) as f32);
    let cap = (full[0].min(full[1]) * 0.015).max(12.0);
    let edge = cap * 2.0;
    let roles = roles([layer]);
    let longest = roles
        .iter()
        .map(|r| r.label().len() as f32 + 3.2)
        .fold(22.0, f32::max);
    let column = if options.legend {
        (longest + 1.0) * cap
    } else {
        0.0
    };
    let plan = Plan::fit(
        lo,
        hi,
        [edge + column, edge],
        [full[0] - 2.0 * edge - column, full[1] - 2.0 * edge],
    );
    paint(&mut frame, &plan, layer, options.travels);
    if options.legend {
        write(&mut frame, &title(layer, number), [edge, edge + cap], cap, TEXT);
        legend(&mut frame, &roles, [edge, edge + cap * 1.5], cap, TEXT);
    }
    let paper = decode(PAPER);
    Ok(frame.resolve(|_, _| Some(paper), None))
}

/// Draws many layers side by side, at most `most` of them, evenly chosen.
///
/// # Errors
/// When nothing is printed or the size is impossible.
pub fn draw_contact_sheet(
    layers: &[LayerStrokes],
    most: usize,
    options: &LayerOptions,
) -> Result<Picture, crate::Error> {
    let size = check_size(options.width, options.height)?;
    let (lo, hi) = extent(layers).ok_or_else(|| crate::Error::Render("nothing is printed".into()))?;
    let count = layers.len().min(most.max(1));
    let columns = (1..).find(|c| c * c >= count).unwrap_or(1);
    let rows = count.div_ceil(columns);
    let cell = [size[0] / columns, size[1] / rows];
    if cell[0] < 8 || cell[1] < 8 {
        return Err(crate::Error::Render(format!(
            "{count} layers don't fit {}x{} pixels; ask for fewer or a larger picture",
            size[0], size[1]
        )));
    }
    let paper = decode(PAPER);
    let mut sheet = Picture {
        width: options.width,
        height: options.height,
        rgba: encode(paper)
            .into_iter()
            .chain([255])
            .collect::<Vec<u8>>()
            .repeat(size[0] * size[1]),
    };
    for k in 0..count {
        let i = if count > 1 {
            k * (layers.len() - 1) / (count - 1)
        } else {
            0
        };
        let mut frame = Frame::new(cell[0], cell[1]);
        let full = cell.map(|s| (s * SAMPLES) as f32);
        let cap = (full[0] * 0.035).clamp(9.0, 40.0);
        let edge = cap * 0.8;
        let plan = Plan::fit(
            lo,
            hi,
            [edge, edge + cap * 1.6],
            [full[0] - 2.0 * edge, full[1] - 2.0 * edge - cap * 1.6],
        );
        paint(&mut frame, &plan, &layers[i], options.travels);
        write(
            &mut frame,
            &title(&layers[i], i + 1),
            [edge, edge + cap],
            cap,
            TEXT,
        );
        let picture = frame.resolve(|_, _| Some(paper), None);
        sheet.paste(
            &picture,
            ((k % columns) * cell[0]) as u32,
            ((k / columns) * cell[1]) as u32,
        );
    }
    Ok(sheet)
}

/// A direction in the plane as a unit vector in space.
pub(super) fn along(a: [f32; 2], b: [f32; 2]) -> [f32; 3] {
    unit([b[0] - a[0], b[1] - a[1], 0.0])
}
