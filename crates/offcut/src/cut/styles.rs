//! Settings become the styles of operations.

use crate::Error;
use offcut_cut::Contour;
use offcut_cut::cuts::{Action, Lead, LeadForm, Style, Tabs};
use offcut_gcode::program::CutRole;
use offcut_geometry::drawing::{CutSetting, Layer, Operation};
use offcut_settings::Tabled;
use offcut_settings::cut::{CutSettings, EngraveAction, LeadShape, OperationRule, TextAction};
use std::collections::BTreeSet;

/// Room for the order of layers within a priority.
const LAYERS: i32 = 1 << 10;
/// The priorities of engraving, scoring and cutting: what falls out is marked before.
const PRIORITIES: [i32; 3] = [0, LAYERS, 2 * LAYERS];

/// What is done with which contour.
pub(super) struct StyleBook<'a> {
    settings: CutSettings,
    /// Keys of the settings that hold over what layers say.
    given: &'a BTreeSet<String>,
    rules: Vec<(OperationRule, Option<Style>)>,
    cut: Style,
    score: Style,
    engrave: Style,
}

fn lead(shape: LeadShape, length: f64) -> Lead {
    let form = match shape {
        LeadShape::None => LeadForm::None,
        LeadShape::Line => LeadForm::Line,
        LeadShape::Arc => LeadForm::Arc,
    };
    Lead { form, length }
}

/// Where lines of engraving begin, so that the machine has reached its speed: the way of the ramp and a bit.
pub(super) fn overscan(s: &CutSettings, speed: f64) -> f64 {
    s.overscan
        .unwrap_or_else(|| 1.1 * speed * speed / (2.0 * s.acceleration_x.min(s.acceleration_y)) + 0.1)
}

pub(super) fn cut_style(s: &CutSettings) -> Style {
    Style {
        action: Action::Line,
        role: CutRole::Cut,
        priority: PRIORITIES[2],
        feed: s.cut_speed,
        power: s.cut_power / 100.0,
        dynamic: s.dynamic_power,
        corner_power: s.corner_power / 100.0,
        corner_distance: s.corner_distance,
        air: s.air,
        passes: s.cut_passes,
        z_step: s.z_step,
        kerf: s.kerf,
        lead_in: lead(s.lead_in, s.lead_in_length),
        lead_out: lead(s.lead_out, s.lead_out_length),
        overcut: s.overcut,
        tabs: Tabs {
            count: s.tabs,
            width: s.tab_width,
            from_corners: s.tab_corner_distance,
        },
        perforation: [s.perforation_cut, s.perforation_gap],
        interval: s.interval,
        angle: s.engrave_angle,
        overscan: 0.0,
        dot_time: s.dot_time,
    }
}

pub(super) fn score_style(s: &CutSettings) -> Style {
    Style {
        role: CutRole::Score,
        priority: PRIORITIES[1],
        feed: s.score_speed,
        power: s.score_power / 100.0,
        passes: 1,
        z_step: 0.0,
        kerf: 0.0,
        air: false,
        lead_in: Lead::default(),
        lead_out: Lead::default(),
        overcut: 0.0,
        tabs: Tabs::default(),
        perforation: [0.0; 2],
        ..cut_style(s)
    }
}

pub(super) fn engrave_style(s: &CutSettings) -> Style {
    let action = match s.engrave {
        EngraveAction::Line => Action::Line,
        EngraveAction::Hatch => Action::Hatch,
        EngraveAction::CrossHatch => Action::CrossHatch,
        EngraveAction::Offset => Action::Offsets,
        EngraveAction::Dots => Action::Dots,
    };
    let hatched = matches!(action, Action::Hatch | Action::CrossHatch);
    Style {
        action,
        role: CutRole::Engrave,
        priority: PRIORITIES[0],
        feed: s.engrave_speed,
        power: s.engrave_power / 100.0,
        interval: if action == Action::Dots {
            s.dot_interval
        } else {
            s.interval
        },
        overscan: if hatched {
            overscan(s, s.engrave_speed)
        } else {
            0.0
        },
        ..score_style(s)
    }
}

impl<'a> StyleBook<'a> {
    pub fn new(s: &CutSettings, given: &'a BTreeSet<String>) -> Result<Self, Error> {
        let mut book = Self {
            rules: Vec::new(),
            cut: cut_style(s),
            score: score_style(s),
            engrave: engrave_style(s),
            settings: s.clone(),
            given,
        };
        for rule in OperationRule::parse_all(&s.operations)? {
            let style = book.of_rule(&rule)?;
            book.rules.push((rule, style));
        }
        Ok(book)
    }

