//! Generates schemas. A side of a pair is `{"schema": …, "components": {"A": …}}`; references never form a cycle.

use fastrand::Rng;
use serde_json::{Map, Value, json};

pub(super) const NAMES: [&str; 4] = ["a", "b", "c", "d"];
pub(super) const PATTERNS: [&str; 4] = ["^[a-c]+$", "^x", "[0-9]", ".*"];
pub(super) const TEXT_FORMATS: [&str; 6] = ["date", "date-time", "uuid", "email", "ipv4", "password"];
const COMPONENTS: [&str; 3] = ["A", "B", "C"];
const MAX_DEPTH: usize = 2;

pub(super) fn chance(rng: &mut Rng, percent: u8) -> bool {
    rng.u8(..100) < percent
}

pub(super) fn pick<T: Clone>(rng: &mut Rng, list: &[T]) -> T {
    list[rng.usize(..list.len())].clone()
}

pub(super) fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/{name}")})
}

/// A schema and the components that it uses.
pub(super) fn side(rng: &mut Rng) -> Value {
    let mut components = Map::new();
    let mut known: Vec<&str> = Vec::new();
    let tagged = chance(rng, 12);
    for name in COMPONENTS.iter().rev() {
        if chance(rng, 60) {
            // Components are referred to from any depth, so they are shallow.
            let mut schemas = Schemas { rng, known: &known, tagged: false };
            let schema = match if tagged { schemas.tagged(1) } else { schemas.schema(1) } {
                schema if schema.get("$ref").is_some() => json!({"allOf": [schema]}),
                schema => schema,
            };
            components.insert((*name).to_owned(), schema);
            known.push(name);
        }
    }
    let mut schemas = Schemas { rng, known: &known, tagged };
    let schema = match schemas.rng.u8(..10) {
        0..4 if tagged => schemas.choice(MAX_DEPTH),
        0..6 => schemas.object(MAX_DEPTH),
        _ => schemas.schema(MAX_DEPTH),
    };
    let mut side = json!({"schema": schema, "components": components});
    remove_unused(&mut side);
    side
}

/// Removes the components that nothing refers to.
pub(super) fn remove_unused(side: &mut Value) {
    loop {
        let text = side.to_string();
        let Value::Object(components) = &mut side["components"] else { return };
        let count = components.len();
        components.retain(|name, _| text.contains(&format!("#/components/{name}\"")));
        if components.len() == count {
            return;
        }
    }
}

/// The pointers of all schemas of a side.
pub(super) fn places(side: &Value) -> Vec<String> {
    fn visit(schema: &Value, at: String, list: &mut Vec<String>) {
        let Value::Object(map) = schema else { return };
        for (key, value) in map {
            match key.as_str() {
                "properties" => {
                    for (name, schema) in value.as_object().into_iter().flatten() {
                        visit(schema, format!("{at}/properties/{name}"), list);
                    }
                }
                "items" | "not" | "additionalProperties" => visit(value, format!("{at}/{key}"), list),
                "allOf" | "oneOf" | "anyOf" => {
                    for (number, schema) in value.as_array().into_iter().flatten().enumerate() {
                        visit(schema, format!("{at}/{key}/{number}"), list);
                    }
                }
                _ => {}
            }
        }
        list.push(at);
    }
    let mut list = Vec::new();
    visit(&side["schema"], "/schema".to_owned(), &mut list);
    for (name, schema) in side["components"].as_object().into_iter().flatten() {
        visit(schema, format!("/components/{name}"), &mut list);
    }
    list
}

pub(super) struct Schemas<'r> {
    pub(super) rng: &'r mut Rng,
    /// The names of the components that may be referred to.
    pub(super) known: &'r [&'r str],
    /// Whether a discriminator can distinguish the components.
    pub(super) tagged: bool,
}

