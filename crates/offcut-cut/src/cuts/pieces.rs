//! Along a track: where the power is less, tabs, perforation.

use super::run::{corners, stretch};
use super::style::Style;
use offcut_geometry::drawing::Segment;

/// A stretch of a track and the share of the operation's power on it.
pub(crate) type Piece = (Vec<Segment>, f64);

/// A stretch from one distance to another, mm, with its share.
type Mark = (f64, f64, f64);

/// Cuts a run (beginning at its start, going on by `overcut`) into pieces.
pub(crate) fn pieces(
    run: &[Segment],
    closed: bool,
    outline: bool,
    style: &Style,
    missing_tabs: &mut usize,
) -> Vec<Piece> {
    let whole = super::run::length(run);
    let end = whole
        + if closed {
            style.overcut.clamp(0.0, whole)
        } else {
            0.0
        };
    let mut marks: Vec<Mark> = Vec::new();
    let around = |marks: &mut Vec<Mark>, lo: f64, hi: f64, share: f64| {
        // Closed runs repeat; marks before the start lie at the end.
        for shift in [-whole, 0.0, whole] {
            if closed || shift == 0.0 {
                let (a, b) = ((lo + shift).max(0.0), (hi + shift).min(end));
                if b > a {
                    marks.push((a, b, share));
                }
            }
        }
    };
    let turns = if style.corner_power < 1.0 || (outline && style.tabs.count > 0) {
        corners(run, closed)
    } else {
        Vec::new()
    };
    if style.corner_power < 1.0 {
        for c in &turns {
            let d = style.corner_distance;
            around(&mut marks, c - d, c + d, style.corner_power);
        }
    }
    if outline && style.tabs.count > 0 && style.tabs.width > 0.0 {
        let places = tab_places(whole, &turns, style);
        *missing_tabs += style.tabs.count as usize - places.len();
        for p in places {
            let half = style.tabs.width / 2.0;
            around(&mut marks, p - half, p + half, 0.0);
        }
    }
    let [on, off] = style.perforation;
    if on > 0.0 && off > 0.0 {
        // Whole periods, so that a closed run ends as it begins and an open one ends with a cut.
        let n = ((whole + if closed { 0.0 } else { off }) / (on + off))
            .round()
            .max(1.0);
        let scale = (whole + if closed { 0.0 } else { off }) / (n * (on + off));
        for k in 0..n as u32 {
            let start = f64::from(k) * (on + off) * scale + on * scale;
            marks.push((start.min(end), (start + off * scale).min(end), 0.0));
        }
    }
    if marks.is_empty() {
        return if end > whole {
            vec![(stretch(run, 0.0, end), 1.0)]
        } else {
            vec![(run.to_vec(), 1.0)]
        };
    }
    let mut cuts: Vec<f64> = marks.iter().flat_map(|m| [m.0, m.1]).chain([0.0, end]).collect();
    cuts.sort_by(f64::total_cmp);
    cuts.dedup_by(|a, b| *a - *b < 1e-6);
    let mut out: Vec<Piece> = Vec::new();
    let mut from = 0.0;
    let mut share = None;
    for w in cuts.windows(2) {
        let mid = (w[0] + w[1]) / 2.0;
        let s = marks
            .iter()
            .filter(|m| m.0 <= mid && mid <= m.1)
            .map(|m| m.2)
            .fold(1.0, f64::min);
        if let Some(last) = share.filter(|l| *l != s) {
            out.push((stretch(run, from, w[0]), last));
            from = w[0];
        }
        share = Some(s);
    }
    out.push((stretch(run, from, end), share.unwrap_or(1.0)));
    out.retain(|p| !p.0.is_empty());
    out
}

/// Middles of tabs: evenly spread, moved away from corners; those that find no place are left out.
fn tab_places(whole: f64, turns: &[f64], style: &Style) -> Vec<f64> {
    let (n, width) = (style.tabs.count, style.tabs.width);
    let pitch = whole / f64::from(n);
    let clear = width / 2.0 + style.tabs.from_corners;
    if pitch <= width {
        return Vec::new();
    }
    let free = |p: f64| {
        turns.iter().all(|c| {
            let d = (p - c).rem_euclid(whole);
            d.min(whole - d) >= clear - 1e-9
        })
    };
    let reach = (pitch - width) / 2.0;
    let steps = 40;
    (0..n)
        .filter_map(|k| {
            let middle = (f64::from(k) + 0.5) * pitch;
            (0..=steps)
                .flat_map(|i| {
                    let d = reach * f64::from(i) / f64::from(steps);
                    [middle + d, middle - d]
                })
                .find(|p| free(*p))
        })
        .collect()
}
