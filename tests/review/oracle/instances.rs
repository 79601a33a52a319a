//! Generates values near the limits of two schemas.

use std::borrow::Cow;
use std::collections::BTreeSet;

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::readings::discriminator_names;
use super::schemas::{NAMES, chance, pick};

const FORMATTED: [&str; 7] = [
    "2020-01-31",
    "2020-01-31T00:00:00Z",
    "6f2b1c5e-3a4d-4b6f-8c7d-9e0f1a2b3c4d",
    "a@example.com",
    "10.0.0.1",
    "",
    "2020-13-31",
];
const MAX_ITEMS: usize = 9;

/// Generates values for inlined schemas.
pub(super) struct Instances<'r> {
    rng: &'r mut Rng,
    numbers: Vec<Value>,
    lengths: Vec<usize>,
    texts: Vec<Value>,
    names: Vec<String>,
}

impl<'r> Instances<'r> {
    pub(super) fn new(rng: &'r mut Rng, schemas: [&Value; 2]) -> Self {
        let numbers = [0.into(), 1.into(), 7.into(), (-3).into(), json!(0.5)].to_vec();
        let mut instances = Self {
            rng,
            numbers,
            lengths: vec![0, 1, 2],
            texts: vec!["a".into(), "z".into()],
            names: ["other", "n1", "n2", "n3", "n4", "n5"]
                .iter()
                .chain(&NAMES)
                .map(|name| (*name).to_owned())
                .collect(),
        };
        schemas.iter().for_each(|schema| instances.collect(schema));
        instances
    }

    /// Collects the limits of a schema, and the values next to them.
    fn collect(&mut self, schema: &Value) {
        let map = match schema {
            Value::Object(map) => map,
            Value::Array(list) => return list.iter().for_each(|item| self.collect(item)),
            _ => return,
        };
        for (key, value) in map {
            match (key.as_str(), value) {
                ("minimum" | "maximum" | "multipleOf", Value::Number(number)) => {
                    if let Some(whole) = number.as_i64() {
                        self.numbers.extend([whole, whole - 1, whole + 1, whole * 2, whole * 3].map(Value::from));
                    }
                }
                ("minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties", _) => {
                    let limit = value.as_u64().and_then(|limit| usize::try_from(limit).ok()).unwrap_or_default();
                    self.lengths.extend([limit.saturating_sub(1), limit, limit + 1]);
                }
                ("format", Value::String(format)) => match format.as_str() {
                    "int32" => self.numbers.extend([i64::from(i32::MAX), 1 << 31, -(1 << 40)].map(Value::from)),
                    "int64" => self.numbers.extend([json!(i64::MAX), json!(1_u64 << 63)]),
                    "float" | "double" => self.numbers.extend([json!(1e300), json!(-1e39)]),
                    _ => self.texts.extend(FORMATTED.map(Value::from)),
                },
                ("enum", Value::Array(values)) => self.texts.extend_from_slice(values),
                ("required", Value::Array(names)) => {
                    self.names.extend(names.iter().filter_map(Value::as_str).map(str::to_owned));
                }
                ("properties", Value::Object(properties)) => {
                    self.names.extend(properties.keys().cloned());
                    properties.values().for_each(|property| self.collect(property));
                }
                _ => self.collect(value),
            }
        }
    }

    /// A value that is valid in most cases.
    pub(super) fn valid(&mut self, schema: &Value) -> Value {
        let schema = self.flat(schema, 4);
        let flag = |key: &str| schema.get(key) == Some(&Value::Bool(true));
        if flag("nullable") && chance(self.rng, 12) {
            return Value::Null;
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array).filter(|values| !values.is_empty()) {
            return pick(self.rng, values);
        }
        let implied = ["properties", "additionalProperties", "required"].iter().any(|key| schema.contains_key(*key));
        let name = schema.get("type").and_then(Value::as_str);
        match name.or(implied.then_some("object")).or(schema.get("items").map(|_| "array")) {
            Some("object") => self.object(&schema),
            Some("array") => self.array(&schema),
            Some("string") => self.text(&schema),
            Some("boolean") => self.rng.bool().into(),
            Some(name) => self.number(&schema, name == "integer"),
            None => self.any(),
        }
    }

