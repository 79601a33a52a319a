//! `cargo xtask currencies`: the currency of each country, from the data of the Unicode CLDR.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context;
use serde_json::Value;

/// The source of the table of countries for `file`, the `supplemental/currencyData.json` of the npm package `cldr-core`.
///
/// A country has the first currency that is legal tender and has no last day: CLDR sorts them by importance. Countries
/// without such a currency are left out.
///
/// # Errors
///
/// Fails if the file cannot be read, or has another form.
pub fn table(file: &Path) -> anyhow::Result<String> {
    let name = file.display();
    let text = fs::read_to_string(file).with_context(|| format!("failed to read {name}"))?;
    let data: Value = serde_json::from_str(&text).with_context(|| format!("{name} is not valid JSON"))?;
    from_data(&data).with_context(|| format!("{name} is not the currencyData.json of CLDR"))
}

fn from_data(data: &Value) -> Option<String> {
    let version = data["supplemental"]["version"]["_cldrVersion"].as_str()?;
    let regions = data["supplemental"]["currencyData"]["region"].as_object()?;
    let mut countries: Vec<(&str, &str)> =
        regions.iter().filter_map(|(country, all)| Some((country.as_str(), current(all)?))).collect();
    countries.sort_unstable();
    let mut source = format!(
        "// Written by `cargo xtask currencies` from `currencyData` of the Unicode CLDR, version {version}. Do not edit.\n\
         // Copyright Unicode, Inc., Unicode License v3: https://www.unicode.org/license.txt\n\n\
         pub(super) static COUNTRIES: [(&str, &str); {}] = [\n",
        countries.len()
    );
    for (country, currency) in countries {
        writeln!(source, "    ({country:?}, {currency:?}),").ok()?;
    }
    Some(source + "];\n")
}

/// The first legal tender without a last day.
fn current(currencies: &Value) -> Option<&str> {
    let currencies = currencies.as_array()?.iter().filter_map(|one| one.as_object()?.iter().next());
    let mut current = currencies.filter(|(_, dates)| dates["_to"].is_null() && dates["_tender"] != "false");
    current.next().map(|(code, _)| code.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::from_data;

    #[test]
    fn a_country_has_its_first_legal_tender_without_a_last_day() {
        let data = json!({ "supplemental": { "version": { "_cldrVersion": "48" }, "currencyData": { "region": {
            "US": [{ "USS": { "_tender": "false", "_to": "2014-03-01" } }, { "USN": { "_tender": "false" } }, { "USD": { "_from": "1792-01-01" } }],
            "BG": [{ "EUR": { "_from": "2026-01-01" } }, { "BGN": { "_from": "1999-07-05", "_to": "2026-01-31" } }],
            "AQ": [{ "XXX": { "_tender": "false" } }],
            "PA": [{ "PAB": { "_from": "1903-11-04" } }, { "USD": { "_from": "1903-11-18" } }],
        } } } });
        let source = from_data(&data).unwrap();
        let (head, table) = source.split_once("\n\n").unwrap();
        assert!(head.contains("version 48."), "{head}");
        assert_eq!(
            table,
            "pub(super) static COUNTRIES: [(&str, &str); 3] = [\n    (\"BG\", \"EUR\"),\n    (\"PA\", \"PAB\"),\n    (\"US\", \"USD\"),\n];\n"
        );
        assert_eq!(from_data(&json!({ "supplemental": {} })), None);
    }
}
