//! Reading a journal.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::Path;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use partner_center_budgets::{CustomerId, LearnedRate};
use uuid::Uuid;

use super::record::{ChangeRecord, Event, Record};
use super::{JournalError, JournalErrorKind, checksum, header};
use crate::Plan;
use crate::plan::PlanIdentity;

/// The longest header. A plan of 100,000 customers takes a tenth of it.
const MAX_HEADER_BYTES: u64 = 256 * 1024 * 1024;

/// The longest record. An error in it has some thousands of bytes at most.
const MAX_RECORD_BYTES: u64 = 64 * 1024;

/// Reads the plan that a journal belongs to, to resume it. `None` if there is no journal, or nothing in it yet.
///
/// ```
/// # use partner_center_budgets_fleet::{
/// #     ApplyOptions, CurrentBudgets, DesiredBudget, Plan, Target, apply, journaled_plan
/// # };
/// # use partner_center_budgets::{Client, auth::FixedToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = Client::builder(FixedToken::new("token")).base_url("http://127.0.0.1:9").build()?;
/// # let directory = tempfile::tempdir()?;
/// # let journal = directory.path().join("budgets.journal");
/// # let customer = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
/// # let mut current = CurrentBudgets::new();
/// # current.set_budget(customer, Some(100.into()));
/// # let desired = DesiredBudget { line: 2, customer, target: Target::Set(120.into()) };
/// # let plan = Plan::new([desired], &current);
/// assert_eq!(journaled_plan(&journal)?, None);
/// // The run is cancelled at once.
/// let summary = apply(&client, &plan, &journal, ApplyOptions::new().cancel_when(async {})).await?;
/// assert_eq!(journaled_plan(&journal)?, Some(plan));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// The file cannot be read, or is not a journal of this version.
pub fn journaled_plan(path: impl AsRef<Path>) -> Result<Option<Plan>, JournalError> {
    let path = path.as_ref();
    let plan = match open(path).and_then(|mut reader| read_header(&mut reader)) {
        Ok(line) if header::is_torn(&line) => Ok(None),
        Ok(line) => header::read_plan(&line).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(JournalErrorKind::Read(error)),
    };
    plan.map_err(|kind| JournalError::new(path, kind))
}

/// Whether a journal is intact and records every change of its plan as finished, so that there is nothing to resume. Reads
/// the file from its start.
///
/// ```
/// # use partner_center_budgets_fleet::{
/// #     ApplyOptions, CurrentBudgets, DesiredBudget, Plan, Target, apply, is_journal_complete
/// # };
/// # use partner_center_budgets::{Client, auth::FixedToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = Client::builder(FixedToken::new("token")).base_url("http://127.0.0.1:9").build()?;
/// # let directory = tempfile::tempdir()?;
/// # let journal = directory.path().join("budgets.journal");
/// # let customer = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe".parse()?;
/// # let mut current = CurrentBudgets::new();
/// # current.set_budget(customer, Some(100.into()));
/// # let desired = DesiredBudget { line: 2, customer, target: Target::Set(120.into()) };
/// # let plan = Plan::new([desired], &current);
/// // The run is cancelled at once.
/// let summary = apply(&client, &plan, &journal, ApplyOptions::new().cancel_when(async {})).await?;
/// assert!(!is_journal_complete(&std::fs::File::open(&journal)?));
/// # Ok(())
/// # }
/// ```
pub fn is_journal_complete(journal: &File) -> bool {
    let is_complete = || -> Option<bool> {
        let mut reader = BufReader::new(journal);
        reader.rewind().ok()?;
        let line = read_header(&mut reader).ok()?;
        let plan = header::read_plan(&line).ok()?;
        let mut replay = Replay::new(plan.changes().map(|change| change.customer));
        replay.read_records(&mut reader, line.len() as u64, &mut |_, _| {}).ok()?;
        let is_finished = |event: &Option<Event>| event.is_some_and(Event::is_finished);
        Some(replay.damaged_line.is_none() && replay.events.iter().all(is_finished))
    };
    is_complete().unwrap_or(false)
}

/// The plan that a journal must belong to.
pub(super) struct ExpectedPlan {
    pub(super) header: Vec<u8>,
    identity: PlanIdentity,
    customers: Vec<CustomerId>,
}

impl ExpectedPlan {
    pub(super) fn new(plan: &Plan) -> Self {
        let customers = plan.changes().map(|change| change.customer).collect();
        Self { header: header::header(plan), identity: plan.identity(), customers }
    }
}

/// The content of a journal.
pub(super) struct Replayed {
    pub(super) events: Vec<Option<Event>>,
    pub(super) rate: JournaledRate,
    /// Bytes before the part that a crash tore off; 0 for a new journal.
    pub(super) length: u64,
    /// Whether lines are damaged, and no earlier run accepted that.
    pub(super) is_damaged: bool,
}