    /// The style of a rule: its action with the settings that it changes.
    fn of_rule(&self, rule: &OperationRule) -> Result<Option<Style>, Error> {
        let mut s = self.settings.clone();
        let kind = match rule.action.as_str() {
            "cut" => "cut",
            "score" => "score",
            _ => "engrave",
        };
        let mut priority = None;
        for (key, value) in &rule.values {
            let name = match key.as_str() {
                "speed" | "power" => format!("{kind}_{key}"),
                "passes" => "cut_passes".into(),
                "angle" => "engrave_angle".into(),
                "priority" => {
                    let p = value.parse::<i32>();
                    let bad =
                        |_| Error::Usage(format!("operation priority `{value}`: a whole number is needed"));
                    priority = Some(p.map_err(bad)?);
                    continue;
                }
                "interval" if rule.action == "dots" => "dot_interval".into(),
                other => other.to_owned(),
            };
            s.assign_text(&format!("{name}={value}"))?;
        }
        s.engrave = match rule.action.as_str() {
            "line" => EngraveAction::Line,
            "hatch" => EngraveAction::Hatch,
            "cross_hatch" => EngraveAction::CrossHatch,
            "offset" => EngraveAction::Offset,
            "dots" => EngraveAction::Dots,
            _ => s.engrave,
        };
        let mut style = match kind {
            "cut" => cut_style(&s),
            "score" => score_style(&s),
            _ => engrave_style(&s),
        };
        let given = |k: &str| rule.values.iter().any(|v| v.0 == k);
        if given("passes") {
            style.passes = s.cut_passes;
        }
        if given("air") {
            style.air = s.air;
        }
        style.priority = priority.map_or(style.priority, |p| p.saturating_mul(LAYERS));
        Ok((rule.action != "ignore").then_some(style))
    }

    /// The style of a contour: the first rule that fits, else what the drawing says. With it which values are those
    /// of its layer.
    pub fn style(&self, c: &Contour, layer: Option<&Layer>) -> (Style, Vec<&'static str>) {
        let color = c.color.or(layer.and_then(|l| l.color)).map(|c| [c.0, c.1, c.2]);
        let name = layer.map_or("", |l| l.name.as_str());
        let ignored = Style {
            action: Action::Ignore,
            ..self.score.clone()
        };
        // Layers of LightBurn have settings of their own; their letters are outlines in the font that was meant.
        let drawn = !c.text || layer.is_some_and(|l| l.setting.is_some());
        let rule =
            |r: &OperationRule| r.fits(color, name) && (drawn || self.settings.text != TextAction::Ignore);
        if let Some((_, style)) = self.rules.iter().find(|(r, _)| rule(r)) {
            return (style.clone().unwrap_or(ignored), Vec::new());
        }
        let operation = match self.settings.text {
            _ if drawn => c.operation,
            TextAction::Ignore => Operation::Skip,
            TextAction::Engrave => Operation::Engrave,
            TextAction::Score => Operation::Score,
            TextAction::Cut => Operation::Cut,
        };
        let (mut style, kind) = match operation {
            Operation::Cut => (self.cut.clone(), "cut"),
            Operation::Score => (self.score.clone(), "score"),
            Operation::Engrave => (self.engrave.clone(), "engrave"),
            Operation::Skip => return (ignored, Vec::new()),
        };
        let own = layer
            .and_then(|l| l.setting)
            .map(|set| self.own(&set, kind, &mut style));
        (style, own.unwrap_or_default())
    }

    /// Puts what a layer says over a style, except for what the settings were given; names what it took.
    fn own(&self, set: &CutSetting, kind: &str, style: &mut Style) -> Vec<&'static str> {
        let mut took = Vec::new();
        let mut take = |name: &'static str, key: &str, value: Option<f64>, to: &mut dyn FnMut(f64)| {
            if let Some(v) = value.filter(|_| !self.given.contains(key)) {
                to(v);
                took.push(name);
            }
        };
        take("power", &format!("{kind}_power"), set.power, &mut |v| {
            style.power = v
        });
        take("speed", &format!("{kind}_speed"), set.speed, &mut |v| {
            style.feed = v
        });
        let passes = set.passes.map(f64::from);
        take("passes", &format!("{kind}_passes"), passes, &mut |v| {
            style.passes = v as u32
        });
        let air = set.air.map(|a| f64::from(u8::from(a)));
        take("air", "air", air, &mut |v| style.air = v > 0.0);
        match kind {
            // A file says half of the kerf.
            "cut" => take("kerf", "kerf", set.kerf, &mut |v| {
                style.kerf = (2.0 * v).clamp(0.0, 10.0)
            }),
            "engrave" if style.action != Action::Dots => {
                take("interval", "interval", set.interval, &mut |v| {
                    style.interval = v.max(0.01)
                });
            }
            _ => {}
        }
        if style.overscan > 0.0 {
            style.overscan = overscan(&self.settings, style.feed);
        }
        if let Some(order) = set.priority {
            // Among layers of one kind: whatever a file says, what falls out is marked before.
            style.priority += order.clamp(0, LAYERS - 1);
        }
        took
    }
}
