//! Finds the references of a document, reads the files that they refer to, and resolves their targets.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::files::{Files, Location};
use super::keywords;
use super::parsed::saturating_u32;
use super::roles::{Container, Object, Role};
use super::text::{MAX_BYTES, parse_file};
use crate::document::{Children, Content, Diagnostic, Document, Kind, Node, SourceFile, Version};

/// The target of a reference that is not resolved yet.
const UNRESOLVED: u32 = u32::MAX;
/// The target of a reference in the current chain.
const IN_CHAIN: u32 = u32::MAX - 1;

/// The maximum number of files, because the number of a file has 16 bits.
const MAX_FILES: usize = 10_000;

/// The references of a document.
pub(super) struct References {
    /// The role of each node that is reached from the root, other than as data.
    pub(super) roles: Vec<Option<Role>>,
    /// The targets of schemas of OpenAPI 3.1 that have other keywords next to `$ref`.
    pub(super) with_keywords: HashMap<u32, u32>,
    /// Whether a schema of OpenAPI 3.0 has keywords or values of OpenAPI 3.1.
    pub(super) has_newer_keywords: bool,
}

/// Sets the final target of every reference of `document`, and adds the files that they refer to.
///
/// A problem with a reference that neither a path nor a webhook uses is a warning, and it has no target.
pub(super) fn resolve(
    document: Document,
    path: &str,
    access: Option<&dyn Files>,
) -> Result<(Document, References), Diagnostic> {
    let mut resolver = Resolver {
        roles: vec![None; document.nodes.len()],
        document,
        paths: vec![path.to_owned()],
        roots: HashMap::from([(path.to_owned(), Ok(0))]),
        access,
        links: HashMap::new(),
        references: Vec::new(),
        with_keywords: HashMap::new(),
        known: HashMap::new(),
        anchors: (0, HashMap::new()),
        stack: Vec::new(),
        has_newer_keywords: false,
        is_used: true,
    };
    resolver.walk_all()?;
    resolver.set_targets()?;
    let Resolver { mut document, references, roles, with_keywords, has_newer_keywords, .. } = resolver;
    document.references = references;
    document.references.sort_unstable();
    Ok((document, References { roles, with_keywords, has_newer_keywords }))
}

struct Resolver<'f> {
    document: Document,
    /// The path of each file.
    paths: Vec<String>,
    /// The root of each file by its path, or why there is none.
    roots: HashMap<String, Result<u32, String>>,
    access: Option<&'f dyn Files>,
    roles: Vec<Option<Role>>,
    /// The node that each reference refers to, which may be a reference again, and whether something uses the reference.
    links: HashMap<u32, (u32, bool)>,
    references: Vec<u32>,
    with_keywords: HashMap<u32, u32>,
    /// The targets of references, by file and text.
    known: HashMap<(u16, String), u32>,
    /// The number of nodes searched for anchors, and the schema with each anchor by file and name.
    anchors: (usize, HashMap<(u16, String), u32>),
    /// The nodes to walk, last first.
    stack: Vec<(u32, Role)>,
    has_newer_keywords: bool,
    /// Whether a path or webhook leads to the current node.
    is_used: bool,
}

