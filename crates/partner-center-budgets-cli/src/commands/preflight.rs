//! Checks before anything is sent. The offline ones run before the connection is opened, the online ones before the first
//! write. Those that need the types of one command are in its modules, such as `guards` and `compare::days`.

use std::fs::File;
use std::path::Path;

use durable_files as files;
use partner_center_budgets::Decimal;
use partner_center_budgets_fleet::{self as fleet, Entry, EntryKind, Plan};

use super::guards::is_negative;
use super::plan::entries::listing;
use super::question::can_ask;
use crate::error::CliError;
use crate::output::file::OutputFile;
use crate::output::format::{Output, OutputFormat};
use crate::session::connection::Connection;

// Offline.

/// Refuses `--output` for commands that do not write records.
pub(crate) fn ensure_table_output(format: OutputFormat, command: &str, writes: &str) -> Result<(), CliError> {
    if format == OutputFormat::Table {
        return Ok(());
    }
    let what = format_args!("`{command}` has no --output");
    Err(CliError::usage(what, format_args!("it always writes {writes}"), "leave out --output; nothing was sent"))
}

/// The format of records. Refuses Prometheus, which only `check` writes.
pub(crate) fn ensure_record_format(output: Output, is_check: bool) -> Result<OutputFormat, CliError> {
    match output {
        Output::Records(format) => Ok(format),
        Output::Prometheus if is_check => Ok(OutputFormat::Table),
        Output::Prometheus => Err(CliError::usage(
            "this command cannot write the format of Prometheus",
            "only `check` has the figures that it needs",
            "use `pc-budgets check --output prometheus`; nothing was sent",
        )),
    }
}

/// Refuses a threshold for near that is above the one for over.
pub(crate) fn ensure_ordered_thresholds(near: Decimal, over: Decimal) -> Result<(), CliError> {
    match near > over {
        true => Err(CliError::usage(
            format_args!("--near {near} is above --over {over}"),
            "a customer would be over its budget before it is near it",
            "give --near a lower percentage than --over; nothing was sent",
        )),
        false => Ok(()),
    }
}

/// Refuses a budget below 0, unless the user allows it.
pub(crate) fn ensure_not_negative(amount: Decimal, is_allowed: bool) -> Result<(), CliError> {
    if is_allowed || !is_negative(amount) {
        return Ok(());
    }
    let why = format_args!("{amount} is below 0");
    Err(CliError::usage("nothing was sent", why, "check the amount, or add --allow-negative"))
}

/// Refuses to record earlier days, except in the sandbox.
pub(crate) fn ensure_no_sample_days(sample_days: Option<u32>, connection: &Connection) -> Result<(), CliError> {
    if sample_days.is_none() || connection.sandbox {
        return Ok(());
    }
    let why = "the service has the costs of today only";
    let next = "leave it out, and record a day every night; or add --sandbox";
    Err(CliError::usage("--sample-days is for --sandbox", why, next))
}

/// Refuses Markdown for files that other programs read.
pub(crate) fn ensure_not_markdown(format: OutputFormat) -> Result<(), CliError> {
    match format {
        OutputFormat::Markdown => Err(CliError::usage(
            "this command cannot write Markdown",
            "its output is a sheet for other programs",
            "use --output csv or json; nothing was sent",
        )),
        _ => Ok(()),
    }
}

/// Refuses addresses and profiles for commands that do not call the service.
pub(crate) fn ensure_no_connection_options(connection: &Connection, command: &str) -> Result<(), CliError> {
    let given = [
        ("--base-url", connection.base_url.is_some()),
        ("--authority", connection.authority.is_some()),
        ("--profile", connection.profile.is_some()),
    ];
    match given.into_iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((option, _)) => {
            let what = format_args!("`{command}` has no {option}");
            Err(CliError::usage(what, "it does not call the service", format_args!("leave out {option}")))
        }
    }
}

/// Refuses options of CSV for JSON.
pub(crate) fn ensure_no_csv_options(format: OutputFormat, has_csv_options: bool) -> Result<(), CliError> {
    if !has_csv_options || !matches!(format, OutputFormat::Json | OutputFormat::Ndjson) {
        return Ok(());
    }
    Err(CliError::usage(
        "--delimiter, --decimal and --no-byte-order-mark are for CSV",
        "the output is JSON",
        "leave them out, or use --output csv; nothing was sent",
    ))
}

