//! The Rust type that progenitor generates for a schema, without its fields. If two schemas have the same type name, the
//! same code can use both; differences in their fields have findings of their own.

use crate::document::{Kind, Node};
use crate::node_text;

/// Integer formats with their type, minimum and maximum; the narrowest first.
const INTEGERS: [(&str, &str, f64, f64); 10] = [
    ("int8", "i8", i8::MIN as f64, i8::MAX as f64),
    ("uint8", "u8", u8::MIN as f64, u8::MAX as f64),
    ("int16", "i16", i16::MIN as f64, i16::MAX as f64),
    ("uint16", "u16", u16::MIN as f64, u16::MAX as f64),
    ("int", "i32", i32::MIN as f64, i32::MAX as f64),
    ("int32", "i32", i32::MIN as f64, i32::MAX as f64),
    ("uint", "u32", u32::MIN as f64, u32::MAX as f64),
    ("uint32", "u32", u32::MIN as f64, u32::MAX as f64),
    ("int64", "i64", i64::MIN as f64, i64::MAX as f64),
    ("uint64", "u64", u64::MIN as f64, u64::MAX as f64),
];

/// The type of a value of `schema`, which may be missing unless it is `required`.
pub(crate) fn type_name(schema: Node<'_>, required: bool) -> String {
    let bare = bare_type(schema);
    let optional = !required && !bare.starts_with("Vec<") && !bare.starts_with("HashMap<");
    let nullable = schema.get("nullable").and_then(Node::bool) == Some(true);
    match schema.get("default").filter(|default| !is_implied(*default, &bare)) {
        _ if nullable => format!("Option<{bare}>"),
        Some(default) if !required => format!("{bare}, {} when missing", default.to_json()),
        _ if optional => format!("Option<{bare}>"),
        _ => bare,
    }
}

/// Whether a default is the value that a missing one is decoded as anyway.
fn is_implied(default: Node<'_>, bare: &str) -> bool {
    match default.kind() {
        Kind::Null => true,
        Kind::List => bare.starts_with("Vec<") && default.items().next().is_none(),
        Kind::Map => bare.starts_with("HashMap<") && default.entries().next().is_none(),
        _ => false,
    }
}

/// Whether the generated names are the same. Case and separators do not matter.
pub(crate) fn is_same_name(one: &str, other: &str) -> bool {
    let letters =
        |name: &str| name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let (one, other): (String, String) = (letters(one), letters(other));
    one == other
}

/// Whether the generator defines a named type for a schema.
pub(crate) fn has_own_type(schema: Node<'_>) -> bool {
    let bare = bare_type(schema);
    ["struct", "enum", "String checked"].iter().any(|kind| bare.starts_with(kind))
}

