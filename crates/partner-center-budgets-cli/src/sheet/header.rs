//! The header of a sheet: the columns and their delimiter.

use super::cells::{self, Lines};
use super::problem::Problems;

/// The indexes of the columns.
pub(super) struct Columns {
    pub(super) delimiter: u8,
    pub(super) customer: usize,
    pub(super) amount: usize,
    pub(super) name: Option<usize>,
    pub(super) currency: Option<usize>,
    /// The number of columns, up to the last one with a name.
    pub(super) width: usize,
}

const IDS: [&str; 4] = ["customerid", "customertenantid", "tenantid", "customertenant"];
const AMOUNTS: [&str; 4] = ["amount", "budget", "spendingbudget", "budgetamount"];
const CURRENCIES: [&str; 2] = ["currency", "currencycode"];
const NAMES: [&str; 4] = ["name", "customername", "companyname", "company"];

impl Columns {
    /// Reads the header. `None` if it cannot be used; then `problems` has the reason.
    pub(super) fn find(lines: &mut Lines<'_>, problems: &mut Problems) -> Option<Self> {
        let Some((mut number, mut line)) = lines.next_line() else {
            problems.add((1, 1), "the sheet is empty; its first line names the columns, such as `customer,amount`");
            return None;
        };
        let declared = declared_delimiter(line);
        if declared.is_some() {
            let Some(next) = lines.next_line() else {
                let what = "the sheet ends below this line; the next one names the columns, such as `customer;amount`";
                problems.add((number, 1), what);
                return None;
            };
            (number, line) = next;
        }
        let known = |delimiter: &u8| {
            let cells = cells::split(line, *delimiter);
            let is_known = |cell: &str| {
                [IDS, AMOUNTS, NAMES].concat().contains(&cell) || CURRENCIES.contains(&cell) || cell == "customer"
            };
            (cells.iter().filter(|cell| is_known(&plain(cell))).count(), cells.len())
        };
        let delimiter = declared.or_else(|| b"\t;,".iter().copied().max_by_key(known)).unwrap_or(b',');
        let cells: Vec<_> = cells::split(line, delimiter).iter().map(|cell| plain(cell)).collect();
        let mut one = |what: &str, among: &[&str], how: &str| {
            let found: Vec<_> = (0..cells.len()).filter(|at| among.contains(&cells[*at].as_str())).collect();
            match found.as_slice() {
                [one] => return Some(*one),
                [] => problems.add(
                    (number, 1),
                    &format!(
                        "no column for the {what} in `{:.80}`; name one {how}, with ; , or a tab between the columns",
                        line.trim()
                    ),
                ),
                _ => problems.add((number, 1), &format!("{} columns for the {what}; keep one", found.len())),
            }
            None
        };
        // If another column has the ids, `Customer` has the names.
        let has_ids = cells.iter().any(|cell| IDS.contains(&cell.as_str()));
        let customer = one("customer", if has_ids { &IDS } else { &["customer"] }, "`customer`");
        let amount = one("amount", &AMOUNTS, "`amount`");
        // The column is optional, but two of them are ambiguous.
        let currency = match cells.iter().any(|cell| CURRENCIES.contains(&cell.as_str())) {
            true => Some(one("currency", &CURRENCIES, "`currency`")?),
            false => None,
        };
        let is_name = |cell: &String| NAMES.contains(&cell.as_str()) || has_ids && cell == "customer";
        let name = cells.iter().position(is_name);
        // Unnamed columns at the end must stay empty: the second half of a decimal comma would be in one.
        let width = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        Some(Self { delimiter, customer: customer?, amount: amount?, name, currency, width })
    }
}

/// The delimiter of a line such as `sep=;`, which only Excel reads. Programs that quote all cells also quote this one.
fn declared_delimiter(line: &str) -> Option<u8> {
    let line = line.trim_start_matches([' ', '"']);
    line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep="))?;
    line.as_bytes().get(4).copied().filter(|mark| *mark != b'"')
}

/// A normalized column name: `Customer-Tenant-ID` becomes `customertenantid`.
fn plain(cell: &str) -> String {
    let is_mark = |character: &char| character.is_whitespace() || ['-', '_', '.'].contains(character);
    cell.chars().filter(|character| !is_mark(character)).flat_map(char::to_lowercase).collect()
}
