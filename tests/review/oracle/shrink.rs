//! Makes counter-examples small.

use std::collections::BTreeSet;

use fastrand::Rng;
use serde_json::{Value, json};

use super::Case;
use super::judge::{Judgement, Verdict, judge};
use super::readings::inlined;
use super::schemas::{places, remove_unused};

/// Removes parts of both sides as long as the verdict and the rules stay the same.
pub(super) fn shrink(mut case: Case, mut best: Judgement) -> (Case, Judgement) {
    let verdict = best.verdict;
    let check = |case: &Case| judge(case, &mut Rng::with_seed(1)).filter(|judgement| judgement.verdict == verdict);
    loop {
        let smaller = candidates(&case).into_iter().find_map(|candidate| {
            let judgement = check(&candidate)?;
            let is_same =
                verdict == Verdict::Missed || judgement.breaking.iter().all(|rule| best.breaking.contains(rule));
            is_same.then_some((candidate, judgement))
        });
        match smaller {
            Some(smaller) => (case, best) = smaller,
            None => return (case, best),
        }
    }
}

fn candidates(case: &Case) -> Vec<Case> {
    let mut list = Vec::new();
    let mut add = |edit: &dyn Fn(&mut Value) -> bool| {
        for chosen in [[true, true], [true, false], [false, true]] {
            let mut edited = case.clone();
            let mut changed = false;
            for (side, _) in edited.sides.iter_mut().zip(chosen).filter(|(_, chosen)| *chosen) {
                changed |= edit(side);
                remove_unused(side);
            }
            // Only edits that make the case smaller, so that shrinking ends.
            if changed && size(&edited) < size(case) {
                list.push(edited);
            }
        }
    };
    add(&|side| {
        side["schema"] = without_names(inlined(&side["schema"], &side["components"]));
        true
    });
    let all: BTreeSet<String> = case.sides.iter().flat_map(places).collect();
    for place in &all {
        add(&|side| {
            side.pointer(place).filter(|schema| schema.is_object()).cloned().is_some_and(|schema| {
                side["schema"] = schema;
                true
            })
        });
    }
    for place in &all {
        add(&|side| {
            side.pointer_mut(place).is_some_and(|schema| {
                *schema = json!({"type": "string"});
                true
            })
        });
        add(&|side| {
            let target = side
                .pointer(place)
                .and_then(|schema| Some(inlined(schema.get("$ref").map(|_| schema)?, &side["components"])));
            target.is_some_and(|target| {
                *side.pointer_mut(place).expect("a schema") = without_names(target);
                true
            })
        });
    }
    let pointers: BTreeSet<String> = case.sides.iter().flat_map(pointers).collect();
    for pointer in pointers.iter().filter(|pointer| pointer.matches('/').count() > 1) {
        add(&|side| remove(side, pointer));
    }
    list
}

fn size(case: &Case) -> usize {
    case.sides.iter().map(|side| side.to_string().len()).sum()
}

fn without_names(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(map) => {
            map.remove("x-name");
            map.values_mut().for_each(|value| *value = without_names(value.take()));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| *value = without_names(value.take())),
        _ => {}
    }
    schema
}

fn pointers(value: &Value) -> Vec<String> {
    let entries: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(number, value)| (number.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    let below = |(key, value): (String, &Value)| {
        let below = pointers(value).into_iter().map(|rest| format!("/{key}{rest}")).collect::<Vec<_>>();
        [vec![format!("/{key}")], below].concat()
    };
    entries.into_iter().flat_map(below).collect()
}

fn remove(side: &mut Value, pointer: &str) -> bool {
    let Some((above, last)) = pointer.rsplit_once('/') else { return false };
    match side.pointer_mut(above) {
        // Without its type or reference a schema is of another kind.
        Some(Value::Object(map)) if !["$ref", "type"].contains(&last) => map.remove(last).is_some(),
        Some(Value::Array(list)) if list.len() > 1 => {
            let place = last.parse().ok().filter(|place| *place < list.len());
            place.map(|place: usize| list.remove(place)).is_some()
        }
        _ => false,
    }
}

/// The keywords that only one side has, or that differ; they name the kind of a counter-example.
pub(super) fn changed_keywords(case: &Case) -> BTreeSet<String> {
    let [old, new] = case.sides.each_ref().map(|side| {
        let last = |pointer: String| Some((pointer.clone(), side.pointer(&pointer)?.clone()));
        pointers(side).into_iter().filter_map(last).filter(|(_, value)| !value.is_object()).collect::<Vec<_>>()
    });
    let differing =
        old.iter().filter(|entry| !new.contains(entry)).chain(new.iter().filter(|entry| !old.contains(entry)));
    let is_keyword = |key: &&str| key.parse::<usize>().is_err() && key.len() > 1;
    differing.filter_map(|(pointer, _)| pointer.rsplit('/').find(is_keyword).map(str::to_owned)).collect()
}
