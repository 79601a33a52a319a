//! Accepted changes, each with reason, owner and expiry date, in a TOML file next to the document.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use toml::Spanned;
pub use toml::value::Date;

use crate::document::Diagnostic;
use crate::review::{Finding, Review};
use crate::rules::Level;

/// An accepted change: a table `[[accept]]` of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Entry {
    /// [`Finding::fingerprint`] of the change: 16 hex digits.
    pub fingerprint: String,
    /// The id of the finding.
    pub id: String,
    /// The stable path of the finding, for readers.
    pub place: String,
    /// Why the change is acceptable; not blank.
    pub reason: String,
    /// The person or team that accepted it; not blank.
    pub owner: String,
    /// The last valid day, in UTC.
    pub expires: Date,
}

/// A parsed accept list; the default is empty.
#[derive(Debug, Default)]
pub struct AcceptList {
    name: String,
    text: String,
    entries: Vec<Spanned<Entry>>,
}

/// The accepted findings of a review.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Decision {
    /// The valid entries, by fingerprint.
    pub accepted: BTreeMap<String, Entry>,
    /// The problems of the list, in its order. Any of them should fail the run.
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AcceptFile<E> {
    #[serde(default = "Vec::new")]
    accept: Vec<E>,
}

impl AcceptList {
    /// Parses a list. `name` appears in diagnostics.
    ///
    /// ```
    /// use openapi_review::accept::AcceptList;
    ///
    /// let error = AcceptList::parse("accepted-changes.toml", "[[accept]]\nreasons = 'typo'").unwrap_err();
    /// assert_eq!((error.file.as_str(), error.line), ("accepted-changes.toml", 2));
    /// ```
    ///
    /// # Errors
    ///
    /// The text is not TOML, a key is unknown or missing, or a value has the wrong type.
    pub fn parse(name: &str, text: &str) -> Result<Self, Diagnostic> {
        let AcceptFile { accept } = toml::from_str(text).map_err(|error| {
            let (line, column) = position(text, error.span().map_or(0, |span| span.start));
            let reason = format!("not a valid accept list: {}", error.message().replace('\n', ", "));
            Diagnostic { file: name.to_owned(), line, column, reason }
        })?;
        Ok(Self { name: name.to_owned(), text: text.to_owned(), entries: accept })
    }

    /// Applies the list to a review on the day `today` in UTC.
    ///
    /// `merged` is the list of the old document. Its entries belong to merged changes, so they may have no finding.
    ///
    /// ```
    /// # use openapi_review::accept::{AcceptList, date};
    /// # use openapi_review::rules::Level;
    /// # use openapi_review::document::Document;
    /// # use openapi_review::{Settings, compare};
    /// # let text = "{openapi: 3.0.3, info: {version: 1.0.0}, paths: {/pets: {get: {
    /// #  operationId: list_pets, responses: {'200': {description: Pets}}, parameters: [
    /// #     {name: size, in: query, schema: {type: integer, maximum: 500}}
    /// #  ]}}}}";
    /// # let base = Document::parse("main:openapi.yaml", text)?;
    /// # let revision = Document::parse("openapi.yaml", &text.replace("500", "300"))?;
    /// # let review = compare(&base, &revision, &Settings::default());
    /// # let today = date(20_785);
    /// # let text = AcceptList::default().propose(&review, Level::Breaking, date(20_875))?.0;
    /// # let text = text.replace("reason = \"\"", "reason = 'no client sends it'");
    /// # let text = text.replace("owner = \"\"", "owner = 'API team'");
    /// let list = AcceptList::parse("accepted-changes.toml", &text)?;
    /// let decision = list.apply(&review, today, &AcceptList::default());
    /// assert_eq!((decision.accepted.len(), decision.diagnostics.len()), (1, 0));
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    #[must_use]
    pub fn apply(&self, review: &Review, today: Date, merged: &Self) -> Decision {
        let findings: BTreeMap<_, _> = review.findings.iter().map(|finding| (finding.fingerprint(), finding)).collect();
        let merged: BTreeSet<_> = merged.fingerprints().collect();
        let mut decision = Decision::default();
        let mut lines = BTreeMap::new();
        for spanned in &self.entries {
            let entry = spanned.get_ref();
            let (line, column) = position(&self.text, spanned.span().start);
            let reason = if let Some(first) = lines.insert(&entry.fingerprint, line) {
                format!("the entry of line {first} has the same fingerprint: delete one of them")
            } else if let Some(finding) = findings.get(&entry.fingerprint) {
                match problem_with_finding(entry, finding, today) {
                    Some(reason) => reason,
                    None => {
                        decision.accepted.insert(entry.fingerprint.clone(), entry.clone());
                        continue;
                    }
                }
            } else if merged.contains(entry.fingerprint.as_str()) {
                match problem(entry, today) {
                    Some(reason) => reason,
                    None => continue,
                }
            } else {
                format!("no change has the fingerprint `{}`: delete the entry", entry.fingerprint)
            };
            decision.diagnostics.push(Diagnostic { file: self.name.clone(), line, column, reason });
        }
        decision
    }

