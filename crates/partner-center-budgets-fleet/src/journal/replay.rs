//! Reading a journal.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;
use uuid::Uuid;

use super::checksum;
use super::line::{self, DamageAccepted, Event, Line};
use super::rate::{RateLine, Remembered};
use super::{JournalError, JournalErrorKind, Told};
use crate::Plan;
use crate::plan::Identity;
use partner_center_budgets::CustomerId;

/// What was found in a journal.
pub(super) struct Replayed {
    pub(super) told: Told,
    pub(super) rate: Remembered,
    /// Bytes before what a crash tore off the end.
    pub(super) length: u64,
    /// Whether lines are damaged, which the caller accepts for the first time.
    pub(super) is_damaged: bool,
}

/// The longest first line, which has the plan. A plan of 100,000 customers takes a tenth of it.
const LONGEST_HEADER: u64 = 256 * 1024 * 1024;

/// The longest line about a customer. An error in it has some thousands of bytes at most.
const LONGEST_LINE: u64 = 64 * 1024;

/// Reads a line, but no more than `most` bytes.
fn read_line(reader: &mut impl BufRead, most: u64, line: &mut Vec<u8>) -> io::Result<usize> {
    line.clear();
    reader.take(most).read_until(b'\n', line)
}

/// The plan that a journal is of, to go on with; `None` where there is no journal, or nothing in it yet.
///
/// # Errors
///
/// [`JournalError`] where the file cannot be read, or is no journal.
pub fn journaled_plan(path: impl AsRef<Path>) -> Result<Option<Plan>, JournalError> {
    let path = path.as_ref();
    let read = || -> io::Result<Vec<u8>> {
        // Opening a pipe would wait for a writer, and a device may have no end.
        if !fs::metadata(path)?.is_file() {
            return Err(io::Error::other("it is not a regular file"));
        }
        let mut header = Vec::new();
        read_line(&mut BufReader::new(File::open(path)?), LONGEST_HEADER, &mut header)?;
        Ok(header)
    };
    match read() {
        // A header that is torn was never acted upon.
        Ok(header) if is_torn_header(&header) => Ok(None),
        Ok(header) => {
            line::plan_of(&header).map(Some).map_err(|why| JournalError::new(path, JournalErrorKind::Unreadable(why)))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(JournalError::new(path, JournalErrorKind::Read(error))),
    }
}

/// Whether a journal is intact and every change of its plan is made, so that there is nothing to resume. The file is read
/// from its start.
pub fn is_journal_complete(journal: &File) -> bool {
    let complete = || -> Option<bool> {
        let mut reader = BufReader::new(journal);
        reader.rewind().ok()?;
        let mut header = Vec::new();
        read_line(&mut reader, LONGEST_HEADER, &mut header).ok()?;
        let plan = line::plan_of(&header).ok()?;
        let customers: Vec<_> = plan.changes().map(|change| change.customer).collect();
        let mut lines = Lines::new(&customers);
        lines.read(&mut reader, header.len() as u64).ok()?;
        let is_done = |told: &Option<Event>| matches!(told, Some(Event::Done | Event::Already));
        Some(lines.damaged.is_none() && lines.told.iter().all(is_done))
    };
    complete().unwrap_or(false)
}

/// Whether a crash tore a header off, of whichever plan: its line end is written before anything is sent. What is whole
/// JSON and no plan is somebody's file.
fn is_torn_header(header: &[u8]) -> bool {
    const BEGINNING: &[u8] = br#"{"journal":"#;
    let is_whole = || serde_json::from_slice::<IgnoredAny>(header).is_ok();
    let is_ours = header.starts_with(BEGINNING) && (!is_whole() || line::plan_of(header).is_ok());
    !header.ends_with(b"\n") && (BEGINNING.starts_with(header) || is_ours)
}

/// The plan that a journal has to be of.
pub(super) struct Expected<'a> {
    pub(super) header: &'a [u8],
    pub(super) identity: &'a Identity,
    pub(super) customers: &'a [CustomerId],
    pub(super) accept_damage: bool,
}

