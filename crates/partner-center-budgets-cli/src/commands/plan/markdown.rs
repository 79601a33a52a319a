//! A plan or a run as a document in Markdown: who, when, for which partner, the totals, and each change.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use chrono::{DateTime, Utc};
use partner_center_budgets::Decimal;
use partner_center_budgets_fleet::{EntryKind, JournalHistory, Plan};

use super::entries::amount;
use super::rows::PlanRow;
use crate::output::markdown::escaped;
use crate::output::number::{exact, quantity};
use crate::output::table::{Align, Table};

/// Writes the document of a plan, or of the run whose journal has this `history`. `file` is the path of the sheet or plan,
/// and `rows` has a row for each of its customers.
pub(crate) fn print(file: &str, plan: &Plan, history: Option<&JournalHistory>, rows: &[PlanRow]) -> io::Result<()> {
    let title = if history.is_some() { "Budget changes" } else { "Planned budget changes" };
    let mut facts = vec![format!("Partner: {}", plan.partner().unwrap_or("unknown"))];
    facts.extend(planned(plan));
    facts.extend(history.map(applied));
    facts.push(counts(plan, rows));
    let mut out = io::stdout().lock();
    writeln!(out, "## {}\n", escaped(&format!("{title}: {file}")))?;
    for fact in facts {
        writeln!(out, "- {}", escaped(&fact))?;
    }
    drop(out);
    let (totals, without_currency) = totals(rows);
    if !totals.is_empty() {
        writeln!(io::stdout(), "\n### Totals\n")?;
        totals_table(totals).print_markdown()?;
    }
    if without_currency > 0 {
        let count = quantity(without_currency, "change");
        writeln!(io::stdout(), "\n{count} of unknown currency, in no total.")?;
    }
    if rows.iter().any(is_shown) {
        writeln!(io::stdout(), "\n### Customers\n")?;
        changes_table(rows).print_markdown()?;
    }
    Ok(())
}

/// Unchanged customers are in the counts only.
fn is_shown(row: &PlanRow) -> bool {
    row.kind != EntryKind::Unchanged
}

fn time(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn planned(plan: &Plan) -> Option<String> {
    let at = plan.made_at().map(|at| format!(" at {}", time(at))).unwrap_or_default();
    match plan.author() {
        Some(author) => Some(format!("Planned by {author}{at}")),
        None if at.is_empty() => None,
        None => Some(format!("Planned{at}")),
    }
}

/// The senders of the budgets, and the times.
fn applied(history: &JournalHistory) -> String {
    let actors: BTreeSet<_> = history.changes.iter().filter_map(|change| change.by.as_deref()).collect();
    let by = match actors.is_empty() {
        true => String::new(),
        false => format!(" by {}", actors.into_iter().collect::<Vec<_>>().join(", ")),
    };
    let times = || history.changes.iter().filter_map(|change| change.at);
    match times().min().zip(times().max()) {
        Some((first, last)) if time(first) == time(last) => format!("Applied{by} at {}", time(first)),
        Some((first, last)) => format!("Applied{by} from {} to {}", time(first), time(last)),
        None => "Not applied".to_owned(),
    }
}

/// Such as `3 changes: 2 done, 1 failed; 40 customers of the partner`.
fn counts(plan: &Plan, rows: &[PlanRow]) -> String {
    let mut counts = BTreeMap::<&str, usize>::new();
    for row in rows {
        *counts.entry(row.status).or_default() += 1;
    }
    let counts: Vec<_> =
        counts.into_iter().map(|(status, count)| format!("{count} {}", status.replace('-', " "))).collect();
    format!(
        "{} in {}, of {} of the partner: {}",
        quantity(plan.changes().count(), "change"),
        quantity(plan.totals().rows, "row"),
        quantity(plan.customer_count(), "customer"),
        counts.join(", ")
    )
}

/// The sums of one currency.
struct CurrencySum {
    changes: usize,
    /// `None` if a sum has more digits than a decimal holds.
    old: Option<Decimal>,
    new: Option<Decimal>,
}

/// The sums by currency of the changes that are planned or made, and the number of those without a currency.
fn totals(rows: &[PlanRow]) -> (BTreeMap<&str, CurrencySum>, usize) {
    let (mut totals, mut without_currency) = (BTreeMap::new(), 0);
    for row in rows.iter().filter(|row| row.is_counted) {
        let Some(currency) = &row.currency else {
            without_currency += 1;
            continue;
        };
        let zero = Some(Decimal::default());
        let sum = totals.entry(currency.as_str()).or_insert(CurrencySum { changes: 0, old: zero, new: zero });
        sum.changes += 1;
        sum.old = sum.old.and_then(|old| old.checked_add(row.old.unwrap_or_default()));
        sum.new = sum.new.and_then(|new| new.checked_add(row.new.unwrap_or_default()));
    }
    (totals, without_currency)
}

fn totals_table(totals: BTreeMap<&str, CurrencySum>) -> Table {
    let mut table = Table::new([
        ("currency", Align::Left),
        ("changes", Align::Decimal),
        ("old", Align::Decimal),
        ("new", Align::Decimal),
        ("difference", Align::Decimal),
    ]);
    let shown = |sum: Option<Decimal>| sum.map_or_else(|| "too many digits".to_owned(), exact);
    for (currency, CurrencySum { changes, old, new }) in totals {
        let difference = old.zip(new).and_then(|(old, new)| new.checked_sub(old));
        table.row([currency.to_owned(), changes.to_string(), shown(old), shown(new), signed(difference)]);
    }
    table
}

fn changes_table(rows: &[PlanRow]) -> Table {
    let mut table = Table::new([
        ("customer", Align::Left),
        ("name", Align::Optional),
        ("old", Align::Decimal),
        ("new", Align::Decimal),
        ("difference", Align::Decimal),
        ("currency", Align::Optional),
        ("status", Align::Left),
        ("time", Align::Optional),
        ("request id", Align::Optional),
        ("reason", Align::Optional),
    ]);
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    for row in rows.iter().filter(|row| is_shown(row)) {
        let is_change = row.kind.is_change();
        table.row([
            row.customer.clone(),
            text(&row.name),
            if is_change { amount(row.old) } else { String::new() },
            if is_change { amount(row.new) } else { String::new() },
            if is_change { signed(row.difference) } else { String::new() },
            text(&row.currency),
            row.status.replace('-', " "),
            row.time.map(time).unwrap_or_default(),
            text(&row.request_id),
            text(&row.reason),
        ]);
    }
    table
}

/// A difference with its sign.
fn signed(difference: Option<Decimal>) -> String {
    let Some(difference) = difference else { return "too many digits".to_owned() };
    let sign = if difference > Decimal::default() { "+" } else { "" };
    format!("{sign}{}", exact(difference))
}
