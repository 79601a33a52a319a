//! `pc-budgets` measured against its goals.

mod apply;
mod check;
pub(crate) mod command;
mod compare;
mod get;
mod meters;
mod plan;
mod process_cost;
mod relay;
pub(crate) mod row;
mod usage;

use clap::ValueEnum;

use crate::release::Release;
use row::{Row, table};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// One budget: the whole process, compared with bare reqwest
    Get,
    /// 100,000 customers: memory, time to the first line, and processor time compared with bare reqwest
    Usage,
    /// 2,000 changes under a rate limit, with and without kills: time, lost changes, repeated changes
    Apply,
    /// A check of 100,000 customers: processor time compared with `usage`
    Check,
    /// One customer with 100,000 meters: memory, and time to the first line
    Meters,
    /// A sheet of 100,000 lines compared with a file
    Plan,
    /// Two recorded days of 100,000 customers: time and memory
    Compare,
}

/// Returns one table in Markdown.
pub(crate) fn measure(release: &Release, part: Option<Part>) -> anyhow::Result<String> {
    for package in ["partner-center-budgets-bench", "partner-center-budgets-sandbox", "partner-center-budgets-cli"] {
        release.build(package)?;
    }
    let mut rows = Vec::new();
    type Measure = fn(&Release) -> anyhow::Result<Vec<Row>>;
    let parts: [(Part, Measure); 7] = [
        (Part::Get, get::rows),
        (Part::Usage, usage::rows),
        (Part::Check, check::rows),
        (Part::Meters, meters::rows),
        (Part::Plan, plan::rows),
        (Part::Compare, compare::rows),
        (Part::Apply, apply::rows),
    ];
    for (_, measure) in parts.into_iter().filter(|(name, _)| part.is_none_or(|part| part == *name)) {
        rows.extend(measure(release)?);
    }
    Ok(table(&rows))
}
