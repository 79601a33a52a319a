//! `oneOf`, `anyOf`, `allOf` and `discriminator`. Variants and parts are matched by content, not by position.

use super::change::{Change, rule_level};
use super::comparison::{Comparison, ComponentKind};
use super::context::{SchemaContext, Step};
use super::matching::{ListMatch, has_only_annotations, is_equivalent, is_only_choice, match_lists};
use super::nodes::{differs, entries, items, pairs};
use super::properties::{MAX_PART_DEPTH, removal_level};
use super::schemas::HANDLED_KEYWORDS;
use crate::document::Node;
use crate::node_text;
use crate::progenitor_effect;
use crate::review::Direction;
use crate::rules;
use crate::rules::Level;

impl<'a> Comparison<'a> {
    /// Reports a schema that became a choice between variants or the reverse, as one change. Returns whether it did.
    pub(super) fn wrapped_in_choice(
        &mut self,
        base: Node<'a>,
        revision: Node<'a>,
        context: &SchemaContext<'_>,
    ) -> bool {
        let is_choice = |schema: Node<'_>| schema.get("oneOf").is_some() || schema.get("anyOf").is_some();
        if is_choice(base) == is_choice(revision) {
            return false;
        }
        for (key, id_part) in [("oneOf", "one-of"), ("anyOf", "any-of")] {
            let (old, new) = (base.get(key), revision.get(key));
            let (rule, variants, single) = match (old, new) {
                (None, Some(variants)) if is_only_choice(revision, key) && !has_only_annotations(base) => {
                    (&rules::WRAPPED, variants, base)
                }
                (Some(variants), None) if is_only_choice(base, key) && !has_only_annotations(revision) => {
                    (&rules::UNWRAPPED, variants, revision)
                }
                _ => continue,
            };
            // If no variant is equivalent to the single schema, requests and responses may both break.
            let equivalent = items(Some(variants)).find(|variant| is_equivalent(*variant, single));
            let level = equivalent.is_none().then_some(Level::Check).filter(|_| context.usage.direction.is_some());
            let level = level.map(|level| level.max(rule_level(rule, context.usage.direction)));
            let types = [base, revision].map(|schema| progenitor_effect::type_name(schema, !context.usage.optional));
            let change = Change::new(rule, old.or(Some(base)), new.or(Some(revision)));
            self.report_at(context, Change { id_part: id_part.to_owned(), level, types: Some(types), ..change });
            self.annotations_of_wrapping([base, revision], single, equivalent);
            return true;
        }
        false
    }

