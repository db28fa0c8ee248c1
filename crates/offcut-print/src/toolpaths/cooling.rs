//! Cooling: a layer that would be printed too fast is slowed down, and the fan follows the layer's time.
//!
//! In: the steps of a complete layer, with stand-ins for the fan, and the lengths of its extrusions. Out:
//! the same steps with their final speeds. Travels, retractions, bridges and overhangs keep their speed;
//! external perimeters are slowed only when the rest has reached the least speed.

use super::track::Fan;
use offcut_gcode::program::Step;
use offcut_settings::PrintSettings;

/// An extrusion of the layer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timed {
    /// Index of its step.
    pub step: u32,
    /// mm.
    pub length: f32,
    /// mm/s.
    pub speed: f32,
    /// Slowed last.
    pub external: bool,
    /// Never slowed.
    pub fixed: bool,
}

/// The settings of cooling, and the state from layer to layer.
#[derive(Debug, Clone)]
pub(super) struct Cooling {
    on: bool,
    min_time: f64,
    min_speed: f64,
    fan_below: f64,
    always_on: bool,
    fan_min: f64,
    fan_max: f64,
    bridge_fan: f64,
    internal_bridge_fan: f64,
    overhang_fan: Option<f64>,
    off_layers: u32,
    full_layer: u32,
    /// The fan's present speed, %.
    fan: f32,
}

impl Cooling {
    pub fn new(s: &PrintSettings) -> Self {
        Self {
            on: s.cooling,
            min_time: s.min_layer_time,
            min_speed: s.min_print_speed,
            fan_below: s.fan_below_layer_time,
            always_on: s.fan_always_on,
            fan_min: s.fan_min_speed,
            fan_max: s.fan_max_speed,
            bridge_fan: s.bridge_fan_speed,
            internal_bridge_fan: s.internal_bridge_fan_speed.unwrap_or(s.bridge_fan_speed),
            overhang_fan: s.overhang_fan_speed,
            off_layers: s.disable_fan_first_layers,
            full_layer: s.full_fan_speed_layer,
            fan: 0.0,
        }
    }

    /// Slows the extrusions down; returns the layer's time, s.
    pub fn slow_down(&self, timed: &mut [Timed], other: f64, steps: &mut [Step]) -> f64 {
        let time = |t: &[Timed]| t.iter().map(|t| f64::from(t.length / t.speed)).sum::<f64>();
        let mut total = time(timed) + other;
        if !self.on {
            return total;
        }
        for external in [false, true] {
            if total >= self.min_time {
                break;
            }
            let picked = |t: &Timed| !t.fixed && t.external == external;
            let cap = self.cap(timed, picked, self.min_time - total);
            for t in timed.iter_mut().filter(|t| picked(t)) {
                if t.speed > cap {
                    t.speed = cap;
                    if let Step::Extrude { bead, .. } = &mut steps[t.step as usize] {
                        bead.speed = cap;
                    }
                }
            }
            total = time(timed) + other;
        }
        total
    }

    /// The speed that the picked extrusions must not exceed so that they take `longer` seconds more.
    fn cap(&self, timed: &[Timed], picked: impl Fn(&Timed) -> bool, longer: f64) -> f32 {
        let mut fast: Vec<(f32, f64)> = timed
            .iter()
            .filter(|t| picked(t) && f64::from(t.speed) > self.min_speed)
            .map(|t| (t.speed, f64::from(t.length)))
            .collect();
        fast.sort_by(|a, b| b.0.total_cmp(&a.0));
        // The fastest are slowed to the speed of the next until the time is reached.
        let (mut length, mut taken) = (0.0, 0.0);
        for (i, &(v, l)) in fast.iter().enumerate() {
            length += l;
            taken += l / f64::from(v);
            let next = fast.get(i + 1).map_or(0.0, |n| f64::from(n.0));
            let cap = length / (taken + longer);
            if cap >= next {
                return cap.max(self.min_speed) as f32;
            }
        }
        self.min_speed as f32
    }

    /// The fan's speeds in layer `index` (from 0) that takes `time` seconds, %: layer, bridges, overhangs,
    /// bridges over sparse infill.
    fn speeds(&self, index: u32, time: f64) -> [f32; 4] {
        if index < self.off_layers {
            return [0.0; 4];
        }
        let idle = if self.always_on { self.fan_min } else { 0.0 };
        let layer = if !self.on || time >= self.fan_below {
            idle
        } else if time <= self.min_time {
            self.fan_max
        } else {
            let t = (time - self.min_time) / (self.fan_below - self.min_time);
            t * self.fan_min + (1.0 - t) * self.fan_max
        };
        let ramp = if index + 1 < self.full_layer {
            f64::from(index + 1 - self.off_layers) / f64::from(self.full_layer - self.off_layers)
        } else {
            1.0
        };
        [
            layer,
            self.bridge_fan,
            self.overhang_fan.unwrap_or(self.bridge_fan),
            self.internal_bridge_fan,
        ]
        .map(|v| (v * ramp).clamp(0.0, 100.0).round() as f32)
    }

    /// Replaces the stand-ins of the fan in the steps from `start`, drops those that change nothing.
    pub fn set_fan(&mut self, index: u32, time: f64, steps: &mut Vec<Step>, start: usize) {
        let [layer, bridge, overhang, internal] = self.speeds(index, time);
        let mut keep = start;
        for i in start..steps.len() {
            if let Step::Fan(mark) = steps[i] {
                let wanted = if mark == Fan::Bridge.mark() {
                    bridge
                } else if mark == Fan::Overhang.mark() {
                    overhang
                } else if mark == Fan::InternalBridge.mark() {
                    internal
                } else {
                    layer
                };
                if wanted == self.fan {
                    continue;
                }
                self.fan = wanted;
                steps[i] = Step::Fan(wanted);
            }
            steps.swap(keep, i);
            keep += 1;
        }
        steps.truncate(keep);
    }
}