/// Reads what a journal of this plan says.
pub(super) fn replay(path: &Path, file: &File, expected: &Expected<'_>) -> Result<Replayed, JournalError> {
    let Expected { header, identity, customers, accept_damage } = *expected;
    let cannot = |error| JournalError::new(path, JournalErrorKind::Read(error));
    let mut reader = BufReader::new(file);
    let mut bytes = Vec::new();
    read_line(&mut reader, LONGEST_HEADER, &mut bytes).map_err(cannot)?;
    let mut lines = Lines::new(customers);
    if is_torn_header(&bytes) {
        return Ok(Replayed { told: lines.told, rate: lines.rate, length: 0, is_damaged: false });
    }
    if !line::is_of(&bytes, header, identity)
        .map_err(|why| JournalError::new(path, JournalErrorKind::Unreadable(why)))?
    {
        return Err(JournalError::new(path, JournalErrorKind::OtherPlan));
    }
    lines.read(&mut reader, bytes.len() as u64).map_err(cannot)?;
    let is_damaged = lines.damaged.is_some();
    if let Some(number) = lines.damaged {
        if !accept_damage {
            return Err(JournalError::new(path, JournalErrorKind::Damaged { line: number }));
        }
        lines.doubt_all_but_done();
    }
    Ok(Replayed { told: lines.told, rate: lines.rate, length: lines.length, is_damaged })
}

/// The lines behind the header, as far as they are read.
struct Lines {
    places: HashMap<Uuid, usize>,
    told: Told,
    /// Whether an intent came before, for each change.
    has_intent: Vec<bool>,
    rate: Remembered,
    length: u64,
    /// Number of the first damaged line that no run has accepted.
    damaged: Option<u64>,
}

impl Lines {
    fn new(customers: &[CustomerId]) -> Self {
        Self {
            places: customers.iter().map(|customer| Uuid::from(*customer)).zip(0..).collect(),
            told: vec![None; customers.len()],
            has_intent: vec![false; customers.len()],
            rate: Remembered::default(),
            length: 0,
            damaged: None,
        }
    }

    /// Reads to the end of the file. What a crash can have torn off the end is not counted.
    fn read(&mut self, reader: &mut impl BufRead, header: u64) -> io::Result<()> {
        self.length = header;
        let mut position = header;
        let mut line = Vec::new();
        // The first of the lines that are torn if nothing follows.
        let mut torn = None;
        for number in 2.. {
            if read_line(reader, LONGEST_LINE, &mut line)? == 0 {
                break;
            }
            let begin = position;
            position += line.len() as u64;
            let is_good = line.strip_suffix(b"\n").is_some_and(|line| self.take(line, begin));
            if !is_good && can_be_torn(&line) {
                torn = torn.or(Some(number));
                continue;
            }
            // Only the end of a file can be torn.
            let first = torn.take().or((!is_good).then_some(number));
            self.damaged = self.damaged.or(first);
            self.length = position;
        }
        Ok(())
    }

    /// Takes an intact line. False where it is damaged.
    fn take(&mut self, line: &[u8], position: u64) -> bool {
        if !checksum::is_intact(line, position) {
            return false;
        }
        if let Ok(Line { at, customer, event, .. }) = serde_json::from_slice(line) {
            return self.take_event(at, customer, event);
        }
        if let Some(line) = RateLine::read(line) {
            self.rate = Remembered { at: line.at.clone(), known: line.known() };
            return true;
        }
        let is_accepted = serde_json::from_slice::<DamageAccepted>(line).is_ok();
        if is_accepted {
            self.damaged = None;
            self.doubt_all_but_done();
        }
        // A rate that makes no sense costs a few refused calls, and the line is as it was written.
        is_accepted || serde_json::from_slice::<IgnoredRate>(line).is_ok()
    }

    fn take_event(&mut self, at: String, customer: Uuid, event: Event) -> bool {
        let Some(&place) = self.places.get(&customer) else { return false };
        match event {
            Event::Intent => self.has_intent[place] = true,
            // It was written before anything was sent.
            Event::Done if !self.has_intent[place] => return false,
            _ => {}
        }
        // A finished change stays finished: no later run writes another line about it.
        if !matches!(self.told[place], Some(Event::Done | Event::Already)) {
            self.told[place] = Some(event);
        }
        self.rate.at = at;
        true
    }

    /// A damaged line may have been an intent, so all changes but the done ones may have been sent.
    fn doubt_all_but_done(&mut self) {
        for (told, has_intent) in self.told.iter_mut().zip(&mut self.has_intent) {
            if !matches!(told, Some(Event::Done | Event::Already)) {
                *told = Some(Event::Unknown);
                *has_intent = true;
            }
        }
    }
}

/// A line with a rate, whatever the figures are.
#[derive(Deserialize)]
struct IgnoredRate {
    #[serde(rename = "rate")]
    _rate: IgnoredAny,
}

/// Whether a crash can have left this at the end of a file: a line without its end, or blocks that were never written.
fn can_be_torn(line: &[u8]) -> bool {
    !line.ends_with(b"\n") || line.contains(&0) || line == b"\n"
}
