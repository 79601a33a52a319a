//! Decides whether all values of one schema are values of another, as far as their keywords show it.

use regex::bytes::RegexBuilder;

use super::bounds::{BOUNDS, BoundKind};
use super::effective::{Choice, Effective, Property, Types, number};
use super::types::{Relation, format, formats};
use crate::document::{Kind, Node};
use crate::number;
use crate::review::Direction;

/// The maximum depth of schemas within each other.
const MAX_DEPTH: usize = 8;
/// The maximum number of schemas to compare with each other for one answer.
const MAX_STEPS: usize = 400;

/// An answer. The lesser one of several decides if all have to hold, and the greater one if any has to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Answer {
    No,
    Unknown,
    Yes,
}

use Answer::{No, Unknown, Yes};

impl From<bool> for Answer {
    fn from(holds: bool) -> Self {
        if holds { Yes } else { No }
    }
}

/// Whether the receiver accepts all that the sender may send: in a request, the new schema the values of the old one, and
/// in a response the reverse.
pub(super) fn accepts_new(base: &Effective<'_>, revision: &Effective<'_>, direction: Direction) -> Answer {
    let (sent, accepted) = match direction {
        Direction::Request => (base, revision),
        Direction::Response => (revision, base),
    };
    Search { direction, steps: 0, open: Vec::new() }.within(&Sent::of(sent.clone()), accepted, 0)
}

/// Whether `accepted` accepts all values that match `form`, a form of a choice of `owner`.
pub(super) fn accepts_form(
    accepted: &Effective<'_>,
    owner: &Effective<'_>,
    form: &Effective<'_>,
    direction: Direction,
) -> Answer {
    let sent = Sent { schema: owner.and(form), expanded: owner.choices().len(), types: Types::ALL };
    Search { direction, steps: 0, open: Vec::new() }.within(&sent, accepted, 0)
}

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

/// A schema of the sender. Some of its choices are replaced with one of their forms, and some of its types left out.
#[derive(Clone)]
struct Sent<'a> {
    schema: Effective<'a>,
    /// The number of choices that are replaced.
    expanded: usize,
    types: Types,
}

impl<'a> Sent<'a> {
    fn of(schema: Effective<'a>) -> Self {
        Self { schema, expanded: 0, types: Types::ALL }
    }

    fn types(&self) -> Types {
        self.schema.types().and(self.types)
    }
}

/// A pair that is being compared: the ids and types of the sent schema, the ids of the accepted one, and the depth.
type Open = (Box<[u32]>, Types, Box<[u32]>, usize);

struct Search {
    direction: Direction,
    steps: usize,
    /// The pairs that are being compared, with their depths.
    open: Vec<Open>,
}

impl Search {
    fn within(&mut self, sent: &Sent<'_>, accepted: &Effective<'_>, depth: usize) -> Answer {
        self.steps += 1;
        if depth > MAX_DEPTH || self.steps > MAX_STEPS {
            return Unknown;
        }
        let pair = (sent.schema.ids(), sent.types, accepted.ids());
        let again = self.open.iter().find(|open| open.0 == pair.0 && open.1 == pair.1 && open.2 == pair.2);
        if let Some((.., at)) = again {
            // Within a value of itself, a schema has no other difference than those that the outer comparison finds.
            return if *at < depth { Yes } else { Unknown };
        }
        self.open.push((pair.0, pair.1, pair.2, depth));
        let answer = self.compare(sent, accepted, depth);
        self.open.pop();
        answer
    }

    fn compare(&mut self, sent: &Sent<'_>, accepted: &Effective<'_>, depth: usize) -> Answer {
        if sent.types().is_empty() {
            return Yes;
        }
        if let Some(values) = sent.schema.values() {
            let values = values.into_iter().filter(|value| sent.types.has(Types::of_value(*value)));
            let sent = values.filter(|value| accepts(&sent.schema, *value, depth) != No);
            return sent.map(|value| accepts(accepted, value, depth)).min().unwrap_or(Yes);
        }
        let whole = self.keywords(sent, accepted, depth);
        // The forms may have properties that the schema itself does not show.
        let is_decided = whole == Yes && accepted.property_names().next().is_none();
        let Some(choice) = sent.schema.choices().get(sent.expanded).copied().filter(|_| !is_decided) else {
            return whole;
        };
        let mut answer = Yes;
        for form in choice.forms() {
            let sent = Sent { schema: sent.schema.and(&form), expanded: sent.expanded + 1, types: sent.types };
            answer = answer.min(self.within(&sent, accepted, depth));
            if answer == No {
                break;
            }
        }
        answer
    }

