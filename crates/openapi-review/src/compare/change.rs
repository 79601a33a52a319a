use super::effective::Effective;
use crate::document::Node;
use crate::node_text;
use crate::review::Direction;
use crate::rules::{Level, Rule};

/// The types of a change that does not change the generated code.
pub(super) const SAME_TYPES: [String; 2] = [String::new(), String::new()];

/// A change to report.
pub(super) struct Change<'a> {
    pub(super) rule: &'static Rule,
    pub(super) old: Option<Node<'a>>,
    pub(super) new: Option<Node<'a>>,
    /// The subject of the message, such as "`Link.uri`".
    pub(super) subject: String,
    /// Replaces `{}` in the id of the rule.
    pub(super) id_part: String,
    /// The values in the message; summaries of the nodes by default.
    pub(super) values: [Option<String>; 2],
    /// The old and the new Rust type, for rules whose effect depends on them.
    pub(super) types: Option<[String; 2]>,
    /// Overrides the level of the rule.
    pub(super) level: Option<Level>,
    /// Ends the message: " in requests", if the level depends on the direction.
    pub(super) ending: &'static str,
}

impl<'a> Change<'a> {
    pub(super) fn new(rule: &'static Rule, old: Option<Node<'a>>, new: Option<Node<'a>>) -> Self {
        let (subject, id_part) = (String::new(), String::new());
        Self { rule, old, new, subject, id_part, values: [None, None], types: None, level: None, ending: "" }
    }

    /// A change of a part of two schemas. A side without it is shown at the schema that lacks it.
    pub(super) fn between(
        rule: &'static Rule,
        [base, revision]: [&Effective<'a>; 2],
        [old, new]: [Option<Node<'a>>; 2],
    ) -> Self {
        let owner = |node: Option<Node<'a>>| node.and_then(Node::parent);
        let at_old = owner(new).map_or(base.node(), |owner| base.place(owner, revision));
        let at_new = owner(old).map_or(revision.node(), |owner| revision.place(owner, base));
        Self::new(rule, old.or(Some(at_old)), new.or(Some(at_new)))
    }

    /// A change of a keyword. A side without the keyword is shown at the schema that lacks it.
    pub(super) fn of_keyword(rule: &'static Rule, key: &str, sides: [&Effective<'a>; 2]) -> Self {
        let nodes = sides.map(|schema| schema.get(key));
        let values = nodes.map(|node| Some(node.map_or_else(|| "nothing".to_owned(), node_text::summary)));
        Self { values, ..Self::between(rule, sides, nodes) }
    }
}

/// The level of a rule for values in `direction`.
pub(super) fn rule_level(rule: &Rule, direction: Option<Direction>) -> Level {
    match direction {
        Some(Direction::Response) => rule.response,
        _ => rule.request,
    }
}
