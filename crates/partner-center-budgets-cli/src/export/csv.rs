//! The export as a sheet for people.

use std::io::{self, Write};

use clap::ValueEnum;

use super::Line;
use crate::failure::Told;
use crate::sheet::{self, DecimalMark};
use crate::steering::{harmless, is_seen};

/// How the sheet is written.
#[derive(Debug, clap::Args)]
pub(super) struct Format {
    /// Separator of the columns [default: comma]
    ///
    /// Excel expects semicolons where the decimal mark is a comma.
    #[arg(long, value_enum, value_name = "DELIMITER")]
    delimiter: Option<Delimiter>,
    /// The decimal mark of amounts and costs [default: point]
    ///
    /// A comma needs another delimiter, such as semicolon.
    #[arg(long, value_enum, value_name = "MARK")]
    decimal: Option<DecimalMark>,
    /// Leave out the byte order mark, by which Excel knows that the file is UTF-8
    #[arg(long)]
    no_byte_order_mark: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Delimiter {
    Comma,
    Semicolon,
    Tab,
}

impl Format {
    /// Refuses options that JSON does not have.
    pub(super) fn ensure_default(&self) -> Result<(), Told> {
        if self.delimiter.is_none() && self.decimal.is_none() && !self.no_byte_order_mark {
            return Ok(());
        }
        Err(Told::usage(Told::lines(
            "--delimiter, --decimal and --no-byte-order-mark are for CSV",
            "the output is JSON",
            "leave them out, or choose --output csv; nothing was sent",
        )))
    }

    /// Refuses amounts with the mark that separates the columns.
    pub(super) fn ensure_readable(&self) -> Result<(), Told> {
        if self.decimal() == DecimalMark::Point || self.delimiter() != ',' {
            return Ok(());
        }
        Err(Told::usage(Told::lines(
            "amounts cannot have a decimal comma here",
            "commas separate the columns",
            "add --delimiter semicolon; nothing was sent",
        )))
    }

    fn delimiter(&self) -> char {
        match self.delimiter {
            None | Some(Delimiter::Comma) => ',',
            Some(Delimiter::Semicolon) => ';',
            Some(Delimiter::Tab) => '\t',
        }
    }

    fn decimal(&self) -> DecimalMark {
        self.decimal.unwrap_or(DecimalMark::Point)
    }

    pub(super) fn write(&self, all: &[Line]) -> io::Result<()> {
        let mut text = String::new();
        if !self.no_byte_order_mark && !is_seen() {
            text.push('\u{feff}');
        }
        self.row(&mut text, ["customer", "name", "amount", "currency", "cost"].map(str::to_owned));
        for line in all {
            let name = sheet::name_written(line.name.as_deref().unwrap_or_default());
            let name = if is_seen() { harmless(&name).into_owned() } else { name };
            let number = |value| sheet::amount_written(value, self.decimal());
            // `plan` takes a code of three letters or nothing.
            let currency = line.currency.as_deref().and_then(|code| sheet::currency_code(code).ok().flatten());
            let cells = [
                quoted(&line.customer),
                quoted(&name),
                line.amount.map_or_else(|| quoted("none"), number),
                currency.as_deref().map(quoted).unwrap_or_default(),
                line.total_cost.map(number).unwrap_or_default(),
            ];
            self.row(&mut text, cells);
        }
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    fn row(&self, text: &mut String, cells: [String; 5]) {
        *text += &cells.join(self.delimiter().encode_utf8(&mut [0; 4]));
        text.push('\n');
    }
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}