/// The last rate of a journal.
#[derive(Debug, Default)]
pub(crate) struct JournaledRate {
    pub(crate) rate: Option<LearnedRate>,
    /// Time of the last record.
    at: String,
}

impl JournaledRate {
    /// The time since the last record; `None` if it is not known, zero if the clock was set back since.
    pub(crate) fn idle(&self) -> Option<Duration> {
        let last = DateTime::parse_from_rfc3339(&self.at).ok()?;
        let elapsed = DateTime::<Utc>::from(SystemTime::now()).signed_duration_since(last);
        Some(elapsed.to_std().unwrap_or_default())
    }
}

/// Reads the journal of a plan.
pub(super) fn replay(file: &File, expected: &ExpectedPlan, accept_damage: bool) -> Result<Replayed, JournalErrorKind> {
    let mut reader = BufReader::new(file);
    let line = read_header(&mut reader).map_err(JournalErrorKind::Read)?;
    let mut replay = Replay::new(expected.customers.iter().copied());
    if !header::is_torn(&line) {
        if !header::has_plan(&line, &expected.header, &expected.identity)? {
            return Err(JournalErrorKind::OtherPlan);
        }
        replay.read_records(&mut reader, line.len() as u64, &mut |_, _| {}).map_err(JournalErrorKind::Read)?;
    }
    if let Some(line) = replay.damaged_line {
        if !accept_damage {
            return Err(JournalErrorKind::Damaged { line });
        }
        replay.doubt_unfinished_changes();
    }
    let Replay { events, rate, length, damaged_line, .. } = replay;
    Ok(Replayed { events, rate, length, is_damaged: damaged_line.is_some() })
}

pub(super) fn open(path: &Path) -> io::Result<BufReader<File>> {
    // Opening a pipe would wait for a writer, and a device may have no end.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    File::open(path).map(BufReader::new)
}

pub(super) fn read_header(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    reader.take(MAX_HEADER_BYTES).read_until(b'\n', &mut line)?;
    Ok(line)
}

/// The state after the records that were read so far.
pub(super) struct Replay {
    /// Index of each customer's change.
    indexes: HashMap<Uuid, usize>,
    /// The last event of each change.
    pub(super) events: Vec<Option<Event>>,
    /// Whether each change has an intent.
    has_intent: Vec<bool>,
    rate: JournaledRate,
    /// Bytes without a torn end.
    length: u64,
    /// Number of the first damaged line that no run has accepted.
    pub(super) damaged_line: Option<u64>,
}

impl Replay {
    pub(super) fn new(customers: impl Iterator<Item = CustomerId>) -> Self {
        let indexes: HashMap<_, _> = customers.map(Uuid::from).zip(0..).collect();
        Self {
            events: vec![None; indexes.len()],
            has_intent: vec![false; indexes.len()],
            indexes,
            rate: JournaledRate::default(),
            length: 0,
            damaged_line: None,
        }
    }

    /// Reads to the end of the file. Lines that a crash can have torn count as damaged only if another line follows.
    /// `on_change` gets each record that is the latest about its change, and the index of the change.
    pub(super) fn read_records(
        &mut self,
        reader: &mut impl BufRead,
        header_length: u64,
        on_change: &mut dyn FnMut(usize, ChangeRecord),
    ) -> io::Result<()> {
        self.length = header_length;
        let mut position = header_length;
        let mut line = Vec::new();
        let mut first_torn = None;
        for number in 2.. {
            line.clear();
            if reader.take(MAX_RECORD_BYTES).read_until(b'\n', &mut line)? == 0 {
                break;
            }
            let start = position;
            position += line.len() as u64;
            let is_good = line.strip_suffix(b"\n").is_some_and(|line| self.apply_line(line, start, on_change));
            if !is_good && can_be_torn(&line) {
                first_torn = first_torn.or(Some(number));
                continue;
            }
            let first_damaged = first_torn.take().or((!is_good).then_some(number));
            self.damaged_line = self.damaged_line.or(first_damaged);
            self.length = position;
        }
        Ok(())
    }

    /// Returns false if the line is damaged.
    fn apply_line(&mut self, line: &[u8], position: u64, on_change: &mut dyn FnMut(usize, ChangeRecord)) -> bool {
        if !checksum::is_intact(line, position) {
            return false;
        }
        match serde_json::from_slice(line) {
            Ok(Record::Change(record)) => return self.apply_change(record, on_change),
            Ok(Record::Rate(record)) if record.is_plausible() => {
                self.rate = JournaledRate { rate: record.rate(), at: record.at };
            }
            Ok(Record::Rate(_)) => {}
            Ok(Record::DamageAccepted(record)) if record.damage_accepted => {
                self.damaged_line = None;
                self.doubt_unfinished_changes();
            }
            Ok(Record::DamageAccepted(_)) | Err(_) => return false,
        }
        true
    }

