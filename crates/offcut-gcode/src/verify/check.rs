//! A file or a program against the limits of a machine.
//!
//! In: G-code of any slicer, or a program, and the machine in the settings. Out: findings, one per
//! kind, with the first line and the count. Promised: never fails, bounded memory.

use super::{Finding, Severity};
use crate::estimate::Limits;
use crate::program::{Program, Role, Step, Vertex};
use crate::read::{Event, Motion, State, Visitor};
use offcut_geometry::{BBox, grid, to_mm};
use offcut_settings::PrintSettings;
use offcut_settings::print::GcodeFlavor;

/// Below this target no plastic may be pushed, °C: Marlin's default.
const COLD: f64 = 170.0;
/// Moves may leave the bed by this, mm: rounding of the text.
const MARGIN: f64 = 0.001;
/// Words of other kinds that are listed by name at most.
const MAX_UNKNOWN: usize = 50;

/// Codes with a meaning for some printer that do not matter here.
const HARMLESS_G: &[f64] = &[5.0, 12.0, 17.0, 26.0, 27.0, 29.0, 32.0, 34.0, 60.0, 61.0, 80.0];
const HARMLESS_M: &[f64] = &[
    0.0, 1.0, 2.0, 16.0, 17.0, 18.0, 20.0, 21.0, 23.0, 24.0, 25.0, 28.0, 30.0, 42.0, 73.0, 75.0, 76.0, 77.0,
    78.0, 84.0, 85.0, 98.0, 105.0, 106.0, 107.0, 108.0, 110.0, 111.0, 112.0, 113.0, 114.0, 115.0, 116.0,
    117.0, 118.0, 119.0, 120.0, 121.0, 122.0, 125.0, 142.0, 143.0, 144.0, 150.0, 155.0, 200.0, 202.0, 206.0,
    207.0, 208.0, 209.0, 211.0, 217.0, 218.0, 220.0, 221.0, 226.0, 250.0, 280.0, 290.0, 300.0, 301.0, 302.0,
    303.0, 304.0, 355.0, 400.0, 401.0, 402.0, 403.0, 404.0, 405.0, 406.0, 407.0, 412.0, 413.0, 420.0, 421.0,
    425.0, 428.0, 486.0, 500.0, 501.0, 502.0, 503.0, 555.0, 567.0, 569.0, 571.0, 572.0, 573.0, 574.0, 575.0,
    587.0, 591.0, 592.0, 593.0, 600.0, 601.0, 602.0, 603.0, 702.0, 701.0, 703.0, 704.0, 705.0, 851.0, 861.0,
    862.1, 862.2, 862.3, 862.4, 862.5, 862.6, 862.7, 863.0, 900.0, 907.0, 908.0, 911.0, 912.0, 913.0, 914.0,
    915.0, 916.0, 917.0, 918.0, 919.0, 970.0, 971.0, 974.0, 975.0, 982.0, 983.0, 1002.0,
];

/// Checks a file against the machine of the settings.
#[must_use]
pub fn check(text: &[u8], settings: &PrintSettings) -> Vec<Finding> {
    let mut c = Checker::new(settings);
    State::default().read(text, &mut c);
    c.finish()
}

/// Checks a program against the machine of the settings, its custom G-code included.
#[must_use]
pub fn check_program(program: &Program, settings: &PrintSettings) -> Vec<Finding> {
    let mut c = Checker::new(settings);
    let mut at: Option<Vertex> = None;
    let shift = settings.z_offset;
    let within = program
        .vertex_box()
        .is_none_or(|(lo, hi)| c.is_safe(&Vertex::from(lo)) && c.is_safe(&Vertex::from(hi)));
    for step in &program.steps {
        match step {
            Step::Travel { path, .. } | Step::Extrude { path, .. } | Step::Wipe { path, .. } => {
                let targets = program
                    .vertices
                    .get(path.start as usize..path.end as usize)
                    .unwrap_or(&[]);
                if matches!(step, Step::Extrude { .. }) {
                    c.pushes(0);
                }
                if !within {
                    c.targets(targets, shift);
                }
                at = targets.last().copied().or(at);
            }
            Step::Unretract { length, .. } if *length > 0.0 => c.pushes(0),
            Step::Hotend { celsius, .. } => c.hotend = Heat::Target(f64::from(*celsius)),
            Step::Bed { celsius, .. } => c.bed = Heat::Target(f64::from(*celsius)),
            Step::Chamber { celsius, .. } => c.chamber = Heat::Target(f64::from(*celsius)),
            Step::Custom(text) => {
                let mut state = State::default();
                if let Some(v) = at {
                    state.place([to_mm(v.x), to_mm(v.y), to_mm(v.z) + shift], 50.0);
                }
                c.custom = true;
                state.read(text.as_bytes(), &mut c);
                c.custom = false;
            }
            _ => {}
        }
    }
    for arc in &program.arcs {
        let end = arc.vertex as usize;
        if let (Some(&to), Some(&from)) = (
            program.vertices.get(end),
            program.vertices.get(end.wrapping_sub(1)),
        ) {
            c.targets(&crate::arcs::pieces(from, to, *arc, 50_000.0), shift);
        }
    }
    c.finish()
}

