//! Letters of single strokes, for the labels of test cards.

use offcut_geometry::drawing::{Segment, Vec2};

/// Strokes on a grid of 4 x 6, each letter a list of polylines of points `xy`.
const GLYPHS: &[(char, &str)] = &[
    ('0', "10 30 41 45 36 16 05 01 10"),
    ('1', "05 26 20|00 40"),
    ('2', "05 16 36 45 44 00 40"),
    ('3', "06 46 24 34 43 41 30 10 01"),
    ('4', "30 36 02 42"),
    ('5', "46 06 03 33 42 41 30 00"),
    ('6', "36 16 04 01 10 30 41 42 33 03"),
    ('7', "06 46 10"),
    ('8', "13 04 05 16 36 45 44 33 13 02 01 10 30 41 42 33"),
    ('9', "10 30 42 45 36 16 05 04 13 43"),
    ('.', "20 21"),
    ('%', "00 46|05 16 06 05|41 30 40 41"),
    ('/', "00 46"),
    ('-', "03 43"),
    ('=', "02 42|04 44"),
    ('A', "00 26 40|12 32"),
    ('B', "00 06 36 45 44 33 03|33 42 41 30 00"),
    ('C', "45 36 16 05 01 10 30 41"),
    ('E', "40 00 06 46|03 33"),
    ('F', "00 06 46|03 33"),
    ('G', "45 36 16 05 01 10 30 41 43 23"),
    ('H', "00 06|03 43|40 46"),
    ('I', "20 26"),
    ('J', "46 41 30 10 01"),
    ('K', "00 06|46 03 40"),
    ('L', "06 00 40"),
    ('N', "00 06 40 46"),
    ('O', "10 30 41 45 36 16 05 01 10"),
    ('P', "00 06 36 45 44 33 03"),
    ('Q', "10 30 41 45 36 16 05 01 10|22 40"),
    ('R', "00 06 36 45 44 33 03|23 40"),
    ('S', "45 36 16 05 04 13 33 42 41 30 10 01"),
    ('T', "06 46|26 20"),
    ('U', "06 01 10 30 41 46"),
    ('X', "00 46|06 40"),
    ('Y', "06 23 46|23 20"),
    ('Z', "06 46 00 40"),
    ('V', "06 20 46"),
    ('W', "06 10 24 30 46"),
    ('M', "00 06 23 46 40"),
    ('D', "00 06 26 45 41 20 00"),
];

/// The strokes of a text with capitals `height` mm high, whose lower left corner is `at`.
pub(crate) fn text(text: &str, at: Vec2, height: f64) -> Vec<Vec<Segment>> {
    let k = height / 6.0;
    let mut out = Vec::new();
    for (i, c) in text.chars().enumerate() {
        let Some((_, strokes)) = GLYPHS.iter().find(|g| g.0 == c.to_ascii_uppercase()) else {
            continue;
        };
        let left = at + Vec2::new(i as f64 * 6.0 * k, 0.0);
        for line in strokes.split('|') {
            let points: Vec<Vec2> = line
                .split(' ')
                .filter_map(|p| {
                    let b = p.as_bytes();
                    let digit = |i: usize| b.get(i).map(|d| f64::from(d.wrapping_sub(b'0')));
                    Some(left + Vec2::new(digit(0)? * k, digit(1)? * k))
                })
                .collect();
            out.push(points.windows(2).map(|w| Segment::line(w[0], w[1])).collect());
        }
    }
    out
}

/// Width of a text, mm.
pub(crate) fn width(text: &str, height: f64) -> f64 {
    (text.chars().count() as f64 * 6.0 - 2.0).max(0.0) * height / 6.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_are_all_there() {
        for c in ('A'..='Z').chain('0'..='9').chain("%./-=".chars()) {
            let runs = text(&c.to_string(), Vec2::ZERO, 6.0);
            assert!(
                runs.iter().flatten().map(Segment::length).sum::<f64>() >= 1.0,
                "{c}"
            );
        }
    }
}
