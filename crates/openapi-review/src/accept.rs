//! Changes that somebody accepted, each with reason, owner and last day, in a TOML file beside the document.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use toml::Spanned;
pub use toml::value::Date;

use crate::document::Complaint;
use crate::review::{Finding, Level, Review};

/// One accepted change, as it stands in the file below `[[accept]]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// [`Finding::fingerprint`] of the change: 16 hex digits.
    pub fingerprint: String,
    /// The finding's id, for readers; must be the finding's.
    pub id: String,
    /// The finding's place, for readers.
    pub place: String,
    /// Why the change may go out as it is; not blank.
    pub reason: String,
    /// Who answers for that; not blank.
    pub owner: String,
    /// The last day, in UTC, on which this counts.
    pub expires: Date,
}

/// An accept list as read from its text; the default has no entries.
#[derive(Debug, Default)]
pub struct AcceptList {
    name: String,
    text: String,
    entries: Vec<Spanned<Entry>>,
}

/// What an accept list says about a review.
#[derive(Debug, Default)]
pub struct Decision {
    /// The entries that count, by fingerprint.
    pub accepted: BTreeMap<String, Entry>,
    /// What is wrong with the list, in its order; any of them should fail the run.
    pub complaints: Vec<Complaint>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File<E> {
    #[serde(default = "Vec::new")]
    accept: Vec<E>,
}

impl AcceptList {
    /// Reads the text of a list. `name` is what complaints call it.
    ///
    /// # Errors
    ///
    /// What is not TOML, a key that is unknown or missing, and a value of the wrong type; each with its place.
    pub fn parse(name: &str, text: &str) -> Result<Self, Complaint> {
        let File { accept } = toml::from_str(text).map_err(|error| {
            let (line, column) = position(text, error.span().map_or(0, |span| span.start));
            let reason = format!("not a valid accept list: {}", error.message().replace('\n', ", "));
            Complaint { file: name.to_owned(), line, column, reason }
        })?;
        Ok(Self { name: name.to_owned(), text: text.to_owned(), entries: accept })
    }

    /// Holds the list against a review on the day `today` in UTC.
    ///
    /// `merged` is the list as it was when the old document was current. What it already had belongs to changes that
    /// are merged by now, so such an entry may go without a finding.
    #[must_use]
    pub fn apply(&self, review: &Review, today: Date, merged: &Self) -> Decision {
        let findings: BTreeMap<_, _> = review.findings.iter().map(|finding| (finding.fingerprint(), finding)).collect();
        let merged: BTreeSet<_> = merged.fingerprints().collect();
        let mut decision = Decision::default();
        let mut seen = BTreeMap::new();
        for spanned in &self.entries {
            let entry = spanned.get_ref();
            let (line, column) = position(&self.text, spanned.span().start);
            let reason = if let Some(first) = seen.insert(&entry.fingerprint, line) {
                format!("the entry of line {first} has the same fingerprint: delete one of them")
            } else if let Some(finding) = findings.get(&entry.fingerprint) {
                match refusal(entry, finding, today) {
                    Some(reason) => reason,
                    None => {
                        decision.accepted.insert(entry.fingerprint.clone(), entry.clone());
                        continue;
                    }
                }
            } else if merged.contains(entry.fingerprint.as_str()) {
                match outdated(entry, today) {
                    Some(reason) => reason,
                    None => continue,
                }
            } else {
                format!("no change has the fingerprint `{}` (any more): delete the entry", entry.fingerprint)
            };
            decision.complaints.push(Complaint { file: self.name.clone(), line, column, reason });
        }
        decision
    }