impl Resolver<'_> {
    /// Visits everything that the root leads to. Components are only used if something else refers to them.
    fn walk_all(&mut self) -> Result<(), Diagnostic> {
        let role = Role::one(Object::Document);
        self.set_role(0, role);
        self.push_children(0, role);
        let is_components = |(id, _): &(u32, Role)| self.document.node(*id).key() == Some("components");
        let (unused, used): (Vec<_>, Vec<_>) = std::mem::take(&mut self.stack).into_iter().partition(is_components);
        for (children, is_used) in [(used, true), (unused, false)] {
            self.is_used = is_used;
            self.stack = children;
            while let Some((id, role)) = self.stack.pop() {
                self.visit(id, role)?;
            }
        }
        Ok(())
    }

    fn push_children(&mut self, id: u32, role: Role) {
        let node = self.document.node(id);
        let first = self.stack.len();
        let values = node.entries().map(|(key, child)| (child.id(), role.in_value(key)));
        let items = node.items().map(|child| (child.id(), role.in_item()));
        self.stack.extend(values.chain(items).filter(|(_, role)| role.object != Object::Data));
        if let Some(added) = self.stack.get_mut(first..) {
            added.reverse();
        }
    }

    fn visit(&mut self, id: u32, role: Role) -> Result<(), Diagnostic> {
        if self.roles.get(id as usize).is_none_or(Option::is_some) {
            return Ok(());
        }
        self.set_role(id, role);
        let node = self.node(id);
        if role == Role::one(Object::SchemaName) {
            self.schema_name(id);
            return Ok(());
        }
        let version = self.version(id);
        if let Some(reference) = node.get("$ref") {
            match reference.text() {
                Some(_) => {
                    let target = match self.follow(id) {
                        Ok(target) => target,
                        Err(problem) => return self.problem(problem),
                    };
                    // A schema of OpenAPI 3.1 may have a reference and other keywords.
                    let has_keywords = role.is_schema() && self.node(id).children().nth(1).is_some();
                    self.stack.push((target, role));
                    if !has_keywords || version == Version::V30 {
                        self.has_newer_keywords |= has_keywords && keywords::has_newer(self.node(id));
                        self.links.insert(id, (target, self.is_used));
                        self.references.push(id);
                        return Ok(());
                    }
                    self.with_keywords.insert(id, target);
                }
                // Otherwise, it is a property or component with the name `$ref`.
                None if role.container == Container::None => {
                    let problem = reference.diagnostic("`$ref` is not a text");
                    return self.problem(problem);
                }
                None => {}
            }
        }
        if role.is_schema() && version == Version::V30 && !self.has_newer_keywords {
            self.has_newer_keywords = keywords::has_newer(self.node(id));
        }
        self.push_children(id, role);
        Ok(())
    }

    /// An error, or a warning if nothing uses the current node.
    fn problem(&mut self, mut problem: Diagnostic) -> Result<(), Diagnostic> {
        if self.is_used {
            return Err(problem);
        }
        problem.reason.push_str("; no path uses it, so it is ignored");
        self.document.warnings.push(problem);
        Ok(())
    }

    /// Sets the target of the text in a `mapping` of a discriminator.
    fn schema_name(&mut self, id: u32) {
        let Some(text) = self.node(id).text() else { return };
        let named = self.document.root().at("/components/schemas").and_then(|schemas| schemas.get(text));
        let target = match named.map(Node::id) {
            Some(named) => named,
            None if text.contains(['#', '/', '.']) => {
                let text = text.to_owned();
                let Ok(target) = self.target_of(id, &text) else { return };
                target
            }
            None => return,
        };
        self.links.insert(id, (target, self.is_used));
        self.stack.push((target, Role::one(Object::Schema)));
    }

    /// The node that a reference refers to, which may be a reference again.
    fn follow(&mut self, id: u32) -> Result<u32, Diagnostic> {
        let text = self.node(id).get("$ref").and_then(Node::text).unwrap_or_default().to_owned();
        let key = (self.node(id).stored().file, text);
        if let Some(target) = self.known.get(&key) {
            return Ok(*target);
        }
        let target = self.target_of(id, &key.1).map_err(|reason| at_reference(self.node(id), reason))?;
        self.known.insert(key, target);
        Ok(target)
    }

    /// The node that the text of a reference in the file of node `id` refers to.
    fn target_of(&mut self, id: u32, text: &str) -> Result<u32, String> {
        let file = self.node(id).stored().file;
        let (location, fragment) = text.split_once('#').unwrap_or((text, ""));
        let decoded = percent_decoded(location);
        let path = self.paths.get(usize::from(file)).cloned().unwrap_or_default();
        // An empty reference refers to the whole document, which no schema can be.
        let target_root = match Location::of(&decoded, &path) {
            Location::Here if text.is_empty() => return Err("dangling `$ref`: it is empty".to_owned()),
            Location::Here => self.node(id).file_root().id(),
            _ if self.access.is_none() => {
                return Err(format!("external `$ref`: {text} is in another document; bundle the document first"));
            }
            Location::Url => {
                return Err(format!(
                    "external `$ref`: {text} is a URL, and nothing is read from the network; save the file next to the \
                     document, and refer to it by a relative path"
                ));
            }
            Location::Outside => {
                return Err(format!(
                    "external `$ref`: {text} is outside of the folder of the document; compare the folder that has all \
                     files, or bundle the document first"
                ));
            }
            Location::File(path) => {
                self.root_of(&path).map_err(|reason| format!("external `$ref`: failed to read {text}: {reason}"))?
            }
        };
        let fragment = percent_decoded(fragment);
        if let Some(found) = self.node(target_root).at(&fragment) {
            return Ok(found.id());
        }
        let file = self.node(target_root).stored().file;
        let anchor = self.anchor(file, &fragment);
        anchor.ok_or_else(|| match location {
            "" => format!("dangling `$ref`: {text} is not in the document"),
            _ => format!("dangling `$ref`: {} has no {fragment}", self.document.file(file).name),
        })
    }

    /// The schema with an `$anchor`.
    fn anchor(&mut self, file: u16, name: &str) -> Option<u32> {
        if name.is_empty() || name.starts_with('/') {
            return None;
        }
        let (searched, anchors) = &mut self.anchors;
        for id in *searched..self.document.nodes.len() {
            let node = self.document.node(saturating_u32(id));
            if let (Some("$anchor" | "$dynamicAnchor"), Some(name), Some(schema)) =
                (node.key(), node.text(), node.parent())
            {
                anchors.entry((node.stored().file, name.to_owned())).or_insert(schema.id());
            }
        }
        *searched = self.document.nodes.len();
        anchors.get(&(file, name.to_owned())).copied()
    }

    /// The root of the file at `path`, which is read once.
    fn root_of(&mut self, path: &str) -> Result<u32, String> {
        if let Some(root) = self.roots.get(path) {
            return root.clone();
        }
        let root = self.read(path);
        self.roots.insert(path.to_owned(), root.clone());
        root
    }

    fn read(&mut self, path: &str) -> Result<u32, String> {
        let Some(access) = self.access else { return Err("no files".to_owned()) };
        let bytes = access.read(path)?;
        let size: usize = self.document.files.iter().map(|file| file.text.len()).sum();
        if size + bytes.len() > MAX_BYTES || self.document.files.len() >= MAX_FILES {
            return Err(format!("the document has more than {MAX_BYTES} bytes or {MAX_FILES} files: split it"));
        }
        let parsed = parse_file(&access.name(path), &bytes).map_err(|problem| problem.to_string())?;
        let number = u16::try_from(self.document.files.len()).unwrap_or(u16::MAX);
        let shift = saturating_u32(self.document.nodes.len());
        let strings = saturating_u32(self.document.strings.len());
        let index = saturating_u32(self.document.index.len());
        for mut stored in parsed.nodes {
            stored.parent += shift;
            stored.end += shift;
            stored.target += shift;
            stored.file = number;
            stored.key.start += strings;
            stored.key.end += strings;
            stored.content = match stored.content {
                Content::Map(children) => Content::Map(Children { index: children.index + index, ..children }),
                Content::List(children) => Content::List(Children { index: children.index + index, ..children }),
                Content::Text(slice) => Content::Text(slice.shifted(strings)),
                Content::Number(slice) => Content::Number(slice.shifted(strings)),
                other => other,
            };
            self.document.nodes.push(stored);
        }
        self.document.strings.push_str(&parsed.strings);
        self.document.index.extend(parsed.index.into_iter().map(|id| id + shift));
        self.document.warnings.extend(parsed.warnings);
        self.roles.resize(self.document.nodes.len(), None);
        // A part of a document has the version of the document that refers to it.
        let root = self.node(shift);
        let written = match root.get("openapi").or_else(|| root.get("swagger")).map(Node::kind) {
            Some(Kind::Text(text) | Kind::Number(text)) => Some(text),
            _ => None,
        };
        let version = match written {
            Some(text) if text.starts_with("3.1") => Version::V31,
            Some(text) if text.starts_with("3.0") => Version::V30,
            Some(other) => {
                return Err(format!("its version {other} is not supported: convert it to OpenAPI 3.0 or 3.1"));
            }
            None => self.document.files.first().map(|file| file.version).unwrap_or_default(),
        };
        self.document.files.push(Arc::new(SourceFile { version, path: path.to_owned(), ..parsed.file }));
        self.paths.push(path.to_owned());
        Ok(shift)
    }

    /// Follows the chains of references to their ends. Each is followed once, so the time is linear even for long chains.
    fn set_targets(&mut self) -> Result<(), Diagnostic> {
        let mut ids: Vec<u32> = self.links.keys().copied().collect();
        ids.sort_unstable();
        for &id in &ids {
            self.set_target(id, UNRESOLVED);
        }
        let mut chain = Vec::new();
        for &id in &ids {
            let mut current = id;
            let target = loop {
                match self.node(current).stored().target {
                    UNRESOLVED => {
                        self.set_target(current, IN_CHAIN);
                        chain.push(current);
                        current = self.links.get(&current).map_or(current, |(target, _)| *target);
                    }
                    IN_CHAIN => break None,
                    target => break Some(target),
                }
            };
            if target.is_none() {
                let problem = at_reference(self.node(id), {
                    let text = self.node(id).get("$ref").and_then(Node::text).unwrap_or_default();
                    format!("circular `$ref`: {text} refers back to itself")
                });
                self.is_used = chain.iter().any(|link| self.links.get(link).is_some_and(|(_, is_used)| *is_used));
                self.problem(problem)?;
                self.references.retain(|reference| !chain.contains(reference));
            }
            for link in chain.drain(..) {
                self.set_target(link, target.unwrap_or(link));
            }
        }
        for target in self.with_keywords.values_mut() {
            *target = self.document.node(*target).stored().target;
        }
        Ok(())
    }
}

impl Resolver<'_> {
    fn node(&self, id: u32) -> Node<'_> {
        self.document.node(id)
    }

    fn version(&self, id: u32) -> Version {
        self.document.file(self.node(id).stored().file).version
    }

    fn set_role(&mut self, id: u32, role: Role) {
        if let Some(stored) = self.roles.get_mut(id as usize) {
            *stored = Some(role);
        }
    }

    fn set_target(&mut self, id: u32, target: u32) {
        if let Some(stored) = self.document.nodes.get_mut(id as usize) {
            stored.target = target;
        }
    }
}

/// A diagnostic at the `$ref` key of a reference.
fn at_reference(reference: Node<'_>, reason: String) -> Diagnostic {
    reference.get("$ref").unwrap_or(reference).diagnostic(reason)
}

/// Decodes a JSON pointer in a URI fragment. Invalid escapes stay as they are.
fn percent_decoded(fragment: &str) -> Cow<'_, str> {
    if !fragment.contains('%') {
        return Cow::Borrowed(fragment);
    }
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.as_bytes();
    while let [first, after @ ..] = rest {
        let digit = |at: usize| after.get(at).and_then(|&byte| char::from(byte).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}
