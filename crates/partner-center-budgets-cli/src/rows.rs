//! Rows for programs: written as they come, so that nobody waits for the last one to see the first.

use std::future::poll_fn;
use std::io::{self, BufWriter, Stdout, Write};
use std::pin::pin;
use std::task::Poll;

use partner_center_budgets::Decimal;
use serde::Serialize;

use crate::arguments::Output;
use crate::output;
use crate::steering::{harmless, harmless_json, is_seen};

/// What programs read: an object of JSON, or a line of CSV.
pub(crate) trait Row: Serialize {
    /// Names of the columns, those of the object.
    const HEADS: &'static [&'static str];

    /// A cell for every column.
    fn cells(&self) -> Vec<String>;
}

/// A text's cell. It is for programs, which must not have to undo an escape: only `export` keeps spreadsheets from taking a
/// name for a formula.
pub(crate) fn text(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

/// A number's cell, with all digits.
pub(crate) fn number(value: Option<Decimal>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Standard output, for the formats that have a line for each row.
pub(crate) enum Rows {
    Ndjson(BufWriter<Stdout>),
    Csv(Box<csv::Writer<Stdout>>),
}

impl Rows {
    /// Writes the heads where the format has any; `None` for formats that need all rows at once.
    pub(crate) fn streaming<R: Row>(output: Output) -> io::Result<Option<Self>> {
        Ok(match output {
            Output::Table | Output::Json => None,
            Output::Ndjson => Some(Self::Ndjson(BufWriter::new(io::stdout()))),
            Output::Csv => {
                let mut writer = csv::Writer::from_writer(io::stdout());
                writer.write_record(R::HEADS).map_err(as_io)?;
                Some(Self::Csv(Box::new(writer)))
            }
        })
    }

    pub(crate) fn write<R: Row>(&mut self, row: &R) -> io::Result<()> {
        match self {
            Self::Ndjson(out) if is_seen() => writeln!(out, "{}", harmless_json(serde_json::to_string(row)?)),
            Self::Ndjson(out) => {
                serde_json::to_writer(&mut *out, row)?;
                out.write_all(b"\n")
            }
            Self::Csv(out) if is_seen() => {
                out.write_record(row.cells().iter().map(|cell| harmless(cell).into_owned())).map_err(as_io)
            }
            Self::Csv(out) => out.write_record(row.cells()).map_err(as_io),
        }
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Ndjson(out) => out.flush(),
            Self::Csv(out) => out.flush(),
        }
    }

    /// Awaits `future`. If that takes a while, what was written goes out before.
    pub(crate) async fn while_waiting<F: Future>(&mut self, future: F) -> io::Result<F::Output> {
        let mut future = pin!(future);
        match poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await {
            Poll::Ready(value) => Ok(value),
            Poll::Pending => {
                self.flush()?;
                Ok(future.await)
            }
        }
    }
}

/// Writes all `rows`; not for people.
pub(crate) fn all<R: Row>(output: Output, rows: &[R]) -> anyhow::Result<()> {
    let Some(mut out) = Rows::streaming::<R>(output)? else { return output::json(&rows) };
    for row in rows {
        out.write(row)?;
    }
    Ok(out.flush()?)
}

/// Writes the only row; not for people. Its JSON is an object and no array.
pub(crate) fn one<R: Row>(output: Output, row: &R) -> anyhow::Result<()> {
    match output {
        Output::Json => output::json(row),
        _ => all(output, std::slice::from_ref(row)),
    }
}

/// The error within, so that a closed pipe is still known for one.
fn as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
