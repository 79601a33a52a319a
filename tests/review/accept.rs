//! The accept list: valid entries, invalid entries and proposals.

use openapi_review::accept::{AcceptList, Date, Decision, date};
use openapi_review::review::Review;
use openapi_review::rules::Level;

use crate::sample_reviews::{HOSTILE, TODAY, finding, hostile, review};

const LATER: Date = Date { year: 2027, month: 1, day: 31 };

/// A review with a breaking finding, one to check and a fine one, and a list that accepts the first.
fn review_and_list() -> (Review, String) {
    let review = review(vec![finding(Level::Breaking, "a"), finding(Level::Check, "b"), finding(Level::Fine, "c")]);
    let text = AcceptList::default().propose(&review, Level::Breaking, LATER).unwrap().0;
    (review, text.replace("reason = \"\"", "reason = \"why\"").replace("owner = \"\"", "owner = \"who\""))
}

fn decide(review: &Review, text: &str, today: Date) -> Decision {
    AcceptList::parse("accepted.toml", text).unwrap().apply(review, today, &AcceptList::default())
}

/// The only diagnostic for `text`, which accepts nothing.
fn diagnostic_of(review: &Review, text: &str, today: Date) -> String {
    let decision = decide(review, text, today);
    assert_eq!(decision.accepted.len(), 0, "{text}");
    assert_eq!(decision.diagnostics.len(), 1, "{:?}", decision.diagnostics);
    decision.diagnostics[0].to_string()
}

