//! The customer name of a cell.
//!
//! A spreadsheet runs a cell that begins with certain characters as a formula. Names come from outside, so `write` puts an
//! apostrophe before such a character. It does the same after each character at which a spreadsheet may split a cell, because
//! quotes do not help if the spreadsheet uses another delimiter than the file. Apostrophes in the same positions are doubled,
//! so that [`read`] restores the name.

use crate::output::sanitize::is_unsafe;

/// Characters that begin a formula, in all widths; the apostrophe is the escape itself.
const RISKY: [char; 14] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫', '\u{2212}', '\''];

/// Whether a spreadsheet may begin a new cell after this character.
fn splits(character: char) -> bool {
    matches!(character, ';' | ',' | '\t' | '|' | '\r' | '\n')
}

/// Whether a spreadsheet ignores this character at the beginning of a cell.
fn is_skipped(character: char) -> bool {
    character == '"' || character.is_whitespace() || is_unsafe(character)
}

/// The cell for a name, safe for spreadsheets. Tabs and line breaks become spaces, so that each row is a line.
pub(crate) fn write(name: &str) -> String {
    let (mut cell, mut is_start) = (String::with_capacity(name.len() + 1), true);
    for character in name.chars() {
        let character = if matches!(character, '\t' | '\r' | '\n') { ' ' } else { character };
        if is_start && RISKY.contains(&character) {
            cell.push('\'');
        }
        cell.push(character);
        is_start = splits(character) || is_start && is_skipped(character);
    }
    cell
}

/// The name in a cell.
pub(super) fn read(cell: &str) -> String {
    let (mut name, mut is_start) = (String::with_capacity(cell.len()), true);
    let mut characters = cell.chars().peekable();
    while let Some(character) = characters.next() {
        if is_start && character == '\'' && characters.peek().is_some_and(|next| RISKY.contains(next)) {
            name.extend(characters.next());
            is_start = false;
            continue;
        }
        name.push(character);
        is_start = splits(character) || is_start && is_skipped(character);
    }
    name
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The cells that a spreadsheet makes of a line if it splits at `delimiter`.
    fn cells(line: &str, delimiter: u8) -> Vec<String> {
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(line.as_bytes());
        let record = reader.records().next().unwrap().unwrap();
        record.iter().map(str::to_owned).collect()
    }

    fn is_formula(cell: &str) -> bool {
        let text = cell.trim_start_matches(is_skipped);
        text.starts_with(|first| RISKY.contains(&first) && first != '\'')
    }

    fn name() -> impl Strategy<Value = String> {
        proptest::collection::vec(
            prop_oneof![
                proptest::sample::select(RISKY.to_vec()),
                proptest::sample::select(vec![
                    ';', ',', '\t', '|', '"', ' ', '\n', '\r', '\u{feff}', '\u{a0}', 'x', 'é', '1'
                ]),
                any::<char>(),
            ],
            0..12,
        )
        .prop_map(String::from_iter)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_name_comes_back_and_is_a_formula_for_no_delimiter(name in name()) {
            let cell = write(&name);
            prop_assert_eq!(read(&cell), name.replace(['\t', '\r', '\n'], " "));
            let line = format!("\"id\",\"{}\",\"none\"", cell.replace('"', "\"\""));
            for delimiter in b",;\t|" {
                for cell in cells(&line, *delimiter) {
                    prop_assert!(!is_formula(&cell), "{:?} in {:?}", cell, line);
                }
            }
        }
    }

    #[test]
    fn an_apostrophe_keeps_formulas_of_all_spellings_text() {
        for (name, cell) in [
            ("Blue Harbor", "Blue Harbor"),
            ("=1+1", "'=1+1"),
            ("＝1", "'＝1"),
            ("＠x", "'＠x"),
            (" -1", " '-1"),
            ("\n=1", " '=1"),
            ("\t+1", " '+1"),
            ("\u{feff}@x", "\u{feff}'@x"),
            ("x;=HYPERLINK(\"y\")", "x;'=HYPERLINK(\"y\")"),
            ("x;\"=1\"", "x;\"'=1\""),
            ("Contoso-West, A=B", "Contoso-West, A=B"),
            ("'t Gasthuis", "''t Gasthuis"),
        ] {
            assert_eq!(write(name), cell);
        }
    }
}