/// What is known of a heater.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Heat {
    /// Nothing was said.
    Unset,
    /// A macro may have set it.
    Unknown,
    /// °C.
    Target(f64),
}

struct Checker<'a> {
    settings: &'a PrintSettings,
    limits: Limits,
    lo: [f64; 2],
    hi: [f64; 2],
    lowest: f64,
    /// Lowest and highest corner of a box in grid units, z offset not included, that is within the machine: most
    /// targets need no closer look.
    safe: [Vertex; 2],
    hotend: Heat,
    bed: Heat,
    chamber: Heat,
    /// Inside custom G-code of a program.
    custom: bool,
    /// Filament pulled back, mm, and by firmware.
    pulled: f64,
    firmware_pulled: bool,
    unknown: Vec<String>,
    findings: Vec<Finding>,
}

impl<'a> Checker<'a> {
    fn new(settings: &'a PrintSettings) -> Self {
        let (o, s) = (settings.bed_origin, settings.bed_size);
        let lowest = settings.z_offset.min(0.0) - MARGIN;
        let half = if settings.bed_round {
            // The square in the circle.
            [0.35 * s.x.min(s.y); 2]
        } else {
            [s.x / 2.0, s.y / 2.0]
        };
        let corner = |side: f64, z: f64| Vertex {
            x: grid(o.x + s.x / 2.0 + side * half[0]) - side as i32,
            y: grid(o.y + s.y / 2.0 + side * half[1]) - side as i32,
            z: grid(z - settings.z_offset) - side as i32,
        };
        Self {
            settings,
            limits: Limits::new(settings),
            lo: [o.x - MARGIN, o.y - MARGIN],
            hi: [o.x + s.x + MARGIN, o.y + s.y + MARGIN],
            lowest,
            safe: [corner(-1.0, lowest), corner(1.0, settings.bed_height)],
            hotend: Heat::Unset,
            bed: Heat::Unset,
            chamber: Heat::Unset,
            custom: false,
            pulled: 0.0,
            firmware_pulled: false,
            unknown: Vec::new(),
            findings: Vec::new(),
        }
    }

    #[cold]
    fn found(&mut self, severity: Severity, code: &str, line: u64, message: impl FnOnce() -> String) {
        match self
            .findings
            .iter_mut()
            .find(|f| f.code == code && f.severity == severity)
        {
            Some(f) => f.count += 1,
            None => self.findings.push(Finding {
                severity,
                code: code.to_owned(),
                line,
                message: message(),
                count: 1,
            }),
        }
    }

    fn is_safe(&self, v: &Vertex) -> bool {
        let [lo, hi] = self.safe;
        (lo.x <= v.x) & (v.x <= hi.x) & (lo.y <= v.y) & (v.y <= hi.y) & (lo.z <= v.z) & (v.z <= hi.z)
    }

