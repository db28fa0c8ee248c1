//! What is known about every setting: the table from which parsing, help, schema and checks come.

use crate::value::Raw;
use std::fmt;

/// Which kind of profile a setting belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The printer.
    Machine,
    /// The filament.
    Material,
    /// What the object shall be like.
    Process,
}

impl Scope {
    /// All scopes in the order in which profiles are applied.
    pub const ALL: [Self; 3] = [Self::Machine, Self::Material, Self::Process];

    /// The name in profiles.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::Material => "material",
            Self::Process => "process",
        }
    }

    /// The name of the folder and the table that hold profiles of this scope.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Machine => "machines",
            Self::Material => "materials",
            Self::Process => "processes",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One of the values that a setting may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The name in files and on the command line.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
}

/// What a value looks like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// true or false.
    Bool,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Text.
    Text,
    /// A number or a percentage of something else.
    NumberOrPercent,
    /// Two lengths, as 250x210.
    Size,
    /// One of some names.
    Choice(&'static [Choice]),
}

/// The unit of a number. Values without a unit are taken in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// No number.
    None,
    /// Several lines of G-code.
    Gcode,
    /// A count of things.
    Count,
    /// A plain factor; `95%` is 0.95.
    Ratio,
    /// Percent.
    Percent,
    /// Millimetres.
    Mm,
    /// Square millimetres.
    Mm2,
    /// Millimetres a second.
    MmPerS,
    /// Millimetres a second squared.
    MmPerS2,
    /// Cubic millimetres a second.
    Mm3PerS,
    /// Degrees of an angle.
    Degree,
    /// Degrees Celsius.
    Celsius,
    /// Seconds.
    S,
    /// Grams a cubic centimetre.
    Density,
    /// Money a kilogram.
    PerKg,
}

impl Unit {
    /// The symbol, empty for plain numbers.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self.suffixes() {
            [(symbol, ..), ..] => symbol,
            [] => "",
        }
    }

    /// The suffixes that may follow a number, with the multiplier and the divisor to this unit. The first is the symbol.
    #[must_use]
    pub const fn suffixes(self) -> &'static [(&'static str, f64, f64)] {
        match self {
            Self::None | Self::Gcode | Self::Count => &[],
            Self::Ratio => &[("", 1.0, 1.0), ("%", 1.0, 100.0)],
            Self::Percent => &[("%", 1.0, 1.0)],
            Self::Mm => &[
                ("mm", 1.0, 1.0),
                ("cm", 10.0, 1.0),
                ("um", 1.0, 1000.0),
                ("µm", 1.0, 1000.0),
                ("μm", 1.0, 1000.0),
                ("in", 25.4, 1.0),
            ],
            Self::Mm2 => &[
                ("mm²", 1.0, 1.0),
                ("mm2", 1.0, 1.0),
                ("mm^2", 1.0, 1.0),
                ("cm²", 100.0, 1.0),
                ("cm2", 100.0, 1.0),
            ],
            Self::MmPerS => &[("mm/s", 1.0, 1.0), ("mm/min", 1.0, 60.0), ("m/min", 1000.0, 60.0)],
            Self::MmPerS2 => &[
                ("mm/s²", 1.0, 1.0),
                ("mm/s2", 1.0, 1.0),
                ("mm/s^2", 1.0, 1.0),
                ("m/s²", 1000.0, 1.0),
                ("m/s2", 1000.0, 1.0),
            ],
            Self::Mm3PerS => &[("mm³/s", 1.0, 1.0), ("mm3/s", 1.0, 1.0), ("mm^3/s", 1.0, 1.0)],
            Self::Degree => &[("°", 1.0, 1.0), ("deg", 1.0, 1.0)],
            Self::Celsius => &[("°C", 1.0, 1.0), ("C", 1.0, 1.0)],
            Self::S => &[("s", 1.0, 1.0), ("ms", 1.0, 1000.0), ("min", 60.0, 1.0)],
            Self::Density => &[("g/cm³", 1.0, 1.0), ("g/cm3", 1.0, 1.0), ("g/cc", 1.0, 1.0)],
            Self::PerKg => &[("/kg", 1.0, 1.0)],
        }
    }
}

