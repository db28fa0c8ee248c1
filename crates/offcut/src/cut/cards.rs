//! Test cards: squares with different powers and speeds, and a gauge for the width of the cut.

use super::styles::{cut_style, engrave_style, overscan, score_style};
use super::{Work, bounds, strokes};
use crate::Error;
use offcut_cut::Contour;
use offcut_cut::cuts::{Action, Style};
use offcut_geometry::drawing::{Operation, Segment, Vec2};
use offcut_settings::CutSettings;

/// A test grid: squares that differ in two values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TestGrid {
    /// At most two; what is missing is power or speed.
    pub axes: Vec<GridAxis>,
    /// The squares are cut out instead of engraved.
    pub cut: bool,
}

impl TestGrid {
    /// Reads its parts: `cut`, and axes as [`GridAxis::parse`] takes them.
    ///
    /// # Errors
    /// [`Error::Usage`] with what can be written.
    pub fn parse<'a>(parts: impl IntoIterator<Item = &'a str>) -> Result<Self, Error> {
        let mut grid = Self::default();
        for part in parts.into_iter().map(str::trim).filter(|p| !p.is_empty()) {
            match part {
                "cut" => grid.cut = true,
                "engrave" => grid.cut = false,
                axis => grid.axes.push(GridAxis::parse(axis)?),
            }
        }
        if grid.axes.len() > 2 {
            return Err(Error::Usage("--test-grid: two axes at most".into()));
        }
        Ok(grid)
    }
}

/// One axis of a test grid.
#[derive(Debug, Clone, PartialEq)]
pub struct GridAxis {
    /// What changes along it: power (%), speed (mm/s), interval (mm, engraved only) or passes (cut only).
    pub key: String,
    /// First and last value.
    pub range: [f64; 2],
    /// How many.
    pub count: usize,
}

/// Side of a square and distance of squares, mm.
const SIDE: f64 = 6.0;
const GAP: f64 = 3.0;
/// Height of labels, mm.
const LABEL: f64 = 2.0;

impl GridAxis {
    /// Reads `power=10-100/10`; the count may be missing.
    ///
    /// # Errors
    /// [`Error::Usage`] with what can be written.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let bad = || {
            Error::Usage(format!(
                "--test-grid {text}: write power=FROM-TO/COUNT, speed=FROM-TO/COUNT, interval=FROM-TO/COUNT or \
                 passes=FROM-TO/COUNT, two of them separated by a comma; `cut` before them cuts the squares out"
            ))
        };
        let (key, rest) = text.split_once('=').ok_or_else(bad)?;
        let (range, count) = rest.split_once('/').unwrap_or((rest, "6"));
        let (from, to) = range.split_once('-').ok_or_else(bad)?;
        let number = |t: &str| t.trim().parse::<f64>().ok().filter(|v| v.is_finite() && *v > 0.0);
        let axis = Self {
            key: key.trim().to_ascii_lowercase(),
            range: [number(from).ok_or_else(bad)?, number(to).ok_or_else(bad)?],
            count: count
                .trim()
                .parse()
                .ok()
                .filter(|n| (1..=40).contains(n))
                .ok_or_else(bad)?,
        };
        let known = ["power", "speed", "interval", "passes"].contains(&axis.key.as_str());
        if known { Ok(axis) } else { Err(bad()) }
    }

    fn values(&self) -> Vec<f64> {
        let n = self.count;
        (0..n)
            .map(|k| {
                let t = if n > 1 { k as f64 / (n - 1) as f64 } else { 0.0 };
                self.range[0] + (self.range[1] - self.range[0]) * t
            })
            .collect()
    }

    fn label(&self, v: f64) -> String {
        match self.key.as_str() {
            "interval" => format!("{v:.2}"),
            _ if (v - v.round()).abs() < 0.05 => format!("{}", v.round()),
            _ => format!("{v:.1}"),
        }
    }
}

struct Card {
    contours: Vec<Contour>,
    style_of: Vec<usize>,
    styles: Vec<Style>,
}

impl Card {
    fn add(&mut self, segments: Vec<Segment>, closed: bool, style: usize) {
        self.contours.push(Contour {
            segments,
            closed,
            operation: Operation::Cut,
            layer: 0,
            color: None,
            text: false,
            path: 0,
        });
        self.style_of.push(style);
    }

    fn text(&mut self, text: &str, at: Vec2, style: usize) {
        for run in strokes::text(text, at, LABEL) {
            self.add(run, false, style);
        }
    }

    /// To the bed's corner, with room for overscan.
    fn finish(mut self, s: &CutSettings, room: f64) -> Work {
        let [lo, _] = bounds(&self.contours);
        let corner = Vec2::new(s.bed_origin.x + s.margin + room, s.bed_origin.y + s.margin + room);
        let mut work = Work {
            contours: std::mem::take(&mut self.contours),
            style_of: self.style_of,
            styles: self.styles,
            ..Work::default()
        };
        work.shift(corner - lo);
        work
    }
}

fn rectangle(x: f64, y: f64, w: f64, h: f64) -> Vec<Segment> {
    let p = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)].map(|(x, y)| Vec2::new(x, y));
    (0..4).map(|i| Segment::line(p[i], p[(i + 1) % 4])).collect()
}

