//! Objects: properties, `required` and `additionalProperties`.

use super::change::Change;
use super::comparison::{Comparison, ComponentKind};
use super::context::{SchemaContext, Step};
use super::declared_properties::DeclaredProperties;
use super::effective::{Effective, Property};
use super::keywords::handled_keywords;
use super::nodes::is_component;
use super::renaming::is_renamed;
use crate::document::Node;
use crate::node_text;
use crate::progenitor_effect;
use crate::rules;
use crate::rules::Level;

/// A property on one side, and the entry of `required` that names it.
type Side<'p, 'a> = (&'p Effective<'a>, Option<Node<'a>>);

impl<'a> Comparison<'a> {
    pub(super) fn properties(&mut self, base: &Effective<'a>, revision: &Effective<'a>, context: &SchemaContext<'_>) {
        let (old, new) = (DeclaredProperties::of(base), DeclaredProperties::of(revision));
        let removed: Vec<&'a str> = old.names.iter().copied().filter(|name| !new.nodes.contains_key(name)).collect();
        let added: Vec<&'a str> = new.names.iter().copied().filter(|name| !old.nodes.contains_key(name)).collect();
        let renamed = match (&*removed, &*added) {
            ([from], [to]) => Some((*from, *to)).filter(|names| is_renamed([base, revision], *names, context)),
            _ => None,
        };
        for name in new.names.iter().copied().chain(removed) {
            if old.is_unchanged(&new, name) {
                continue;
            }
            let needs = [base.required(name), revision.required(name)];
            let sides = (base.property(name), revision.property(name));
            // A property of a part is named after the part.
            let part = shared_part(base, &sides);
            let owner = part.map(|name| SchemaContext::shared(context.usage, name));
            let child = owner.as_ref().unwrap_or(context).child(Step::Property(name));
            match (&sides.0, &sides.1) {
                (Property::Declared(old), Property::Declared(new)) => {
                    self.property((old, needs[0]), (new, needs[1]), part.is_some(), &child);
                }
                // It is reported with the name that it had.
                (_, Property::Declared(_)) if renamed.is_some_and(|(_, to)| to == name) => {}
                (without, Property::Declared(new)) => self.property_added(without, new, needs, &child),
                (Property::Declared(old), without) => match renamed.filter(|(from, _)| *from == name) {
                    Some((_, to)) => self.property_renamed(old, revision, to, &child),
                    None => self.property_removed(old, without, needs, &child),
                },
                _ => {}
            }
        }
        self.required_names(base, revision, context);
        self.additional_properties(base, revision, context);
    }

    fn property(
        &mut self,
        (old, was_needed): Side<'_, 'a>,
        (new, is_needed): Side<'_, 'a>,
        is_shared: bool,
        context: &SchemaContext<'_>,
    ) {
        let direction = context.usage.direction;
        let absent = [old, new].map(|schema| schema.is_absent(direction));
        self.access([(old, was_needed), (new, is_needed)], context);
        // If it is absent on one side, its schemas cannot contradict each other.
        let child = if absent == [false, false] { *context } else { context.without_direction() };
        if absent != [true, false] || is_needed.is_none() {
            self.requiredness([(old, was_needed), (new, is_needed)], &child);
        }
        let child = child.with_optional(is_needed.is_none());
        if is_shared
            && old.is_single()
            && new.is_single()
            && old.listed().same(new.listed())
            && !old.has_references()
            && !new.has_references()
        {
            return;
        }
        if is_shared {
            self.schema_names(old.listed(), new.listed(), &child);
            self.shared_pair(ComponentKind::Schema, [old.clone(), new.clone()], child.usage, || child.path());
        } else {
            self.schemas(old, new, &child);
        }
    }

    fn requiredness(&mut self, [(old, was), (new, is)]: [Side<'_, 'a>; 2], context: &SchemaContext<'_>) {
        let change = match [was, is] {
            [None, Some(listed)] => {
                let has_default = new.get("default").is_some();
                let rule = if has_default { &rules::PROPERTY_REQUIRED_WITH_DEFAULT } else { &rules::PROPERTY_REQUIRED };
                Change::new(rule, Some(old.listed()), Some(listed))
            }
            [Some(listed), None] => {
                let types = [
                    progenitor_effect::type_name(old.listed(), true),
                    progenitor_effect::type_name(new.listed(), false),
                ];
                let types = Some(types).filter(|[old, new]| old != new);
                Change { types, ..Change::new(&rules::PROPERTY_OPTIONAL, Some(listed), Some(new.listed())) }
            }
            _ => return,
        };
        self.report_at(context, change);
    }

    /// Names in `required` that no side declares as a property.
    fn required_names(&mut self, base: &Effective<'a>, revision: &Effective<'a>, context: &SchemaContext<'_>) {
        let is_declared = |name: &str| base.declares(name) || revision.declares(name);
        for (name, listed) in revision.required_names() {
            if !is_declared(name) && base.required(name).is_none() {
                let change =
                    Change::new(&rules::UNDECLARED_REQUIRED, Some(base.place(owner(listed), revision)), Some(listed));
                self.report_at(&context.child(Step::Property(name)), change);
            }
        }
        for (name, listed) in base.required_names() {
            if !is_declared(name) && revision.required(name).is_none() {
                let change =
                    Change::new(&rules::UNDECLARED_OPTIONAL, Some(listed), Some(revision.place(owner(listed), base)));
                self.report_at(&context.child(Step::Property(name)), change);
            }
        }
    }

    fn property_added(
        &mut self,
        without: &Property<'a>,
        new: &Effective<'a>,
        [was_needed, needed]: [Option<Node<'a>>; 2],
        context: &SchemaContext<'_>,
    ) {
        let is_absent = new.is_absent(context.usage.direction);
        let child = if is_absent { context.without_direction() } else { *context };
        let response = context.usage.role.is_response();
        let access = if new.flag("writeOnly") { "-write-only" } else { "" };
        let (rule, id_part) = match (needed.is_some(), response) {
            (true, false) if new.get("default").is_some() => (&rules::PROPERTY_REQUIRED_ADDED, "-with-default"),
            (true, false) => (&rules::PROPERTY_REQUIRED_ADDED, ""),
            (false, false) => (&rules::PROPERTY_OPTIONAL_ADDED, ""),
            (true, true) => (&rules::RESPONSE_PROPERTY_REQUIRED_ADDED, access),
            (false, true) => (&rules::RESPONSE_PROPERTY_OPTIONAL_ADDED, access),
        };
        let id_part = id_part.to_owned();
        // Clients reject a property that the old schema forbids.
        let is_rejected = context.is_received() && matches!(without, Property::Forbidden);
        let level = if is_rejected { Some(Level::Breaking) } else { was_needed.map(|_| Level::Fine) };
        self.report_at(&child, Change { id_part, level, ..Change::new(rule, None, Some(new.listed())) });
        if let (Some(listed), None) = (was_needed, needed) {
            self.report_at(&child, Change::new(&rules::UNDECLARED_OPTIONAL, Some(listed), Some(new.listed())));
        }
        if let (Property::Additional(values), false) = (without, is_absent) {
            // Until now it was one of the additional properties.
            self.schemas(values, new, &child.with_generated(false));
        }
    }

    fn property_removed(
        &mut self,
        old: &Effective<'a>,
        without: &Property<'a>,
        [needed, is_needed]: [Option<Node<'a>>; 2],
        context: &SchemaContext<'_>,
    ) {
        let is_absent = old.is_absent(context.usage.direction);
        let child = if is_absent { context.without_direction() } else { *context };
        let access = if old.flag("writeOnly") { "-write-only" } else { "" };
        let is_response = context.usage.role.is_response();
        let (rule, id_part) = match (needed.is_some(), is_response) {
            (_, false) => (&rules::PROPERTY_REMOVED, context.usage.role.id().to_owned()),
            (true, true) => (&rules::PROPERTY_REQUIRED_REMOVED, access.to_owned()),
            (false, true) => (&rules::PROPERTY_REMOVED, format!("response-optional{access}-property")),
        };
        let level = match without {
            Property::Forbidden if context.is_sent() => Some(Level::Breaking),
            Property::Additional(_) if context.is_sent() => Some(Level::Fine),
            _ => None,
        };
        self.report_at(&child, Change { id_part, level, ..Change::new(rule, Some(old.listed()), None) });
        if let (None, Some(listed)) = (needed, is_needed) {
            self.report_at(&child, Change::new(&rules::UNDECLARED_REQUIRED, Some(old.listed()), Some(listed)));
        }
        if let (Property::Additional(values), false) = (without, is_absent) {
            self.schemas(old, values, &child.with_generated(false));
        }
    }

    /// Reports the removal of a property together with the addition of one that has the same schema.
    fn property_renamed(
        &mut self,
        old: &Effective<'a>,
        revision: &Effective<'a>,
        to: &'a str,
        context: &SchemaContext<'_>,
    ) {
        let Property::Declared(new) = revision.property(to) else { return };
        // Requests with the old name are rejected if the new one is required or the old one forbidden.
        let is_required = revision.required(to).is_some() || matches!(revision.additional(), Property::Forbidden);
        let level = if context.is_received() || is_required { Level::Breaking } else { Level::Check };
        let values = [None, Some(format!("`{to}`"))];
        let change = Change::new(&rules::PROPERTY_RENAMED, Some(old.listed()), Some(new.listed()));
        self.report_at(context, Change { values, level: Some(level), ..change });
        self.annotations(old.node(), new.node(), &handled_keywords().collect::<Vec<_>>());
    }

    /// Compares `readOnly` and `writeOnly`. A property that the direction excludes is absent.
    fn access(&mut self, [(old, was_needed), (new, is_needed)]: [Side<'_, 'a>; 2], context: &SchemaContext<'_>) {
        let keywords = [
            ("readOnly", &rules::BECAME_READ_ONLY, &rules::BECAME_NOT_READ_ONLY),
            ("writeOnly", &rules::BECAME_WRITE_ONLY, &rules::BECAME_NOT_WRITE_ONLY),
        ];
        for (key, set, unset) in keywords {
            let (before, after) = (old.flag(key), new.flag(key));
            if before == after {
                continue;
            }
            let side = if context.usage.role.is_response() { "response" } else { "request" };
            let id_part = format!("{side}-{}-property", if is_needed.is_some() { "required" } else { "optional" });
            let rule = if after { set } else { unset };
            let level = match (key, after) {
                // A request must now have it.
                ("readOnly", false)
                    if context.is_sent()
                        && is_needed.is_some()
                        && (was_needed.is_some() || new.get("default").is_none()) =>
                {
                    Some(Level::Breaking)
                }
                ("writeOnly", false) if context.is_received() && is_needed.is_none() => Some(Level::Fine),
                _ => None,
            };
            let change = Change::of_keyword(rule, key, [old, new]);
            self.report_at(context, Change { id_part, level, ..change });
        }
    }

    fn additional_properties(&mut self, base: &Effective<'a>, revision: &Effective<'a>, context: &SchemaContext<'_>) {
        use Property::{Additional, Any, Forbidden};
        let sides = (base.additional(), revision.additional());
        let rule = match &sides {
            (Additional(old), Additional(new)) => return self.schemas(old, new, &context.child(Step::Values)),
            (Forbidden, Forbidden) | (Any, Any) => return,
            (_, Forbidden) => &rules::ADDITIONAL_CLOSED,
            (Forbidden, _) => &rules::ADDITIONAL_OPENED,
            (_, Additional(_)) => &rules::ADDITIONAL_NARROWED,
            (Additional(_), _) => &rules::ADDITIONAL_WIDENED,
            _ => return,
        };
        let nodes = [(base, &sides.0), (revision, &sides.1)].map(|(schema, property)| match property {
            Additional(values) => Some(values.listed()),
            Forbidden => schema.all("additionalProperties").find(|values| values.bool() == Some(false)),
            _ => schema.get("additionalProperties"),
        });
        let values = nodes.map(|node| Some(node.map_or_else(|| "nothing".to_owned(), node_text::summary)));
        // A map has values that clients of a closed object reject.
        let is_map = matches!(sides, (Forbidden, Additional(_))) && context.is_received();
        let level = is_map.then_some(Level::Breaking);
        let change = Change::between(rule, [base, revision], nodes);
        let types = [(change.old, base), (change.new, revision)].map(|(node, schema)| {
            let keyword = node.filter(|node| node.key() == Some("additionalProperties"));
            let part = keyword.and_then(Node::parent).or(node).unwrap_or(schema.node());
            progenitor_effect::additional_type(part)
        });
        self.report_at(context, Change { values, types: Some(types), level, ..change });
    }
}

/// The schema whose `required` has an entry.
fn owner(listed: Node<'_>) -> Node<'_> {
    listed.parent().and_then(Node::parent).unwrap_or(listed)
}

/// The name of the component that is a part of both schemas and declares the property in both.
fn shared_part<'a>(base: &Effective<'a>, sides: &(Property<'a>, Property<'a>)) -> Option<&'a str> {
    let (Property::Declared(old), Property::Declared(new)) = sides else { return None };
    let [old, new] = [old, new].map(|property| property.listed().parent().and_then(Node::parent));
    let name = |part: Option<Node<'a>>| part.filter(|part| is_component(*part)).and_then(Node::key);
    name(new).filter(|_| old != Some(base.node()) && name(old) == name(new))
}