impl Schemas<'_> {
    pub(super) fn schema(&mut self, depth: usize) -> Value {
        let mut schema = match self.rng.u8(..100) {
            0..15 if !self.known.is_empty() => return reference(pick(self.rng, self.known)),
            0..55 if depth > 0 => match self.rng.u8(..60) {
                0..10 => self.array(depth),
                10..34 => self.object(depth),
                34..47 => self.all_of(depth),
                _ => self.choice(depth),
            },
            55..58 => json!({}),
            _ => self.scalar(),
        };
        if schema.get("type").is_some() && chance(self.rng, 10) {
            schema["nullable"] = true.into();
        }
        for (key, value) in [("description", json!("Text.")), ("title", json!("Title")), ("deprecated", json!(true))] {
            if chance(self.rng, 2) {
                schema[key] = value;
            }
        }
        if chance(self.rng, 2) {
            schema["not"] =
                pick(self.rng, &[json!({"enum": ["a"]}), json!({"required": ["a", "b"]}), json!({"enum": [1, 2]})]);
        }
        schema
    }

    pub(super) fn scalar(&mut self) -> Value {
        let name = pick(self.rng, &["string", "string", "string", "integer", "integer", "number", "boolean"]);
        let mut schema = json!({"type": name});
        match (name, self.rng.u8(..10)) {
            ("string", 0..2) => schema["enum"] = self.values(&["a", "b", "c", "x1"].map(Value::from)),
            ("string", 2) => schema["pattern"] = pick(self.rng, &PATTERNS).into(),
            ("string", 3) => schema["format"] = pick(self.rng, &TEXT_FORMATS).into(),
            ("string", 4..6) => self.bounds(&mut schema, ["minLength", "maxLength"], 0),
            ("integer" | "number", 0) => schema["enum"] = self.values(&[0, 1, 2, 3].map(Value::from)),
            ("integer", 1) => schema["format"] = pick(self.rng, &["int32", "int64"]).into(),
            ("number", 1) => schema["format"] = "float".into(),
            ("integer" | "number", 2..6) => {
                self.bounds(&mut schema, ["minimum", "maximum"], -2);
                for key in ["exclusiveMinimum", "exclusiveMaximum"] {
                    if chance(self.rng, 20) {
                        schema[key] = self.rng.bool().into();
                    }
                }
            }
            ("integer" | "number", 6) => schema["multipleOf"] = pick(self.rng, &[2, 3, 5, 10]).into(),
            _ => {}
        }
        schema
    }

    /// Sets a lower bound, an upper one, or both.
    fn bounds(&mut self, schema: &mut Value, [lower, upper]: [&str; 2], least: i64) {
        let low = least + self.rng.i64(0..4);
        let which = self.rng.u8(..3);
        if which != 0 {
            schema[lower] = low.into();
        }
        if which != 1 {
            schema[upper] = (low + 2 + self.rng.i64(0..3)).into();
        }
    }

    /// Some of the values.
    fn values(&mut self, all: &[Value]) -> Value {
        let mut list = all.to_vec();
        self.rng.shuffle(&mut list);
        list.truncate(1 + self.rng.usize(..all.len() - 1));
        list.into()
    }

    fn array(&mut self, depth: usize) -> Value {
        let mut schema = json!({"type": "array", "items": self.schema(depth - 1)});
        if chance(self.rng, 30) {
            self.bounds(&mut schema, ["minItems", "maxItems"], 0);
        }
        if chance(self.rng, 12) {
            schema["uniqueItems"] = true.into();
        }
        schema
    }

    pub(super) fn object(&mut self, depth: usize) -> Value {
        if chance(self.rng, 8) {
            return json!({"type": "object", "additionalProperties": self.scalar()});
        }
        let mut schema = json!({"type": "object", "properties": {}});
        let mut required = Vec::new();
        for name in self.names() {
            schema["properties"][name] = self.property(depth.saturating_sub(1));
            if chance(self.rng, 40) {
                required.push(name);
            }
        }
        if chance(self.rng, 2) {
            required.push("undeclared");
        }
        if chance(self.rng, 6) {
            schema["maxProperties"] = (required.len() + self.rng.usize(1..3)).into();
        }
        if chance(self.rng, 6) {
            schema["minProperties"] = self.rng.usize(..3).into();
        }
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        if let Some(values) = self.additional() {
            schema["additionalProperties"] = values;
        }
        schema
    }

    pub(super) fn additional(&mut self) -> Option<Value> {
        match self.rng.u8(..100) {
            0..12 => Some(false.into()),
            12..15 => Some(true.into()),
            15..22 => Some(self.scalar()),
            _ => None,
        }
    }

    pub(super) fn names(&mut self) -> Vec<&'static str> {
        let mut names = NAMES.to_vec();
        self.rng.shuffle(&mut names);
        names.truncate(self.rng.usize(1..4));
        names
    }

    pub(super) fn property(&mut self, depth: usize) -> Value {
        let mut schema = self.schema(depth);
        if chance(self.rng, 8) {
            if schema.get("$ref").is_some() {
                schema = json!({"allOf": [schema]});
            }
            schema[pick(self.rng, &["readOnly", "writeOnly"])] = true.into();
        }
        schema
    }

    fn all_of(&mut self, depth: usize) -> Value {
        if chance(self.rng, 15) {
            return json!({"allOf": [{"type": "string", "minLength": 1}, {"type": "string", "maxLength": 4}]});
        }
        let count = self.rng.usize(1..4);
        let parts: Vec<Value> = (0..count)
            .map(|_| match self.rng.u8(..10) {
                0..3 if !self.known.is_empty() => reference(pick(self.rng, self.known)),
                3 => json!({"description": "Text."}),
                _ => self.object(depth - 1),
            })
            .collect();
        let mut schema = json!({"allOf": parts});
        match self.rng.u8(..8) {
            0 => schema["type"] = "object".into(),
            1 => schema["required"] = json!([pick(self.rng, &NAMES)]),
            2 => schema["properties"] = json!({pick(self.rng, &NAMES): self.property(depth - 1)}),
            _ => {}
        }
        schema
    }

    fn choice(&mut self, depth: usize) -> Value {
        let key = pick(self.rng, &["oneOf", "anyOf"]);
        let count = self.rng.usize(1..4);
        if self.tagged && !self.known.is_empty() {
            let forms: Vec<Value> = self.known.iter().map(|name| reference(name)).collect();
            let mut discriminator = json!({"propertyName": "kind"});
            if self.rng.bool() {
                discriminator["mapping"] = json!({"x": forms[0]["$ref"], "y": pick(self.rng, &forms)["$ref"]});
            }
            return json!({key: forms, "discriminator": discriminator});
        }
        let forms: Vec<Value> = match self.rng.u8(..10) {
            0..2 => ["string", "integer", "boolean"][..count].iter().map(|name| json!({"type": name})).collect(),
            2..5 => ["x", "y", "z"][..count].iter().map(|kind| self.form(kind, depth)).collect(),
            5 => vec![json!({"type": "string"}), json!({"type": "string", "enum": ["a", "b"]})],
            6 => ["a", "b", "c"][..count].iter().map(|one| json!({"type": "string", "enum": [one]})).collect(),
            7 => self.known.iter().map(|name| reference(name)).chain([json!({"type": "boolean"})]).collect(),
            _ => (0..count).map(|_| self.schema(depth - 1)).collect(),
        };
        json!({key: forms})
    }

    /// An object whose property `kind` names it.
    pub(super) fn form(&mut self, kind: &str, depth: usize) -> Value {
        let mut form = self.tagged(depth);
        form["properties"]["kind"]["enum"] = json!([kind]);
        form
    }

    /// An object with a property `kind`.
    fn tagged(&mut self, depth: usize) -> Value {
        let mut form = self.object(depth - 1);
        form["properties"]["kind"] = json!({"type": "string"});
        match form.get_mut("required").and_then(Value::as_array_mut) {
            Some(list) => list.push("kind".into()),
            None => form["required"] = json!(["kind"]),
        }
        form
    }
}
