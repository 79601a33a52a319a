//! Reading a journal.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use serde::de::IgnoredAny;
use uuid::Uuid;

use super::line::{self, Event, Line};
use super::rate::{RateLine, Remembered};
use super::{Told, failed};
use crate::fleet::Plan;
use crate::fleet::plan::Identity;
use crate::{CustomerId, Error};

/// What was found in a journal.
pub(super) struct Replayed {
    pub(super) told: Told,
    pub(super) rate: Remembered,
    /// Bytes that are whole lines.
    pub(super) length: u64,
}

const NOT_READ: &str = "check that it is a file that the user who runs this program may read";

/// The plan that a journal is of, to go on with; `None` where there is no journal, or nothing in it yet.
///
/// # Errors
///
/// [`Error::Journal`] where the file cannot be read, or is no journal.
pub fn journaled_plan(path: impl AsRef<Path>) -> Result<Option<Plan>, Error> {
    let path = path.as_ref();
    let read = || -> io::Result<Vec<u8>> {
        let mut header = Vec::new();
        BufReader::new(File::open(path)?).read_until(b'\n', &mut header)?;
        Ok(header)
    };
    match read() {
        // A header that is torn was never acted upon.
        Ok(header) if is_torn_header(&header) => Ok(None),
        Ok(header) => line::plan_of(&header).map(Some).map_err(|why| no_journal(path, &why)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path, "cannot be read", NOT_READ, error)),
    }
}

/// Whether a crash tore a header off, of whichever plan: its line end is written before anything is sent. What is whole
/// JSON and no plan is somebody's file.
fn is_torn_header(header: &[u8]) -> bool {
    const BEGINNING: &[u8] = br#"{"journal":"#;
    let is_whole = || serde_json::from_slice::<IgnoredAny>(header).is_ok();
    let is_ours = header.starts_with(BEGINNING) && (!is_whole() || line::plan_of(header).is_ok());
    !header.ends_with(b"\n") && (BEGINNING.starts_with(header) || is_ours)
}

fn no_journal(path: &Path, why: &str) -> Error {
    let what = format!("{} is no journal that can be read: {why}", path.display());
    Error::journal(what, "nothing was sent and the file is as it was: give the path of another file")
}

/// The plan that a journal has to be of.
pub(super) struct Expected<'a> {
    pub(super) header: &'a [u8],
    pub(super) identity: &'a Identity,
    pub(super) customers: &'a [CustomerId],
}

/// Reads what a journal of this plan says.
pub(super) fn replay(path: &Path, file: &File, expected: &Expected<'_>) -> Result<Replayed, Error> {
    let Expected { header, identity, customers } = *expected;
    let cannot = |error| failed(path, "cannot be read", NOT_READ, error);
    let mut reader = BufReader::new(file);
    let mut bytes = Vec::new();
    let (mut told, mut rate) = (vec![None; customers.len()], Remembered::default());
    reader.read_until(b'\n', &mut bytes).map_err(cannot)?;
    if is_torn_header(&bytes) {
        return Ok(Replayed { told, rate, length: 0 });
    }
    if !line::is_of(&bytes, header, identity).map_err(|why| no_journal(path, &why))? {
        let what = format!("the journal {} is of another plan", path.display());
        return Err(Error::journal(what, "go on with the plan that is in it, or give the path of a new file"));
    }
    let places: HashMap<Uuid, usize> = customers.iter().map(|customer| Uuid::from(*customer)).zip(0..).collect();
    let mut length = bytes.len() as u64;
    let mut damaged = None;
    for number in 2_u64.. {
        bytes.clear();
        if reader.read_until(b'\n', &mut bytes).map_err(cannot)? == 0 {
            break;
        }
        let Some(line) = bytes.strip_suffix(b"\n").and_then(|line| read(line, &places)) else {
            damaged = damaged.or(Some(number));
            continue;
        };
        if let Some(first) = damaged {
            // Only the end of a file can be torn.
            return Err(damage(path, first));
        }
        length += bytes.len() as u64;
        match line {
            Read::Event { at, place, event } => {
                tell(&mut told[place], event);
                rate.at = at;
            }
            Read::Rate(line) => rate = Remembered { at: line.at.clone(), known: line.known() },
        }
    }
    // What is damaged up to the end is what a crash tore.
    Ok(Replayed { told, rate, length })
}

/// A whole line.
enum Read {
    Event { at: String, place: usize, event: Event },
    Rate(RateLine),
}

fn read(line: &[u8], places: &HashMap<Uuid, usize>) -> Option<Read> {
    match serde_json::from_slice::<Line>(line) {
        Ok(Line { at, customer, event, .. }) => Some(Read::Event { at, place: *places.get(&customer)?, event }),
        Err(_) => RateLine::read(line).map(Read::Rate),
    }
}

fn tell(told: &mut Option<Event>, event: Event) {
    // What is done stays done: a line of a later run would not be there otherwise.
    if !matches!(told, Some(Event::Done | Event::Already)) {
        *told = Some(event);
    }
}

fn damage(path: &Path, number: u64) -> Error {
    let what = format!("line {number} of the journal {} is damaged", path.display());
    Error::journal(what, "nothing was sent: delete the line, and what it said is read back from the service")
}
