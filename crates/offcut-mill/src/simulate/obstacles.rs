//! Fixtures, the machine's travel, the bed.

use super::{Finding, Harm, Motion};
use crate::Setup;
use crate::stock::Body;

pub(super) fn check(
    setup: &Setup,
    limits: Option<([f64; 3], [f64; 3])>,
    body: &Body,
    operation: usize,
    motions: &[Motion],
    out: &mut Vec<Finding>,
) {
    let bed = setup.bed() - setup.spoil - 1e-6;
    for m in motions {
        let mut add = |harm, at, amount| {
            let source = m.source;
            out.push(Finding {
                harm,
                operation,
                source,
                at,
                amount,
            });
        };
        let low = if m.to[2] < m.from[2] { m.to } else { m.from };
        // Beside the stock there is a table as well.
        if low[2] < bed {
            add(Harm::Bed, low, bed - low[2]);
        }
        if let Some((min, max)) = limits {
            let out = (0..3)
                .map(|k| (min[k] - m.to[k]).max(m.to[k] - max[k]))
                .fold(0.0, f64::max);
            if out > 1e-6 {
                add(Harm::Limits, m.to, out);
            }
        }
        for f in &setup.fixtures {
            let parts = std::iter::once((body.profile.radius, 0.0)).chain(body.above.iter().copied());
            for (radius, height) in parts {
                if let Some((at, z)) = meets(m, f.min, f.max, radius)
                    && z + height < f.max[2]
                {
                    add(Harm::Fixture, at, f.max[2] - z - height);
                    break;
                }
            }
        }
    }
}

/// Where an upright cylinder on its way comes over a box first, and how low its lower end gets there.
fn meets(m: &Motion, min: [f64; 3], max: [f64; 3], radius: f64) -> Option<([f64; 3], f64)> {
    // The share of the way near the box with square corners.
    let (mut t0, mut t1) = (0.0f64, 1.0f64);
    for k in 0..2 {
        let (lo, hi, d) = (min[k] - radius, max[k] + radius, m.to[k] - m.from[k]);
        if d.abs() < 1e-12 {
            if m.from[k] <= lo || m.from[k] >= hi {
                return None;
            }
            continue;
        }
        let (u, v) = ((lo - m.from[k]) / d, (hi - m.from[k]) / d);
        (t0, t1) = (t0.max(u.min(v)), t1.min(u.max(v)));
    }
    if t0 >= t1 {
        return None;
    }
    let at = |t: f64| -> [f64; 3] { std::array::from_fn(|k| m.from[k] + (m.to[k] - m.from[k]) * t) };
    // The distance from the box is convex along the way, and so is the part of it that is near enough.
    let far = |t: f64| {
        let p = at(t);
        let d = [0, 1].map(|k| (min[k] - p[k]).max(p[k] - max[k]).max(0.0));
        libm::hypot(d[0], d[1]) - radius
    };
    let (mut lo, mut hi) = (t0, t1);
    for _ in 0..60 {
        let (a, b) = (lo + (hi - lo) / 3.0, hi - (hi - lo) / 3.0);
        if far(a) <= far(b) { hi = b } else { lo = a }
    }
    let nearest = 0.5 * (lo + hi);
    if far(nearest) >= -1e-9 {
        return None;
    }
    let border = |mut outside: f64| {
        if far(outside) < 0.0 {
            return outside;
        }
        let mut inside = nearest;
        for _ in 0..60 {
            let t = 0.5 * (inside + outside);
            if far(t) < 0.0 { inside = t } else { outside = t }
        }
        inside
    };
    let (first, last) = (at(border(t0)), at(border(t1)));
    Some((first, first[2].min(last[2])))
}
