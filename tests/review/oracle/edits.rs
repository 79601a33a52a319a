//! Edits a side at one place: with an effect on the values, or without.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::schemas::{NAMES, PATTERNS, Schemas, TEXT_FORMATS, chance, pick, places, reference, remove_unused};

const ATTEMPTS: usize = 30;
const FORM_KEYS: [&str; 2] = ["oneOf", "anyOf"];

/// A pair of sides; the second one is made from the first by one or two edits, with few exceptions.
pub(super) fn pair(rng: &mut Rng) -> [Value; 2] {
    let old = super::schemas::side(rng);
    let kinds: &[bool] = match rng.u8(..100) {
        0..4 => return [old, super::schemas::side(rng)],
        4..30 => &[false],
        30..40 => &[false, false],
        40..85 => &[true],
        85..93 => &[true, false],
        _ => &[true, true],
    };
    let mut new = old.clone();
    for with_effect in kinds {
        edit(rng, &mut new, *with_effect);
    }
    [old, new]
}

fn edit(rng: &mut Rng, side: &mut Value, with_effect: bool) {
    for _ in 0..ATTEMPTS {
        let mut edited = side.clone();
        let place = pick(rng, &places(side));
        // A component refers to later ones only.
        let within = place.strip_prefix("/components/").map(|rest| rest[..1].to_owned());
        let names: Vec<String> =
            side["components"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
        let known: Vec<&str> = names
            .iter()
            .map(String::as_str)
            .filter(|name| within.as_deref().is_none_or(|within| *name > within))
            .collect();
        let mut edit = Edit {
            schemas: Schemas { rng: &mut *rng, known: &known, tagged: false },
            side: &mut edited,
            place: &place,
        };
        if with_effect {
            edit.with_effect()
        } else {
            edit.without_effect()
        };
        remove_unused(&mut edited);
        if edited != *side {
            *side = edited;
            return;
        }
    }
}

struct Edit<'e> {
    schemas: Schemas<'e>,
    side: &'e mut Value,
    place: &'e str,
}