    /// Compares the annotations of the single schema with those of the choice and of the equivalent variant.
    fn annotations_of_wrapping(
        &mut self,
        [base, revision]: [Node<'a>; 2],
        single: Node<'a>,
        equivalent: Option<Node<'a>>,
    ) {
        let choice = if single == base { revision } else { base };
        let equivalent = equivalent.map(Node::target);
        let mut keys: Vec<&str> = Vec::new();
        for (key, _) in [Some(single), Some(choice), equivalent].into_iter().flat_map(entries) {
            if !HANDLED_KEYWORDS.contains(&key) && !keys.contains(&key) {
                keys.push(key);
            }
        }
        for key in keys {
            let one = single.get(key);
            let other = choice.get(key).or_else(|| equivalent?.get(key));
            let (old, new) = if single == base { (one, other) } else { (other, one) };
            self.annotation(old, new);
        }
    }

    pub(super) fn branches(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        for (key, id_part) in [("oneOf", "one-of"), ("anyOf", "any-of")] {
            let (old, new) = (base.get(key), revision.get(key));
            let rule = match (old, new) {
                (Some(_), Some(_)) => {
                    self.variants(old, new, id_part, context);
                    continue;
                }
                (None, None) => continue,
                (None, _) => &rules::CHOICE_SET,
                (_, None) => &rules::CHOICE_UNSET,
            };
            let change = Change::new(rule, old.or(Some(base)), new.or(Some(revision)));
            self.report_at(context, Change { id_part: id_part.to_owned(), ..change });
        }
        let ListMatch { pairs, added, removed } = match_lists(base.get("allOf"), revision.get("allOf"));
        let child = context.child(Step::Part);
        for (old, new) in pairs {
            self.schemas(old, new, &child);
        }
        for part in added {
            let rule =
                if has_only_annotations(part.target()) { &rules::PART_ADDED_ANNOTATION } else { &rules::PART_ADDED };
            let types = [base, revision].map(|schema| progenitor_effect::type_name(schema, !context.usage.optional));
            let types = Some(types).filter(|[old, new]| old != new);
            self.report_at(context, Change { types, ..Change::new(rule, None, Some(part)) });
        }
        for part in removed {
            let rule = if has_only_annotations(part.target()) {
                &rules::PART_REMOVED_ANNOTATION
            } else {
                &rules::PART_REMOVED
            };
            // A response loses the properties that no other part has.
            let is_response = context.usage.direction == Some(Direction::Response);
            let level = is_response.then(|| removal_level(part, revision, MAX_PART_DEPTH));
            self.report_at(context, Change { level, ..Change::new(rule, Some(part), None) });
        }
    }

    fn variants(&mut self, old: Option<Node<'a>>, new: Option<Node<'a>>, id_part: &str, context: &SchemaContext<'_>) {
        let ListMatch { pairs, added, removed } = match_lists(old, new);
        let child = context.child(Step::Part);
        // If the order is the same, the ids of the old nodes increase in the order of the new list.
        let mut in_order = pairs.clone();
        in_order.sort_unstable_by_key(|(_, new)| new.id());
        let moved = in_order.windows(2).find(|pair| matches!(pair, [(one, _), (next, _)] if one.id() > next.id()));
        if let Some([(old, new), _]) = moved {
            let change = Change::new(&rules::BRANCH_ORDER, Some(*old), Some(*new));
            self.report_at(context, Change { id_part: id_part.to_owned(), ..change });
        }
        for (old, new) in pairs {
            self.schemas(old, new, &child);
        }
        // A variant that is equivalent to an existing one allows no new values.
        let level =
            |variant: Node<'a>, others| items(others).any(|other| is_equivalent(other, variant)).then_some(Level::Fine);
        for variant in added {
            let change = Change::new(&rules::BRANCH_ADDED, None, Some(variant));
            // Another field does not break a struct of variants that is only read.
            let same = id_part == "any-of" && context.usage.direction == Some(Direction::Response);
            let types = same.then(|| [String::new(), String::new()]);
            self.report_at(
                context,
                Change { id_part: id_part.to_owned(), level: level(variant, old), types, ..change },
            );
        }
        for variant in removed {
            let change = Change::new(&rules::BRANCH_REMOVED, Some(variant), None);
            self.report_at(context, Change { id_part: id_part.to_owned(), ..change });
        }
    }

    pub(super) fn discriminator(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        let (old, new) = (base.get("discriminator"), revision.get("discriminator"));
        let (old, new) = match (old, new) {
            (Some(old), Some(new)) => (old, new),
            (None, None) => return,
            (None, _) => return self.report_at(context, Change::new(&rules::DISCRIMINATOR_ADDED, Some(base), new)),
            (_, None) => {
                return self.report_at(context, Change::new(&rules::DISCRIMINATOR_REMOVED, old, Some(revision)));
            }
        };
        let names = [old, new].map(|node| node.get("propertyName"));
        if differs(names[0], names[1]) {
            self.report_at(context, Change::of_keyword(&rules::DISCRIMINATOR_CHANGED, "propertyName", [old, new]));
        }
        for (name, from, to) in pairs(old.get("mapping"), new.get("mapping")) {
            let (rule, subject) = match (from, to) {
                (Some(from), Some(to))
                    if from.same(to) || mapped_name(from).is_some_and(|name| mapped_name(to) == Some(name)) =>
                {
                    // A response with the base schema may contain the mapped schemas.
                    if let (Some(from), Some(to)) = (mapped_schema(from), mapped_schema(to)) {
                        self.pair(ComponentKind::Schema, from, to, &context.child(Step::Part));
                    }
                    self.notation(Some(from), Some(to), from, to);
                    continue;
                }
                (Some(_), Some(_)) => (&rules::MAPPING_CHANGED, format!("the name `{name}` of {}", context.describe())),
                (None, _) => (&rules::MAPPING_ADDED, context.describe()),
                (_, None) => (&rules::MAPPING_REMOVED, context.describe()),
            };
            let values = if from.is_some() && to.is_some() {
                [from, to].map(|side| side.map(node_text::summary))
            } else {
                [Some(format!("`{name}`")), Some(format!("`{name}`"))]
            };
            // Another schema that is equivalent is the same variant.
            let schemas = [from, to].map(|side| side.and_then(mapped_schema));
            let level = matches!(schemas, [Some(from), Some(to)] if is_equivalent(from, to)).then_some(Level::Fine);
            self.report_at(context, Change { subject, values, level, ..Change::new(rule, from, to) });
        }
        self.annotations(old, new, &["propertyName", "mapping"]);
    }
}

fn mapped_name(value: Node<'_>) -> Option<&str> {
    mapped_schema(value)?.key()
}

/// The schema that a value of a mapping refers to.
fn mapped_schema(value: Node<'_>) -> Option<Node<'_>> {
    // A document of several files has the target.
    if value.target() != value {
        return Some(value.target());
    }
    let root = value.document().root();
    let text = value.text()?;
    // The value is a reference, or the name of a schema.
    text.strip_prefix('#').and_then(|pointer| root.at(pointer)).or_else(|| root.at("/components/schemas")?.get(text))
}
