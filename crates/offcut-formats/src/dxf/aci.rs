//! AutoCAD's numbered colours.

use offcut_geometry::drawing::Color;

/// The colour of a number from 1 to 255. 7 is black or white, after the background; on paper it is black.
pub(super) fn color(index: i64) -> Option<Color> {
    let index = u8::try_from(index).ok().filter(|i| *i > 0)?;
    Some(match index {
        1 => Color(255, 0, 0),
        2 => Color(255, 255, 0),
        3 => Color(0, 255, 0),
        4 => Color(0, 255, 255),
        5 => Color(0, 0, 255),
        6 => Color(255, 0, 255),
        7 => Color(0, 0, 0),
        8 => Color(128, 128, 128),
        9 => Color(192, 192, 192),
        250..=255 => {
            let v = [51, 91, 132, 173, 214, 255][usize::from(index - 250)];
            Color(v, v, v)
        }
        _ => wheel(index),
    })
}

/// Colours 10 to 249: 24 hues of 15° each; in each five brightnesses, full and half saturated by turns.
fn wheel(index: u8) -> Color {
    let hue = f64::from(index / 10 - 1) * 15.0;
    let value = [1.0, 0.65, 0.5, 0.3, 0.15][usize::from(index % 10 / 2)];
    let floor = if index.is_multiple_of(2) { 0.0 } else { 0.5 };
    let channel = |shift: f64| {
        // A trapezoid over the circle of hues: one third at full, one third at none.
        let h = (hue + shift).rem_euclid(360.0);
        let ramp = (2.0 - (h / 60.0 - 2.0).abs().min(3.0)).clamp(0.0, 1.0);
        ((floor + (1.0 - floor) * ramp) * value * 255.0) as u8
    };
    Color(channel(120.0), channel(0.0), channel(240.0))
}

/// The number whose colour is nearest.
pub(super) fn nearest(c: Color) -> u8 {
    let d = |a: u8, b: u8| (i32::from(a) - i32::from(b)).pow(2);
    (1..=255u8)
        .min_by_key(|i| color((*i).into()).map_or(i32::MAX, |k| d(k.0, c.0) + d(k.1, c.1) + d(k.2, c.2)))
        .unwrap_or(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_table() {
        // Values of AutoCAD's palette.
        for (index, c) in [
            (10, Color(255, 0, 0)),
            (30, Color(255, 127, 0)),
            (50, Color(255, 255, 0)),
            (90, Color(0, 255, 0)),
            (130, Color(0, 255, 255)),
            (170, Color(0, 0, 255)),
            (210, Color(255, 0, 255)),
            (11, Color(255, 127, 127)),
        ] {
            assert_eq!(color(index), Some(c), "{index}");
        }
        assert_eq!(color(0), None);
        assert_eq!(color(256), None);
        assert_eq!(nearest(Color(254, 1, 0)), 1);
        assert_eq!(nearest(Color(0, 0, 0)), 7);
    }
}
