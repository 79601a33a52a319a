//! Possible readings of a cell that is not a plain number.

/// One number that a cell can mean.
#[derive(Debug, PartialEq)]
pub(super) struct Meaning {
    /// Digits with at most one point, and a minus if it is negative.
    pub(super) text: String,
    /// The mark before the fraction.
    decimal: Option<char>,
    /// The mark between thousands.
    group: Option<char>,
}

impl Meaning {
    /// The decimal mark that follows from this reading: its own, or the one that does not separate thousands.
    pub(super) fn decimal_mark(&self) -> Option<char> {
        self.decimal.or(match self.group {
            Some(',') => Some('.'),
            Some('.') => Some(','),
            _ => None,
        })
    }
}

/// Marks between thousands.
const GROUPS: [char; 9] = [',', '.', '\'', '’', '_', ' ', '\u{a0}', '\u{202f}', '\u{2009}'];

/// The common currency codes. Accepting any three letters would accept `MIO` and `TSD`, which are factors.
const CURRENCIES: [&str; 36] = [
    "AED", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "IDR",
    "ILS", "INR", "JPY", "KRW", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RON", "RUB", "SAR", "SEK", "SGD", "THB",
    "TRY", "TWD", "USD", "ZAR",
];

/// Every number that a cell can mean.
///
/// The whole cell must have a meaning: any other sign, factor, comparison or group size makes the list empty.
pub(super) fn meanings(cell: &str) -> Vec<Meaning> {
    let cell = cell.trim();
    let (is_negative, rest) = without_minus(cell);
    let bare = without_currency(rest);
    let (is_negative, number) = match without_minus(bare) {
        // With two signs the number is not certain.
        (true, _) if is_negative => return Vec::new(),
        (own, number) => (own || is_negative, number),
    };
    let mut all: Vec<Meaning> = Vec::new();
    for decimal in [None, Some(','), Some('.')] {
        let Some((whole, fraction)) = split(number, decimal) else { continue };
        let groups = GROUPS.into_iter().filter(|group| Some(*group) != decimal).map(Some);
        for group in std::iter::once(None).chain(groups) {
            let Some(digits) = ungrouped(whole, group) else { continue };
            let sign = if is_negative { "-" } else { "" };
            let text = match fraction {
                "" => format!("{sign}{digits}"),
                fraction => format!("{sign}{digits}.{fraction}"),
            };
            all.push(Meaning { text, decimal, group });
        }
    }
    all
}

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Strips an ASCII or Unicode minus. An en dash is ambiguous: it may be a minus or a dash.
fn without_minus(text: &str) -> (bool, &str) {
    match text.strip_prefix(['-', '\u{2212}']) {
        // Before a space it may be a dash.
        Some(rest) if !rest.starts_with(char::is_whitespace) => (true, rest),
        _ => (false, text),
    }
}

/// Strips a currency before or after the number.
fn without_currency(text: &str) -> &str {
    let is_symbol = |character: char| matches!(character, '$' | '£' | '¥' | '\u{20a0}'..='\u{20cf}');
    let is_code =
        |code: Option<&str>| code.is_some_and(|code| CURRENCIES.iter().any(|own| own.eq_ignore_ascii_case(code)));
    let bare = if let Some(rest) = text.strip_prefix(is_symbol).or_else(|| text.strip_suffix(is_symbol)) {
        rest
    } else if is_code(text.get(..3)) {
        &text[3..]
    } else if let Some(start) = text.len().checked_sub(3).filter(|start| is_code(text.get(*start..))) {
        &text[..start]
    } else {
        text
    };
    bare.trim()
}

/// The whole part and the fraction. The fraction is empty without a decimal mark, and for a dash as in `12,-`.
fn split(number: &str, decimal: Option<char>) -> Option<(&str, &str)> {
    let Some(mark) = decimal else { return Some((number, "")) };
    let (whole, fraction) = number.rsplit_once(mark)?;
    match fraction {
        "-" | "--" | "–" | "—" => Some((whole, "")),
        fraction => is_digits(fraction).then_some((whole, fraction)),
    }
}

/// The digits, if the groups between the marks are thousands.
fn ungrouped(whole: &str, group: Option<char>) -> Option<String> {
    let Some(mark) = group else { return is_digits(whole).then(|| whole.to_owned()) };
    let (first, rest) = whole.split_once(mark)?;
    let is_first = is_digits(first) && first.len() <= 3 && !first.starts_with('0');
    let are_thousands = rest.split(mark).all(|digits| is_digits(digits) && digits.len() == 3);
    (is_first && are_thousands).then(|| whole.replace(mark, ""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Each meaning has all digits and the sign of the cell, and no part of the cell is ignored.
        #[test]
        fn a_meaning_drops_neither_digits_nor_signs(
            cell in "[-\u{2212}–+(≤~]?(EUR|€|\\$)? ?[-\u{2212}]?[0-9]{1,4}[,.' ]?[0-9]{0,3}[,.' ]?[0-9]{0,3}[,.]?[-–k%)+]?( ?(EUR|€|Mio|CR|k))?",
        ) {
            for meaning in meanings(&cell) {
                let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
                prop_assert_eq!(digits(&meaning.text), digits(&cell), "{}", cell);
                // A dash after a decimal mark means no fraction.
                let signs = [",-", ".-", ",–", ".–"].iter().fold(cell.clone(), |cell, dash| cell.replace(dash, ""));
                let minus = signs.matches(['-', '\u{2212}']).count();
                prop_assert_eq!(minus, usize::from(meaning.text.starts_with('-')), "{}", cell);
                prop_assert!(!signs.contains(['+', '(', ')', '≤', '~', '–', 'k', '%', 'M', 'C']), "{}", cell);
            }
        }
    }
}
