use super::change::{Change, rule_level};
use crate::document::Node;
use crate::node_text;
use crate::progenitor_effect::{Effect, RuleEffect};
use crate::review::Direction;
use crate::rules::{Level, Rule};

/// The part of the documents in which a change was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Origin {
    Document,
    /// The number of an operation.
    Operation(usize),
    /// The number of a shared pair.
    SharedPair(usize),
}

/// A part of the documents, as used in a direction.
pub(super) type DirectedOrigin = (Origin, Option<Direction>);

/// A change as reported, in one direction and from one origin. The same change may be reported several times.
pub(super) struct RawFinding<'a> {
    pub(super) rule: &'static Rule,
    pub(super) id: String,
    pub(super) level: Level,
    pub(super) effect: Effect,
    pub(super) text: String,
    pub(super) old: Option<Node<'a>>,
    pub(super) new: Option<Node<'a>>,
    pub(super) origin: Origin,
    pub(super) direction: Option<Direction>,
}

impl<'a> RawFinding<'a> {
    pub(super) fn new(origin: Origin, direction: Option<Direction>, id: String, change: Change<'a>) -> Self {
        let Change { rule, old, new, subject, id_part, values: [old_value, new_value], types, level, ending } = change;
        let value = |given: Option<String>, node: Option<Node<'_>>| {
            given.or_else(|| node.map(node_text::summary)).unwrap_or_else(|| "nothing".to_owned())
        };
        let [old_value, new_value] = [value(old_value, old), value(new_value, new)];
        let values = [("{subject}", &*subject), ("{}", &*id_part), ("{old}", &*old_value), ("{new}", &*new_value)];
        Self {
            rule,
            id,
            level: level.unwrap_or_else(|| rule_level(rule, direction)),
            effect: effect(rule.rust, types, direction),
            text: fill(rule.message, &values) + ending,
            old,
            new,
            origin,
            direction,
        }
    }
}

fn effect(rule: RuleEffect, types: Option<[String; 2]>, direction: Option<Direction>) -> Effect {
    match (rule, types) {
        (RuleEffect::Nothing, _) => Effect::default(),
        (_, Some([old, new])) if old == new => Effect::default(),
        (_, Some([old, new])) => Effect { breaks: true, text: format!("`{old}` becomes `{new}`") },
        (RuleEffect::Sent(_), None) if direction == Some(Direction::Response) => Effect::default(),
        (RuleEffect::Received(_), None) if direction != Some(Direction::Response) => Effect::default(),
        (RuleEffect::Breaks(how) | RuleEffect::Sent(how) | RuleEffect::Received(how), None) => {
            Effect { breaks: true, text: how.to_owned() }
        }
        (RuleEffect::Type, None) => Effect::default(),
    }
}

/// Replaces the placeholders of a template in one pass, because a value may contain a placeholder.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let (mut filled, mut rest) = (String::new(), template);
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        match values.iter().find(|(placeholder, _)| rest.starts_with(placeholder)) {
            Some((placeholder, value)) => {
                filled.push_str(value);
                rest = &rest[placeholder.len()..];
            }
            None => {
                filled.push('{');
                rest = &rest[1..];
            }
        }
    }
    filled.push_str(rest);
    filled
}
