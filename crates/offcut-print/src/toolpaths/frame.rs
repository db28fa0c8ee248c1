//! What surrounds the layers: heating, custom G-code, the end.

use super::track::Track;
use offcut_gcode::program::Step;
use offcut_settings::PrintSettings;

/// Temperatures and custom G-code of a job.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    settings: &'a PrintSettings,
    first_hotend: u32,
    first_bed: u32,
}

/// True when a line of `text` begins with one of the words `commands`.
fn commands(text: &str, commands: &[&str]) -> bool {
    text.lines().any(|l| {
        let word = l.split([';', ' ', '\t']).find(|w| !w.is_empty()).unwrap_or("");
        commands.iter().any(|c| word.eq_ignore_ascii_case(c))
    })
}

/// True when `text` calls a macro (Klipper) that is told a temperature.
fn macro_heats(text: &str, what: &str) -> bool {
    text.lines().any(|l| {
        let l = l.split(';').next().unwrap_or("").to_ascii_lowercase();
        l.contains("start") && l.contains(what) && l.contains("temp")
    })
}

impl<'a> Frame<'a> {
    pub fn new(settings: &'a PrintSettings) -> Self {
        Self {
            settings,
            first_hotend: settings.first_layer_hotend_temperature(),
            first_bed: settings.first_layer_bed_temperature(),
        }
    }

    /// Heats (what the custom start G-code doesn't), then runs the start G-code.
    pub fn start(&self, t: &mut Track) {
        let s = self.settings;
        let own = &s.start_gcode;
        let bed = self.first_bed > 0 && !commands(own, &["M140", "M190"]) && !macro_heats(own, "bed");
        let hotend = !commands(own, &["M104", "M109"])
            && !macro_heats(own, "hotend")
            && !macro_heats(own, "extruder")
            && !macro_heats(own, "nozzle");
        if s.chamber_temperature > 0 && !commands(own, &["M141", "M191"]) && !macro_heats(own, "chamber") {
            t.step(Step::Chamber {
                celsius: s.chamber_temperature,
                wait: false,
            });
        }
        if bed {
            t.step(Step::Bed {
                celsius: self.first_bed,
                wait: true,
            });
        }
        if hotend {
            t.step(Step::Hotend {
                celsius: self.first_hotend,
                wait: false,
            });
        }
        self.custom(t, own);
        if hotend {
            t.step(Step::Hotend {
                celsius: self.first_hotend,
                wait: true,
            });
        }
        if let Some(k) = s.pressure_advance {
            t.step(Step::PressureAdvance(k as f32));
        }
        t.step(Step::Fan(0.0));
    }

    /// Temperatures of layer `index` of an object, where they change; `again`: the object is not the first.
    pub fn temperatures(&self, t: &mut Track, index: u32, again: bool) {
        let s = self.settings;
        let (hotend, bed) = match index {
            0 if again => (self.first_hotend, self.first_bed),
            1 => (s.hotend_temperature, s.bed_temperature),
            _ => return,
        };
        if self.first_hotend != s.hotend_temperature {
            t.step(Step::Hotend {
                celsius: hotend,
                wait: index == 0,
            });
        }
        if self.first_bed != s.bed_temperature {
            t.step(Step::Bed {
                celsius: bed,
                wait: false,
            });
        }
    }

    /// Runs the end G-code and switches off what it leaves on.
    pub fn end(&self, t: &mut Track) {
        let s = self.settings;
        t.step(Step::Fan(0.0));
        self.custom(t, &s.end_gcode);
        if !commands(&s.end_gcode, &["M104", "M109"]) {
            t.step(Step::Hotend {
                celsius: 0,
                wait: false,
            });
        }
        if self.first_bed.max(s.bed_temperature) > 0 && !commands(&s.end_gcode, &["M140", "M190"]) {
            t.step(Step::Bed {
                celsius: 0,
                wait: false,
            });
        }
        if s.chamber_temperature > 0 && !commands(&s.end_gcode, &["M141", "M191"]) {
            t.step(Step::Chamber {
                celsius: 0,
                wait: false,
            });
        }
    }

    /// Custom G-code.
    pub fn custom(&self, t: &mut Track, text: &str) {
        if !text.trim().is_empty() {
            t.step(Step::Custom(text.to_owned()));
        }
    }

    pub fn between_objects(&self, t: &mut Track) {
        self.custom(t, &self.settings.between_objects_gcode);
    }

    pub fn before_layer(&self, t: &mut Track) {
        self.custom(t, &self.settings.before_layer_gcode);
    }

    pub fn layer(&self, t: &mut Track) {
        self.custom(t, &self.settings.layer_gcode);
    }
}
