//! The export as CSV for spreadsheets.

use std::io::{self, Write};

use clap::ValueEnum;

use super::customer::ExportedCustomer;
use crate::output::sanitize::sanitized;
use crate::output::terminal::stdout_is_terminal;
use crate::sheet::{self, DecimalMark};

/// How the CSV is written.
#[derive(Debug, clap::Args)]
pub(super) struct CsvOptions {
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
    /// Leave out the byte order mark, by which Excel recognises UTF-8
    #[arg(long)]
    no_byte_order_mark: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Delimiter {
    Comma,
    Semicolon,
    Tab,
}

impl CsvOptions {
    pub(super) fn is_set(&self) -> bool {
        self.delimiter.is_some() || self.decimal.is_some() || self.no_byte_order_mark
    }

    pub(super) fn has_decimal_comma(&self) -> bool {
        self.decimal() == DecimalMark::Comma
    }

    pub(super) fn delimiter(&self) -> char {
        match self.delimiter {
            None | Some(Delimiter::Comma) => ',',
            Some(Delimiter::Semicolon) => ';',
            Some(Delimiter::Tab) => '\t',
        }
    }

    fn decimal(&self) -> DecimalMark {
        self.decimal.unwrap_or(DecimalMark::Point)
    }

    pub(super) fn write(&self, customers: &[ExportedCustomer]) -> io::Result<()> {
        let mut text = String::new();
        if !self.no_byte_order_mark && !stdout_is_terminal() {
            text.push('\u{feff}');
        }
        self.row(&mut text, ["customer", "name", "amount", "currency", "cost"].map(str::to_owned));
        for customer in customers {
            let name = sheet::write_name(customer.name.as_deref().unwrap_or_default());
            let name = if stdout_is_terminal() { sanitized(&name).into_owned() } else { name };
            let number = |value| sheet::write_amount(value, self.decimal());
            // `plan` accepts a code of three letters or nothing.
            let currency =
                customer.currency.as_deref().and_then(|code| sheet::parse_currency_code(code).ok().flatten());
            let cells = [
                quoted(&customer.customer),
                quoted(&name),
                customer.amount.map_or_else(|| quoted("none"), number),
                currency.as_deref().map(quoted).unwrap_or_default(),
                customer.total_cost.map(number).unwrap_or_default(),
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