    fn apply_change(&mut self, record: ChangeRecord, on_change: &mut dyn FnMut(usize, ChangeRecord)) -> bool {
        let Some(&index) = self.indexes.get(&record.customer) else { return false };
        match record.event {
            Event::Intent => self.has_intent[index] = true,
            // The intent is on disk before anything is sent, so its line is missing.
            Event::Done if !self.has_intent[index] => return false,
            _ => {}
        }
        self.rate.at.clone_from(&record.at);
        // No run writes another record about a finished change.
        if !self.events[index].is_some_and(Event::is_finished) {
            self.events[index] = Some(record.event);
            on_change(index, record);
        }
        true
    }

    /// A damaged line can have been an intent, so every change that is not finished may have been sent.
    fn doubt_unfinished_changes(&mut self) {
        for (event, has_intent) in self.events.iter_mut().zip(&mut self.has_intent) {
            if !event.is_some_and(Event::is_finished) {
                *event = Some(Event::Unknown);
                *has_intent = true;
            }
        }
    }
}

/// Whether a crash can leave such a line at the end of a file: a line without its end, or blocks that were never written.
fn can_be_torn(line: &[u8]) -> bool {
    !line.ends_with(b"\n") || line.contains(&0) || line == b"\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "e6bcc5ca-4a8f-59f4-a10b-5fdd54bc20fe";
    const SECOND: &str = "1f5a9cb1-5b3d-5c46-8f0d-2f1f8f0a4c11";

    fn event(customer: &str, event: &str) -> String {
        format!(r#"{{"at":"2026-11-28T10:00:00.000Z","customer":"{customer}","event":"{event}"}}"#)
    }

    fn rate(per_second: &str) -> String {
        let figures = format!(r#"{{"per_second":{per_second},"burst":5,"evidence_seconds":60}}"#);
        format!(r#"{{"at":"2026-11-28T10:00:00.000Z","rate":{figures}}}"#)
    }

    fn damage_accepted(is_accepted: bool) -> String {
        format!(r#"{{"at":"2026-11-28T10:00:00.000Z","damage_accepted":{is_accepted}}}"#)
    }

    /// The state after these records, without a header. A text without an object is written without a checksum.
    fn replayed(records: &[String]) -> Replay {
        let mut text = Vec::new();
        for record in records {
            let line = match record.starts_with('{') {
                true => checksum::seal(record.as_bytes(), text.len() as u64),
                false => format!("{record}\n").into_bytes(),
            };
            text.extend(line);
        }
        let customers = [FIRST, SECOND].map(|customer| customer.parse().unwrap());
        let mut replay = Replay::new(customers.into_iter());
        replay.read_records(&mut &text[..], 0, &mut |_, _| {}).unwrap();
        replay
    }

    #[test]
    fn done_without_an_intent_is_damage() {
        let good = replayed(&[event(FIRST, "intent"), event(FIRST, "done")]);
        assert_eq!((good.damaged_line, &good.events[..]), (None, &[Some(Event::Done), None][..]));
        let damaged = replayed(&[event(FIRST, "intent"), event(SECOND, "done")]);
        assert_eq!((damaged.damaged_line, &damaged.events[..]), (Some(3), &[Some(Event::Intent), None][..]));
    }

    #[test]
    fn unfinished_changes_are_in_doubt_after_damage_that_was_accepted() {
        let mut records = vec![event(FIRST, "intent"), event(FIRST, "done"), "damage".to_owned()];
        assert_eq!(replayed(&records).damaged_line, Some(4));
        records.push(damage_accepted(true));
        let accepted = replayed(&records);
        assert_eq!(accepted.damaged_line, None);
        assert_eq!(accepted.events, [Some(Event::Done), Some(Event::Unknown)]);
        // Its intent may have been in the damaged line.
        records.push(event(SECOND, "done"));
        let finished = replayed(&records);
        assert_eq!((finished.damaged_line, finished.events[1]), (None, Some(Event::Done)));
        records[3] = damage_accepted(false);
        assert_eq!(replayed(&records).damaged_line, Some(4));
        assert_eq!(replayed(&[damage_accepted(false)]).damaged_line, Some(2));
    }

    #[test]
    fn the_last_rate_that_makes_sense_counts() {
        let rates = |texts: &[&str]| replayed(&texts.iter().map(|text| rate(text)).collect::<Vec<_>>()).rate.rate;
        assert_eq!(rates(&["50", "40"]).map(|rate| rate.per_second), Some(40.0));
        assert_eq!(rates(&["50", "1e9"]).map(|rate| rate.per_second), Some(50.0));
    }

    #[test]
    fn knows_the_time_since_the_last_record() {
        let idle = |at: &str| JournaledRate { rate: None, at: at.to_owned() }.idle();
        assert_eq!(idle("2999-01-01T00:00:00.000Z"), Some(Duration::ZERO));
        assert!(idle("2020-01-01T00:00:00.000Z") > Some(Duration::from_secs(3600)));
        assert_eq!(idle("yesterday"), None);
    }
}
