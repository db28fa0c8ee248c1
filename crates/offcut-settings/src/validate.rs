//! Checks of settings against each other: in come settings, out go warnings, or every reason why they
//! can't be used.

use crate::error::{SettingsError, Warning};
use crate::print::{PerimeterGenerator, PrintSettings, SETTINGS, Support};
use crate::speeds::Line;

/// Hotends stay below this without being cold: most firmwares refuse to extrude, °C.
const COLD: u32 = 150;

/// What was found so far.
#[derive(Default)]
struct Findings {
    problems: Vec<String>,
    warnings: Vec<Warning>,
}

impl Findings {
    fn refuse(&mut self, when: bool, message: impl FnOnce() -> String) {
        if when {
            self.problems.push(message());
        }
    }

    fn warn(&mut self, key: &'static str, when: bool, message: impl FnOnce() -> String) {
        if when {
            self.warnings.push(Warning {
                key,
                message: message(),
            });
        }
    }
}

impl PrintSettings {
    /// Checks every setting's range and what settings mean together.
    ///
    /// # Errors
    /// [`SettingsError::Invalid`] with one sentence for each problem.
    pub fn validate(&self) -> Result<Vec<Warning>, SettingsError> {
        let mut f = Findings::default();
        let mut scratch = self.clone();
        for s in SETTINGS {
            let value = (s.get)(self);
            if let Err(reason) = (s.set)(&mut scratch, &value, s) {
                f.problems
                    .push(format!("`{}` can't be `{value}`: {reason}", s.key));
            }
        }
        if f.problems.is_empty() {
            self.check_heights_and_widths(&mut f);
            self.check_temperatures(&mut f);
            self.check_machine(&mut f);
            self.check_combinations(&mut f);
        }
        if f.problems.is_empty() {
            Ok(f.warnings)
        } else {
            Err(SettingsError::Invalid { problems: f.problems })
        }
    }

    fn check_heights_and_widths(&self, f: &mut Findings) {
        let nozzle = self.nozzle_diameter;
        for (key, height, advised) in [
            ("layer_height", self.layer_height, 0.8),
            ("first_layer_height", self.first_layer_height, 0.9),
        ] {
            f.refuse(height > nozzle, || {
                format!("`{key}` ({height} mm) can't be greater than `nozzle_diameter` ({nozzle} mm): lower it or use a larger nozzle")
            });
            // A hair of tolerance, so that 0.32 for a 0.4 mm nozzle is no warning.
            f.warn(key, height > nozzle * advised + 1e-9 && height <= nozzle, || {
                format!("`{key}` ({height} mm) is more than {advised} of the nozzle ({nozzle} mm): layers will hardly stick")
            });
        }
        for (height, first) in [(self.layer_height, false), (self.first_layer_height, true)] {
            let layer = if first { " of the first layer" } else { "" };
            let mut seen = Vec::new();
            for line in Line::ALL.into_iter().filter(|l| *l != Line::Bridge) {
                let width = self.width_of(line, first);
                if seen.contains(&width) {
                    continue;
                }
                seen.push(width);
                f.refuse(width < height, || {
                    format!("lines{layer} ({width} mm, {line:?}) can't be narrower than they are high ({height} mm): raise the line width or lower the layer height")
                });
                f.warn("line_width", width >= height && (width < nozzle * 0.6 || width > nozzle * 2.5), || {
                    format!("lines{layer} are {width} mm wide ({line:?}), far from the nozzle's {nozzle} mm: they will not come out well")
                });
            }
        }
        let narrowest = self.width_of(Line::ExternalPerimeter, true);
        f.warn("elephant_foot_compensation", self.elephant_foot_compensation * 2.0 > narrowest, || {
            format!("`elephant_foot_compensation` takes more than a line ({narrowest} mm) off the first layer: thin walls may vanish there")
        });
        f.warn(
            "infill_every_layers",
            f64::from(self.infill_every_layers) * self.layer_height > nozzle + 1e-9
                && self.infill_every_layers > 1,
            || {
                "`infill_every_layers` combines more layers than the nozzle can fill: fewer are combined"
                    .into()
            },
        );
    }

