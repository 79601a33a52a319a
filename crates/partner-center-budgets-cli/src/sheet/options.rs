//! The options of commands that read a sheet.

use super::notation::{Choice, DecimalMark};

/// How a sheet is read.
#[derive(Debug, clap::Args)]
pub(crate) struct SheetOptions {
    /// The decimal mark of the sheet's amounts, if they do not show it
    ///
    /// With `comma`, 1,234 is a fraction of three digits; with `point`, 1.234 is.
    #[arg(long, value_name = "MARK")]
    decimal: Option<DecimalMark>,
    /// Accept customers whose name in the sheet is not their name; a warning lists them
    #[arg(long)]
    pub(crate) ignore_names: bool,
}

impl SheetOptions {
    pub(crate) fn decimal(&self) -> Choice {
        Choice { option: "--decimal", mark: self.decimal }
    }
}
