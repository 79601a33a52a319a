//! Entries of a plan in messages.

use partner_center_budgets::Decimal;
use partner_center_budgets_fleet::Entry;

use crate::output::listing::Listing;
use crate::output::number::exact;

/// A budget, or `none`.
pub(crate) fn amount(amount: Option<Decimal>) -> String {
    amount.map_or_else(|| "none".to_owned(), exact)
}

/// The lines of an entry in its sheet.
pub(crate) fn lines(entry: &Entry) -> String {
    entry.lines().map(|line| line.to_string()).collect::<Vec<_>>().join(", ")
}

/// The customer of an entry, with its name if it is known.
pub(crate) fn customer(entry: &Entry) -> String {
    let name = entry.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    format!("{}{name}", entry.customer)
}

/// The entries of a sheet, in its order, one per line.
pub(crate) fn listing<'a>(file: &str, entries: impl IntoIterator<Item = &'a Entry>) -> Listing {
    let mut entries: Vec<_> = entries.into_iter().collect();
    entries.sort_by_key(|entry| entry.lines().next());
    let item = |entry: &Entry| {
        let change = match entry.kind.is_change() {
            true => {
                let currency = entry.currency.as_ref().map(|currency| format!("{currency} ")).unwrap_or_default();
                format!("{currency}{} -> {}", amount(entry.from), amount(entry.to))
            }
            false => entry.kind.to_string(),
        };
        format!("{file}:{}: customer {}: {change}", lines(entry), customer(entry))
    };
    entries.into_iter().map(item).collect()
}