    /// The text of the list with entries for all findings at `level` or worse, and the number of added entries.
    /// Reason and owner of an added entry are empty, which [`AcceptList::apply`] reports as a problem.
    ///
    /// ```
    /// # use openapi_review::accept::{AcceptList, date};
    /// # use openapi_review::rules::Level;
    /// # use openapi_review::document::Document;
    /// # use openapi_review::{Settings, compare};
    /// # let text = "{openapi: 3.0.3, info: {version: 1.0.0}, paths: {/pets: {get: {
    /// #  operationId: list_pets, responses: {'200': {description: Pets}}, parameters: [
    /// #     {name: size, in: query, schema: {type: integer, maximum: 500}}
    /// #  ]}}}}";
    /// # let base = Document::parse("main:openapi.yaml", text)?;
    /// # let revision = Document::parse("openapi.yaml", &text.replace("500", "300"))?;
    /// # let review = compare(&base, &revision, &Settings::default());
    /// # let today = 20_785;
    /// let (text, added) = AcceptList::default().propose(&review, Level::Breaking, date(today + 90))?;
    /// assert_eq!(added, 1);
    /// assert!(text.contains(&review.findings[0].fingerprint()));
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    ///
    /// # Errors
    ///
    /// No entry can be appended to the text, for example because `accept` is an inline array.
    pub fn propose(&self, review: &Review, level: Level, expires: Date) -> Result<(String, usize), Diagnostic> {
        let mut fingerprints: BTreeSet<_> = self.fingerprints().map(str::to_owned).collect();
        let mut text = self.text.clone();
        let mut added = 0;
        for finding in &review.findings {
            let fingerprint = finding.fingerprint();
            if finding.level < level.max(Level::Check) || !fingerprints.insert(fingerprint.clone()) {
                continue;
            }
            let entry = Entry {
                fingerprint,
                id: finding.id.clone(),
                place: finding.stable_path.clone(),
                reason: String::new(),
                owner: String::new(),
                expires,
            };
            if !text.is_empty() {
                text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
            }
            text += &toml::to_string(&AcceptFile { accept: vec![entry] }).map_err(|error| Diagnostic {
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
    ///
    /// ```
    /// # use openapi_review::accept::Decision;
    /// # use openapi_review::document::Document;
    /// # use openapi_review::{Settings, compare};
    /// # let text = "{openapi: 3.0.3, info: {version: 1.0.0}, paths: {/pets: {get: {
    /// #  operationId: list_pets, responses: {'200': {description: Pets}}, parameters: [
    /// #     {name: size, in: query, schema: {type: integer, maximum: 500}}
    /// #  ]}}}}";
    /// # let base = Document::parse("main:openapi.yaml", text)?;
    /// # let revision = Document::parse("openapi.yaml", &text.replace("500", "300"))?;
    /// # let review = compare(&base, &revision, &Settings::default());
    /// let decision = Decision::default();
    /// for finding in &review.findings {
    ///     match decision.acceptance(finding) {
    ///         Some(entry) => println!("{}: accepted by {}", finding.text, entry.owner),
    ///         None => println!("{}: not accepted", finding.text),
    ///     }
    /// }
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    #[must_use]
    pub fn acceptance(&self, finding: &Finding) -> Option<&Entry> {
        self.accepted.get(&finding.fingerprint())
    }

    /// The number of findings at `level` or worse that are not accepted.
    ///
    /// ```
    /// # use openapi_review::accept::Decision;
    /// # use openapi_review::rules::Level;
    /// # use openapi_review::document::Document;
    /// # use openapi_review::{Settings, compare};
    /// # let text = "{openapi: 3.0.3, info: {version: 1.0.0}, paths: {/pets: {get: {
    /// #  operationId: list_pets, responses: {'200': {description: Pets}}, parameters: [
    /// #     {name: size, in: query, schema: {type: integer, maximum: 500}}
    /// #  ]}}}}";
    /// # let base = Document::parse("main:openapi.yaml", text)?;
    /// # let revision = Document::parse("openapi.yaml", &text.replace("500", "300"))?;
    /// # let review = compare(&base, &revision, &Settings::default());
    /// // Nothing is accepted.
    /// let decision = Decision::default();
    /// assert_eq!(decision.unaccepted(&review, Level::Breaking), 1);
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    #[must_use]
    pub fn unaccepted(&self, review: &Review, level: Level) -> usize {
        review.findings.iter().filter(|finding| finding.level >= level && self.acceptance(finding).is_none()).count()
    }
}

impl Finding {
    /// Identifies a change even if it moves or its annotations change: the first 16 hex digits of SHA-256 over the id,
    /// [`Finding::stable_path`] and [`Finding::canonical_values`].
    ///
    /// ```
    /// # use openapi_review::document::Document;
    /// # use openapi_review::{Settings, compare};
    /// # let text = "{openapi: 3.0.3, info: {version: 1.0.0}, paths: {/pets: {get: {
    /// #  operationId: list_pets, responses: {'200': {description: Pets}}, parameters: [
    /// #     {name: size, in: query, schema: {type: integer, maximum: 500}}
    /// #  ]}}}}";
    /// # let base = Document::parse("main:openapi.yaml", text)?;
    /// # let revision = Document::parse("openapi.yaml", &text.replace("500", "300"))?;
    /// # let review = compare(&base, &revision, &Settings::default());
    /// # let text = text.replace("500", "300").replace(", info", ",\n\n info");
    /// // The same change, two lines below.
    /// let moved = Document::parse("openapi.yaml", &text)?;
    /// let later = compare(&base, &moved, &Settings::default());
    /// assert_eq!(review.findings[0].fingerprint(), later.findings[0].fingerprint());
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        let values = self.canonical_values.each_ref().map(Option::as_deref);
        for part in [Some(self.id.as_str()), Some(self.stable_path.as_str()), values[0], values[1]] {
            // The length separates the parts.
            hash.update(part.map_or(u64::MAX, |part| part.len() as u64).to_be_bytes());
            hash.update(part.unwrap_or_default());
        }
        format!("{:x}", hash.finalize()).chars().take(16).collect()
    }
}

/// The reason why `entry` does not accept `finding`.
fn problem_with_finding(entry: &Entry, finding: &Finding, today: Date) -> Option<String> {
    if finding.level == Level::Fine {
        Some(format!("the change `{}` is fine and needs no acceptance: delete the entry", finding.id))
    } else if entry.id != finding.id {
        Some(format!("the entry has the id `{}`, but its change is `{}`: correct the id", entry.id, finding.id))
    } else {
        problem(entry, today)
    }
}

/// The reason why an entry is incomplete or expired.
fn problem(entry: &Entry, today: Date) -> Option<String> {
    let Entry { id, reason, owner, expires, .. } = entry;
    let blank = [("reason", reason), ("owner", owner)].into_iter().find(|(_, value)| value.trim().is_empty());
    if let Some((key, _)) = blank {
        Some(format!("the acceptance of `{id}` has no {key}: add it, or change the document"))
    } else if *expires < today {
        Some(format!("the acceptance of `{id}` expired on {expires}: ask {owner}, and set a later date"))
    } else {
        None
    }
}

/// The line and column of a byte, counted from 1; the column in characters.
pub(crate) fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line_begin = before.rfind('\n').map_or(0, |newline| newline + 1);
    (1 + before.matches('\n').count(), 1 + before[line_begin..].chars().count())
}

/// The date `days` days after 1970-01-01, in the Gregorian calendar.
///
/// ```
/// use openapi_review::accept::date;
///
/// assert_eq!(date(20_785).to_string(), "2026-11-28");
/// ```
#[must_use]
pub fn date(days: u64) -> Date {
    // The years of this algorithm start in March, so that the leap day is the last day of a year.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = 400 * era + year + u64::from(month <= 2);
    // No overflow for the next eight thousand years.
    Date { year: year as u16, month: month as u8, day: day as u8 }
}
