//! Records for programs, each written as soon as it is available.

use std::future::poll_fn;
use std::io::{self, BufWriter, Stdout, Write};
use std::pin::pin;
use std::task::Poll;

use partner_center_budgets::Decimal;
use serde::Serialize;

use super::format::OutputFormat;
use super::sanitize::{sanitized, sanitized_json};
use super::table::{Align, Table};
use super::terminal::stdout_is_terminal;

/// A result for programs: a JSON object, or a line of CSV.
pub(crate) trait Record: Serialize {
    /// The names of the columns, equal to the keys of the object.
    fn headers() -> Vec<&'static str>;

    /// One cell for each column.
    fn cells(&self) -> Vec<String>;
}

/// The CSV cell of a text, unchanged: only `export` protects spreadsheets from formulas, and programs need no escape.
pub(crate) fn text(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

/// The CSV cell of a number, with all digits.
pub(crate) fn number(value: Option<Decimal>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Standard output in a format with one line per record.
pub(crate) enum RecordWriter {
    Ndjson(BufWriter<Stdout>),
    Csv(Box<csv::Writer<Stdout>>),
}

impl RecordWriter {
    /// Writes the headers, if the format has any. `None` for formats that need all records at once.
    pub(crate) fn streaming<R: Record>(format: OutputFormat) -> io::Result<Option<Self>> {
        Self::with_headers(format, &R::headers())
    }

    /// As [`streaming`](Self::streaming), with these headers.
    pub(crate) fn with_headers(format: OutputFormat, headers: &[&str]) -> io::Result<Option<Self>> {
        Ok(match format {
            OutputFormat::Table | OutputFormat::Json | OutputFormat::Markdown => None,
            OutputFormat::Ndjson => Some(Self::Ndjson(BufWriter::new(io::stdout()))),
            OutputFormat::Csv => {
                let mut writer = csv::Writer::from_writer(io::stdout());
                writer.write_record(headers).map_err(into_io_error)?;
                Some(Self::Csv(Box::new(writer)))
            }
        })
    }

    pub(crate) fn write<R: Record>(&mut self, record: &R) -> io::Result<()> {
        self.write_cells(record, || record.cells())
    }

    /// Writes a record whose `cells` are computed if the format needs them.
    pub(crate) fn write_cells(
        &mut self,
        record: &impl Serialize,
        cells: impl FnOnce() -> Vec<String>,
    ) -> io::Result<()> {
        match self {
            Self::Ndjson(out) if stdout_is_terminal() => {
                writeln!(out, "{}", sanitized_json(&serde_json::to_string(record)?))
            }
            Self::Ndjson(out) => {
                serde_json::to_writer(&mut *out, record)?;
                out.write_all(b"\n")
            }
            Self::Csv(out) if stdout_is_terminal() => {
                out.write_record(cells().iter().map(|cell| sanitized(cell).into_owned())).map_err(into_io_error)
            }
            Self::Csv(out) => out.write_record(cells()).map_err(into_io_error),
        }
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Ndjson(out) => out.flush(),
            Self::Csv(out) => out.flush(),
        }
    }

    /// Awaits `future`. If it is not ready at once, the records written so far are flushed first.
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

/// Writes `value` as one line of JSON.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    let json = serde_json::to_string(value)?;
    let json = if stdout_is_terminal() { sanitized_json(&json) } else { json.as_str().into() };
    Ok(writeln!(io::stdout().lock(), "{json}")?)
}

/// Writes all `records` in a format for programs, or with the same columns as Markdown.
pub(crate) fn all<R: Record>(format: OutputFormat, records: &[R]) -> anyhow::Result<()> {
    if format == OutputFormat::Markdown {
        let mut table = Table::new(R::headers().into_iter().map(|header| (header, Align::Left)));
        records.iter().for_each(|record| table.row(record.cells()));
        return Ok(table.print_markdown()?);
    }
    let Some(mut out) = RecordWriter::streaming::<R>(format)? else { return json(&records) };
    for record in records {
        out.write(record)?;
    }
    Ok(out.flush()?)
}

/// As [`all`], for many records of which only one is in memory at a time.
pub(crate) fn each<R: Record>(format: OutputFormat, records: impl Iterator<Item = R>) -> anyhow::Result<()> {
    let Some(mut out) = RecordWriter::streaming::<R>(format)? else { return json_array(records) };
    for record in records {
        out.write(&record)?;
    }
    Ok(out.flush()?)
}

/// Writes `records` as one line of JSON.
fn json_array(records: impl Iterator<Item = impl Serialize>) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    out.write_all(b"[")?;
    for (at, record) in records.enumerate() {
        out.write_all(if at == 0 { b"" } else { b"," })?;
        match stdout_is_terminal() {
            true => out.write_all(sanitized_json(&serde_json::to_string(&record)?).as_bytes())?,
            false => serde_json::to_writer(&mut out, &record)?,
        }
    }
    out.write_all(b"]\n")?;
    Ok(out.flush()?)
}

/// Writes a single record in a format for programs. Its JSON is an object, not an array.
pub(crate) fn one<R: Record>(format: OutputFormat, record: &R) -> anyhow::Result<()> {
    match format {
        OutputFormat::Json => json(record),
        _ => all(format, std::slice::from_ref(record)),
    }
}

/// The I/O error inside, so that a closed pipe is still recognized.
fn into_io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