    fn keywords(&mut self, sent: &Sent<'_>, accepted: &Effective<'_>, depth: usize) -> Answer {
        let types = sent.types();
        if !types.without(accepted.types()).is_empty() {
            return No;
        }
        if let Some(values) = accepted.values() {
            let flags = [true, false].map(|flag| values.iter().any(|value| value.bool() == Some(flag)));
            let complete = types.without(Types::BOOLEAN.or(Types::NULL)).is_empty() && flags == [true, true];
            return complete.into();
        }
        let mut answer = not_keyword(&sent.schema, accepted);
        if types.has(Types::STRING.or(Types::NUMBER)) {
            let narrower = formats(format(accepted), format(&sent.schema));
            let fits = matches!(narrower, Relation::Same | Relation::Narrower)
                || types.without(Types::NUMBER).is_empty()
                    && fits_integer(&sent.schema, format(accepted).unwrap_or_default());
            answer = answer.min(fits.into());
        }
        if types.has(Types::STRING) {
            answer = answer.min(text(&sent.schema, accepted));
        }
        if types.has(Types::NUMBER) {
            answer = answer.min(multiples(&sent.schema, accepted, types));
        }
        answer = answer.min(bounds(&sent.schema, accepted, types));
        if answer != No && types.has(Types::ARRAY) {
            answer = answer.min(self.array(&sent.schema, accepted, depth));
        }
        if answer != No && types.has(Types::OBJECT) {
            answer = answer.min(self.object(&sent.schema, accepted, depth));
        }
        for choice in accepted.choices() {
            if answer == No {
                break;
            }
            answer = answer.min(self.choice(sent, choice, depth));
        }
        answer
    }

    fn choice(&mut self, sent: &Sent<'_>, choice: Choice<'_>, depth: usize) -> Answer {
        let mut best = No;
        let mut possible = 0;
        let forms: Vec<Effective<'_>> = choice.forms().collect();
        for (at, form) in forms.iter().enumerate() {
            if sent.expanded == 0 && sent.types == Types::ALL && are_exclusive(&sent.schema, form) {
                continue;
            }
            possible += 1;
            let answer = self.within(sent, form, depth);
            let others = || forms.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, other)| other);
            let alone = choice.key == "anyOf"
                || choice.is_tagged
                || answer == No
                || others().all(|other| are_exclusive(&sent.schema, other) || are_exclusive(form, other));
            // By the letter, a schema without `type` also accepts values of other types.
            let is_certain = choice.key == "anyOf"
                || choice.is_tagged
                || !others().any(|other| other.is_implied_object() && !sent.schema.is_implied_object());
            best = best.max(match alone {
                true if is_certain => answer,
                true => answer.min(Unknown),
                false => No,
            });
            if best == Yes {
                return Yes;
            }
        }
        // Each type may be in another form.
        let types = [Types::NULL, Types::BOOLEAN, Types::NUMBER, Types::STRING, Types::ARRAY, Types::OBJECT];
        let single = types.map(|one| sent.types().and(one)).into_iter().filter(|one| !one.is_empty());
        if single.clone().count() > 1 {
            return single
                .map(|types| self.choice(&Sent { types, ..sent.clone() }, choice, depth))
                .min()
                .unwrap_or(Yes);
        }
        // The values may be spread over several forms, such as objects that a property tells apart.
        let has_several = |schema: &Effective<'_>| schema.values().is_some_and(|values| values.len() > 1);
        let is_spread = possible > 1
            && sent.schema.required_names().any(|(name, _)| {
                matches!(sent.schema.property(name), Property::Declared(property) if has_several(&property))
            });
        if best == No && is_spread { Unknown } else { best }
    }

    fn array(&mut self, sent: &Effective<'_>, accepted: &Effective<'_>, depth: usize) -> Answer {
        let most = |schema: &Effective<'_>| {
            schema.bound("maxItems", "", true).and_then(|most| number(most.node).map(str::to_owned))
        };
        let at_most = |count: &str| {
            most(sent).is_some_and(|most| number::compare(&most, count).is_some_and(|order| order.is_le()))
        };
        let unique = accepted.flag("uniqueItems") && !sent.flag("uniqueItems") && !at_most("1");
        let items = match (sent.item(), accepted.item()) {
            _ if at_most("0") => Yes,
            (_, None) => Yes,
            (Some(sent), Some(accepted)) => self.within(&Sent::of(sent), &accepted, depth + 1),
            (None, Some(accepted)) => is_unlimited(&accepted).into(),
        };
        items.min((!unique).into())
    }

    fn object(&mut self, sent: &Effective<'_>, accepted: &Effective<'_>, depth: usize) -> Answer {
        use Property::{Additional, Any, Declared, Forbidden};
        let direction = Some(self.direction);
        let is_absent = |property: &Property<'_>| matches!(property, Declared(schema) if schema.is_absent(direction));
        for (name, _) in accepted.required_names() {
            let is_sent = sent.required(name).is_some() && !is_absent(&sent.property(name));
            if !is_sent && !is_absent(&accepted.property(name)) {
                return No;
            }
        }
        let mut answer = match (sent.additional(), accepted.additional()) {
            (_, Any) | (Forbidden, _) => Yes,
            (Additional(sent), Additional(accepted)) => self.within(&Sent::of(sent), &accepted, depth + 1),
            (Any, Additional(accepted)) => is_unlimited(&accepted).into(),
            _ => No,
        };
        // A choice, and a form that only limits properties of its owner, lack no properties.
        let is_description = accepted.choices().is_empty() && accepted.property_names().next().is_some();
        let new = accepted.property_names().filter(|name| !sent.declares(name));
        for name in sent.property_names().chain(new) {
            let (from, to) = (sent.property(name), accepted.property(name));
            let property = match (from, to) {
                _ if answer == No => return No,
                (from, to) if is_absent(&from) || is_absent(&to) => Yes,
                (Declared(sent) | Additional(sent), Declared(accepted) | Additional(accepted)) => {
                    self.within(&Sent::of(sent), &accepted, depth + 1)
                }
                (Forbidden, _) => Yes,
                (Declared(_), Forbidden) => No,
                // No client sends a property before it exists, or expects one that did not exist.
                (Any, Declared(_)) if self.direction == Direction::Request => Yes,
                (Declared(_), Any) if self.direction == Direction::Response => Yes,
                // The new schema lacks a property of the old one.
                (Any, Declared(_)) | (Declared(_), Any) if is_description => Unknown,
                // Judged by the schemas of additional properties.
                _ => Yes,
            };
            answer = answer.min(property);
        }
        answer
    }
}

