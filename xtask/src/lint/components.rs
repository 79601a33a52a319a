//! Rules for components other than schemas: they are described, and used.

use std::collections::BTreeSet;

use super::{Lint, collect_references};

impl Lint<'_> {
    pub(super) fn check_components(&mut self) {
        let required: [(&str, &str, &[&str]); 4] = [
            ("parameters", "parameter", &["description", "example"]),
            ("headers", "header", &["description", "example"]),
            ("responses", "response", &["description"]),
            ("securitySchemes", "security scheme", &["description"]),
        ];
        for (kind, noun, keys) in required {
            for (name, node) in self.components_of(kind) {
                self.require_keys(node, &format!("{noun} {name}"), keys);
            }
        }
    }

    pub(super) fn check_unused_components(&mut self) {
        let mut reached = BTreeSet::new();
        if let Some(paths) = self.document.root().get("paths") {
            collect_references(self.document, paths, &mut reached);
        }
        for kind in ["schemas", "parameters", "headers", "responses", "examples"] {
            for (name, node) in self.components_of(kind) {
                if !reached.contains(&format!("#/components/{kind}/{name}")) {
                    self.report(node, format!("no operation uses the component {name}"));
                }
            }
        }
    }
}
