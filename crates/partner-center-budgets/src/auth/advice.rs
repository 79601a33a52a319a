//! Advice on refusals by the authority.

/// One table for the documentation of [`auth`](super) and for the code. The README repeats some of its rows.
const TABLE: &str = include_str!("advice.md");

/// The advice on a code of Entra ID or on a value of `error` of OAuth 2.0, and whether the user has to sign in again.
pub(super) fn advice_on(code: &str) -> Option<(&'static str, bool)> {
    rows().find(|[codes, ..]| lists(codes, code)).map(|[_, advice, sign_in]| (advice, sign_in == "yes"))
}

/// The cells of each row, without the header.
fn rows() -> impl Iterator<Item = [&'static str; 3]> {
    let cells = |row: &'static str| {
        let mut cells = row.trim_matches('|').split('|').map(str::trim);
        Some([cells.next()?, cells.next()?, cells.next()?])
    };
    TABLE.lines().skip(2).filter_map(cells)
}

/// Whether a row is for this code. Its codes of Entra ID have one prefix `AADSTS`, before the first of them.
fn lists(codes: &str, code: &str) -> bool {
    let (code, codes) = match (code.strip_prefix("AADSTS"), codes.strip_prefix("AADSTS")) {
        (Some(code), Some(codes)) => (code, codes),
        (None, None) => (code, codes),
        _ => return false,
    };
    codes.split(", ").any(|listed| listed == code)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::documentation::table;

    #[test]
    fn each_row_is_complete_and_each_code_is_in_one_row() {
        assert_eq!(rows().count(), TABLE.lines().count() - 2);
        assert!(rows().all(|[_, advice, sign_in]| !advice.is_empty() && ["yes", "no"].contains(&sign_in)));
        let codes: Vec<_> = rows().flat_map(|[codes, ..]| codes.trim_start_matches("AADSTS").split(", ")).collect();
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
    }

    #[test]
    fn finds_whole_codes() {
        let revoked =
            Some(("the refresh token was revoked, for example by a new password: let the user sign in again", true));
        assert_eq!(advice_on("AADSTS50173"), revoked);
        assert_eq!(advice_on("AADSTS50133"), revoked);
        assert!(advice_on("authorization_declined").is_some_and(|(_, sign_in)| !sign_in));
        for unknown in ["", "AADSTS", "AADSTS5013", "50133", "AADSTSinvalid_grant", "code or `error`"] {
            assert_eq!(advice_on(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn the_readme_repeats_rows_unchanged() {
        let readme = table(include_str!("../../../../README.md"), "| error |");
        let sign_in: Vec<_> = readme.iter().filter(|(codes, _)| codes.starts_with("AADSTS")).collect();
        assert!(!sign_in.is_empty());
        for row in sign_in {
            assert!(rows().any(|[codes, advice, _]| (codes, advice) == *row), "not in auth/advice.md: {row:?}");
        }
    }
}