impl Edit<'_> {
    fn rng(&mut self) -> &mut Rng {
        self.schemas.rng
    }

    fn get(&self) -> Value {
        self.side.pointer(self.place).cloned().unwrap_or_default()
    }

    fn set(&mut self, schema: Value) {
        if let Some(place) = self.side.pointer_mut(self.place) {
            *place = schema;
        }
    }

    fn with_effect(&mut self) {
        let mut schema = self.get();
        let is_property = self.place.rsplit('/').nth(1) == Some("properties");
        let Value::Object(map) = &mut schema else { return };
        let name = map.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        match self.rng().u8(..20) {
            0 => return self.fresh(),
            1 if is_property && !map.contains_key("$ref") => {
                let key = pick(self.rng(), &["readOnly", "writeOnly"]);
                toggle(map, key);
            }
            2 if !name.is_empty() => toggle(map, "nullable"),
            3 => {
                let not = pick(self.rng(), &[json!({"type": "string"}), json!({"enum": ["a"]})]);
                replace(map, "not", not, self.schemas.rng);
            }
            4 if map.contains_key("type") => {
                let other = pick(self.rng(), &["string", "integer", "number", "boolean", "object", "array"]);
                map.insert("type".to_owned(), other.into());
            }
            5 if map.contains_key("type") => drop(map.remove("type")),
            6 => {
                let other = self.schemas.schema(1);
                schema = json!({pick(self.rng(), &FORM_KEYS): [schema, other]});
            }
            7 => {
                let other = self.schemas.schema(1);
                schema = json!({"allOf": [schema, other]});
            }
            _ if map.contains_key("allOf") => self.list(map, "allOf"),
            _ if FORM_KEYS.iter().any(|key| map.contains_key(*key)) => self.forms(map),
            _ if name == "object" => self.object(map),
            _ => self.scalar(map, &name),
        }
        self.set(schema);
    }

    fn fresh(&mut self) {
        let schema = self.schemas.schema(1);
        if !self.place.starts_with("/components/") || schema.get("$ref").is_none() {
            self.set(schema);
        }
    }

    fn scalar(&mut self, map: &mut Map<String, Value>, name: &str) {
        let number = 1 + self.rng().i64(0..5);
        let (key, value): (&str, Value) = match name {
            "string" => match self.rng().u8(..5) {
                0 => ("minLength", number.into()),
                1 => ("maxLength", (number + 1).into()),
                2 => ("pattern", pick(self.rng(), &PATTERNS).into()),
                3 => ("format", pick(self.rng(), &TEXT_FORMATS).into()),
                _ => ("enum", self.values(map, &["a", "b", "c", "x1"].map(Value::from))),
            },
            "integer" | "number" => match self.rng().u8(..7) {
                0 => ("minimum", (number - 3).into()),
                1 => ("maximum", (number + 2).into()),
                2 if map.contains_key("minimum") => ("exclusiveMinimum", true.into()),
                3 if map.contains_key("maximum") => ("exclusiveMaximum", true.into()),
                4 => ("multipleOf", pick(self.rng(), &[2, 3, 4, 6, 10]).into()),
                5 if name == "integer" => ("format", pick(self.rng(), &["int32", "int64"]).into()),
                5 => ("format", "float".into()),
                _ => ("enum", self.values(map, &[0, 1, 2, 3].map(Value::from))),
            },
            "array" => match self.rng().u8(..3) {
                0 => ("minItems", (number - 1).into()),
                1 => ("maxItems", (number + 1).into()),
                _ => ("uniqueItems", true.into()),
            },
            _ => return,
        };
        replace(map, key, value, self.schemas.rng);
    }

    /// One value more or less.
    fn values(&mut self, map: &Map<String, Value>, all: &[Value]) -> Value {
        let mut list = map.get("enum").and_then(Value::as_array).cloned().unwrap_or_else(|| all[..2].to_vec());
        let value = pick(self.rng(), all);
        match list.iter().position(|other| *other == value) {
            Some(place) if list.len() > 1 => drop(list.remove(place)),
            Some(_) => {}
            None => list.push(value),
        }
        list.into()
    }

    fn object(&mut self, map: &mut Map<String, Value>) {
        let name = pick(self.rng(), &NAMES);
        match self.rng().u8(..10) {
            0..2 => {
                let schema = self.schemas.property(1);
                map.entry("properties").or_insert_with(|| json!({}))[name] = schema;
            }
            2..4 => {
                if let Some(properties) = map.get_mut("properties").and_then(Value::as_object_mut) {
                    properties.remove(name);
                }
                if self.rng().bool() {
                    toggle_name(map, name, Some(false));
                }
            }
            4 => {
                let renamed = map.get_mut("properties").and_then(Value::as_object_mut).and_then(|all| all.remove(name));
                if let Some(schema) = renamed {
                    map["properties"]["renamed"] = schema;
                }
            }
            5..8 => toggle_name(map, name, None),
            8 => match self.schemas.additional() {
                Some(values) => drop(map.insert("additionalProperties".to_owned(), values)),
                None => drop(map.remove("additionalProperties")),
            },
            _ => {
                let key = pick(self.rng(), &["minProperties", "maxProperties"]);
                let limit = self.rng().usize(1..4).into();
                replace(map, key, limit, self.schemas.rng);
            }
        }
    }

    /// Adds or removes an entry.
    fn list(&mut self, map: &mut Map<String, Value>, key: &str) {
        let added = match key {
            "allOf" => self.schemas.object(1),
            _ if self.rng().bool() => self.schemas.form("w", 1),
            _ => self.schemas.schema(1),
        };
        let Some(list) = map.get_mut(key).and_then(Value::as_array_mut) else { return };
        if list.len() > 1 && self.rng().bool() {
            list.remove(self.rng().usize(..list.len()));
        } else {
            list.push(added);
        }
    }

    fn forms(&mut self, map: &mut Map<String, Value>) {
        let Some((key, other)) = form_key(map) else { return };
        if map.contains_key("discriminator") && self.rng().bool() {
            return self.discriminator(map, key);
        }
        if chance(self.rng(), 30) {
            let forms = map.remove(key).unwrap_or_default();
            map.insert(other.to_owned(), forms);
        } else {
            self.list(map, key);
        }
    }

    fn discriminator(&mut self, map: &mut Map<String, Value>, key: &str) {
        let target = map[key].as_array().and_then(|forms| Some(pick(self.rng(), forms).get("$ref")?.clone()));
        let mapping = map["discriminator"].get("mapping").and_then(Value::as_object).cloned();
        match (self.rng().u8(..5), mapping, target) {
            (0, ..) => drop(map.remove("discriminator")),
            (1, ..) => map["discriminator"]["propertyName"] = pick(self.rng(), &NAMES).into(),
            (2, Some(mut mapping), _) => {
                mapping.remove("y");
                map["discriminator"]["mapping"] = mapping.into();
            }
            (_, _, Some(target)) => map["discriminator"]["mapping"][pick(self.rng(), &["x", "y", "z"])] = target,
            _ => {}
        }
    }

    fn without_effect(&mut self) {
        let mut schema = self.get();
        let is_component = self.place.matches('/').count() == 2 && self.place.starts_with("/components");
        let Value::Object(map) = &mut schema else { return };
        match self.rng().u8(..14) {
            0 => {
                // A wrapped reference, or the reverse.
                let part = map.get("allOf").and_then(Value::as_array).filter(|list| list.len() == 1 && map.len() == 1);
                match part.cloned() {
                    Some(list) if !is_component || list[0].get("$ref").is_none() => schema = list[0].clone(),
                    Some(_) => {}
                    None => schema = json!({"allOf": [schema]}),
                }
            }
            1..4 => flatten(map, &self.side["components"]),
            4 => split(map, self.schemas.rng),
            5 => {
                for key in ["allOf", "oneOf", "anyOf", "enum", "required"] {
                    if let Some(Value::Array(list)) = map.get_mut(key) {
                        list.reverse();
                    }
                }
            }
            6 if map.contains_key("$ref") && !is_component => {
                let name = map["$ref"].as_str().and_then(|text| text.rsplit('/').next()).unwrap_or_default().to_owned();
                schema = self.side["components"][name].clone();
            }
            7 if !is_component && !map.contains_key("$ref") => {
                // Sorts before all others, so no component refers to it.
                let name = if self.place.starts_with("/components") { return } else { "0" };
                if self.side["components"].get(name).is_none() {
                    self.side["components"][name] = schema;
                    schema = reference(name);
                }
            }
            8 if map.contains_key("enum") && map.get("nullable") != Some(&json!(true)) => {
                let values = map.remove("enum").unwrap_or_default();
                let name = map.get("type").cloned();
                let form = |value: &Value| match &name {
                    Some(name) => json!({"type": name, "enum": [value]}),
                    None => json!({"enum": [value]}),
                };
                let forms: Vec<Value> = values.as_array().into_iter().flatten().map(form).collect();
                if map.contains_key("oneOf") {
                    return;
                }
                map.insert("oneOf".to_owned(), forms.into());
                map.remove("type");
            }
            9 => {
                if let Some(part) = map.get("allOf").and_then(|list| list.get(0)).cloned() {
                    map["allOf"].as_array_mut().expect("a list").push(part);
                } else if let Some(mut form) = map.get("anyOf").and_then(|list| list.get(0)).cloned() {
                    // A form that another one covers.
                    if form.get("type") == Some(&json!("string"))
                        && form.get("enum").is_none()
                        && form.get("minLength").is_none()
                    {
                        form["minLength"] = form.get("maxLength").cloned().unwrap_or_else(|| 3.into());
                    }
                    map["anyOf"].as_array_mut().expect("a list").push(form);
                }
            }
            10..12 => {
                let pairs: &[(&str, Value)] = match map.get("type").and_then(Value::as_str) {
                    Some("string") => &[("minLength", 0.into()), ("nullable", false.into())],
                    Some("array") => &[("minItems", 0.into()), ("uniqueItems", false.into())],
                    Some("object") => &[("minProperties", 0.into()), ("additionalProperties", true.into())],
                    Some("integer") => &[("exclusiveMinimum", false.into()), ("nullable", false.into())],
                    _ => &[("description", "Other.".into())],
                };
                let (key, value) = pick(self.rng(), pairs);
                if !map.contains_key("$ref") {
                    map.entry(key).or_insert(value);
                }
            }
            12 => {
                let (key, value) = pick(
                    self.rng(),
                    &[
                        ("title", json!("Other")),
                        ("description", json!("Other.")),
                        ("default", json!(1)),
                        ("deprecated", json!(true)),
                    ],
                );
                if !map.contains_key("$ref") {
                    map.insert(key.to_owned(), value);
                }
            }
            _ => {
                // The same values under the other keyword, if no value matches two forms.
                let Some((key, other)) = form_key(map) else { return };
                if exclude_each_other(&map[key]) {
                    let forms = map.remove(key).unwrap_or_default();
                    map.insert(other.to_owned(), forms);
                }
            }
        }
        self.set(schema);
    }
}

