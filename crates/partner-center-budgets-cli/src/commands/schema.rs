//! `pc-budgets schema`: JSON Schemas of what `--output json` writes.

use std::io::{self, Write};

use clap::builder::PossibleValuesParser;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use super::{apply, budget, check, compare, customers, export, log, partner_summary, profiles, status, usage};

/// Print the JSON Schema of what a command writes with --output json
///
/// With --output ndjson, each line is an item of the list. Later versions can add properties; they remove none without a
/// line in the changelog.
///
/// Exit codes: 0 printed, 2 wrong usage.
///
/// Example: pc-budgets schema usage
#[derive(Debug, clap::Args)]
pub(crate) struct SchemaArgs {
    /// The command; `usage-customer` is `usage CUSTOMER`
    #[arg(value_name = "COMMAND", value_parser = PossibleValuesParser::new(SCHEMAS.map(|(command, _)| command)))]
    command: String,
}

/// Makes the schema of a command.
type MakeSchema = fn() -> Schema;

const SCHEMAS: [(&str, MakeSchema); 15] = [
    ("apply", of::<apply::SummaryDocument<'static>>),
    ("check", of::<check::CheckRecord<'static>>),
    ("clear", of::<budget::BudgetRecord>),
    ("compare", of::<Vec<compare::ChangeRow<'static>>>),
    ("customers", of::<Vec<customers::CustomerRecord>>),
    ("export", of::<Vec<export::ExportedCustomer>>),
    ("get", of::<budget::BudgetRecord>),
    ("log", of::<Vec<log::LogEntry>>),
    ("plan", of::<partner_center_budgets_fleet::Plan>),
    ("profiles", of::<Vec<profiles::ProfileRecord>>),
    ("set", of::<budget::BudgetRecord>),
    ("status", of::<status::StatusRecord>),
    ("summary", of::<partner_summary::SummaryRecord>),
    ("usage", of::<Vec<usage::columns::UsageRow>>),
    ("usage-customer", of::<usage::BreakdownRecord<'static>>),
];

pub(crate) fn run(args: &SchemaArgs) -> anyhow::Result<()> {
    let schema = SCHEMAS.into_iter().find(|(command, _)| *command == args.command).map(|(_, schema)| schema());
    let json = serde_json::to_string_pretty(&schema)?;
    Ok(writeln!(io::stdout(), "{json}")?)
}

fn of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}
