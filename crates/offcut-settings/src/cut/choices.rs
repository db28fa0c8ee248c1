//! The choices of laser jobs.

use crate::print::choices::choices;

choices! {
    /// Where the drawing lies on the bed.
    pub enum Placement {
        /// Where it was drawn when that is on the bed, else in the bed's corner.
        #[default]
        Auto = "auto",
        /// Where it was drawn.
        Drawing = "drawing",
        /// In the bed's lower left corner.
        Corner = "corner",
        /// In the middle of the bed.
        Center = "center",
    }

    /// What engraving does with closed contours.
    pub enum EngraveAction {
        /// Follows them.
        Line = "line",
        /// Fills them with lines.
        #[default]
        Hatch = "hatch",
        /// Fills them with two families of lines.
        CrossHatch = "cross_hatch",
        /// Fills them with offsets of the outline.
        Offset = "offset",
        /// Burns dots along them.
        Dots = "dots",
    }

    /// What is done with letters, which are drawn in a font of offcut's own.
    pub enum TextAction {
        /// They are left out, with a warning: another font than the drawn one spoils a workpiece.
        #[default]
        Ignore = "ignore",
        /// They are engraved.
        Engrave = "engrave",
        /// They are scored.
        Score = "score",
        /// They are cut.
        Cut = "cut",
    }

    /// Form of a way into or out of a cut.
    pub enum LeadShape {
        /// None.
        #[default]
        None = "none",
        /// Straight.
        Line = "line",
        /// A quarter circle that touches the contour.
        Arc = "arc",
    }

    /// How grey becomes burnt and not burnt.
    pub enum Dither {
        /// No dots: the power follows the grey.
        Grayscale = "grayscale",
        /// Darker than a threshold burns.
        Threshold = "threshold",
        /// Ordered, 8 x 8.
        Bayer = "bayer",
        /// Error diffusion of Floyd and Steinberg.
        #[default]
        FloydSteinberg = "floyd_steinberg",
        /// Error diffusion of Jarvis, Judice and Ninke.
        Jarvis = "jarvis",
        /// Error diffusion of Stucki.
        Stucki = "stucki",
        /// Error diffusion of Atkinson, which leaves out a quarter of the error: more contrast.
        Atkinson = "atkinson",
        /// Error diffusion of Burkes.
        Burkes = "burkes",
        /// Error diffusion of Sierra.
        Sierra = "sierra",
        /// Round dots of growing size at 45°.
        Newsprint = "newsprint",
    }
}