fn form_key(map: &Map<String, Value>) -> Option<(&'static str, &'static str)> {
    let [one, any] = FORM_KEYS;
    [(one, any), (any, one)].into_iter().find(|(key, _)| map.contains_key(*key))
}

fn exclude_each_other(forms: &Value) -> bool {
    let types: Option<Vec<&str>> = forms.as_array().into_iter().flatten().map(|form| form["type"].as_str()).collect();
    let kinds: Option<Vec<&str>> =
        forms.as_array().into_iter().flatten().map(|form| form["properties"]["kind"]["enum"][0].as_str()).collect();
    let differ = |list: Option<Vec<&str>>| {
        list.is_some_and(|mut list| {
            list.sort_unstable();
            list.windows(2).all(|pair| pair[0] != pair[1]) && !(list.contains(&"integer") && list.contains(&"number"))
        })
    };
    differ(types) || differ(kinds)
}

/// Writes an `allOf` of plain objects as one object.
fn flatten(map: &mut Map<String, Value>, components: &Value) {
    const MERGED: [&str; 4] = ["type", "properties", "required", "description"];
    let Some(Value::Array(parts)) = map.get("allOf") else { return };
    if !map.keys().all(|key| key == "allOf" || MERGED.contains(&key.as_str())) {
        return;
    }
    let mut flat = map.clone();
    flat.remove("allOf");
    for part in parts {
        let name = part["$ref"].as_str().and_then(|text| text.rsplit('/').next());
        let Some(part) = name.map_or(Some(part), |name| components.get(name)).and_then(Value::as_object) else {
            return;
        };
        for (key, value) in part {
            match (key.as_str(), flat.get_mut(key)) {
                ("properties", Some(Value::Object(properties))) => {
                    for (name, schema) in value.as_object().into_iter().flatten() {
                        if properties.insert(name.clone(), schema.clone()).is_some_and(|other| other != *schema) {
                            return;
                        }
                    }
                }
                ("required", Some(Value::Array(names))) => {
                    let more = value.as_array().into_iter().flatten();
                    let more: Vec<Value> = more.filter(|name| !names.contains(name)).cloned().collect();
                    names.extend(more);
                }
                (key, None) if MERGED.contains(&key) => drop(flat.insert(key.to_owned(), value.clone())),
                ("type", Some(other)) if other == value => {}
                ("description", _) => {}
                _ => return,
            }
        }
    }
    *map = flat;
}

