//! Colours: sRGB and linear light, one for every role.

use offcut_gcode::Role;
use std::sync::OnceLock;

/// Linear light, 0 to 1.
pub(super) type Rgb = [f32; 3];

/// The colours that PrusaSlicer's preview made familiar, sRGB.
#[must_use]
pub const fn role_color(role: Role) -> [u8; 3] {
    match role {
        Role::ExternalPerimeter => [255, 125, 56],
        Role::Perimeter => [255, 230, 77],
        Role::OverhangPerimeter => [64, 80, 255],
        Role::SparseInfill => [176, 48, 41],
        Role::SolidInfill => [150, 84, 204],
        Role::TopSolidInfill => [240, 64, 64],
        Role::Bridge => [77, 128, 186],
        Role::GapFill => [255, 255, 255],
        Role::SkirtBrim => [0, 135, 110],
        Role::Support => [64, 200, 64],
        Role::SupportInterface => [0, 128, 0],
        Role::Custom => [94, 209, 148],
    }
}

/// Parses `#rrggbb`.
#[must_use]
pub fn parse_color(text: &str) -> Option<[u8; 3]> {
    let hex = text.trim().strip_prefix('#')?;
    if hex.len() != 6 || !hex.is_ascii() {
        return None;
    }
    let part = |i: usize| u8::from_str_radix(&hex[i..i + 2], 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

/// sRGB to linear light.
#[inline]
pub(super) fn decode(c: [u8; 3]) -> Rgb {
    static TABLE: OnceLock<[f32; 256]> = OnceLock::new();
    let t = TABLE.get_or_init(|| {
        std::array::from_fn(|i| {
            let v = i as f32 / 255.0;
            if v <= 0.04045 {
                v / 12.92
            } else {
                libm::powf((v + 0.055) / 1.055, 2.4)
            }
        })
    });
    [t[c[0] as usize], t[c[1] as usize], t[c[2] as usize]]
}

/// Linear light to sRGB.
#[inline]
pub(super) fn encode(c: Rgb) -> [u8; 3] {
    const STEPS: usize = 4096;
    static TABLE: OnceLock<Vec<u8>> = OnceLock::new();
    let t = TABLE.get_or_init(|| {
        (0..=STEPS)
            .map(|i| {
                let v = i as f32 / STEPS as f32;
                let s = if v <= 0.003_130_8 {
                    v * 12.92
                } else {
                    1.055 * libm::powf(v, 1.0 / 2.4) - 0.055
                };
                (s * 255.0 + 0.5) as u8
            })
            .collect()
    });
    let at = |v: f32| t[(v.clamp(0.0, 1.0) * STEPS as f32 + 0.5) as usize];
    [at(c[0]), at(c[1]), at(c[2])]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn srgb_round_trip() {
        for i in 8..=255_u8 {
            assert!(encode(decode([i; 3]))[0].abs_diff(i) <= 1, "{i}");
        }
        // Mid grey of sRGB reflects 21.4 % of the light (IEC 61966-2-1).
        assert!((decode([127; 3])[0] - 0.212).abs() < 0.002);
        assert_eq!(parse_color("#FF8000"), Some([255, 128, 0]));
        assert_eq!(parse_color("red"), None);
        assert_eq!(parse_color("#ffé00"), None);
    }
}
