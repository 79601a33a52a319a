//! Converts the events of a YAML parser to nodes.

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};

use super::builder::{Builder, Position, Scalar, saturating_u32};
use crate::document::Diagnostic;
use crate::number;

/// Parses the text of `builder`, without recursion: the parser and the builder have stacks of their own.
pub(super) fn read(builder: &mut Builder<'_>) -> Result<(), Diagnostic> {
    let mut anchors = HashMap::new();
    let mut documents = 0;
    for event in Parser::new_from_str(builder.text()) {
        let (event, span) = event.map_err(|error| match error.info() {
            // The parser has a limit of its own for nested brackets.
            "recursion limit exceeded" => builder.too_deep(position(builder, error.marker())),
            info => builder.diagnostic(position(builder, error.marker()), format!("invalid YAML: {info}")),
        })?;
        if let Event::DocumentStart(_) = event {
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
    anchors: &mut HashMap<usize, u32>,
    event: &Event<'_>,
    span: &Span,
) -> Result<(), Diagnostic> {
    let position = position(builder, &span.start);
    let is_key = builder.expects_key();
    let (anchor, id) = match event {
        Event::Scalar(text, style, _, tag) if is_key => {
            check_tag(builder, position, tag.as_deref(), "str")?;
            if *style == ScalarStyle::Plain && text == "<<" {
                return Err(builder.diagnostic(position, "merge keys (`<<`) are not supported: copy the merged keys"));
            }
            builder.key(text, position);
            return Ok(());
        }
        Event::SequenceStart(..) | Event::MappingStart(..) if is_key => {
            return Err(builder.diagnostic(position, "the key is a map or a list: use a text"));
        }
        Event::Alias(_) if is_key => {
            return Err(builder.diagnostic(position, "the key is an alias: write out the key"));
        }
        Event::Scalar(text, style, anchor, tag) => {
            let is_text = check_tag(builder, position, tag.as_deref(), "str")? || *style != ScalarStyle::Plain;
            let scalar = if is_text { Scalar::Text(text) } else { plain(text) };
            let last_line = last_line(builder, text, *style, span);
            (anchor, builder.scalar(scalar, position, last_line)?)
        }
        Event::MappingStart(anchor, tag) => {
            check_tag(builder, position, tag.as_deref(), "map")?;
            (anchor, builder.open(true, position)?)
        }
        Event::SequenceStart(anchor, tag) => {
            check_tag(builder, position, tag.as_deref(), "seq")?;
            (anchor, builder.open(false, position)?)
        }
        Event::MappingEnd | Event::SequenceEnd => {
            // Only a closing bracket has a position of its own; a block ends at the next token.
            return builder.close(if span.is_empty() { 0 } else { position.line });
        }
        Event::Alias(anchor) => {
            let Some(&original) = anchors.get(anchor) else {
                return Err(builder.diagnostic(position, "the alias refers to a key: write out the value"));
            };
            builder.copy(original, position)?;
            return Ok(());
        }
        Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
            return Ok(());
        }
    };
    // The parser numbers anchors from 1.
    if *anchor > 0 {
        anchors.insert(*anchor, id);
    }
    Ok(())
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

/// Whether there is a tag. Only `!` and the standard tag `suffix` are supported.
fn check_tag(builder: &Builder<'_>, position: Position, tag: Option<&Tag>, suffix: &str) -> Result<bool, Diagnostic> {
    let Some(tag) = tag else { return Ok(false) };
    if (tag.is_yaml_core_schema() && tag.suffix == suffix) || (tag.handle.is_empty() && tag.suffix == "!") {
        return Ok(true);
    }
    let handle = if tag.is_yaml_core_schema() { Cow::Borrowed("!!") } else { Cow::Owned(tag.handle.clone()) };
    Err(builder.diagnostic(position, format!("tag `{handle}{}` is not supported: remove it", tag.suffix)))
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