/// Writes an object as an `allOf` of two objects.
fn split(map: &mut Map<String, Value>, rng: &mut Rng) {
    let plain = map.keys().all(|key| ["type", "properties", "required"].contains(&key.as_str()));
    let Some(Value::Object(properties)) = map.get("properties").filter(|_| plain) else { return };
    let (mut one, mut other) = (map.clone(), json!({"type": "object", "properties": {}}));
    for (name, schema) in properties {
        if rng.bool() {
            one["properties"].as_object_mut().expect("a map").remove(name);
            other["properties"][name] = schema.clone();
            // A name is also required where another part has its schema.
            let listed =
                one.get("required").is_some_and(|names| names.as_array().is_some_and(|all| all.contains(&json!(name))));
            if listed && rng.bool() {
                toggle_name(&mut one, name, Some(false));
                toggle_name(other.as_object_mut().expect("a map"), name, Some(true));
            }
        }
    }
    *map = json!({"allOf": [one, other]}).as_object().cloned().unwrap_or_default();
}

fn toggle(map: &mut Map<String, Value>, key: &str) {
    if map.remove(key).is_none() {
        map.insert(key.to_owned(), true.into());
    }
}

/// Adds a name to `required`, or removes it; by default the opposite of what is.
fn toggle_name(map: &mut Map<String, Value>, name: &str, needed: Option<bool>) {
    let mut list = map.remove("required").and_then(|list| list.as_array().cloned()).unwrap_or_default();
    let count = list.len();
    list.retain(|other| other != name);
    if needed.unwrap_or(list.len() == count) {
        list.push(name.into());
    }
    if !list.is_empty() {
        map.insert("required".to_owned(), list.into());
    }
}

/// Sets, changes or removes a keyword.
fn replace(map: &mut Map<String, Value>, key: &str, value: Value, rng: &mut Rng) {
    if map.contains_key(key) && chance(rng, 40) {
        map.remove(key);
    } else if !map.contains_key("$ref") {
        map.insert(key.to_owned(), value);
    }
}
