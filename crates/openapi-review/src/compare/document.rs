//! The document itself, and components that no operation uses.

use std::collections::HashSet;

use super::change::Change;
use super::comparison::{Comparison, ComponentKind};
use super::context::{Role, SchemaContext};
use super::effective::Effective;
use super::nodes::{differs, entries, pairs};
use crate::document::Node;
use crate::rules;

impl<'a> Comparison<'a> {
    pub(super) fn document(&mut self) {
        let (base, revision) = (self.base.root(), self.revision.root());
        if entries(base.get("paths")).next().is_none() {
            self.servers(base.get("servers"), revision.get("servers"));
        }
        self.security_schemes();
        self.paths(base.get("paths"), revision.get("paths"));
        self.webhooks(base.get("webhooks"), revision.get("webhooks"));
        // If each operation overrides the document's list, a change of the list has no effect but is still shown.
        let (old, new) = (base.get("security"), revision.get("security"));
        if differs(old, new) {
            let subject = "`security` of the document".to_owned();
            let values = [None, Some("changed, which affects no operation".to_owned())];
            let change = Change::new(&rules::ANNOTATION, old, new);
            self.report_if_unexplained(Change { subject, values, id_part: "other".to_owned(), ..change });
        }
        self.annotations(base, revision, &["openapi", "servers", "security", "paths", "webhooks", "components"]);
        self.annotation(base.get("openapi"), revision.get("openapi"));
    }

    /// Compares the components that no operation, or an operation of one document only, uses.
    pub(super) fn unused_components(&mut self) {
        let sides = [self.base.root(), self.revision.root()].map(|root| root.get("components"));
        let path_items: HashSet<u32> = self.revision.targets().map(Node::id).collect();
        for (kind, base, revision) in pairs(sides[0], sides[1]) {
            // Security schemes are compared with the document.
            if kind == "securitySchemes" {
                continue;
            }
            for (name, old, new) in pairs(base, revision) {
                // A path item is compared with the paths that refer to it.
                if kind == "pathItems" && old.is_some() && new.is_some_and(|new| path_items.contains(&new.id())) {
                    continue;
                }
                self.unused_component(kind, name, old, new);
            }
        }
    }

    fn unused_component(&mut self, kind: &'a str, name: &'a str, old: Option<Node<'a>>, new: Option<Node<'a>>) {
        let subject = format!("`{name}`");
        match (kind, old, new) {
            ("schemas", None, Some(_)) => self.report_once(&rules::SCHEMA_ADDED, subject, None, new),
            ("schemas", Some(_), None) => self.report_once(&rules::SCHEMA_REMOVED, subject, old, None),
            (_, None, Some(_)) => self.report_once(&rules::COMPONENT_ADDED, subject, None, new),
            (_, Some(_), None) => self.report_once(&rules::COMPONENT_REMOVED, subject, old, None),
            (_, Some(old), Some(new)) => {
                if self.is_compared(old.target(), new.target()) {
                    return;
                }
                let (kind, role) = match kind {
                    "schemas" => (ComponentKind::Schema, Role::RequestBody),
                    "parameters" => (ComponentKind::Parameter, Role::RequestParameter),
                    "headers" => (ComponentKind::Header, Role::ResponseHeader),
                    "requestBodies" => (ComponentKind::RequestBody, Role::RequestBody),
                    "responses" => (ComponentKind::Response, Role::ResponseBody),
                    "callbacks" => (ComponentKind::PathItem, Role::RequestBody),
                    _ => (ComponentKind::Annotation, Role::RequestBody),
                };
                // No program has values of a type that no operation uses.
                let context = SchemaContext::component(None, role, name).with_generated(false);
                self.compare_pair(kind, &Effective::of(old), &Effective::of(new), &context);
            }
            (_, None, None) => {}
        }
    }
}