/// What is tried where nothing is said: all powers and speeds for engraving, slow and strong ones for cuts.
fn usual_axes(s: &CutSettings, cut: bool) -> [GridAxis; 2] {
    let axis = |key: &str, range, count| GridAxis {
        key: key.into(),
        range,
        count,
    };
    if cut {
        let slow = (s.cut_speed / 2.0).max(0.5);
        return [
            axis("power", [40.0, 100.0], 4),
            axis("speed", [slow, 4.0 * slow], 7),
        ];
    }
    let fast = s.max_speed_x.min(s.max_speed_y);
    let slow = (fast / 10.0).round().max(1.0);
    [
        axis("power", [10.0, 100.0], 10),
        axis("speed", [slow, fast.floor()], 10),
    ]
}

/// Squares, filled or cut out; the first axis goes to the right, the second up.
pub(super) fn test_grid(s: &CutSettings, grid: &TestGrid) -> Result<Work, Error> {
    let axes = &grid.axes;
    let usual = usual_axes(s, grid.cut);
    let x = axes.first().unwrap_or(&usual[0]);
    let other = if x.key == usual[1].key {
        &usual[0]
    } else {
        &usual[1]
    };
    let y = axes.get(1).unwrap_or(other);
    if x.key == y.key {
        return Err(Error::Usage("--test-grid: the two axes have to differ".into()));
    }
    let other_kind = if grid.cut { "interval" } else { "passes" };
    if [x, y].iter().any(|a| a.key == other_kind) {
        return Err(Error::Usage(format!(
            "--test-grid: {other_kind} is nothing for squares that are {}",
            if grid.cut {
                "cut out"
            } else {
                "engraved; say `cut` before the axes"
            }
        )));
    }
    let label = Style {
        action: Action::Line,
        ..score_style(s)
    };
    let mut card = Card {
        contours: Vec::new(),
        style_of: Vec::new(),
        styles: vec![label],
    };
    let pitch = SIDE + GAP;
    let mut room = 0.0f64;
    for (j, vy) in y.values().into_iter().enumerate() {
        let text = y.label(vy);
        let at = Vec2::new(
            -GAP - strokes::width(&text, LABEL),
            j as f64 * pitch + (SIDE - LABEL) / 2.0,
        );
        card.text(&text, at, 0);
        for (i, vx) in x.values().into_iter().enumerate() {
            let mut style = if grid.cut {
                cut_style(s)
            } else {
                Style {
                    action: Action::Hatch,
                    ..engrave_style(s)
                }
            };
            for (axis, v) in [(x, vx), (y, vy)] {
                match axis.key.as_str() {
                    "power" if v > 100.0 => {
                        return Err(Error::Usage(format!(
                            "--test-grid: a power of {v} % is more than the machine has"
                        )));
                    }
                    "power" => style.power = v / 100.0,
                    "speed" => style.feed = v,
                    "passes" => style.passes = v.round().max(1.0) as u32,
                    _ => style.interval = v.clamp(0.01, SIDE),
                }
            }
            if !grid.cut {
                style.overscan = overscan(s, style.feed);
            }
            room = room.max(style.overscan);
            // The gentlest first: a burnt square does not spoil its neighbours.
            style.priority = (100.0 * style.power / style.feed.max(0.01) * 100.0) as i32;
            card.styles.push(style);
            let square = rectangle(i as f64 * pitch, j as f64 * pitch, SIDE, SIDE);
            let last = card.styles.len() - 1;
            card.add(square, true, last);
        }
    }
    for (i, vx) in x.values().into_iter().enumerate() {
        let text = x.label(vx);
        let left = i as f64 * pitch + (SIDE - strokes::width(&text, LABEL)) / 2.0;
        card.text(&text, Vec2::new(left, -GAP - LABEL), 0);
    }
    let unit = |a: &GridAxis| match a.key.as_str() {
        "power" => "POWER %",
        "speed" => "SPEED MM/S",
        "passes" => "PASSES",
        _ => "INTERVAL MM",
    };
    let title = format!("RIGHT {}  UP {}", unit(x), unit(y));
    card.text(&title, Vec2::new(0.0, y.count as f64 * pitch), 0);
    Ok(card.finish(s, room))
}

/// Slats in a window: pushed together they leave a gap of eleven kerfs.
pub(super) fn kerf_test(s: &CutSettings) -> Work {
    const SLATS: usize = 10;
    const WIDTH: f64 = 10.0;
    const HEIGHT: f64 = 20.0;
    let plain = Style {
        kerf: 0.0,
        ..cut_style(s)
    };
    let mut card = Card {
        contours: Vec::new(),
        style_of: Vec::new(),
        styles: vec![score_style(s), plain],
    };
    let w = WIDTH * SLATS as f64;
    for k in 1..SLATS {
        let x = WIDTH * k as f64;
        card.add(
            vec![Segment::line(Vec2::new(x, 0.0), Vec2::new(x, HEIGHT))],
            false,
            1,
        );
    }
    card.add(rectangle(0.0, 0.0, w, HEIGHT), true, 1);
    card.text("KERF = GAP / 11", Vec2::new(0.0, HEIGHT + 3.0), 0);
    card.finish(s, 0.0)
}