/// Everything about one setting of `T`.
#[derive(Debug)]
pub struct SettingOf<T: 'static> {
    /// The name.
    pub key: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// The group it is shown in.
    pub group: &'static str,
    /// What its value looks like.
    pub kind: Kind,
    /// May be unset (`auto`).
    pub optional: bool,
    /// The unit of its number.
    pub unit: Unit,
    /// The least and the greatest number, in the unit.
    pub range: Option<(f64, f64)>,
    /// Kinds of profile that may hold it.
    pub scopes: &'static [Scope],
    /// Seldom needed.
    pub advanced: bool,
    /// Reads it.
    pub(crate) get: fn(&T) -> Raw,
    /// Checks and writes it.
    pub(crate) set: fn(&mut T, &Raw, &SettingOf<T>) -> Result<(), String>,
}

/// A setting of a print.
pub type Setting = SettingOf<crate::PrintSettings>;

impl<T: Default> SettingOf<T> {
    /// The default.
    #[must_use]
    pub fn default(&self) -> Raw {
        (self.get)(&T::default())
    }
}

impl<T> SettingOf<T> {
    /// The documentation without surrounding blanks.
    #[must_use]
    pub fn doc(&self) -> &'static str {
        self.doc.trim()
    }

    /// The allowed values in words, empty where anything goes.
    #[must_use]
    pub fn allowed(&self) -> String {
        let symbol = self.unit.symbol();
        let blank = if matches!(symbol, "" | "%" | "°") {
            ""
        } else {
            " "
        };
        match (self.kind, self.range) {
            (Kind::Bool, _) => "true or false".into(),
            (Kind::Choice(choices), _) => choices.iter().map(|c| c.name).collect::<Vec<_>>().join(", "),
            (Kind::NumberOrPercent, Some((lo, hi))) => format!("{lo} to {hi}{blank}{symbol}, or %"),
            (_, Some((lo, hi))) => format!("{lo} to {hi}{blank}{symbol}"),
            _ => String::new(),
        }
    }
}

/// Makes the struct, its defaults and the table from the definitions.
macro_rules! define_settings {
    (; $($groups:tt)+) => {
        define_settings! {
            /// Everything a print depends on. Lengths are millimetres, speeds mm/s, angles degrees, shares percent.
            pub struct PrintSettings,
            /// All settings, in the order of their definition.
            pub static SETTINGS;
            $($groups)+
        }
    };
    ($(#[doc = $struct_doc:literal])+ pub struct $settings:ident,
     $(#[doc = $table_doc:literal])+ pub static $table:ident;
     $(group $group:literal of $scopes:tt {
        $($(#[doc = $doc:literal])+ $key:ident : $ty:ty = $default:expr,
            $unit:ident $(($lo:literal ..= $hi:literal))? $($advanced:ident)?;)+
    })+) => {
        $(#[doc = $struct_doc])+
        #[derive(Debug, Clone, PartialEq)]
        pub struct $settings {
            $($($(#[doc = $doc])+ pub $key: $ty,)+)+
        }

        impl Default for $settings {
            fn default() -> Self {
                Self { $($($key: $default,)+)+ }
            }
        }

        $(#[doc = $table_doc])+
        pub static $table: &[$crate::table::SettingOf<$settings>] = &[$($($crate::table::SettingOf {
            key: stringify!($key),
            doc: concat!($($doc),+),
            group: $group,
            kind: <$ty as Value>::KIND,
            optional: <$ty as Value>::OPTIONAL,
            unit: Unit::$unit,
            range: define_settings!(@range $($lo, $hi)?),
            scopes: { use $crate::table::Scope::*; &$scopes },
            advanced: define_settings!(@flag $($advanced)?),
            get: |s| Value::to_raw(&s.$key),
            set: |s, raw, setting| Value::from_raw(raw, setting).map(|v| s.$key = v),
        },)+)+];
    };
    (@range) => { None };
    (@range $lo:literal, $hi:literal) => { Some(($lo as f64, $hi as f64)) };
    (@flag) => { false };
    (@flag advanced) => { true };
}
