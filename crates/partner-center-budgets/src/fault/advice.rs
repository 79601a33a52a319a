//! Advice on refusals.

const APP_AND_USER: &str = "call this operation with a token of an app and a user";

/// Statuses, codes, a part of the description, and the advice. The first entry that matches applies.
///
/// An empty list of codes matches every refusal. An empty code matches a refusal without one. The documentation of the crate
/// has a row for each entry.
const ADVICE: &[(&[u16], &[&str], &str, &str)] = &[
    (&[401], &["900420"], "", "request the token for the audience https://api.partnercenter.microsoft.com"),
    (&[401], &["900421", "10001"], "", "sign the user in again with multi-factor authentication"),
    (&[401], &["800001"], "", "send an access token"),
    (&[401], &[], "", "check that the access token is for Partner Center and has not expired"),
    (&[403], &["20002"], "", "check the customer's id, and that the customer has a reseller relationship with you"),
    (&[403], &["900329"], "", APP_AND_USER),
    (&[403, 500], &[], "application credentials", APP_AND_USER),
    (&[403], &["900150", "2032"], "", "give the signed-in user the role of an admin agent"),
    (&[404], &["60003"], "", "check the customer's id"),
    (&[404], &[""], "", "check the address: without a code, the answer is not from Partner Center itself"),
    (&[404], &["20003"], "", "check the subscription's id; for an Azure plan it is the id of the plan"),
    (&[400, 404], &["3000"], "usage data", "the customer has not used Azure, so there is nothing to report"),
    (&[429], &[], "", "wait, then call less often"),
    (&[408, 500, 502, 503, 504], &[], "", "try again later; if it persists, give both ids to Microsoft's support"),
];

pub(super) fn advice_on(status: u16, code: &str, description: &str) -> Option<&'static str> {
    let is_match = |(statuses, codes, part, _): &&(&[u16], &[&str], &str, &str)| {
        statuses.contains(&status) && (codes.is_empty() || codes.contains(&code)) && description.contains(part)
    };
    ADVICE.iter().find(is_match).map(|(.., advice)| *advice)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::documentation::table;
    use crate::retry_after::is_transient;

    /// Statuses and codes of a row or an entry.
    type Key = (BTreeSet<String>, BTreeSet<String>);

    /// All numbers of a cell such as `401, code 900421 or 10001`. A status has three digits, a code has more.
    fn key(cell: &str) -> Key {
        let numbers = cell.split(|letter: char| !letter.is_ascii_digit()).filter(|number| !number.is_empty());
        numbers.map(str::to_owned).partition(|number| number.len() == 3)
    }

    fn entries() -> Vec<Key> {
        let key = |(statuses, codes, ..): &(&[u16], &[&str], &str, &str)| key(&format!("{statuses:?} {codes:?}"));
        ADVICE.iter().map(key).collect()
    }

    #[test]
    fn the_documentation_has_a_row_for_each_entry() {
        let rows = table(include_str!("../lib.rs"), "| status and code |");
        let rows: Vec<_> = rows.iter().map(|(cell, _)| key(cell)).collect();
        assert_eq!(BTreeSet::from_iter(&rows), BTreeSet::from_iter(&entries()));
        assert_eq!(rows.len(), ADVICE.len());
    }

    #[test]
    fn the_readme_repeats_rows() {
        let rows = table(include_str!("../../../../README.md"), "| error |");
        let rows: Vec<_> =
            rows.iter().filter(|(cell, _)| cell.contains(", code ")).map(|(cell, _)| key(cell)).collect();
        assert!(rows.len() > 4, "{rows:?}");
        for row in rows {
            assert!(entries().contains(&row), "no advice: {row:?}");
        }
    }

    #[test]
    fn advises_on_every_transient_status() {
        for status in 100..600 {
            let has_advice = advice_on(status, "1", "").is_some();
            assert_eq!(has_advice, is_transient(status) || status == 401, "{status}");
        }
    }

    #[test]
    fn the_first_match_applies() {
        for (status, code, description, expected) in [
            (401, "900421", "", Some("sign the user in again")),
            (401, "", "", Some("check that the access token")),
            (403, "20002", "application credentials", Some("check the customer's id, and")),
            (403, "900150", "application credentials", Some(APP_AND_USER)),
            (500, "", "no application credentials", Some(APP_AND_USER)),
            (500, "", "", Some("try again later")),
            (404, "", "", Some("check the address")),
            (404, "3000", "no usage data", Some("the customer has not used")),
            (404, "3000", "", None),
            (403, "", "", None),
        ] {
            let advice = advice_on(status, code, description);
            let is_expected = advice.map(|advice| advice.starts_with(expected.unwrap_or("-")));
            assert_eq!(is_expected, expected.map(|_| true), "{status} {code} {description}: {advice:?}");
        }
    }
}