    /// The text of the list with an entry added for each finding at `level` or worse that it lacks, and how many those
    /// are. Reason and owner are left empty, which [`AcceptList::apply`] complains about until somebody writes them.
    ///
    /// # Errors
    ///
    /// A text that takes no more entries, such as one that writes `accept` as an array within brackets.
    pub fn propose(&self, review: &Review, level: Level, expires: Date) -> Result<(String, usize), Complaint> {
        let mut known: BTreeSet<_> = self.fingerprints().map(str::to_owned).collect();
        let mut text = self.text.clone();
        let mut added = 0;
        for finding in &review.findings {
            let fingerprint = finding.fingerprint();
            if finding.level < level.max(Level::Check) || !known.insert(fingerprint.clone()) {
                continue;
            }
            let entry = Entry {
                fingerprint,
                id: finding.id.clone(),
                place: finding.stable_place.clone(),
                reason: String::new(),
                owner: String::new(),
                expires,
            };
            if !text.is_empty() {
                text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
            }
            text += &toml::to_string(&File { accept: vec![entry] }).map_err(|error| Complaint {
                file: self.name.clone(),
                line: 1,
                column: 1,
                reason: format!("failed to write an entry for `{}`: {error}", finding.id),
            })?;
            added += 1;
        }
        Self::parse(&self.name, &text)?;
        Ok((text, added))
    }

    fn fingerprints(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.get_ref().fingerprint.as_str())
    }
}

impl Decision {
    /// The entry that accepts `finding`.
    #[must_use]
    pub fn acceptance(&self, finding: &Finding) -> Option<&Entry> {
        self.accepted.get(&finding.fingerprint())
    }

    /// How many findings at `level` or worse nobody accepted.
    #[must_use]
    pub fn open(&self, review: &Review, level: Level) -> usize {
        review.findings.iter().filter(|finding| finding.level >= level && self.acceptance(finding).is_none()).count()
    }
}

impl Finding {
    /// The same for the same change, wherever it moves and whatever it is called: the first 16 hex digits of SHA-256
    /// over id, [`Finding::stable_place`], and the old and the new value.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        let values = self.substance.each_ref().map(Option::as_deref);
        for part in [Some(self.id.as_str()), Some(self.stable_place.as_str()), values[0], values[1]] {
            // With its length, so that no two lists of parts run together to the same text.
            hash.update(part.map_or(u64::MAX, |part| part.len() as u64).to_be_bytes());
            hash.update(part.unwrap_or_default());
        }
        format!("{:x}", hash.finalize()).chars().take(16).collect()
    }
}

/// Why `entry` does not accept `finding`.
fn refusal(entry: &Entry, finding: &Finding, today: Date) -> Option<String> {
    if finding.level == Level::Fine {
        Some(format!("the change `{}` is fine and needs no acceptance: delete the entry", finding.id))
    } else if entry.id != finding.id {
        Some(format!("the entry says `{}`, but its change is `{}`: write that as `id`", entry.id, finding.id))
    } else {
        outdated(entry, today)
    }
}

/// What an entry lacks by itself, or that its last day is over.
fn outdated(entry: &Entry, today: Date) -> Option<String> {
    let Entry { id, reason, owner, expires, .. } = entry;
    let blank = [("reason", reason), ("owner", owner)].into_iter().find(|(_, value)| value.trim().is_empty());
    if let Some((key, _)) = blank {
        Some(format!("the acceptance of `{id}` has no {key}: write it down, or change the document"))
    } else if *expires < today {
        Some(format!("the acceptance of `{id}` expired on {expires}: ask {owner}, and set a later day"))
    } else {
        None
    }
}

/// Line and column of a byte, both counted from 1, the column in characters.
fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line_begin = before.rfind('\n').map_or(0, |newline| newline + 1);
    (1 + before.matches('\n').count(), 1 + before[line_begin..].chars().count())
}

/// The date `days` days after 1970-01-01, in the Gregorian calendar.
#[must_use]
pub fn date(days: u64) -> Date {
    // Years begin in March here, so that the day that only some have comes last.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = 400 * era + year + u64::from(month <= 2);
    // All three fit for the next eight thousand years.
    Date { year: year as u16, month: month as u8, day: day as u8 }
}
