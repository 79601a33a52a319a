//! What an OpenAPI 3.0 schema means as a JSON Schema (draft 2020-12), for the party that sends values or receives them.
//!
//! OpenAPI leaves room where it says SHOULD NOT, and where tools disagree. So there are two readings of a pair:
//! - *must*: the sender is careful and the receiver is tolerant. A value that is sent and refused proves a breaking change.
//! - *may*: the sender is careless and the receiver is strict. Without such a value no change breaks.
//!
//! | subject | careful or strict | careless or tolerant |
//! |---|---|---|
//! | `readOnly` in a request, `writeOnly` in a response: never required (OpenAPI 3.0.3, "Fixed Fields") | not sent; received as if it were not declared | sent as declared; ignored if received |
//! | properties that are not declared, without `additionalProperties` | not sent (must); a receiver accepts them always | sent |
//! | no `type`, but `properties` or `items` | implies the type | any type |
//! | a discriminator that only one side has | selects forms | only documents (both parties in *must*) |
//! | names of a form for a discriminator | those of the mapping, or else its own | all of these |
//! | `nullable` without `type`, or with an `enum` without null (OpenAPI 3.0.3: no effect) | no null | null |

use serde_json::{Map, Value, json};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    /// The keyword that hides a property in this direction: `readOnly` in requests, `writeOnly` in responses.
    pub(super) hiding: &'static str,
    pub(super) sends: bool,
    pub(super) must: bool,
    /// Whether discriminators select forms; without, the forms are told apart by their schemas.
    pub(super) selects: bool,
}

/// Replaces references by their targets, with their names in `x-name`.
pub(super) fn inlined(schema: &Value, components: &Value) -> Value {
    match schema {
        Value::Object(map) => {
            if let Some(name) = map.get("$ref").and_then(Value::as_str).and_then(|text| text.rsplit('/').next()) {
                let mut target = inlined(&components[name], components);
                target["x-name"] = name.into();
                return target;
            }
            map.iter().map(|(key, value)| (key.clone(), inlined(value, components))).collect::<Map<_, _>>().into()
        }
        Value::Array(list) => list.iter().map(|item| inlined(item, components)).collect(),
        _ => schema.clone(),
    }
}

impl Reading {
    /// The JSON Schema of an inlined schema.
    pub(super) fn json_schema(self, schema: &Value) -> Value {
        self.schema(schema, &[], true)
    }

    fn is_tight(self) -> bool {
        self.sends == self.must
    }

    /// `hidden` has the hidden properties of the composition that the schema is part of; `whole` is false for its parts.
    fn schema(self, schema: &Value, hidden: &[String], whole: bool) -> Value {
        let Value::Object(map) = schema else { return schema.clone() };
        let mut hidden = hidden.to_vec();
        self.hidden_properties(schema, &mut hidden);
        let is_hidden = |name: &str| hidden.iter().any(|other| other == name);
        let flag = |key: &str| map.get(key) == Some(&Value::Bool(true));
        let mut out = Map::new();
        for (key, value) in map {
            let value = match key.as_str() {
                "type" if flag("nullable") => json!([value, "null"]),
                "required" => value
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter(|name| !name.as_str().is_some_and(is_hidden))
                    .cloned()
                    .collect(),
                "properties" => value
                    .as_object()
                    .into_iter()
                    .flatten()
                    .filter_map(|(name, schema)| Some((name.clone(), self.property(schema, is_hidden(name))?)))
                    .collect::<Map<_, _>>()
                    .into(),
                // Whether clients send undeclared properties must not depend on how the default is written.
                "additionalProperties" if *value == json!(true) || *value == json!({}) => continue,
                "additionalProperties" | "items" => self.schema(value, &[], true),
                "allOf" | "oneOf" | "anyOf" => {
                    value.as_array().into_iter().flatten().map(|part| self.part(schema, part, &hidden)).collect()
                }
                // What is refused is read the other way round.
                "not" => Self { sends: !self.sends, ..self }.schema(value, &[], false),
                "minimum" if flag("exclusiveMinimum") => {
                    out.insert("exclusiveMinimum".to_owned(), value.clone());
                    continue;
                }
                "maximum" if flag("exclusiveMaximum") => {
                    out.insert("exclusiveMaximum".to_owned(), value.clone());
                    continue;
                }
                "minimum" | "maximum" | "multipleOf" | "minLength" | "maxLength" | "pattern" | "minItems"
                | "maxItems" | "uniqueItems" | "minProperties" | "maxProperties" | "enum" | "type" | "format" => {
                    value.clone()
                }
                _ => continue,
            };
            out.insert(key.clone(), value);
        }
        if let Some(range) = map.get("format").and_then(Value::as_str).and_then(number_range) {
            let parts = out.entry("allOf").or_insert_with(|| json!([]));
            parts.as_array_mut().expect("a list").push(range);
        }
        if self.is_tight() && !map.contains_key("type") {
            if map.contains_key("properties") || map.contains_key("additionalProperties") {
                out.insert("type".to_owned(), "object".into());
            } else if map.contains_key("items") {
                out.insert("type".to_owned(), "array".into());
            }
        }
        if self.sends && self.must && whole && declares_properties(schema) {
            out.insert("unevaluatedProperties".to_owned(), false.into());
        }
        if flag("nullable") && !self.is_tight() { json!({"anyOf": [{"type": "null"}, out]}) } else { out.into() }
    }