    /// The schema with the keywords of its parts and of one of its forms.
    fn flat<'s>(&mut self, schema: &'s Value, levels: usize) -> Cow<'s, Map<String, Value>> {
        let Value::Object(map) = schema else { return Cow::Owned(Map::new()) };
        let key = ["oneOf", "anyOf"].into_iter().find(|key| map.contains_key(*key));
        if levels == 0 || key.is_none() && !map.contains_key("allOf") {
            return Cow::Borrowed(map);
        }
        let mut flat = map.clone();
        for part in map.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            let part = self.flat(part, levels - 1);
            merge(&mut flat, &part);
        }
        if let Some(forms) = key.and_then(|key| map[key].as_array()).filter(|forms| !forms.is_empty()) {
            let form = pick(self.rng, forms);
            let part = self.flat(&form, levels - 1);
            merge(&mut flat, &part);
            if let Some((property, names)) = discriminator_names(schema, &form, false) {
                let fixed = json!({"properties": {property: {"enum": names}}});
                merge(&mut flat, fixed.as_object().expect("a map"));
            }
        }
        Cow::Owned(flat)
    }

    fn object(&mut self, schema: &Map<String, Value>) -> Value {
        let required: BTreeSet<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let share = pick(self.rng, &[10, 50, 90]);
        let mut object = Map::new();
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            if chance(self.rng, if required.contains(name.as_str()) { 97 } else { share }) {
                object.insert(name.clone(), self.valid(property));
            }
        }
        for name in required {
            if !object.contains_key(name) && chance(self.rng, 90) {
                object.insert(name.to_owned(), self.any());
            }
        }
        let additional = schema.get("additionalProperties").filter(|values| **values != false);
        let extra = match additional {
            Some(Value::Object(_)) => pick(self.rng, &self.lengths).min(MAX_ITEMS),
            _ if additional.is_some() || chance(self.rng, 10) => pick(self.rng, &self.lengths).min(MAX_ITEMS),
            _ => 0,
        };
        for _ in 0..extra {
            let name = pick(self.rng, &self.names);
            if object.contains_key(&name) || schema.get("properties").is_some_and(|all| all.get(&name).is_some()) {
                continue;
            }
            let value = match additional {
                Some(values) if chance(self.rng, 90) => self.valid(values),
                _ => self.any(),
            };
            object.insert(name, value);
        }
        object.into()
    }

    fn array(&mut self, schema: &Map<String, Value>) -> Value {
        let count = pick(self.rng, &self.lengths).min(MAX_ITEMS);
        let mut list: Vec<Value> = Vec::new();
        let any = json!({});
        for _ in 0..count {
            let item = match list.last() {
                Some(last) if chance(self.rng, 15) => last.clone(),
                _ => self.valid(schema.get("items").unwrap_or(&any)),
            };
            if schema.get("uniqueItems") != Some(&Value::Bool(true)) || !list.contains(&item) {
                list.push(item);
            }
        }
        list.into()
    }

    fn number(&mut self, schema: &Map<String, Value>, whole: bool) -> Value {
        let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
        for _ in 0..8 {
            let value = match limit("multipleOf") {
                Some(step) if chance(self.rng, 50) => json!(step as i64 * self.rng.i64(-6..7)),
                _ => pick(self.rng, &self.numbers),
            };
            let float = value.as_f64().unwrap_or_default();
            let fits = limit("minimum").is_none_or(|least| float >= least)
                && limit("maximum").is_none_or(|most| float <= most)
                && limit("multipleOf").is_none_or(|step| step == 0.0 || float % step == 0.0);
            if fits && !(whole && value.is_f64()) {
                return value;
            }
        }
        pick(self.rng, &self.numbers)
    }

    fn text(&mut self, schema: &Map<String, Value>) -> Value {
        let known = match schema.get("format").and_then(Value::as_str) {
            Some("date") => FORMATTED[0],
            Some("date-time") => FORMATTED[1],
            Some("uuid") => FORMATTED[2],
            Some("email") => FORMATTED[3],
            Some("ipv4") => FORMATTED[4],
            _ => "",
        };
        if !known.is_empty() && chance(self.rng, 80) {
            return known.into();
        }
        let limit = |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok());
        let length = (0..8).map(|_| pick(self.rng, &self.lengths)).find(|length| {
            limit("minLength").is_none_or(|least| *length >= least)
                && limit("maxLength").is_none_or(|most| *length <= most)
        });
        let length = length.unwrap_or(1);
        let pattern = schema.get("pattern").and_then(Value::as_str).unwrap_or_default();
        let alphabet: &[u8] = if pattern.contains("[a-c]") { b"abc" } else { b"abcx1Z" };
        let mut text: String = (0..length).map(|_| char::from(pick(self.rng, alphabet))).collect();
        if let Some(first) = text.get(..1).filter(|_| chance(self.rng, 60)) {
            let first = if pattern.contains("^x") {
                "x"
            } else if pattern.contains("0-9") {
                "1"
            } else {
                first
            };
            text = format!("{first}{}", &text[1..]);
        } else if chance(self.rng, 10) {
            return pick(self.rng, &self.texts);
        }
        text.into()
    }

    fn any(&mut self) -> Value {
        match self.rng.u8(..8) {
            0..2 => pick(self.rng, &self.texts),
            2..4 => pick(self.rng, &self.numbers),
            4 => self.rng.bool().into(),
            5 => Value::Null,
            6 => (0..pick(self.rng, &self.lengths).min(MAX_ITEMS)).map(|_| pick(self.rng, &self.texts)).collect(),
            _ => {
                let count = pick(self.rng, &self.lengths).min(MAX_ITEMS);
                (0..count)
                    .map(|_| (pick(self.rng, &self.names), pick(self.rng, &self.texts)))
                    .collect::<Map<_, _>>()
                    .into()
            }
        }
    }

    /// Changes one thing somewhere in a value.
    pub(super) fn mutate(&mut self, value: &mut Value) {
        match value {
            Value::Object(map) if chance(self.rng, 85) => {
                let names: Vec<String> = map.keys().cloned().collect();
                match self.rng.u8(..10) {
                    0..2 if !names.is_empty() => drop(map.remove(&pick(self.rng, &names))),
                    2..4 => {
                        let value = self.any();
                        map.insert(pick(self.rng, &self.names), value);
                    }
                    _ if names.is_empty() => {}
                    _ => {
                        if let Some(value) = map.get_mut(&pick(self.rng, &names)) {
                            self.mutate(value);
                        }
                    }
                }
            }
            Value::Array(list) if chance(self.rng, 85) => match (list.len(), self.rng.u8(..10)) {
                (0, _) => list.push(self.any()),
                (count, 0..2) => drop(list.remove(self.rng.usize(..count))),
                (count, 2..5) => list.push(list[self.rng.usize(..count)].clone()),
                (count, _) => {
                    let place = self.rng.usize(..count);
                    self.mutate(&mut list[place]);
                }
            },
            _ => *value = self.any(),
        }
    }
}

