//! Rules for `x-source`: each fact names its sources, and each declared source is named.

use std::collections::BTreeSet;

use openapi_review::document::Node;

use super::Lint;

impl<'a> Lint<'a> {
    pub(super) fn check_sources(&mut self) {
        let declared: Vec<_> = self.document.root().get("x-sources").into_iter().flat_map(Node::entries).collect();
        let keys: BTreeSet<_> = declared.iter().map(|(key, _)| *key).collect();
        let mut used = BTreeSet::new();
        for (name, fact) in self.facts() {
            let mut sources = fact.get("x-source").into_iter().flat_map(Node::items).peekable();
            if sources.peek().is_none() {
                self.report(fact, format!("{name} names no source: add `x-source: [key, …]`"));
            }
            for source in sources {
                match source.text().filter(|key| keys.contains(key)) {
                    Some(key) => drop(used.insert(key)),
                    None => self.report(source, format!("{name} names a source that `x-sources` does not declare")),
                }
            }
        }
        for (key, source) in declared.into_iter().filter(|(key, _)| !used.contains(key)) {
            self.report(source, format!("nothing names the source {key}"));
        }
    }

    /// The nodes that name a source: operations, components, and the properties of schemas.
    fn facts(&self) -> Vec<(String, Node<'a>)> {
        let mut facts = self.operations();
        let kinds = [
            ("parameters", "parameter "),
            ("headers", "header "),
            ("responses", "response "),
            ("securitySchemes", "security scheme "),
            ("schemas", ""),
        ];
        for (kind, noun) in kinds {
            facts.extend(self.components_of(kind).map(|(name, node)| (format!("{noun}{name}"), node)));
        }
        for (name, schema) in self.components_of("schemas") {
            let properties = schema.get("properties").into_iter().flat_map(Node::entries);
            facts.extend(properties.map(|(key, property)| (format!("{name}.{key}"), property)));
        }
        facts
    }
}