/// Whether every value has this schema.
pub(super) fn is_unlimited(schema: &Effective<'_>) -> bool {
    schema.parts().all(super::matching::has_only_annotations)
}

fn not_keyword(sent: &Effective<'_>, accepted: &Effective<'_>) -> Answer {
    let kept =
        accepted.all("not").all(|not| sent.all("not").any(|other| other.same(not) && !other.contains_reference()));
    if kept { Yes } else { Unknown }
}

fn text(sent: &Effective<'_>, accepted: &Effective<'_>) -> Answer {
    let unknown = accepted.all("pattern").filter(|pattern| !is_trivial_pattern(*pattern));
    let patterns = unknown.map(|pattern| match sent.all("pattern").next() {
        _ if sent.all("pattern").any(|other| other.same(pattern)) => Yes,
        None => No,
        Some(_) => Unknown,
    });
    patterns.min().unwrap_or(Yes)
}

/// Whether a text matches a pattern; unknown for syntax that only JavaScript has, and for characters beyond ASCII.
fn fits_pattern(text: &str, pattern: Node<'_>) -> Answer {
    if is_trivial_pattern(pattern) {
        return Yes;
    }
    let regex = pattern
        .text()
        .filter(|_| text.is_ascii())
        .and_then(|pattern| RegexBuilder::new(pattern).unicode(false).size_limit(1 << 20).build().ok());
    regex.map_or(Unknown, |regex| regex.is_match(text.as_bytes()).into())
}

/// Whether every text matches a pattern.
pub(super) fn is_trivial_pattern(pattern: Node<'_>) -> bool {
    matches!(pattern.text(), Some("" | ".*" | "^.*$"))
}

fn multiples(sent: &Effective<'_>, accepted: &Effective<'_>, types: Types) -> Answer {
    let kept = accepted.all("multipleOf").filter_map(number).all(|divisor| {
        let divides = |of: &str| number::is_multiple(of, divisor) == Some(true);
        sent.all("multipleOf").filter_map(number).any(divides)
            || !types.has(Types::NUMBER.without(Types::INTEGER)) && divides("1")
    });
    kept.into()
}

fn bounds(sent: &Effective<'_>, accepted: &Effective<'_>, types: Types) -> Answer {
    let kept = BOUNDS.iter().filter(|kind| types.has(kind.types)).all(|kind| {
        let order = kind.order(sent, accepted);
        order.is_some_and(|order| if kind.upper { order.is_ge() } else { order.is_le() })
            || implies_bound(sent, accepted, kind)
    });
    kept.into()
}

/// Whether the properties of an object that is sent keep it within the bound of the accepted one.
pub(super) fn implies_bound(sent: &Effective<'_>, accepted: &Effective<'_>, kind: &BoundKind) -> bool {
    let count = match kind.key {
        "minProperties" => sent.required_names().count(),
        "maxProperties" if matches!(sent.additional(), Property::Forbidden) => sent.property_names().count(),
        _ => return false,
    };
    let bound = accepted.bound(kind.key, kind.exclusive, kind.upper);
    bound.is_some_and(|bound| bound.allows(&count.to_string(), kind.upper) == Some(true))
}