    fn check_temperatures(&self, f: &mut Findings) {
        for (key, celsius) in [
            ("hotend_temperature", self.hotend_temperature),
            (
                "first_layer_hotend_temperature",
                self.first_layer_hotend_temperature(),
            ),
        ] {
            let max = self.max_hotend_temperature;
            f.refuse(celsius > max, || {
                format!("`{key}` ({celsius} °C) is above what the machine's hotend stands ({max} °C, `max_hotend_temperature`): choose another material or machine")
            });
            f.warn(key, celsius > 0 && celsius < COLD, || {
                format!("`{key}` ({celsius} °C) is too cold for plastic: firmwares refuse to extrude")
            });
        }
        for (key, celsius) in [
            ("bed_temperature", self.bed_temperature),
            ("first_layer_bed_temperature", self.first_layer_bed_temperature()),
        ] {
            let max = self.max_bed_temperature;
            f.refuse(celsius > max, || {
                format!("`{key}` ({celsius} °C) is above what the machine's bed reaches ({max} °C, `max_bed_temperature`): choose another material or machine")
            });
        }
        let kind = self.filament_type.to_ascii_uppercase();
        f.warn("enclosed", !self.enclosed && matches!(kind.as_str(), "ABS" | "ASA" | "PC" | "PA"), || {
            format!("{kind} warps in draughts and this machine has no enclosure: use a brim or a draft shield, or set `enclosed` if it has one")
        });
    }

    fn check_machine(&self, f: &mut Findings) {
        f.refuse(self.bed_round && self.bed_size.x != self.bed_size.y, || {
            "a round bed needs a diameter: make both numbers of `bed_size` equal".into()
        });
        f.refuse(
            self.layer_height.max(self.first_layer_height) > self.bed_height,
            || "`bed_height` leaves no room for one layer: raise it".into(),
        );
        let fastest = self.max_speed_x.max(self.max_speed_y);
        f.warn("travel_speed", self.travel_speed > fastest, || {
            format!(
                "`travel_speed` ({} mm/s) is above the machine's limit ({fastest} mm/s): it will go slower",
                self.travel_speed
            )
        });
        f.refuse(!is_colour(&self.filament_colour), || {
            format!(
                "`filament_colour` can't be `{}`: write it as #RRGGBB",
                self.filament_colour
            )
        });
        for item in self
            .thumbnails
            .split(',')
            .map(str::trim)
            .filter(|t| !t.is_empty())
        {
            f.refuse(!is_thumbnail(item), || {
                format!("`thumbnails` can't have `{item}`: write each as WxH/PNG, as 220x124/PNG, at most 1000 a side")
            });
        }
    }

    fn check_combinations(&self, f: &mut Findings) {
        f.warn(
            "perimeter_generator",
            self.perimeter_generator == PerimeterGenerator::Arachne,
            || "variable-width walls are not there yet; classic is used".into(),
        );
        f.refuse(self.support == Support::Tree, || {
            "`support` = tree: branching supports are not there yet; choose grid or snug".into()
        });
        let overruled = if self.spiral_vase {
            self.overruled_by_spiral_vase()
        } else {
            Vec::new()
        };
        f.warn("spiral_vase", !overruled.is_empty(), || {
            format!(
                "a spiral vase has one perimeter, no infill, no top and no support; without effect: {}",
                overruled.join(", ")
            )
        });
        f.warn(
            "one_wall_on_top",
            self.one_wall_on_top && self.top_solid_layers == 0 && !self.spiral_vase,
            || "`one_wall_on_top` has no effect where `top_solid_layers` is 0".into(),
        );
        f.warn(
            "fan_max_speed",
            self.cooling && self.fan_max_speed < self.fan_min_speed,
            || "`fan_max_speed` is below `fan_min_speed`: short layers get less air than long ones".into(),
        );
        f.warn(
            "fan_below_layer_time",
            self.cooling && self.fan_below_layer_time < self.min_layer_time,
            || {
                "`fan_below_layer_time` is below `min_layer_time`: layers slow down before the fan helps"
                    .into()
            },
        );
        f.warn(
            "z_hop",
            self.z_hop > 0.0 && self.z_hop_below > 0.0 && self.z_hop_below <= self.z_hop_above,
            || "`z_hop_below` is not above `z_hop_above`: the nozzle is never lifted".into(),
        );
        f.warn("wipe", self.wipe && self.firmware_retraction, || {
            "`wipe` has no effect with `firmware_retraction`: the firmware pulls back in one go".into()
        });
        f.warn(
            "draft_shield",
            self.draft_shield != crate::print::DraftShield::Disabled && self.skirt_loops == 0,
            || "`draft_shield` is made of the skirt's loops and `skirt_loops` is 0: one loop is used".into(),
        );
        f.warn(
            "brim_width",
            self.brim_width > 0.0 && self.raft_layers > 0,
            || "a raft takes the brim's place: `brim_width` has no effect".into(),
        );
    }
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// `WxH` or `WxH/FORMAT`.
fn is_thumbnail(item: &str) -> bool {
    let (size, format) = item.split_once('/').unwrap_or((item, "PNG"));
    let side = |t: &str| t.parse().is_ok_and(|v: u32| (1..=1000).contains(&v));
    size.split_once('x').is_some_and(|(w, h)| side(w) && side(h)) && format.eq_ignore_ascii_case("PNG")
}
