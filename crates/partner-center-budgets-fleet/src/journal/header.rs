//! The first line: the version of the journal, and the plan.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::checksum;
use super::error::JournalErrorKind;
use super::record::to_json;
use super::version::VERSION;
use crate::Plan;
use crate::plan::PlanIdentity;

#[derive(Serialize)]
struct Header<'a> {
    /// The version; the key marks the file as a journal.
    journal: u32,
    plan: &'a Plan,
}

/// The header of a plan's journal. It is the same for the same plan.
pub(super) fn header(plan: &Plan) -> Vec<u8> {
    checksum::seal(&to_json(&Header { journal: VERSION, plan }), 0)
}

/// Reads the plan of a header.
pub(super) fn read_plan(header: &[u8]) -> Result<Plan, JournalErrorKind> {
    #[derive(Deserialize)]
    struct Version {
        journal: u32,
    }
    #[derive(Deserialize)]
    struct Content {
        plan: Plan,
    }
    let unreadable = |error: serde_json::Error| JournalErrorKind::Unreadable(error.to_string());
    let is_intact = checksum::is_intact(header.strip_suffix(b"\n").unwrap_or(header), 0);
    if !is_intact && header.starts_with(format!(r#"{{"journal":{VERSION},"#).as_bytes()) {
        return Err(JournalErrorKind::DamagedPlan);
    }
    let Version { journal } = serde_json::from_slice(header).map_err(unreadable)?;
    if journal != VERSION {
        return Err(JournalErrorKind::OtherVersion(journal));
    }
    serde_json::from_slice(header).map(|Content { plan }| plan).map_err(unreadable)
}

/// Whether a header has the plan of the header `expected`. Usually both are the same bytes.
pub(super) fn has_plan(header: &[u8], expected: &[u8], identity: &PlanIdentity) -> Result<bool, JournalErrorKind> {
    // A program that rewrote the plan's file may have written other zeros at the ends of its amounts.
    Ok(header == expected || read_plan(header)?.identity() == *identity)
}

/// Whether a crash tore off the end of a header, of any plan. Nothing was sent then: the line feed of the header is written
/// before that. Complete JSON that is not a header belongs to another program.
pub(super) fn is_torn(header: &[u8]) -> bool {
    const START: &[u8] = br#"{"journal":"#;
    let is_complete = || serde_json::from_slice::<IgnoredAny>(header).is_ok();
    let is_header = header.starts_with(START) && (!is_complete() || read_plan(header).is_ok());
    !header.ends_with(b"\n") && (START.starts_with(header) || is_header)
}