/// Whether the bounds of numbers keep them within an integer format.
fn fits_integer(sent: &Effective<'_>, format: &str) -> bool {
    let (least, most) = match format {
        "int32" => ("-2147483648", "2147483647"),
        "int64" => ("-9223372036854775808", "9223372036854775807"),
        _ => return false,
    };
    let within = |key: &str, exclusive: &str, upper: bool, limit: &str| {
        let bound = sent.bound(key, exclusive, upper).and_then(|bound| number::compare(number(bound.node)?, limit));
        bound.is_some_and(|order| if upper { order.is_le() } else { order.is_ge() })
    };
    within("minimum", "exclusiveMinimum", false, least) && within("maximum", "exclusiveMaximum", true, most)
}

/// Whether a schema accepts a value.
pub(super) fn accepts(schema: &Effective<'_>, value: Node<'_>, depth: usize) -> Answer {
    if depth > MAX_DEPTH {
        return Unknown;
    }
    if value.kind() == Kind::Null && schema.is_nullable() {
        return Yes;
    }
    let kind = Types::of_value(value);
    if !schema.types().has(kind) || schema.values().is_some_and(|values| !values.iter().any(|one| one.same(value))) {
        return No;
    }
    let fits = |kind: &BoundKind| {
        let size = match value.kind() {
            Kind::Number(text) => text.to_owned(),
            Kind::Text(text) => text.chars().count().to_string(),
            Kind::List => value.items().count().to_string(),
            _ => value.entries().count().to_string(),
        };
        schema.bound(kind.key, kind.exclusive, kind.upper).and_then(|bound| bound.allows(&size, kind.upper))
            != Some(false)
    };
    let mut answer = Answer::from(BOUNDS.iter().filter(|bound| bound.types.has(kind)).all(fits));
    if let Kind::Number(text) = value.kind() {
        let divisors = schema.all("multipleOf").filter_map(number);
        let divides = |by| number::is_equal(text, "0").then_some(true).or_else(|| number::is_multiple(text, by));
        answer = answer.min(divisors.map(|by| divides(by).map_or(Unknown, Answer::from)).min().unwrap_or(Yes));
    }
    if let (Some(text), Some(format)) = (value.text(), format(schema)) {
        answer = answer.min(fits_format(text, format));
    }
    if let Some(text) = value.text() {
        answer = answer.min(schema.all("pattern").map(|pattern| fits_pattern(text, pattern)).min().unwrap_or(Yes));
    }
    for item in value.items() {
        answer = answer.min(schema.item().map_or(Yes, |schema| accepts(&schema, item, depth + 1)));
    }
    if matches!(value.kind(), Kind::Map) {
        answer = answer.min(schema.required_names().all(|(name, _)| value.get(name).is_some()).into());
    }
    for (name, entry) in value.entries() {
        answer = answer.min(match schema.property(name) {
            Property::Any => Yes,
            Property::Forbidden => No,
            Property::Declared(schema) | Property::Additional(schema) => accepts(&schema, entry, depth + 1),
        });
    }
    for not in schema.all("not") {
        answer = answer.min(match accepts(&Effective::of(not), value, depth + 1) {
            Yes => No,
            Unknown => Unknown,
            No => Yes,
        });
    }
    for choice in schema.choices() {
        let answers: Vec<Answer> = choice.forms().map(|form| accepts(&form, value, depth + 1)).collect();
        let best = answers.iter().copied().max().unwrap_or(No);
        let several = answers.iter().filter(|one| **one != No).count() > 1;
        let certain = answers.iter().filter(|one| **one == Yes).count() > 1;
        answer = answer.min(match (choice.key, several, certain) {
            ("anyOf", ..) | (_, false, _) => best,
            _ if choice.is_tagged => best,
            (_, _, true) => No,
            _ => Unknown,
        });
    }
    answer
}

/// Whether a text has a format, as far as its form shows it.
fn fits_format(text: &str, format: &str) -> Answer {
    let has_form = |form: &str| {
        text.len() >= form.len()
            && text.bytes().zip(form.bytes()).all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                b'x' => byte.is_ascii_hexdigit(),
                form => byte == form,
            })
    };
    match format {
        "date" => (text.len() == 10 && has_form("0000-00-00")).into(),
        "date-time" => has_form("0000-00-00T00:00:00").into(),
        "uuid" => (text.len() == 36 && has_form("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")).into(),
        "email" => text.contains('@').into(),
        "ipv4" => (text.split('.').count() == 4 && text.split('.').all(|part| part.parse::<u8>().is_ok())).into(),
        _ => Unknown,
    }
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
        let refuses = |value: &Node<'_>| [one, other].iter().any(|schema| accepts(schema, *value, depth) == No);
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
            number(least.node).is_some_and(|least| most.allows(least, true) == Some(false))
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
