//! A plan for people.

use std::collections::HashMap;
use std::io::{self, Write};

use partner_center_budgets::Decimal;
use partner_center_budgets_fleet::{Entry, EntryKind, Plan};

use crate::output::exact;
use crate::sheet::{KnownNames, StatedName};
use crate::table::{Align, Table};

/// As many lines fit on a screen.
const SHOWN: usize = 20;

/// Prints the changes, the entries that cannot be changed, and the totals. The sheet's name is shown if no other is known.
pub(super) fn table(plan: &Plan, known: &KnownNames, stated: &[StatedName]) -> io::Result<()> {
    let of_sheet: HashMap<_, _> = stated.iter().rev().map(|name| (name.customer, name.name.as_str())).collect();
    let mut table = Table::new([
        ("customer", Align::Id),
        ("name", Align::Cut),
        ("now", Align::Point),
        ("wanted", Align::Point),
        ("currency", Align::Known),
        ("change", Align::Left),
        ("line", Align::Left),
    ]);
    let name = |customer| known.get(customer).or_else(|| of_sheet.get(&customer).copied());
    for entry in plan.entries().iter().filter(|entry| entry.kind != EntryKind::Unchanged) {
        let is_known = entry.kind.is_change();
        table.row([
            entry.customer.to_string(),
            name(entry.customer).unwrap_or_default().to_owned(),
            if is_known { amount(entry.from) } else { String::new() },
            if is_known { amount(entry.to) } else { String::new() },
            entry.currency.as_ref().map(ToString::to_string).unwrap_or_default(),
            entry.kind.to_string(),
            numbers(entry),
        ]);
    }
    if plan.entries().iter().any(|entry| entry.kind != EntryKind::Unchanged) {
        table.print()?;
        writeln!(io::stdout())?;
    }
    write!(io::stdout(), "{plan}")
}

fn amount(amount: Option<Decimal>) -> String {
    amount.map_or_else(|| "none".to_owned(), exact)
}

/// The lines of an entry in its sheet.
fn numbers(entry: &Entry) -> String {
    entry.lines().map(|line| line.to_string()).collect::<Vec<_>>().join(", ")
}

/// The first of these texts, one in each line, and how many more there are.
pub(crate) fn lines(all: &[String]) -> String {
    let mut text: String = all.iter().take(SHOWN).flat_map(|line| [line.as_str(), "\n"]).collect();
    if let Some(more) = all.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text += &format!("and {more} more\n");
    }
    text
}

/// These entries of a sheet, one in each line.
pub(crate) fn entries<'a>(path: &str, entries: impl IntoIterator<Item = &'a Entry>) -> String {
    let mut entries: Vec<_> = entries.into_iter().collect();
    entries.sort_by_key(|entry| entry.lines().next());
    let told = |entry: &&Entry| {
        let (line, kind) = (numbers(entry), entry.kind);
        let change = match kind.is_change() {
            true => {
                let currency = entry.currency.as_ref().map(|currency| format!("{currency} ")).unwrap_or_default();
                format!("{currency}{} -> {}", amount(entry.from), amount(entry.to))
            }
            false => kind.to_string(),
        };
        format!("{path}:{line}: customer {}: {change}", entry.customer)
    };
    lines(&entries.iter().map(told).collect::<Vec<_>>())
}