    /// Targets of a program: their box first, each of them only when the box sticks out.
    fn targets(&mut self, targets: &[Vertex], shift: f64) {
        if targets.iter().all(|v| self.is_safe(v)) {
            return;
        }
        let mut b = BBox::EMPTY;
        let (mut zl, mut zh) = (i32::MAX, i32::MIN);
        for v in targets {
            b.add(v.xy());
            zl = zl.min(v.z);
            zh = zh.max(v.z);
        }
        if b.is_empty() {
            return;
        }
        let ((x0, y0), (x1, y1)) = (b.min.mm(), b.max.mm());
        let corners = [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
        let (z0, z1) = (to_mm(zl) + shift, to_mm(zh) + shift);
        if corners.iter().all(|c| self.inside(*c))
            && z0 >= self.lowest
            && z1 <= self.settings.bed_height + MARGIN
        {
            return;
        }
        for v in targets {
            let (x, y) = v.xy().mm();
            self.place([x, y, to_mm(v.z) + shift], 0, false);
        }
    }

    fn inside(&self, p: [f64; 2]) -> bool {
        let boxed = p[0] >= self.lo[0] && p[0] <= self.hi[0] && p[1] >= self.lo[1] && p[1] <= self.hi[1];
        if !self.settings.bed_round || !boxed {
            return boxed;
        }
        let c = [0, 1].map(|i| (self.lo[i] + self.hi[i]) / 2.0);
        let r = (self.hi[0] - self.lo[0]).min(self.hi[1] - self.lo[1]) / 2.0;
        let d = [p[0] - c[0], p[1] - c[1]];
        d[0] * d[0] + d[1] * d[1] <= r * r
    }

    /// A position that is reached. Custom G-code may purge beside the bed, so that it only warns.
    #[inline(always)]
    fn place(&mut self, p: [f64; 3], line: u64, custom: bool) {
        let severity = if custom {
            Severity::Warning
        } else {
            Severity::Error
        };
        if !self.inside([p[0], p[1]]) {
            let (lo, hi) = (self.lo, self.hi);
            self.found(severity, "outside_bed", line, || {
                format!(
                    "a move goes to X{:.3} Y{:.3}, outside the bed (X {:.0} to {:.0}, Y {:.0} to {:.0}): move or scale the model, \
                     or correct bed_size and bed_origin",
                    p[0], p[1], lo[0] + MARGIN, hi[0] - MARGIN, lo[1] + MARGIN, hi[1] - MARGIN
                )
            });
        }
        let top = self.settings.bed_height;
        if p[2] > top + MARGIN {
            self.found(severity, "above_height", line, || {
                format!("a move goes to Z{:.3}, above the machine's height of {top} mm: scale or cut the model, or correct bed_height", p[2])
            });
        }
        if p[2] < self.lowest {
            self.found(severity, "below_bed", line, || {
                format!(
                    "a move goes to Z{:.3}, into the bed: drop the model to the bed, or correct z_offset",
                    p[2]
                )
            });
        }
    }

    /// Filament is pushed.
    #[inline(always)]
    fn pushes(&mut self, line: u64) {
        match self.hotend {
            Heat::Target(t) if t >= COLD => {}
            Heat::Unknown => {}
            h => {
                let t = if let Heat::Target(t) = h { t } else { 0.0 };
                self.found(Severity::Error, "cold_extrusion", line, || {
                    format!(
                        "filament is pushed while the hotend's target is {t} °C: set hotend_temperature, or heat in the start G-code (M109)"
                    )
                });
            }
        }
    }

    fn finish(mut self) -> Vec<Finding> {
        for (name, heat) in [
            ("hotend", self.hotend),
            ("bed", self.bed),
            ("chamber", self.chamber),
        ] {
            if let Heat::Target(t) = heat
                && t > 0.0
            {
                let code = format!("{name}_left_on");
                self.found(Severity::Error, &code, 0, || {
                    format!("the {name} is left on at {t} °C: turn it off in the end G-code (M104 S0, M140 S0, M141 S0)")
                });
            }
        }
        if !self.unknown.is_empty() {
            let names = self.unknown.join(", ");
            let count = self.unknown.len() as u64;
            self.findings.push(Finding {
                severity: Severity::Info,
                code: "unknown_commands".into(),
                line: 0,
                message: format!("commands that offcut does not know: {names}"),
                count,
            });
        }
        self.findings.sort_by(|a, b| {
            b.severity
                .cmp(&a.severity)
                .then(a.line.cmp(&b.line))
                .then(a.code.cmp(&b.code))
        });
        self.findings
    }

    fn unknown(&mut self, name: String) {
        if self.unknown.len() < MAX_UNKNOWN && !self.unknown.contains(&name) {
            self.unknown.push(name);
        }
    }
}

impl Visitor for Checker<'_> {
    fn motion(&mut self, m: &Motion) {
        let custom = self.custom || m.role == Some(Role::Custom) || m.role.is_none();
        if m.known || m.from[2] != m.to[2] {
            let to = if m.known {
                m.to
            } else {
                [self.lo[0] + MARGIN * 2.0, self.lo[1] + MARGIN * 2.0, m.to[2]]
            };
            if m.known || !self.settings.bed_round {
                self.place(to, m.line, custom);
            }
        }
        if let Some(arc) = m.arc {
            let (r, sweep) = arc.sweep(m.from, m.to);
            let a = libm::atan2(m.from[1] - arc.center[1], m.from[0] - arc.center[0]);
            let end = libm::hypot(m.to[0] - arc.center[0], m.to[1] - arc.center[1]);
            if (end - r).abs() > 0.05 + 0.001 * r {
                self.found(Severity::Error, "bad_arc", m.line, || {
                    format!("an arc's ends have the radii {r:.3} and {end:.3} mm: firmwares refuse it; slice again without arc_fitting")
                });
            }
            for k in 1..32 {
                let t = a + sweep * f64::from(k) / 32.0;
                let p = [
                    arc.center[0] + r * libm::cos(t),
                    arc.center[1] + r * libm::sin(t),
                    m.to[2],
                ];
                self.place(p, m.line, custom);
            }
        }
        if m.e > 0.0 {
            self.pushes(m.line);
            let moves = m.from[0] != m.to[0] || m.from[1] != m.to[1];
            if moves && (self.firmware_pulled || self.pulled > 0.05) && m.known {
                self.found(Severity::Warning, "extrusion_while_retracted", m.line, || {
                    "a move extrudes while the filament is pulled back: the line begins too thin; push it back before (G11 or E)".into()
                });
                self.firmware_pulled = false;
            }
        }
        self.pulled = (self.pulled - m.e).max(0.0);
        let length = m.length();
        if length > 0.0 && m.speed > 0.0 {
            for (i, axis) in ["X", "Y", "Z"].iter().enumerate() {
                let v = (m.to[i] - m.from[i]).abs() / length * m.speed;
                let top = self.limits.speed[i];
                if v > top * 1.001 {
                    self.found(Severity::Info, &format!("speed_{axis}"), m.line, || {
                        format!("a move wants {v:.1} mm/s along {axis}; the machine allows {top} and will be slower")
                    });
                }
            }
            if m.speed < 0.01 {
                self.found(Severity::Warning, "crawling", m.line, || {
                    format!("a move has a speed of {} mm/s", m.speed)
                });
            }
        } else if length > 0.0 {
            self.found(Severity::Warning, "no_speed", m.line, || {
                "a move has no speed: give the first move an F".into()
            });
        }
    }

