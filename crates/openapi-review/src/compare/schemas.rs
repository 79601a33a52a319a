//! Schemas: references between them, and the comparison of their keywords.

use super::change::{Change, SAME_TYPES};
use super::comparison::{Comparison, ComponentKind};
use super::containment;
use super::context::{Role, SchemaContext, Step};
use super::effective::Effective;
use super::json_types::Types;
use super::keywords::{KEYWORDS_OF_VALUES, handled_keywords};
use super::matching::{ListMatch, has_schema_of_name, match_schemas};
use super::nodes::{differs, is_component, items};
use super::validation::Answer;
use crate::document::{NEWER_KEYWORDS, Node};
use crate::node_text;
use crate::progenitor_effect;
use crate::review::Direction;
use crate::rules::{self, Rule};

/// Keywords next to an `allOf` with a single part that do not change its meaning.
const ALLOWED_NEXT_TO_PART: [&str; 10] =
    ["allOf", "type", "nullable", "description", "title", "example", "deprecated", "readOnly", "writeOnly", "default"];

impl<'a> Comparison<'a> {
    /// Compares two schemas at a place of use: their names, then their keywords.
    pub(super) fn schemas(&mut self, base: &Effective<'a>, revision: &Effective<'a>, context: &SchemaContext<'_>) {
        self.schema_names(base.listed(), revision.listed(), context);
        self.effective_pair(ComponentKind::Schema, [base.clone(), revision.clone()], context);
    }

    /// Compares the names of schemas at a place of use, from which generated types have their names.
    pub(super) fn schema_names(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        match [base, revision].map(named_component) {
            [Some(old), Some(new)] if old.key() != new.key() => {
                self.reference_changed([base, revision], [old, new], context)
            }
            [Some(old), None] if single_part(revision).is_none() => {
                self.extracted_or_inlined(&rules::SCHEMA_INLINED, [base, revision], old, context);
            }
            [None, Some(new)] if single_part(base).is_none() => {
                self.extracted_or_inlined(&rules::SCHEMA_NAMED, [base, revision], new, context);
            }
            // A second part changes the type: it was that of the only part.
            [None, None] => match [base, revision].map(|schema| single_part(schema).and_then(named_component)) {
                [Some(old), None] if revision.get("allOf").is_some() => {
                    self.extracted_or_inlined(&rules::SCHEMA_INLINED, [base, revision], old, context);
                }
                [None, Some(new)] if base.get("allOf").is_some() => {
                    self.extracted_or_inlined(&rules::SCHEMA_NAMED, [base, revision], new, context);
                }
                _ => {}
            },
            _ => {}
        }
    }

