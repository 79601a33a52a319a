//! A plan for people.

use std::collections::HashMap;
use std::io::{self, Write};

use partner_center_budgets_fleet::{Entry, EntryKind, Plan};

use super::entries::{amount, lines};
use crate::output::table::{Align, Table};
use crate::sheet::StatedName;

/// Prints the changes, the customers that cannot be changed, and the totals. For a customer whose name is unknown it shows
/// the name in the sheet.
pub(super) fn print(plan: &Plan, stated: &[StatedName]) -> io::Result<()> {
    let stated: HashMap<_, _> = stated.iter().rev().map(|name| (name.customer, name.name.as_str())).collect();
    let mut table = Table::new([
        ("customer", Align::Id),
        ("name", Align::Truncated),
        ("now", Align::Decimal),
        ("wanted", Align::Decimal),
        ("currency", Align::Optional),
        ("change", Align::Left),
        ("line", Align::Left),
    ]);
    let name = |entry: &Entry| entry.name.clone().or_else(|| Some((*stated.get(&entry.customer)?).to_owned()));
    let mut is_empty = true;
    for entry in plan.entries().iter().filter(|entry| entry.kind != EntryKind::Unchanged) {
        is_empty = false;
        let is_change = entry.kind.is_change();
        table.row([
            entry.customer.to_string(),
            name(entry).unwrap_or_default(),
            if is_change { amount(entry.from) } else { String::new() },
            if is_change { amount(entry.to) } else { String::new() },
            entry.currency.as_ref().map(ToString::to_string).unwrap_or_default(),
            entry.kind.to_string(),
            lines(entry),
        ]);
    }
    if !is_empty {
        table.print()?;
        writeln!(io::stdout())?;
    }
    write!(io::stdout(), "{plan}")
}
