//! Decides whether schemas exclude each other, as far as their keywords show it.

use super::bounds::BOUNDS;
use super::effective::{Choice, Effective, Property};
use super::json_types::Types;
use super::validation::{Answer, MAX_DEPTH, accepts};
use crate::document::Node;

/// Whether no value satisfies both schemas.
pub(super) fn are_exclusive(one: &Effective<'_>, other: &Effective<'_>) -> bool {
    excludes(one, other, 0)
}

/// Whether no value satisfies two of the forms of a choice.
pub(super) fn has_exclusive_forms(choice: Choice<'_>) -> bool {
    let forms: Vec<Effective<'_>> = choice.forms().collect();
    choice.is_tagged
        || (forms.len() <= 64
            && forms
                .iter()
                .enumerate()
                .all(|(at, one)| forms.iter().skip(at + 1).all(|other| are_exclusive(one, other))))
}

fn excludes(one: &Effective<'_>, other: &Effective<'_>, depth: usize) -> bool {
    if depth > MAX_DEPTH / 2 {
        return false;
    }
    let common = one.types().and(other.types());
    if common.is_empty() {
        return true;
    }
    for [one, other] in [[one, other], [other, one]] {
        let refuses = |value: &Node<'_>| [one, other].iter().any(|schema| accepts(schema, *value, depth) == Answer::No);
        if one.values().is_some_and(|values| values.iter().all(refuses)) {
            return true;
        }
        if one.choices().into_iter().any(|choice| choice.forms().all(|form| excludes(&form, other, depth + 1))) {
            return true;
        }
    }
    let only = |types: Types| common.without(types).is_empty();
    let beyond = |one: &Effective<'_>, other: &Effective<'_>| {
        BOUNDS.iter().filter(|kind| kind.upper && only(kind.types)).any(|upper| {
            let lower = BOUNDS.iter().find(|kind| !kind.upper && kind.measure == upper.measure);
            let most = one.bound(upper.key, upper.exclusive, true);
            let least = lower.and_then(|lower| other.bound(lower.key, lower.exclusive, false));
            let (Some(most), Some(least)) = (most, least) else { return false };
            least.node.number().is_some_and(|least| most.allows(least, true) == Some(false))
        })
    };
    if beyond(one, other) || beyond(other, one) {
        return true;
    }
    let names = one.required_names().chain(other.required_names()).map(|(name, _)| name);
    only(Types::OBJECT)
        && names.into_iter().any(|name| match (one.property(name), other.property(name)) {
            (Property::Forbidden, _) | (_, Property::Forbidden) => true,
            (
                Property::Declared(one) | Property::Additional(one),
                Property::Declared(other) | Property::Additional(other),
            ) => excludes(&one, &other, depth + 1),
            _ => false,
        })
}
