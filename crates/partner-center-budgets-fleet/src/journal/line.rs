//! One line.

use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::checksum;
use crate::Plan;
use crate::amount::Amount;
use crate::plan::Identity;
use partner_center_budgets::{CustomerId, Decimal, Error};

/// The version that is written and read. Lines of version 1 had no checksum.
const VERSION: u32 = 2;

/// What happened to a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Event {
    /// Its budget is about to be sent.
    Intent,
    /// Its budget was sent and is as wanted.
    Done,
    /// Its budget was as wanted before anything was sent.
    Already,
    /// Its budget was not what the plan saw, so nothing was sent.
    Changed,
    /// Its budget could not be read, or was not taken.
    Failed,
    /// Its budget was sent, and what became of that could not be read.
    Unknown,
}

/// A line about a customer.
#[derive(Serialize, Deserialize)]
pub(crate) struct Line {
    /// For people, and in the last line for the limiter.
    pub(super) at: String,
    pub(super) customer: Uuid,
    pub(super) event: Event,
    /// For people: what is about to be sent, in an intent; what was found instead, where it was changed. No key is for
    /// the other events, null is for no budget.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    amount: Option<Option<Amount>>,
    /// For people, as are the ids, which Microsoft's support asks for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    request_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    correlation_id: Option<Uuid>,
}

impl Line {
    /// Of this moment.
    pub(crate) fn now(customer: CustomerId, event: Event) -> Self {
        let customer = customer.into();
        Self { at: moment(), customer, event, amount: None, error: None, request_id: None, correlation_id: None }
    }

    pub(crate) fn amount(self, amount: Option<Decimal>) -> Self {
        Self { amount: Some(amount.map(Amount)), ..self }
    }

    pub(crate) fn error(self, error: &Error) -> Self {
        let ids = error.ids();
        Self {
            error: Some(error.to_string()),
            request_id: ids.map(|ids| ids.request),
            correlation_id: ids.map(|ids| ids.correlation),
            ..self
        }
    }
}

/// A line as JSON, to which the writer adds the checksum.
pub(super) fn object(line: &impl Serialize) -> Vec<u8> {
    // Lines have texts, numbers and ids alone, which always can be written.
    serde_json::to_vec(line).unwrap_or_default()
}

/// Marks that the damage of earlier lines was accepted: from here on, every change that is not certainly done is read back.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DamageAccepted {
    pub(super) at: String,
    damage_accepted: bool,
    #[serde(skip_serializing, default, rename = "sum")]
    _sum: String,
}

impl DamageAccepted {
    pub(super) fn now() -> Self {
        Self { at: moment(), damage_accepted: true, _sum: String::new() }
    }
}

/// This moment, as all lines write it.
pub(super) fn moment() -> String {
    DateTime::<Utc>::from(SystemTime::now()).to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[derive(Serialize)]
struct Header<'a> {
    /// Says that this is a journal, and its version.
    journal: u32,
    plan: &'a Plan,
}

#[derive(Deserialize)]
struct ReadHeader {
    journal: u32,
    plan: Plan,
}

/// The first line. The same plan has the same one.
pub(super) fn header(plan: &Plan) -> Vec<u8> {
    checksum::seal(&object(&Header { journal: VERSION, plan }), 0)
}

/// The plan of a first line, or why that cannot be read.
pub(super) fn plan_of(header: &[u8]) -> Result<Plan, String> {
    let is_intact = checksum::is_intact(header.strip_suffix(b"\n").unwrap_or(header), 0);
    if !is_intact && header.starts_with(format!(r#"{{"journal":{VERSION},"#).as_bytes()) {
        return Err("line 1, which has the plan, is damaged: its checksum is wrong".to_owned());
    }
    let header: ReadHeader = serde_json::from_slice(header).map_err(|error| error.to_string())?;
    match header.journal {
        VERSION => Ok(header.plan),
        version => Err(format!("it has version {version}, and only {VERSION} is known")),
    }
}

/// Whether a first line is of this plan, without reading the rest of it where it is.
pub(super) fn is_of(header: &[u8], expected: &[u8], identity: &Identity) -> Result<bool, String> {
    if header == expected {
        return Ok(true);
    }
    // Who wrote the plan's file anew may have written other zeros.
    Ok(plan_of(header)?.identity() == *identity)
}
