//! Merges the raw findings to a review.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::comparison::Comparison;
use super::raw_finding::RawFinding;
use super::reach::Reach;
use crate::document::{Document, Node};
use crate::location::{self, StablePaths};
use crate::node_text;
use crate::progenitor_effect::Effect;
use crate::review::{Finding, Operations, Review};
use crate::rules::Level;
use crate::version;

/// Merges the raw findings of the same change: in a request and in a response, or from several origins.
pub(super) fn merge(mut comparison: Comparison<'_>) -> Review {
    let raw_findings = std::mem::take(&mut comparison.findings);
    let mut merged: Vec<(Finding, [Option<u32>; 2])> = Vec::new();
    let mut index = HashMap::new();
    let mut paths = [StablePaths::default(), StablePaths::default()];
    let reach = Reach::new(&comparison, raw_findings.iter().map(|raw| (raw.origin, raw.direction)));
    for raw in raw_findings {
        let nodes = [raw.old.map(Node::id), raw.new.map(Node::id)];
        // The rule of an addition or removal depends on the direction, but it is one change.
        let rule = if raw.old.is_some() && raw.new.is_some() { raw.rule.id } else { "" };
        let operations = reach.operations((raw.origin, raw.direction));
        let at = *index.entry((nodes, rule)).or_insert_with(|| {
            merged.push((finding(&raw, &mut paths, comparison.revision), nodes));
            merged.len() - 1
        });
        let (finding, _) = &mut merged[at];
        if raw.level > finding.level {
            let rust = std::mem::take(&mut finding.rust);
            *finding = self::finding(&raw, &mut paths, comparison.revision);
            if rust.breaks {
                finding.rust = rust;
            }
        } else if raw.effect.breaks && !finding.rust.breaks {
            finding.rust = raw.effect;
        }
        // The finding holds where the change has this level.
        if raw.level == finding.level {
            finding.operations = finding.operations.union(&operations);
        }
    }
    let sides = [comparison.base, comparison.revision];
    let rust_unknown = sides.iter().find_map(|document| document.progenitor_obstacle());
    if rust_unknown.is_some() {
        for (finding, _) in &mut merged {
            finding.rust = Effect::default();
        }
    }
    // Worst first, then in the order of the new document, and removals last.
    merged.sort_by_key(|(finding, [old, new])| {
        (
            Reverse(finding.level),
            Reverse(finding.rust.breaks),
            new.is_none(),
            new.unwrap_or_default(),
            old.unwrap_or_default(),
        )
    });
    // A recursive schema can lead to one change from several places of the old document.
    let mut findings: Vec<Finding> = Vec::with_capacity(merged.len());
    let mut index = HashMap::new();
    for (finding, _) in merged {
        match index.entry(finding.fingerprint()) {
            Entry::Vacant(entry) => {
                entry.insert(findings.len());
                findings.push(finding);
            }
            Entry::Occupied(entry) => {
                let first: &mut Finding = &mut findings[*entry.get()];
                first.operations = first.operations.union(&finding.operations);
            }
        }
    }
    let warnings = sides.iter().flat_map(|document| document.warnings()).cloned().collect();
    Review { warnings, rust_unknown, ..version::review(findings, sides.map(version::info_version)) }
}

fn finding(raw: &RawFinding<'_>, paths: &mut [StablePaths; 2], revision: &Document) -> Finding {
    let removed = raw.old.filter(|_| raw.new.is_none());
    Finding {
        id: raw.id.clone(),
        rule: raw.rule,
        level: raw.level,
        rust: raw.effect.clone(),
        stable_path: stable_path(raw, paths),
        canonical_values: canonical_values(raw),
        old: raw.old.map(location::side),
        new: raw.new.map(location::side),
        surviving_parent: removed.map(|node| location::side(location::surviving_parent(node, revision))),
        operations: Operations::default(),
        text: raw.text.clone(),
    }
}

fn stable_path(raw: &RawFinding<'_>, [old_paths, new_paths]: &mut [StablePaths; 2]) -> String {
    let (old, new) = match (raw.old, raw.new) {
        (Some(old), Some(new)) => (old, new),
        (Some(node), None) => return old_paths.path(node),
        (None, Some(node)) => return new_paths.path(node),
        (None, None) => return String::new(),
    };
    let (from, to) = (old_paths.path(old), new_paths.path(new));
    let [old_pointer, new_pointer] = [old, new].map(Node::pointer);
    // An item of `required` that names the property on the other side, which identifies the change.
    let requires = |item: Node<'_>, property: Node<'_>| {
        item.parent().and_then(Node::key) == Some("required") && item.text() == property.key()
    };
    // If an inline schema became a component, several inline schemas may have become the same one.
    if !old_pointer.split('/').take(4).eq(new_pointer.split('/').take(4)) {
        format!("{from} -> {to}")
    } else if to.starts_with(&from) || requires(old, new) {
        to
    } else if from.starts_with(&to) || requires(new, old) {
        // A side without the keyword is shown at its parent, which does not identify the change.
        from
    } else {
        format!("{from} -> {to}")
    }
}

/// The canonical values of both sides. A side without the keyword is shown at its parent, whose value is no part of the
/// change.
fn canonical_values(raw: &RawFinding<'_>) -> [Option<String>; 2] {
    // Fine changes need no acceptance, so a shortened value is enough for their fingerprints.
    let text = if raw.level == Level::Fine { node_text::value } else { node_text::canonical };
    let level = |node: Option<Node<'_>>| node.map_or(0, Node::level);
    let deepest = level(raw.old).max(level(raw.new));
    [raw.old, raw.new].map(|side| side.filter(|side| side.level() == deepest).map(text))
}