/// Refuses amounts with a decimal mark that also separates the columns.
pub(crate) fn ensure_unambiguous_comma(has_decimal_comma: bool, delimiter: char) -> Result<(), CliError> {
    if !has_decimal_comma || delimiter != ',' {
        return Ok(());
    }
    Err(CliError::usage(
        "amounts cannot have a decimal comma here",
        "commas separate the columns",
        "add --delimiter semicolon; nothing was sent",
    ))
}

/// Refuses an output file that cannot be written.
pub(crate) fn ensure_writable(path: &Path) -> Result<OutputFile, CliError> {
    OutputFile::find(path).map_err(|why| {
        let what = format_args!("cannot write {}", path.display());
        CliError::usage(what, why, "name a file in a directory that you may write to, or - for standard output")
    })
}

/// Refuses a journal in a missing folder, before all budgets are read. Opening the journal finds other problems.
pub(crate) fn ensure_journal_folder(journal: &Path) -> Result<(), CliError> {
    let folder = files::folder_of(journal);
    if folder.is_dir() {
        return Ok(());
    }
    let what = format_args!("the journal {} cannot be created", journal.display());
    let why = format_args!("there is no folder {}", folder.display());
    Err(CliError::usage(what, why, "create the folder, or name another file with --journal FILE; nothing was sent"))
}

/// Refuses the unfinished journal of another run. `resume` is the command that resumes it.
pub(crate) fn ensure_no_unfinished_journal(journal: &Path, resume: &str) -> Result<(), CliError> {
    // Opening the journal reports other kinds of files. A journal whose first line a crash cut off is empty.
    let plan = if journal.is_file() { fleet::journaled_plan(journal) } else { Ok(None) };
    let Some(plan) = plan.map_err(CliError::before_start)? else { return Ok(()) };
    if File::open(journal).is_ok_and(|journal| fleet::is_journal_complete(&journal)) {
        return Ok(());
    }
    let partner = plan.partner().map(|partner| format!(" for {partner}")).unwrap_or_default();
    let what = format_args!("there is already a journal at {}", journal.display());
    let why = format_args!("an earlier run wrote it{partner} and may be unfinished");
    let next = "or, if it is no longer needed, move it away or name another with --journal FILE; nothing was sent";
    Err(CliError::usage(what, why, format_args!("resume it: {resume}")).next(next))
}

/// Refuses to start without a way to confirm. `can_answer` says whether standard input is free for the answer.
pub(crate) fn ensure_can_prompt(yes: bool, can_answer: bool) -> Result<(), CliError> {
    if yes || can_answer && can_ask() {
        return Ok(());
    }
    Err(CliError::usage(
        "there is no terminal to confirm the changes",
        "changes are sent only after a yes",
        "check the changes with `pc-budgets plan`, then add --yes; nothing was sent",
    ))
}

// Online.

/// Refuses a plan or journal of another partner. `what` names it, `owner` is its partner and `partner` that of this run.
pub(crate) fn ensure_same_partner(what: &str, owner: Option<&str>, partner: &str) -> Result<(), CliError> {
    if owner == Some(partner) {
        return Ok(());
    }
    let owner = owner.unwrap_or("no particular partner");
    Err(CliError::usage(
        format_args!("{what} is for another partner"),
        format_args!("it is for {owner}, and this run would be for {partner}"),
        "choose the profile of that partner, or make a new plan with its own journal; nothing was sent",
    ))
}

/// Refuses customers whose rows contradict each other.
pub(crate) fn ensure_consistent(file: &str, plan: &Plan) -> Result<(), CliError> {
    let entries = of_kind(plan, EntryKind::Contradictory);
    ensure_none(file, &entries, "customers with contradictory lines", "keep one line of each customer")
}

/// Refuses customers that the service does not know.
pub(crate) fn ensure_known_customers(file: &str, plan: &Plan) -> Result<(), CliError> {
    let entries = of_kind(plan, EntryKind::UnknownCustomer);
    let next = "remove their lines, or leave them out with --skip-unknown";
    ensure_none(file, &entries, "customers that the service does not know", next)
}

fn of_kind(plan: &Plan, kind: EntryKind) -> Vec<&Entry> {
    plan.entries().iter().filter(|entry| entry.kind == kind).collect()
}

fn ensure_none(file: &str, entries: &[&Entry], why: &str, next: &str) -> Result<(), CliError> {
    if entries.is_empty() {
        return Ok(());
    }
    let why = format_args!("{why}: {}", entries.len());
    Err(CliError::usage("nothing was sent", why, next).items(listing(file, entries.iter().copied())))
}