    fn event(&mut self, event: Event, line: u64) {
        match event {
            Event::Hotend { celsius, .. } => self.hotend = Heat::Target(celsius),
            Event::Bed { celsius, .. } => self.bed = Heat::Target(celsius),
            Event::Chamber { celsius, .. } => self.chamber = Heat::Target(celsius),
            Event::FirmwareRetract(pull) => {
                if pull == self.firmware_pulled {
                    self.found(Severity::Warning, "retraction_order", line, || {
                        "G10 and G11 do not alternate: remove the one too many".into()
                    });
                }
                self.firmware_pulled = pull;
            }
            Event::Malformed(text) => {
                let text = String::from_utf8_lossy(text).into_owned();
                self.found(Severity::Error, "malformed", line, || {
                    format!(
                        "`{}` is no command: correct or remove the line",
                        text.chars().take(60).collect::<String>()
                    )
                });
            }
            Event::Other { letter, number } => {
                let known = if letter == b'G' { HARMLESS_G } else { HARMLESS_M };
                if !known.contains(&number) {
                    self.unknown(format!("{}{number}", char::from(letter)));
                }
            }
            Event::Macro(text) => {
                // A macro may heat or cool: what it does is in the printer's configuration.
                let name =
                    String::from_utf8_lossy(text.split(|b| b.is_ascii_whitespace()).next().unwrap_or(text));
                let upper = name.to_ascii_uppercase();
                let quiet = [
                    "SET_VELOCITY_LIMIT",
                    "SET_PRESSURE_ADVANCE",
                    "EXCLUDE_OBJECT",
                    "SET_HEATER",
                    "TURN_OFF",
                ];
                if !quiet.iter().any(|q| upper.starts_with(q)) {
                    for h in [&mut self.hotend, &mut self.bed, &mut self.chamber] {
                        *h = Heat::Unknown;
                    }
                    if self.settings.gcode_flavor != GcodeFlavor::Klipper {
                        self.unknown(name.chars().take(40).collect());
                    }
                }
            }
            _ => {}
        }
    }
}