    /// Reports that an inline schema became a component, or the reverse. The type of an inline schema is named after its path.
    fn extracted_or_inlined(
        &mut self,
        rule: &'static Rule,
        sides: [Node<'a>; 2],
        component: Node<'a>,
        context: &SchemaContext<'_>,
    ) {
        // The type of an argument is also named after its method.
        let is_argument = context.usage.role == Role::RequestParameter;
        let same =
            !is_argument && component.key().is_some_and(|name| progenitor_effect::is_same_name(name, &context.path()));
        let types = if same {
            SAME_TYPES
        } else {
            sides.map(|node| progenitor_effect::type_name(node, !context.usage.optional))
        };
        let [base, revision] = sides;
        self.report_at(context, Change { types: Some(types), ..Change::new(rule, Some(base), Some(revision)) });
    }

    fn reference_changed(
        &mut self,
        [base, revision]: [Node<'a>; 2],
        [old, new]: [Node<'a>; 2],
        context: &SchemaContext<'_>,
    ) {
        if has_schema_of_name(revision, old) || has_schema_of_name(base, new) {
            return self.report_at(context, Change::new(&rules::REFERENCE_CHANGED, Some(base), Some(revision)));
        }
        let names = [old, new].map(|schema| schema.key().unwrap_or_default());
        let types = progenitor_effect::is_same_name(names[0], names[1]).then_some(SAME_TYPES);
        let values = names.map(|name| Some(format!("`{name}`")));
        self.report(
            context.usage.direction,
            Change { values, types, ..Change::new(&rules::SCHEMA_RENAMED, Some(old), Some(new)) },
        );
    }

    /// Compares two schemas keyword by keyword.
    pub(super) fn schema(&mut self, base: &Effective<'a>, revision: &Effective<'a>, context: &SchemaContext<'_>) {
        let values = self.context_of_values(base, revision, context);
        let choice = self.choice_of_types(base, revision, &values);
        if !choice && self.wrapped_in_choice(base, revision, context) {
            return self.parts(base, revision, context);
        }
        if !choice {
            self.types(base, revision, &values);
            self.choices(base, revision, &values);
        }
        self.nullable(base, revision, &values);
        self.enums(base, revision, &values);
        self.extensible_enums(base, revision, context);
        self.bounds(base, revision, &values);
        self.patterns(base, revision, &values);
        self.defaults(base, revision, context);
        // Deprecating a part is not deprecating the schema.
        let [old, new] = [base, revision].map(|schema| {
            let keys = ["deprecated", "x-sunset", "x-stability-level"];
            schema.parts().find(|part| keys.iter().any(|key| part.get(key).is_some())).unwrap_or(schema.node())
        });
        if ["deprecated", "x-sunset"].iter().any(|key| differs(old.get(key), new.get(key))) {
            self.lifecycle(old, new, context.usage.direction, &context.describe(), context.usage.role.id());
        }
        self.stability(old, new, context.usage.direction, &context.describe(), context.usage.role.id());
        self.properties(base, revision, context);
        self.items(base, revision, context);
        self.discriminator(base, revision, context);
        for (key, rule) in [("not", &rules::NOT_CHANGED), ("xml", &rules::XML_CHANGED)] {
            if differs(base.get(key), revision.get(key)) {
                let context = if key == "not" { &values } else { context };
                self.report_at(context, Change::of_keyword(rule, key, [base, revision]));
            }
        }
        self.title(base, revision, context);
        self.parts(base, revision, context);
        self.unjudged_keywords(base, revision, context);
    }

    /// Compares the child schemas of two schemas that are equal apart from the targets of references.
    pub(super) fn child_schemas(
        &mut self,
        base: &Effective<'a>,
        revision: &Effective<'a>,
        context: &SchemaContext<'_>,
    ) {
        self.properties(base, revision, context);
        self.items(base, revision, context);
        // The values are not judged together: that would follow all references of each unchanged choice.
        self.choices(base, revision, context);
        self.discriminator(base, revision, context);
        self.unjudged_keywords(base, revision, context);
    }

    /// The context of keywords that limit the values themselves. They are judged together, because what one allows another
    /// may forbid. Properties and items are judged one by one.
    fn context_of_values<'s>(
        &self,
        base: &Effective<'a>,
        revision: &Effective<'a>,
        context: &SchemaContext<'s>,
    ) -> SchemaContext<'s> {
        let compound = Types::OBJECT.or(Types::ARRAY);
        let is_compound =
            |schema: &&Effective<'_>| schema.choices().is_empty() && schema.types().without(compound).is_empty();
        match context.usage.direction {
            Some(direction) if ![base, revision].iter().all(is_compound) => {
                let sent = if direction == Direction::Request { base } else { revision };
                match containment::accepts_new(base, revision, direction) {
                    Answer::Yes => context.harmless(),
                    // Only a pattern or format can leave it open whether a listed value is accepted.
                    Answer::Unknown if sent.get("enum").is_some() => context.doubtful(),
                    _ => *context,
                }
            }
            _ => *context,
        }
    }

    /// Compares the parts of two schemas for differences that do not affect the values.
    fn parts(&mut self, base: &Effective<'a>, revision: &Effective<'a>, context: &SchemaContext<'_>) {
        let inner = |schema: &Effective<'a>| schema.listed_parts().iter().skip(1).copied().collect();
        let ListMatch { mut pairs, added, removed } = match_schemas(inner(base), inner(revision));
        for (old, new) in &pairs {
            self.set_compared(old.target(), new.target());
            if let [Some(one), Some(other)] = [*old, *new].map(named_component)
                && one.key() != other.key()
            {
                self.reference_changed([*old, *new], [one, other], context);
            }
            self.annotation(old.target().get("title"), new.target().get("title"));
        }
        // Definitions are compared where a schema refers to them.
        let definitions = ["$defs", "definitions"];
        let handled: Vec<&str> = handled_keywords().chain(NEWER_KEYWORDS).chain(definitions).collect();
        pairs.push((base.listed(), revision.listed()));
        for (old, new) in pairs {
            let (old, new) = (old.target(), new.target());
            for key in KEYWORDS_OF_VALUES {
                let sides = [old.get(key), new.get(key)];
                let is_changed = match key {
                    // A property that was added or removed has a finding, and its entry needs none.
                    "required" => differs_in_items(sides, |name| {
                        let [was, is] = [base, revision].map(|schema| schema.declares(name.text().unwrap_or_default()));
                        was == is
                    }),
                    "enum" => differs_in_items(sides, |_| true),
                    _ => differs(sides[0], sides[1]),
                };
                if is_changed {
                    self.notation(sides[0], sides[1], old, new);
                }
            }
            self.annotations(old, new, &handled);
        }
        // The content of the parts was compared with the schemas.
        let subject = context.describe();
        for part in added {
            let change = Change::new(&rules::PART_ADDED, None, Some(part));
            self.report_if_unexplained(Change { subject: subject.clone(), ..change });
        }
        for part in removed {
            let change = Change::new(&rules::PART_REMOVED, Some(part), None);
            self.report_if_unexplained(Change { subject: subject.clone(), ..change });
        }
    }

    /// The type of an inline schema is named after its title.
    fn title(&mut self, base: &Effective<'a>, revision: &Effective<'a>, context: &SchemaContext<'_>) {
        let (old, new) = (base.node().get("title"), revision.node().get("title"));
        let is_named_after_title = !is_component(revision.node()) && progenitor_effect::has_own_type(revision.node());
        if is_named_after_title && differs(old, new) {
            let change = Change::of_keyword(&rules::TITLE_CHANGED, "title", [base, revision]);
            self.report_at(
                context,
                Change { old: old.or(Some(base.node())), new: new.or(Some(revision.node())), ..change },
            );
        } else {
            self.annotation(old, new);
        }
    }

    fn items(&mut self, base: &Effective<'a>, revision: &Effective<'a>, context: &SchemaContext<'_>) {
        let child = context.child(Step::Items);
        let rule = match (base.item(), revision.item()) {
            (Some(old), Some(new)) => return self.schemas(&old, &new, &child),
            (None, None) => return,
            (None, _) => &rules::TYPE_SPECIALIZED,
            (_, None) => &rules::TYPE_GENERALIZED,
        };
        // The change of `type` is reported already.
        if base.type_name() != revision.type_name() {
            return;
        }
        let values = [base, revision]
            .map(|schema| Some(schema.get("items").map_or_else(|| "anything".to_owned(), node_text::summary)));
        let change = Change::of_keyword(rule, "items", [base, revision]);
        self.report_typed(&child, [base, revision], Change { values, ..change });
    }
}

/// Whether one of two lists has an item that the other lacks and that counts, or only one of them exists.
fn differs_in_items<'a>([old, new]: [Option<Node<'a>>; 2], counts: impl Fn(Node<'a>) -> bool) -> bool {
    let lacks = |list: Option<Node<'a>>, item: &Node<'a>| !items(list).any(|other| other.same(*item));
    let mut missing =
        items(old).filter(|item| lacks(new, item)).chain(items(new).filter(|item| lacks(old, item))).peekable();
    match missing.peek() {
        Some(_) => missing.any(counts),
        None => old.is_some() != new.is_some(),
    }
}

/// The component that a schema refers to, or that it is.
fn named_component(node: Node<'_>) -> Option<Node<'_>> {
    let target = node.target();
    (target != node || is_component(node)).then_some(target)
}

/// The single part of a schema that is nothing but an `allOf`.
fn single_part(schema: Node<'_>) -> Option<Node<'_>> {
    let mut parts = items(schema.get("allOf"));
    let part = parts.next()?;
    let alone = schema.entries().all(|(key, _)| ALLOWED_NEXT_TO_PART.contains(&key) || key.starts_with("x-"));
    (parts.next().is_none() && alone).then_some(part)
}
