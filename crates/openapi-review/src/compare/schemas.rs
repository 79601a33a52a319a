//! Schemas: references between them, and the comparison of their keywords.

use super::change::Change;
use super::comparison::{Comparison, ComponentKind};
use super::context::{Role, SchemaContext, Step};
use super::newer;
use super::nodes::{differs, flag, is_component, items};
use crate::document::Node;
use crate::node_text;
use crate::progenitor_effect;
use crate::rules::{self, Rule};

/// Keywords with rules of their own. All others are annotations.
pub(super) const HANDLED_KEYWORDS: [&str; 34] = [
    "title",
    "type",
    "format",
    "nullable",
    "enum",
    "x-extensible-enum",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "multipleOf",
    "maxLength",
    "minLength",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxProperties",
    "minProperties",
    "pattern",
    "default",
    "readOnly",
    "writeOnly",
    "deprecated",
    "x-sunset",
    "required",
    "properties",
    "additionalProperties",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "discriminator",
    "xml",
];

/// Keywords next to an `allOf` with a single part that do not change its meaning.
const ALLOWED_NEXT_TO_PART: [&str; 10] =
    ["allOf", "type", "nullable", "description", "title", "example", "deprecated", "readOnly", "writeOnly", "default"];

impl<'a> Comparison<'a> {
    /// Compares two schemas at a place of use: their references, then their targets.
    pub(super) fn schemas(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
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
            _ => {}
        }
        self.pair(ComponentKind::Schema, base, revision, context);
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
            Default::default()
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
        let exists = |side: Node<'a>, schema: Node<'a>| {
            let schemas = side.document().root().at("/components/schemas");
            schemas.zip(schema.key()).is_some_and(|(schemas, name)| schemas.get(name).is_some())
        };
        if exists(revision, old) || exists(base, new) {
            return self.report_at(context, Change::new(&rules::REFERENCE_CHANGED, Some(base), Some(revision)));
        }
        let names = [old, new].map(|schema| schema.key().unwrap_or_default());
        let types = progenitor_effect::is_same_name(names[0], names[1]).then(Default::default);
        let values = names.map(|name| Some(format!("`{name}`")));
        self.report(
            context.usage.direction,
            Change { values, types, ..Change::new(&rules::SCHEMA_RENAMED, Some(old), Some(new)) },
        );
    }

    /// Compares two schemas keyword by keyword.
    pub(super) fn schema(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        // An `allOf` with a single part is equivalent to the part: it adds annotations to a reference.
        // If both schemas have parts, the parts are compared with each other.
        let parts = [base, revision].map(|schema| schema.get("allOf").is_some());
        match [base, revision].map(single_part) {
            _ if parts == [true, true] => {}
            [Some(part), None] => return self.single_part_all_of([base, revision], [part, revision], context),
            [None, Some(part)] => return self.single_part_all_of([base, revision], [base, part], context),
            _ => {}
        }
        let choice = self.choice_of_types(base, revision, context);
        if !choice && self.wrapped_in_choice(base, revision, context) {
            return;
        }
        if !choice {
            self.types(base, revision, context);
            self.branches(base, revision, context);
        }
        self.nullable(base, revision, [base, revision].map(|schema| flag(schema, "nullable")), context);
        self.enums(base, revision, context);
        self.bounds(base, revision, context);
        self.patterns(base, revision, context);
        self.defaults(base, revision, context);
        if ["deprecated", "x-sunset"].iter().any(|key| differs(base.get(key), revision.get(key))) {
            self.lifecycle(base, revision, &context.describe(), context.usage.role.id());
        }
        self.properties(base, revision, context);
        self.items(base, revision, context);
        self.discriminator(base, revision, context);
        self.title(base, revision, context);
        for (key, rule) in [("not", &rules::NOT_CHANGED), ("xml", &rules::XML_CHANGED)] {
            if differs(base.get(key), revision.get(key)) {
                self.report_at(context, Change::of_keyword(rule, key, [base, revision]));
            }
        }
        self.unjudged_keywords(base, revision, context);
        // What refers to a definition is compared.
        let definitions = ["$defs", "definitions"];
        let handled: Vec<&str> = HANDLED_KEYWORDS.iter().chain(&newer::KEYWORDS).chain(&definitions).copied().collect();
        self.annotations(base, revision, &handled);
    }

    /// Compares the child schemas of two schemas that are equal apart from the targets of references.
    pub(super) fn child_schemas(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        self.properties(base, revision, context);
        self.items(base, revision, context);
        self.branches(base, revision, context);
        self.discriminator(base, revision, context);
        self.unjudged_keywords(base, revision, context);
    }

    /// Compares a schema with an `allOf` whose single part is the schema.
    fn single_part_all_of(&mut self, sides: [Node<'a>; 2], parts: [Node<'a>; 2], context: &SchemaContext<'_>) {
        let [base, revision] = sides;
        let nullable = [0, 1].map(|side| flag(sides[side], "nullable") || flag(parts[side].target(), "nullable"));
        self.nullable(base, revision, nullable, context);
        let wraps = parts[0] != base;
        let wrapping = if wraps { base } else { revision };
        for (key, node) in wrapping.entries().filter(|(key, _)| !["allOf", "nullable", "type"].contains(key)) {
            let (old, new) = if wraps { (Some(node), None) } else { (None, Some(node)) };
            match key {
                "default" => self.default_of(old, new, base, revision, context),
                _ => self.annotation(old, new),
            }
        }
        self.schemas(parts[0], parts[1], context);
    }

    /// The type of an inline schema is named after its title.
    fn title(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        let (old, new) = (base.get("title"), revision.get("title"));
        let is_named_after_title = !is_component(revision) && progenitor_effect::has_own_type(revision);
        if is_named_after_title && differs(old, new) {
            self.report_at(context, Change::of_keyword(&rules::TITLE_CHANGED, "title", [base, revision]));
        } else {
            self.annotation(old, new);
        }
    }

    fn items(&mut self, base: Node<'a>, revision: Node<'a>, context: &SchemaContext<'_>) {
        let child = context.child(Step::Items);
        let (old, new) = (base.get("items"), revision.get("items"));
        let rule = match (old, new) {
            (Some(old), Some(new)) => return self.schemas(old, new, &child),
            (None, None) => return,
            (None, _) => &rules::TYPE_SPECIALIZED,
            (_, None) => &rules::TYPE_GENERALIZED,
        };
        let types = [base, revision].map(|node| progenitor_effect::type_name(node, !context.usage.optional));
        let values = [old, new].map(|node| Some(node.map_or_else(|| "anything".to_owned(), node_text::summary)));
        // The change of `type` is reported already.
        if differs(base.get("type"), revision.get("type")) {
            return;
        }
        let change = Change::new(rule, old.or(Some(base)), new.or(Some(revision)));
        self.report_at(&child, Change { types: Some(types), values, ..change });
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
