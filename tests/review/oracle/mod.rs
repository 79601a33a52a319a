//! An oracle for the verdicts on schemas: it generates pairs of schemas, and values that show what a change does. A value
//! that the sender's schema accepts and the receiver's refuses proves a breaking change. The validator is the crate
//! `jsonschema`, which shares nothing with openapi-review. [`readings`] says what OpenAPI leaves open.
//!
//! Not covered: reference cycles, parameters and headers, `x-extensible-enum`, `xml`, and formats whose limits
//! the validator does not know, such as `double`.

mod edits;
mod instances;
mod judge;
mod readings;
mod schemas;
mod shrink;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use fastrand::Rng;
use openapi_review::review::Direction;
use serde_json::Value;

use judge::Judgement;
use judge::{VERDICTS, Verdict};

#[cfg(test)]
mod cases;

/// An operation that sends or receives a schema, before and after.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) direction: Direction,
    pub(crate) sides: [Value; 2],
}

impl Case {
    fn generate(rng: &mut Rng) -> Self {
        let direction = if rng.bool() { Direction::Request } else { Direction::Response };
        Self { direction, sides: edits::pair(rng) }
    }
}

/// The counter-examples that are shrunk for each combination of findings.
const SHRUNK: usize = 3;

/// Verdict, direction and the ids of the rules.
type Kind = (Verdict, Direction, String);

#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) pairs: usize,
    pub(crate) by_verdict: BTreeMap<Verdict, usize>,
    /// Missed changes and false alarms, with their number and some examples.
    pub(crate) kinds: BTreeMap<Kind, (usize, Vec<(Case, Judgement)>)>,
    /// Breaking findings by rule, and how many of them are false alarms.
    pub(crate) rules: BTreeMap<String, [usize; 2]>,
}

impl Figures {
    fn count(&self, verdict: Verdict) -> usize {
        self.by_verdict.get(&verdict).copied().unwrap_or_default()
    }

    /// The number of pairs by verdict, and of breaking findings by rule.
    pub(crate) fn summary(&self) -> String {
        let mut text = String::new();
        for verdict in VERDICTS {
            let count = self.count(verdict);
            let _ = writeln!(text, "{count:8} {verdict:?} ({:.2} %)", 100.0 * count as f64 / self.pairs as f64);
        }
        text.push_str("\npairs with breaking findings, of these false alarms, by rule\n");
        for (rule, [all, wrong]) in &self.rules {
            let _ = writeln!(text, "{all:8} {wrong:6} {rule}");
        }
        text
    }
}

/// Judges `pairs` pairs. Pair N depends on `seed` + N only.
pub(crate) fn run(pairs: usize, seed: u64) -> Figures {
    let mut figures = Figures::default();
    for number in 0..pairs {
        let mut rng = Rng::with_seed(seed.wrapping_add(number as u64));
        let case = Case::generate(&mut rng);
        let Some(judgement) = judge::judge(&case, &mut rng) else { continue };
        figures.pairs += 1;
        *figures.by_verdict.entry(judgement.verdict).or_default() += 1;
        let is_false = judgement.verdict == Verdict::FalseAlarm;
        for rule in &judgement.breaking {
            let [all, wrong] = figures.rules.entry(rule.clone()).or_default();
            *all += 1;
            *wrong += usize::from(is_false);
        }
        if is_false || judgement.verdict == Verdict::Missed {
            let kind = (judgement.verdict, case.direction, judgement.ids());
            let (count, examples) = figures.kinds.entry(kind).or_default();
            *count += 1;
            if examples.len() < SHRUNK {
                examples.push((case, judgement));
            }
        }
    }
    figures
}

/// The smallest counter-examples, with the number of cases of their kind.
pub(crate) fn counterexamples(figures: &Figures) -> Vec<(usize, Case, Judgement)> {
    let mut smallest: BTreeMap<_, (usize, Case, Judgement)> = BTreeMap::new();
    for ((verdict, direction, _), (count, examples)) in &figures.kinds {
        for (number, (case, judgement)) in examples.iter().enumerate() {
            let (case, judgement) = shrink::shrink(case.clone(), judgement.clone());
            let count = if number == 0 { *count } else { 0 };
            let size = |case: &Case| case.sides.iter().map(|side| side.to_string().len()).sum::<usize>();
            let key = (*verdict, *direction, judgement.ids(), shrink::changed_keywords(&case));
            match smallest.get_mut(&key) {
                Some((all, other, found)) => {
                    *all += count;
                    if size(&case) < size(other) {
                        (*other, *found) = (case, judgement);
                    }
                }
                None => drop(smallest.insert(key, (count, case, judgement))),
            }
        }
    }
    smallest.into_values().collect()
}

/// The schemas, the value that is refused, and the findings.
pub(crate) fn describe(case: &Case, judgement: &Judgement) -> String {
    let [old, new] = case.sides.each_ref().map(yaml);
    let mut text = format!("\n{:?} in a {:?}\n  old: {old}\n  new: {new}\n", judgement.verdict, case.direction);
    if let Some(witness) = &judgement.witness {
        let _ = writeln!(text, "  refused: {witness}");
    }
    for (level, id, finding) in &judgement.findings {
        let _ = writeln!(text, "  {level:?} {id}: {finding}");
    }
    text
}

/// A side as YAML in flow style.
fn yaml(side: &Value) -> String {
    let mut text = flow(&side["schema"]);
    for (name, schema) in side["components"].as_object().into_iter().flatten() {
        let _ = write!(text, "   # {name}: {}", flow(schema));
    }
    text
}

fn flow(value: &Value) -> String {
    let plain = |text: &str| {
        let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_ .".contains(c))
            && !["true", "false", "null", "y", "n", "yes", "no"].contains(&text);
        if is_plain { text.to_owned() } else { format!("'{text}'") }
    };
    match value {
        Value::Object(map) => {
            let entry = |(key, value): (&String, &Value)| {
                format!("{}: {}", if key == "$ref" { key.clone() } else { plain(key) }, flow(value))
            };
            format!("{{{}}}", map.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Value::Array(list) => format!("[{}]", list.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::String(text) => plain(text),
        _ => value.to_string(),
    }
}
