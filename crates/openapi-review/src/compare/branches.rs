//! `oneOf`, `anyOf` and `discriminator`. Variants are matched by content, not by position.

use super::change::{Change, SAME_TYPES};
use super::comparison::{Comparison, ComponentKind};
use super::containment;
use super::context::{SchemaContext, Step};
use super::effective::{Choice, Effective};
use super::exclusion;
use super::json_types::Types;
use super::keywords::handled_keywords;
use super::matching::{ListMatch, is_equivalent, is_only_choice, is_unlimited, match_lists};
use super::nodes::{differs, entries, items, pairs};
use super::validation::Answer;
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
        base: &Effective<'a>,
        revision: &Effective<'a>,
        context: &SchemaContext<'_>,
    ) -> bool {
        let is_choice = |schema: &Effective<'_>| !schema.choices().is_empty();
        if is_choice(base) == is_choice(revision) {
            return false;
        }
        for (key, id_part) in [("oneOf", "one"), ("anyOf", "any")] {
            let (old, new) = (base.get(key), revision.get(key));
            let (rule, variants, single) = match (old, new) {
                (None, Some(variants)) if is_only_choice(revision.node(), key) && !is_unlimited(base) => {
                    (&rules::WRAPPED, variants, base)
                }
                (Some(variants), None) if is_only_choice(base.node(), key) && !is_unlimited(revision) => {
                    (&rules::UNWRAPPED, variants, revision)
                }
                _ => continue,
            };
            let equivalent = items(Some(variants)).find(|variant| is_equivalent(*variant, single.node()));
            let level = level_of_values(base, revision, context);
            let types =
                [base, revision].map(|schema| progenitor_effect::type_name(schema.node(), !context.usage.optional));
            let change = Change::between(rule, [base, revision], [old, new]);
            self.report_at(context, Change { id_part: id_part.to_owned(), level, types: Some(types), ..change });
            self.annotations_of_wrapping([base.node(), revision.node()], single.node(), equivalent);
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
            if !handled_keywords().any(|handled| handled == key) && !keys.contains(&key) {
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

    /// Compares the choices of two schemas.
    pub(super) fn choices(&mut self, base: &Effective<'a>, revision: &Effective<'a>, context: &SchemaContext<'_>) {
        let (mut old, mut new) = (base.choices(), revision.choices());
        let mut pairs = Vec::new();
        let matches: [fn(&Choice<'_>, &Choice<'_>) -> bool; 2] = [|one, other| one.key == other.key, |_, _| true];
        for is_match in matches {
            new.retain(|choice| match old.iter().position(|other| is_match(other, choice)) {
                Some(at) => {
                    pairs.push((old.remove(at), *choice));
                    false
                }
                None => true,
            });
        }
        for (old, new) in pairs {
            self.variants([old, new], [base, revision], context);
        }
        if old.is_empty() && new.is_empty() {
            return;
        }
        let level = level_of_values(base, revision, context);
        for choice in new {
            let change = Change::between(&rules::CHOICE_SET, [base, revision], [None, Some(choice.list)]);
            self.report_at(context, Change { id_part: choice.id_part().to_owned(), level, ..change });
        }
        for choice in old {
            let change = Change::between(&rules::CHOICE_UNSET, [base, revision], [Some(choice.list), None]);
            self.report_at(context, Change { id_part: choice.id_part().to_owned(), level, ..change });
        }
    }

    fn variants(
        &mut self,
        [old, new]: [Choice<'a>; 2],
        [base, revision]: [&Effective<'a>; 2],
        context: &SchemaContext<'_>,
    ) {
        let id_part = new.id_part();
        let tagged = [old.is_tagged, new.is_tagged];
        let ListMatch { pairs, added, removed } = match_lists(Some(old.list), Some(new.list));
        let child = context.child(Step::Part);
        if old.key == new.key {
            // If the order is the same, the ids of the old nodes increase in the order of the new list.
            let mut in_order = pairs.clone();
            in_order.sort_unstable_by_key(|(_, new)| new.id());
            let moved = in_order.windows(2).find(|pair| matches!(pair, [(one, _), (next, _)] if one.id() > next.id()));
            if let Some([(old, new), _]) = moved {
                let change = Change::new(&rules::BRANCH_ORDER, Some(*old), Some(*new));
                self.report_at(context, Change { id_part: id_part.to_owned(), ..change });
            }
        } else {
            let are_exclusive = [old, new].iter().all(|choice| exclusion::has_exclusive_forms(*choice));
            let rule = if new.key == "oneOf" { &rules::CHOICE_EXCLUSIVE } else { &rules::CHOICE_INCLUSIVE };
            // The generator makes an enum of forms that exclude each other, under either keyword.
            let types = match are_exclusive {
                true => SAME_TYPES,
                false => {
                    [base, revision].map(|schema| progenitor_effect::type_name(schema.node(), !context.usage.optional))
                }
            };
            let level = are_exclusive.then_some(Level::Fine);
            let change = Change::new(rule, Some(old.list), Some(new.list));
            self.report_at(context, Change { level, types: Some(types), ..change });
        }
        // Objects often match two forms by the letter only, because they may have any other properties.
        let is_object = |form: Effective<'_>| form.types().has(Types::OBJECT);
        if [old, new].iter().all(|choice| choice.key == "oneOf")
            && !new.forms().all(is_object)
            && exclusion::has_exclusive_forms(old)
            && !exclusion::has_exclusive_forms(new)
        {
            self.report_at(context, Change::new(&rules::CHOICE_OVERLAPS, Some(old.list), Some(new.list)));
        }
        for (old, new) in pairs {
            if let ([true, true], Some(from), Some(to)) = (tagged, tag(old, base), tag(new, revision))
                && from != to
            {
                let values = [from, to].map(|name| Some(format!("`{name}`")));
                let change = Change::new(&rules::TAG_CHANGED, Some(old), Some(new));
                self.report_at(&context.certain(), Change { values, ..change });
            }
            self.schemas(&Effective::of(old), &Effective::of(new), &child);
        }
        let direction = context.usage.direction;
        // The discriminator names a form, so that no other form takes its values.
        let has_names = tagged == [true, true];
        let context = &if has_names { context.certain() } else { *context };
        for variant in added {
            let change = Change::new(&rules::BRANCH_ADDED, None, Some(variant));
            // Another field does not break a struct of variants that is only read.
            let same = new.key == "anyOf" && direction == Some(Direction::Response);
            let types = same.then_some(SAME_TYPES);
            let form = Effective::of(variant);
            let level = match direction {
                Some(Direction::Response) if !has_names => {
                    let answer = containment::accepts_form(base, revision, &form, Direction::Response);
                    (answer == Answer::Yes).then_some(Level::Fine)
                }
                _ => None,
            };
            self.report_at(context, Change { id_part: id_part.to_owned(), level, types, ..change });
        }
        for variant in removed {
            let change = Change::new(&rules::BRANCH_REMOVED, Some(variant), None);
            let level = match direction {
                Some(Direction::Request) if !has_names => {
                    let answer = containment::accepts_form(revision, base, &Effective::of(variant), Direction::Request);
                    (answer == Answer::Yes).then_some(Level::Fine)
                }
                _ => None,
            };
            self.report_at(context, Change { id_part: id_part.to_owned(), level, ..change });
        }
    }

    pub(super) fn discriminator(
        &mut self,
        base: &Effective<'a>,
        revision: &Effective<'a>,
        context: &SchemaContext<'_>,
    ) {
        let (old, new) = (base.get("discriminator"), revision.get("discriminator"));
        let (old, new) = match (old, new) {
            (Some(old), Some(new)) => (old, new),
            (None, None) => return,
            (old, _) => {
                let rule = if old.is_some() { &rules::DISCRIMINATOR_REMOVED } else { &rules::DISCRIMINATOR_ADDED };
                return self.report_at(context, Change::of_keyword(rule, "discriminator", [base, revision]));
            }
        };
        let names = [old, new].map(|node| node.get("propertyName"));
        if differs(names[0], names[1]) {
            let sides = [&Effective::of(old), &Effective::of(new)];
            self.report_at(context, Change::of_keyword(&rules::DISCRIMINATOR_CHANGED, "propertyName", sides));
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
            let level = match schemas {
                [Some(from), Some(to)] if is_equivalent(from, to) => Some(Level::Fine),
                // Without a mapping, the value is the name of the schema.
                [Some(from), None] if from.key() == Some(name) => Some(Level::Fine),
                _ => None,
            };
            self.report_at(context, Change { subject, values, level, ..Change::new(rule, from, to) });
        }
        self.annotations(old, new, &["propertyName", "mapping"]);
    }
}

/// The level of a change of the values in general: whether the receiver accepts all that the sender may send.
fn level_of_values(base: &Effective<'_>, revision: &Effective<'_>, context: &SchemaContext<'_>) -> Option<Level> {
    Some(match containment::accepts_new(base, revision, context.usage.direction?) {
        Answer::Yes => Level::Fine,
        Answer::Unknown => Level::Check,
        Answer::No => Level::Breaking,
    })
}

/// The value of the discriminator for a form that `mapping` does not name: the name of its schema.
fn tag<'a>(form: Node<'a>, schema: &Effective<'a>) -> Option<&'a str> {
    let mapping = schema.get("discriminator").and_then(|discriminator| discriminator.get("mapping"));
    let is_mapped = entries(mapping).any(|(_, value)| mapped_schema(value) == Some(form.target()));
    (form.target() != form && !is_mapped).then(|| form.target().key())?
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
