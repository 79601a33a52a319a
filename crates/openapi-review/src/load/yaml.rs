//! Reads YAML, from the events of a parser to nodes.

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};

use super::builder::{Builder, Place, Scalar, small};
use crate::document::Complaint;
use crate::number;

/// Reads the text of `builder`. No recursion: the parser keeps its own stack, and so does the builder.
pub(super) fn read(builder: &mut Builder<'_>) -> Result<(), Complaint> {
    let mut anchors = HashMap::new();
    let mut documents = 0;
    for event in Parser::new_from_str(builder.text()) {
        let (event, span) = event.map_err(|error| match error.info() {
            // Of brackets within brackets, which the parser counts itself.
            "recursion limit exceeded" => builder.too_deep(place(builder, error.marker())),
            info => builder.complaint(place(builder, error.marker()), format!("invalid YAML: {info}")),
        })?;
        if let Event::DocumentStart(_) = event {
            documents += 1;
            if documents > 1 {
                return Err(
                    builder.complaint(place(builder, &span.start), "a second YAML document: write one to a file")
                );
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
) -> Result<(), Complaint> {
    let place = place(builder, &span.start);
    let is_key = builder.expects_key();
    let (anchor, id) = match event {
        Event::Scalar(text, style, _, tag) if is_key => {
            check_tag(builder, place, tag.as_deref(), "str")?;
            if *style == ScalarStyle::Plain && text == "<<" {
                return Err(builder.complaint(place, "merge keys (`<<`) are not supported: write out what they merge"));
            }
            builder.key(text, place);
            return Ok(());
        }
        Event::SequenceStart(..) | Event::MappingStart(..) if is_key => {
            return Err(builder.complaint(place, "a key that is a map or a list: write a text"));
        }
        Event::Alias(_) if is_key => {
            return Err(builder.complaint(place, "an alias as a key: write the key out"));
        }
        Event::Scalar(text, style, anchor, tag) => {
            let is_text = check_tag(builder, place, tag.as_deref(), "str")? || *style != ScalarStyle::Plain;
            let scalar = if is_text { Scalar::Text(text) } else { plain(text) };
            let last_line = last_line(builder, text, *style, span);
            (anchor, builder.scalar(scalar, place, last_line)?)
        }
        Event::MappingStart(anchor, tag) => {
            check_tag(builder, place, tag.as_deref(), "map")?;
            (anchor, builder.open(true, place)?)
        }
        Event::SequenceStart(anchor, tag) => {
            check_tag(builder, place, tag.as_deref(), "seq")?;
            (anchor, builder.open(false, place)?)
        }
        Event::MappingEnd | Event::SequenceEnd => {
            // A block ends where something else begins; only a bracket is a character of its own.
            return builder.close(if span.is_empty() { 0 } else { place.line });
        }
        Event::Alias(anchor) => {
            let Some(&original) = anchors.get(anchor) else {
                return Err(builder.complaint(place, "an alias of a key: write it out"));
            };
            builder.copy(original, place)?;
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

/// A scalar without quotes, by the core schema of YAML 1.2.
fn plain(text: &str) -> Scalar<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Bool(true),
        "false" | "False" | "FALSE" => Scalar::Bool(false),
        _ if number::is_yaml(text) => Scalar::Number(text),
        _ => Scalar::Text(text),
    }
}

/// Complains about any tag but the standard one called `suffix` and `!`; says whether there is one.
fn check_tag(builder: &Builder<'_>, place: Place, tag: Option<&Tag>, suffix: &str) -> Result<bool, Complaint> {
    let Some(tag) = tag else { return Ok(false) };
    if (tag.is_yaml_core_schema() && tag.suffix == suffix) || (tag.handle.is_empty() && tag.suffix == "!") {
        return Ok(true);
    }
    let handle = if tag.is_yaml_core_schema() { Cow::Borrowed("!!") } else { Cow::Owned(tag.handle.clone()) };
    Err(builder.complaint(place, format!("tag `{handle}{}` is not supported: leave it out", tag.suffix)))
}

fn last_line(builder: &Builder<'_>, text: &str, style: ScalarStyle, span: &Span) -> u32 {
    match style {
        // The parser has a value that is not there at what follows it.
        ScalarStyle::Plain if text.is_empty() => 0,
        ScalarStyle::Literal | ScalarStyle::Folded => {
            let last = if span.end.col() == 0 { span.end.line() - 1 } else { span.end.line() };
            builder.without_blank_lines(small(span.start.line()), small(last))
        }
        _ => small(span.end.line()),
    }
}

fn place(builder: &Builder<'_>, marker: &Marker) -> Place {
    builder.place(marker.line(), marker.col() + 1)
}