/// The type of a value that is neither missing nor null.
fn bare_type(schema: Node<'_>) -> String {
    if let Some(reference) = schema.get("$ref").and_then(Node::text) {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    let text = |key: &str| schema.get(key).and_then(Node::text);
    if let (Some(values), Some("integer" | "number")) = (schema.get("enum"), text("type")) {
        let base = if text("type") == Some("integer") { integer(schema).to_owned() } else { number(schema) };
        return format!("{base} checked for {}", values.to_json());
    }
    if let Some(values) = schema.get("enum").filter(|_| text("type") != Some("boolean")) {
        let values = values.items().filter(|value| value.kind() != Kind::Null);
        let values: Vec<String> = values.map(|value| value.to_json().to_string()).collect();
        return format!("enum of {}", values.join(", "));
    }
    for (key, name) in [("oneOf", "enum"), ("anyOf", "struct of variants")] {
        if schema.get(key).is_some() {
            return name.to_owned();
        }
    }
    let mut parts = schema.get("allOf").into_iter().flat_map(Node::items);
    match (parts.next(), parts.next()) {
        (Some(part), None) => return bare_type(part),
        (Some(_), Some(_)) => return "struct".to_owned(),
        (None, _) => {}
    }
    match text("type") {
        Some("string") => string(schema),
        Some("integer") => integer(schema).to_owned(),
        Some("number") => number(schema),
        Some("boolean") => "bool".to_owned(),
        Some("array") => list(schema),
        Some("object") => object(schema),
        None if schema.get("properties").is_some() => object(schema),
        _ => "serde_json::Value".to_owned(),
    }
}

fn string(schema: Node<'_>) -> String {
    let typed = match schema.get("format").and_then(Node::text) {
        Some("uuid") => "uuid::Uuid",
        Some("date") => "chrono::NaiveDate",
        Some("date-time") if ["minLength", "maxLength", "pattern"].iter().any(|key| schema.get(key).is_some()) => {
            "chrono::DateTime<Utc>"
        }
        Some("ip") => "std::net::IpAddr",
        Some("ipv4") => "std::net::Ipv4Addr",
        Some("ipv6") => "std::net::Ipv6Addr",
        _ => "String",
    };
    // With bounds, the generator defines a type that rejects other values.
    let bounds: Vec<String> = ["minLength", "maxLength", "pattern"]
        .iter()
        .filter_map(|key| Some(format!("{key} {}", node_text::summary(schema.get(key)?).trim_matches('`'))))
        .collect();
    if bounds.is_empty() || typed != "String" {
        typed.to_owned()
    } else {
        format!("String checked for {}", bounds.join(", "))
    }
}

fn number(schema: Node<'_>) -> String {
    let bounds = ["minimum", "maximum", "multipleOf"];
    match schema.get("format").and_then(Node::text) {
        Some("float") => "f32".to_owned(),
        // The generator can replace it with an exact type, but only if there are no bounds.
        Some("decimal") if bounds.iter().all(|key| schema.get(key).is_none()) => "Decimal".to_owned(),
        _ => "f64".to_owned(),
    }
}

/// The type that typify generates for an integer: that of its format, or that of exactly its bounds.
fn integer(schema: Node<'_>) -> &'static str {
    let number = |key: &str| schema.get(key)?.number()?.parse::<f64>().ok();
    let excluded = |key: &str| schema.get(key).and_then(Node::bool) == Some(true);
    let min = number("minimum").map(|min| if excluded("exclusiveMinimum") { min + 1.0 } else { min });
    let max = number("maximum").map(|max| if excluded("exclusiveMaximum") { max - 1.0 } else { max });
    let format = schema.get("format").and_then(Node::text);
    let (mut low, mut high) = (min, max);
    if let Some((_, name, least, largest)) = INTEGERS.iter().find(|(name, ..)| Some(*name) == format) {
        let fits = min.is_none_or(|min| min >= *least) && max.is_none_or(|max| max <= *largest);
        if fits && schema.get("multipleOf").is_none() {
            return if min == Some(1.0) { non_zero(name) } else { name };
        }
        low = low.or(Some(*least));
        high = high.or(Some(*largest));
    }
    if low == Some(1.0) {
        return non_zero("u64");
    }
    let exactly = INTEGERS.iter().rev().find(|(_, _, least, largest)| {
        (low.is_some() || high.is_some())
            && low.is_none_or(|low| low == *least)
            && high.is_none_or(|high| high == *largest)
    });
    exactly.map_or("i64", |(_, name, ..)| name)
}

fn non_zero(name: &str) -> &'static str {
    match name {
        "i8" | "u8" => "NonZeroU8",
        "i16" | "u16" => "NonZeroU16",
        "i32" | "u32" => "NonZeroU32",
        _ => "NonZeroU64",
    }
}

fn list(schema: Node<'_>) -> String {
    let item = schema.get("items").map_or_else(|| "serde_json::Value".to_owned(), |items| type_name(items, true));
    let text = |key: &str| schema.get(key).map(|node| node.to_json().to_string());
    match (text("minItems"), text("maxItems")) {
        _ if schema.get("uniqueItems").and_then(Node::bool) == Some(true) => format!("Vec<{item}> as a set"),
        (Some(min), Some(max)) if min == max && max != "0" => format!("[{item}; {max}]"),
        _ => format!("Vec<{item}>"),
    }
}

/// The type of the additional properties of an object.
pub(crate) fn additional_type(schema: Node<'_>) -> String {
    let has_properties = schema.get("properties").is_some_and(|all| all.entries().next().is_some());
    match schema.get("additionalProperties") {
        Some(values) if values.bool() == Some(false) => "struct that rejects unknown fields".to_owned(),
        Some(values) if values.entries().next().is_some() => match has_properties {
            true => format!("struct with a map of {} for other fields", type_name(values, true)),
            false => format!("map of {}", type_name(values, true)),
        },
        _ if has_properties => "struct that ignores unknown fields".to_owned(),
        _ => "map of serde_json::Value".to_owned(),
    }
}

fn object(schema: Node<'_>) -> String {
    let properties = schema.get("properties").is_some_and(|all| all.entries().next().is_some());
    match schema.get("additionalProperties") {
        _ if properties => "struct".to_owned(),
        Some(values) if values.bool().is_none() && values.entries().next().is_some() => {
            format!("HashMap<String, {}>", type_name(values, true))
        }
        Some(values) if values.bool() == Some(false) => "struct".to_owned(),
        _ => "serde_json::Map".to_owned(),
    }
}
