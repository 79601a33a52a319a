//! Converts the events of a YAML parser to nodes.

use std::collections::HashMap;

use granit_parser::{ErrorKind, Event, Marker, Parser, ScalarStyle, Span, Tag};

use super::builder::{Builder, Position, Scalar};
use super::parsed::saturating_u32;
use crate::document::Diagnostic;
use crate::number;

/// The target of an alias.
enum Anchor {
    Node(u32),
    Key(String),
}

/// Parses the text of `builder`, without recursion: the parser and the builder have stacks of their own.
pub(super) fn read(builder: &mut Builder<'_>) -> Result<(), Diagnostic> {
    let mut anchors = HashMap::new();
    let mut documents = 0;
    for event in Parser::new_from_str(builder.text()) {
        let (event, span) = event.map_err(|error| match error.kind() {
            // The parser has a limit of its own for nested brackets.
            ErrorKind::RecursionLimitExceeded => builder.too_deep(position(builder, error.marker())),
            _ => builder.diagnostic(position(builder, error.marker()), format!("invalid YAML: {}", error.info())),
        })?;
        if let Event::DocumentStart(..) = event {
            documents += 1;
            if documents > 1 {
                return Err(builder
                    .diagnostic(position(builder, &span.start), "a second YAML document: put it into another file"));
            }
        }
        node(builder, &mut anchors, &event, &span)?;
    }
    Ok(())
}

fn node(
    builder: &mut Builder<'_>,
    anchors: &mut HashMap<usize, Anchor>,
    event: &Event<'_>,
    span: &Span,
) -> Result<(), Diagnostic> {
    let tag_position = position(builder, &span.tag_start().unwrap_or(span.start));
    let position = position(builder, &span.start);
    let is_key = builder.expects_key();
    let (anchor, id) = match event {
        Event::Scalar(text, style, anchor, tag) if is_key => {
            let text = written(text, *style, span);
            // Also a value of another type is a text as a key.
            Typed::of(builder, tag_position, tag.as_deref())?;
            if *style == ScalarStyle::Plain && text == "<<" {
                builder.merge_key(position);
                return Ok(());
            }
            builder.key(text, position);
            // The parser numbers anchors from 1.
            if *anchor > 0 {
                anchors.insert(*anchor, Anchor::Key(text.to_owned()));
            }
            return Ok(());
        }
        Event::SequenceStart(..) | Event::MappingStart(..) if is_key => {
            return Err(builder.diagnostic(position, "the key is a map or a list: use a text"));
        }
        Event::Alias(anchor) if is_key => {
            let text = match anchors.get(anchor) {
                Some(Anchor::Key(text)) => Some(text.clone()),
                Some(Anchor::Node(id)) => builder.scalar_text(*id),
                None => None,
            };
            let Some(text) = text else {
                return Err(builder.diagnostic(position, "the key is an alias of a map or list: use a text"));
            };
            builder.key(&text, position);
            return Ok(());
        }
        Event::Scalar(text, style, anchor, tag) => {
            let text = written(text, *style, span);
            let scalar = match Typed::of(builder, tag_position, tag.as_deref())? {
                Typed::Text => Scalar::Text(text),
                Typed::Null if text.is_empty() => Scalar::Null,
                Typed::Value => plain(text),
                _ if *style != ScalarStyle::Plain => Scalar::Text(text),
                _ => plain(text),
            };
            let last_line = last_line(builder, text, *style, span);
            (anchor, builder.scalar(scalar, position, last_line)?)
        }
        Event::MappingStart(_, anchor, tag) => {
            Typed::of(builder, tag_position, tag.as_deref())?;
            (anchor, builder.open(true, position)?)
        }
        Event::SequenceStart(_, anchor, tag) => {
            Typed::of(builder, tag_position, tag.as_deref())?;
            (anchor, builder.open(false, position)?)
        }
        Event::MappingEnd | Event::SequenceEnd => {
            // Only a closing bracket has a position of its own; a block ends at the next token.
            return builder.close(if span.is_empty() { 0 } else { position.line });
        }
        Event::Alias(anchor) => {
            let copied = match anchors.get(anchor) {
                Some(Anchor::Node(original)) => builder.copy(*original, position),
                Some(Anchor::Key(text)) => builder.scalar(Scalar::Text(text), position, position.line),
                None => Err(builder.diagnostic(position, "the alias has no anchor")),
            };
            return copied.map(drop);
        }
        _ => return Ok(()),
    };
    if *anchor > 0 {
        anchors.insert(*anchor, Anchor::Node(id));
    }
    Ok(())
}

/// The type that a tag gives to a value.
enum Typed {
    /// No tag, or one without an effect.
    Untagged,
    Text,
    /// A number, a boolean, or null, with or without quotes.
    Value,
    Null,
}

impl Typed {
    fn of(builder: &mut Builder<'_>, position: Position, tag: Option<&Tag>) -> Result<Self, Diagnostic> {
        let Some(tag) = tag else { return Ok(Self::Untagged) };
        // `!` alone makes a text of a scalar.
        if (tag.handle().is_empty() && tag.suffix() == "!") || (tag.handle() == "!" && tag.suffix().is_empty()) {
            return Ok(Self::Text);
        }
        if let Some(name) = tag.suffix_in_namespace("tag:yaml.org,2002:") {
            return Ok(match &*name {
                "str" | "binary" | "timestamp" => Self::Text,
                "int" | "float" | "bool" => Self::Value,
                "null" => Self::Null,
                _ => Self::Untagged,
            });
        }
        let written = format!("{}{}", tag.original_handle(), tag.suffix());
        if written.to_ascii_lowercase().contains("include") {
            let reason = format!("the tag `{written}` is not followed: use `$ref` for the content of another file");
            return Err(builder.diagnostic(position, reason));
        }
        let warning = builder.diagnostic(position, format!("the tag `{written}` has no meaning in OpenAPI: ignored"));
        builder.warnings.push(warning);
        Ok(Self::Untagged)
    }
}

/// The text of a scalar. The parser returns `~` for a missing one.
fn written<'e>(text: &'e str, style: ScalarStyle, span: &Span) -> &'e str {
    if style == ScalarStyle::Plain && span.is_empty() { "" } else { text }
}

/// A scalar without quotes, in the core schema of YAML 1.2.
fn plain(text: &str) -> Scalar<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Bool(true),
        "false" | "False" | "FALSE" => Scalar::Bool(false),
        _ if number::is_yaml_number(text) => Scalar::Number(text),
        _ => Scalar::Text(text),
    }
}

fn last_line(builder: &Builder<'_>, text: &str, style: ScalarStyle, span: &Span) -> u32 {
    match style {
        // For a missing value, the parser returns the position of the next token.
        ScalarStyle::Plain if text.is_empty() => 0,
        ScalarStyle::Literal | ScalarStyle::Folded => {
            let last = if span.end.col() == 0 { span.end.line() - 1 } else { span.end.line() };
            builder.without_blank_lines(saturating_u32(span.start.line()), saturating_u32(last))
        }
        _ => saturating_u32(span.end.line()),
    }
}

fn position(builder: &Builder<'_>, marker: &Marker) -> Position {
    builder.position(marker.line(), marker.col() + 1)
}