#[test]
fn a_proposed_entry_is_invalid_until_it_is_completed() {
    let (review, filled) = review_and_list();
    let (text, added) = AcceptList::default().propose(&review, Level::Breaking, LATER).unwrap();
    assert_eq!(added, 1);
    insta::assert_snapshot!(text, @r#"
    [[accept]]
    fingerprint = "0c4940d54b1c001a"
    id = "request-property-became-required"
    place = "get_thing_1 request body a"
    reason = ""
    owner = ""
    expires = 2027-01-31
    "#);
    let diagnostic = diagnostic_of(&review, &text, TODAY);
    let expected = "accepted.toml:1:1: the acceptance of `request-property-became-required` has no reason: add it, or \
                    change the document";
    assert_eq!(diagnostic, expected);
    assert!(diagnostic_of(&review, &text.replace("reason = \"\"", "reason = \"x\""), TODAY).contains("has no owner"));

    let decision = decide(&review, &filled, TODAY);
    assert_eq!(decision.diagnostics, []);
    assert_eq!(decision.acceptance(&review.findings[0]).unwrap().owner, "who");
    assert_eq!([decision.unaccepted(&review, Level::Breaking), decision.unaccepted(&review, Level::Check)], [0, 1]);
}

#[test]
fn proposing_twice_adds_nothing_and_keeps_comments() {
    let (review, filled) = review_and_list();
    let list = AcceptList::parse("accepted.toml", &format!("# ours\n{filled}")).unwrap();
    let (text, added) = list.propose(&review, Level::Breaking, TODAY).unwrap();
    assert_eq!((text.as_str(), added), (format!("# ours\n{filled}").as_str(), 0));
    let (text, added) = list.propose(&review, Level::Check, TODAY).unwrap();
    assert!(text.starts_with(&format!("# ours\n{filled}\n[[accept]]\n")), "{text}");
    assert_eq!(added, 1);
    let again = AcceptList::parse("accepted.toml", &text).unwrap().propose(&review, Level::Fine, TODAY).unwrap();
    assert_eq!(again, (text, 0), "a fine change needs no entry");
}

#[test]
fn a_proposal_with_hostile_texts_can_be_parsed() {
    let mut review = hostile();
    review.findings[0].stable_path = format!("'''\"\"\"{HOSTILE}");
    let (text, added) = AcceptList::default().propose(&review, Level::Check, TODAY).unwrap();
    assert_eq!(added, 4);
    let list = AcceptList::parse("accepted.toml", &text).unwrap();
    assert_eq!(list.propose(&review, Level::Check, TODAY).unwrap(), (text, 0));
}

#[test]
fn an_entry_is_valid_until_the_end_of_its_last_day() {
    let (review, text) = review_and_list();
    assert_eq!(decide(&review, &text, LATER).diagnostics, []);
    let diagnostic = diagnostic_of(&review, &text, Date { month: 2, day: 1, ..LATER });
    assert!(diagnostic.contains("expired on 2027-01-31: ask who, and set a later date"), "{diagnostic}");
}

#[test]
fn an_entry_without_an_unaccepted_finding_is_reported() {
    let (review, text) = review_and_list();
    let unused = text.replace("fingerprint = \"", "fingerprint = \"f");
    let diagnostic = diagnostic_of(&review, &format!("# one\n\n{unused}"), TODAY);
    assert!(diagnostic.starts_with("accepted.toml:3:1: no change has the fingerprint `f"), "{diagnostic}");

    let other = diagnostic_of(&review, &text.replace("-required", "-optional"), TODAY);
    assert!(other.contains("its change is `request-property-became-required`: correct the id"), "{other}");

    let (mut calm, _) = review_and_list();
    calm.findings[0].level = Level::Fine;
    assert!(diagnostic_of(&calm, &text, TODAY).contains("is fine and needs no acceptance: delete the entry"));
}

#[test]
fn an_entry_of_a_merged_change_needs_no_finding() {
    let (review, text) = review_and_list();
    let unused = text.replace("fingerprint = \"", "fingerprint = \"f");
    let list = AcceptList::parse("accepted.toml", &unused).unwrap();
    assert_eq!(list.apply(&review, TODAY, &list).diagnostics, []);
}

#[test]
fn a_duplicate_entry_is_reported() {
    let (review, text) = review_and_list();
    let decision = decide(&review, &format!("{text}\n{text}"), TODAY);
    assert_eq!(decision.accepted.len(), 1);
    let [diagnostic] = &decision.diagnostics[..] else { panic!("{:?}", decision.diagnostics) };
    let expected = "accepted.toml:9:1: the entry of line 1 has the same fingerprint: delete one of them";
    assert_eq!(diagnostic.to_string(), expected);
}

#[test]
fn an_invalid_list_is_reported_with_its_position() {
    let (_, text) = review_and_list();
    let broken = |text: &str| AcceptList::parse("accepted.toml", text).unwrap_err().to_string();
    let unknown = broken(&text.replace("owner", "owners"));
    assert!(unknown.starts_with("accepted.toml:6:1: not a valid accept list: unknown field `owners`"), "{unknown}");
    assert!(broken(&text.replace("owner = \"who\"\n", "")).contains("missing field `owner`"));
    let syntax = broken("[[accept]]\nfingerprint = \n");
    assert!(syntax.starts_with("accepted.toml:2:"), "{syntax}");
    let date = broken(&text.replace("2027-01-31", "\"soon\""));
    assert!(date.starts_with("accepted.toml:7:11: "), "{date}");
    assert!(broken("[[accepted]]").contains("unknown field `accepted`"));
}

#[test]
fn a_list_to_which_nothing_can_be_appended_is_reported() {
    let (review, _) = review_and_list();
    let list = AcceptList::parse("accepted.toml", "accept = []\n").unwrap();
    let diagnostic = list.propose(&review, Level::Breaking, LATER).unwrap_err();
    assert!(diagnostic.to_string().starts_with("accepted.toml:3:"), "{diagnostic}");
}

#[test]
fn a_fingerprint_does_not_depend_on_text_level_and_line() {
    let one = finding(Level::Breaking, "a");
    let mut moved = one.clone();
    moved.text = "another text".to_owned();
    moved.level = Level::Check;
    moved.new.as_mut().unwrap().line = 99;
    moved.new.as_mut().unwrap().value.push_str(" with other words");
    assert_eq!(one.fingerprint(), moved.fingerprint());
    assert!(one.fingerprint().len() == 16 && one.fingerprint().chars().all(|it| it.is_ascii_hexdigit()));
    let mut others = vec![one.clone(); 5];
    others[0].id.push('x');
    others[1].stable_path.push('x');
    others[2].canonical_values[0].as_mut().unwrap().push('x');
    others[3].canonical_values[1] = None;
    others[4].canonical_values[1].as_mut().unwrap().clear();
    let mut all: Vec<_> = others.iter().chain([&one]).map(|finding| finding.fingerprint()).collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 6);
}

#[test]
fn converts_days_to_dates() {
    for (days, expected) in [
        (0, "1970-01-01"),
        (11_016, "2000-02-29"),
        (11_017, "2000-03-01"),
        (20_778, "2026-11-21"),
        (20_819, "2027-01-01"),
        (47_540, "2100-02-28"),
        (47_541, "2100-03-01"),
    ] {
        assert_eq!(date(days).to_string(), expected, "{days}");
    }
}
