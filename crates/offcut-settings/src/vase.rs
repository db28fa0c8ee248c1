//! What a spiral vase makes of other settings.

use crate::print::PrintSettings;

/// The settings that a spiral vase overrules, and their values.
const OVERRULED: &[(&str, &str)] = &[
    ("perimeters", "1"),
    ("infill_density", "0"),
    ("top_solid_layers", "0"),
    ("top_solid_min_thickness", "0"),
    ("support", "none"),
    ("solid_infill_every_layers", "0"),
    ("infill_every_layers", "1"),
    ("one_wall_on_top", "false"),
    ("extra_perimeters_on_overhangs", "false"),
    ("retract_layer_change", "false"),
    ("skirt_height", "1"),
    ("draft_shield", "disabled"),
];

impl PrintSettings {
    /// The settings with which a spiral vase is printed: one perimeter, no infill, no top, no
    /// support and nothing around it above the first layer.
    #[must_use]
    pub fn as_spiral_vase(&self) -> Self {
        let mut vase = self.clone();
        for (key, value) in OVERRULED {
            // The table's own keys and values: a test assigns them all.
            let _ = vase.assign(&format!("{key}={value}"));
        }
        vase
    }

    /// The settings that have another value in [`PrintSettings::as_spiral_vase`].
    #[must_use]
    pub fn overruled_by_spiral_vase(&self) -> Vec<&'static str> {
        let changed = |key: &&str| {
            let alone = OVERRULED.iter().filter(|(k, _)| k == key);
            let mut one = self.clone();
            for (k, v) in alone {
                let _ = one.assign(&format!("{k}={v}"));
            }
            one != *self
        };
        OVERRULED.iter().map(|(key, _)| *key).filter(changed).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overruled_settings_can_be_assigned() {
        let mut s = PrintSettings::default();
        for (key, value) in OVERRULED {
            s.assign(&format!("{key}={value}")).unwrap();
        }
        assert_eq!(s, PrintSettings::default().as_spiral_vase());
        assert_eq!((s.perimeters, s.infill_density, s.top_solid_layers), (1, 0.0, 0));
        assert!(s.overruled_by_spiral_vase().is_empty());
    }
}
