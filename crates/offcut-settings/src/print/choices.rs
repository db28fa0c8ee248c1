//! The choices that settings offer: enums whose variants have a name and a documentation.

/// Defines enums with the name of every variant in files and on the command line.
macro_rules! choices {
    ($($(#[doc = $doc:literal])+ pub enum $enum:ident {
        $($(#[doc = $vdoc:literal])+ $(#[$default:ident])? $variant:ident = $name:literal,)+
    })+) => { $(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
        pub enum $enum {
            $($(#[doc = $vdoc])+ $(#[$default])? $variant,)+
        }

        impl $enum {
            /// All choices, in the order of their definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Names and documentation of the choices, in the same order.
            pub const CHOICES: &'static [crate::table::Choice] =
                &[$(crate::table::Choice { name: $name, doc: concat!($($vdoc),+) }),+];

            /// The name in files and on the command line.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The choice of a name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }

        impl serde::Serialize for $enum {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.name())
            }
        }

        impl<'de> serde::Deserialize<'de> for $enum {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let name = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                Self::from_name(&name)
                    .ok_or_else(|| serde::de::Error::custom(format!("unknown choice `{name}`")))
            }
        }

        impl crate::value::Value for $enum {
            const KIND: crate::table::Kind = crate::table::Kind::Choice(Self::CHOICES);
            fn from_raw<S>(raw: &crate::value::Raw, _: &crate::table::SettingOf<S>) -> Result<Self, String> {
                crate::value::choose(raw, Self::CHOICES).map(|i| Self::ALL[i])
            }
            fn to_raw(&self) -> crate::value::Raw {
                crate::value::Raw::Text(self.name().into())
            }
        }
    )+ };
}
pub(crate) use choices;

choices! {
    /// How perimeters are made.
    pub enum PerimeterGenerator {
        /// Beads of equal width at equal distances.
        #[default]
        Classic = "classic",
        /// Beads of variable width.
        Arachne = "arachne",
    }

    /// Which perimeter of an island is printed first.
    pub enum PerimeterOrder {
        /// Inner perimeters first.
        #[default]
        InsideOut = "inside_out",
        /// External perimeter first.
        OutsideIn = "outside_in",
    }

    /// Where loops begin.
    pub enum SeamPosition {
        /// Seams of neighbouring layers lie over each other, in concave corners where there are any.
        #[default]
        Aligned = "aligned",
        /// Near the nozzle, corners preferred.
        Nearest = "nearest",
        /// At the rear of the object.
        Rear = "rear",
        /// Scattered.
        Random = "random",
    }

    /// The pattern of top and bottom surfaces.
    pub enum SurfacePattern {
        /// Parallel lines, each beside one that was printed before.
        #[default]
        Monotonic = "monotonic",
        /// Monotonic lines that are not linked at their ends.
        MonotonicLines = "monotonic_lines",
        /// Parallel lines in any order.
        Rectilinear = "rectilinear",
        /// Parallel lines, the same in every layer.
        AlignedRectilinear = "aligned_rectilinear",
        /// Loops that follow the outline.
        Concentric = "concentric",
        /// Hilbert curves.
        Hilbert = "hilbert",
        /// Archimedean chords: a spiral.
        Archimedean = "archimedean",
        /// Eight-pointed stars.
        Octagram = "octagram",
    }

    /// The pattern of sparse infill.
    pub enum InfillPattern {
        /// Parallel lines, turned by 90° from layer to layer.
        Rectilinear = "rectilinear",
        /// Parallel lines, the same in every layer.
        AlignedRectilinear = "aligned_rectilinear",
        /// Parallel lines that are linked at an angle.
        Line = "line",
        /// Lines in two directions in every layer.
        #[default]
        Grid = "grid",
        /// Lines in three directions that meet in one point.
        Triangles = "triangles",
        /// Lines in three directions that form stars.
        Stars = "stars",
        /// Lines in three directions that move with height: cubes on their corner.
        Cubic = "cubic",
        /// Tetrahedra and octahedra.
        QuarterCubic = "quarter_cubic",
        /// Loops that follow the outline.
        Concentric = "concentric",
        /// Hexagons.
        Honeycomb = "honeycomb",
        /// Octagons and squares that change with height.
        Honeycomb3d = "3d_honeycomb",
        /// The gyroid surface.
        Gyroid = "gyroid",
        /// The Schwarz D surface.
        TpmsD = "tpms_d",
        /// Hilbert curves.
        Hilbert = "hilbert",
        /// Archimedean chords: a spiral.
        Archimedean = "archimedean",
        /// Eight-pointed stars.
        Octagram = "octagram",
        /// Lines whose direction changes through a wave with height.
        CrossHatch = "cross_hatch",
    }

    /// Support structures.
    pub enum Support {
        /// No support.
        #[default]
        None = "none",
        /// Columns on a grid, easy to break off.
        Grid = "grid",
        /// Follows the shape of the overhang closely.
        Snug = "snug",
        /// Branches.
        Tree = "tree",
    }

    /// Where the brim is.
    pub enum BrimType {
        /// Around the outside.
        #[default]
        Outer = "outer",
        /// In the holes.
        Inner = "inner",
        /// On both sides.
        Both = "both",
    }

    /// How overlapping and reversed shells are read.
    pub enum SlicingMode {
        /// Where shells wind positively there is material.
        #[default]
        Regular = "regular",
        /// Every second shell is a hole.
        EvenOdd = "even_odd",
        /// Only the outermost shells count.
        CloseHoles = "close_holes",
    }

    /// The dialect of the G-code.
    pub enum GcodeFlavor {
        /// Marlin 1.
        #[default]
        Marlin = "marlin",
        /// Marlin 2.
        Marlin2 = "marlin2",
        /// Klipper.
        Klipper = "klipper",
        /// RepRapFirmware.
        Reprapfirmware = "reprapfirmware",
        /// Prusa's firmware.
        Prusa = "prusa",
    }

    /// How objects are marked, so that one can be cancelled.
    pub enum LabelObjects {
        /// Not at all.
        #[default]
        None = "none",
        /// By comments.
        Octoprint = "octoprint",
        /// By the dialect's own commands (M486, EXCLUDE_OBJECT).
        Firmware = "firmware",
    }

    /// A wall around the print.
    pub enum DraftShield {
        /// None.
        #[default]
        Disabled = "disabled",
        /// As high as skirt_height.
        Limited = "limited",
        /// As high as the print.
        Enabled = "enabled",
    }

    /// How several objects are printed.
    pub enum PrintOrder {
        /// All objects layer by layer.
        #[default]
        ByLayer = "by_layer",
        /// One object after the other.
        ByObject = "by_object",
    }
}