    /// None if the property counts as not declared.
    fn property(self, schema: &Value, is_hidden: bool) -> Option<Value> {
        match (is_hidden, self.sends, self.must) {
            (false, ..) | (true, true, false) => Some(self.schema(schema, &[], true)),
            (true, true, true) => Some(false.into()),
            (true, false, true) => Some(true.into()),
            (true, false, false) => None,
        }
    }

    /// A part of `allOf` or a form, with the names by which a discriminator refers to it.
    fn part(self, whole: &Value, part: &Value, hidden: &[String]) -> Value {
        let schema = self.schema(part, hidden, false);
        let names = discriminator_names(whole, part, self.is_tight()).filter(|_| self.selects);
        let Some((property, names)) = names else { return schema };
        json!({"allOf": [schema, {"required": [property], "properties": {property: {"enum": names}}}]})
    }

    fn hidden_properties(self, schema: &Value, names: &mut Vec<String>) {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            if self.hides(property) && !names.contains(name) {
                names.push(name.clone());
            }
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.hidden_properties(part, names);
        }
    }

    fn hides(self, property: &Value) -> bool {
        property[self.hiding] == true || property["allOf"].as_array().into_iter().flatten().any(|part| self.hides(part))
    }
}

/// The discriminator's property, and the values that name the form: those of the mapping, and also its own name if it has
/// none there or `strict` is not set.
pub(super) fn discriminator_names<'s>(whole: &'s Value, form: &Value, strict: bool) -> Option<(&'s str, Vec<String>)> {
    let property = whole["discriminator"]["propertyName"].as_str()?;
    let own = form["x-name"].as_str()?;
    let mapping = whole["discriminator"]["mapping"].as_object();
    let mut names: Vec<String> = mapping
        .into_iter()
        .flatten()
        .filter(|(_, target)| target.as_str().and_then(|text| text.rsplit('/').next()) == Some(own))
        .map(|(name, _)| name.clone())
        .collect();
    if names.is_empty() || !strict {
        names.push(own.to_owned());
    }
    Some((property, names))
}

/// Whether a schema has a discriminator; none if one does not select forms, because they are no components.
pub(super) fn has_discriminators(schema: &Value) -> Option<bool> {
    let children: Vec<&Value> = match schema {
        Value::Object(map) => map.values().collect(),
        Value::Array(list) => list.iter().collect(),
        _ => return Some(false),
    };
    let below = children.into_iter().map(has_discriminators).try_fold(false, |any, found| Some(found? || any))?;
    if schema.get("discriminator").is_none() {
        return Some(below);
    }
    let forms = ["oneOf", "anyOf"].into_iter().flat_map(|key| schema[key].as_array().into_iter().flatten());
    forms.into_iter().all(|form| form.get("x-name").is_some()).then_some(true)
}

fn number_range(format: &str) -> Option<Value> {
    Some(match format {
        "int32" => json!({"minimum": i32::MIN, "maximum": i32::MAX}),
        "int64" => json!({"minimum": i64::MIN, "maximum": i64::MAX}),
        "float" => json!({"minimum": f64::from(f32::MIN), "maximum": f64::from(f32::MAX)}),
        _ => return None,
    })
}

/// Whether a schema is for objects, and so says which properties there are.
fn declares_properties(schema: &Value) -> bool {
    schema.get("properties").is_some()
        || schema["type"] == "object"
        || ["allOf", "oneOf", "anyOf"]
            .iter()
            .flat_map(|key| schema[*key].as_array().into_iter().flatten())
            .any(declares_properties)
}