/// Adds the keywords of a part.
fn merge(flat: &mut Map<String, Value>, part: &Map<String, Value>) {
    for (key, value) in part {
        let Some(other) = flat.get_mut(key) else {
            flat.insert(key.clone(), value.clone());
            continue;
        };
        match (key.as_str(), other, value) {
            ("required", Value::Array(names), Value::Array(more)) => names.extend_from_slice(more),
            ("enum", Value::Array(values), Value::Array(more)) => values.retain(|value| more.contains(value)),
            ("properties", Value::Object(properties), Value::Object(more)) => {
                for (name, schema) in more {
                    let both = properties.get(name).map(|other| json!({"allOf": [other, schema]}));
                    properties.insert(name.clone(), both.unwrap_or_else(|| schema.clone()));
                }
            }
            ("maximum" | "maxLength" | "maxItems", other, _) if value.as_f64() < other.as_f64() => {
                *other = value.clone()
            }
            ("minimum" | "minLength" | "minItems", other, _) if value.as_f64() > other.as_f64() => {
                *other = value.clone()
            }
            ("type", other, Value::String(name)) if name == "integer" => *other = value.clone(),
            ("additionalProperties", other, Value::Bool(false)) => *other = value.clone(),
            _ => {}
        }
    }
    // A part that is not nullable refuses null.
    if part.contains_key("type") && part.get("nullable") != Some(&Value::Bool(true)) {
        flat.remove("nullable");
    }
}
