//! Decides whether all values of one schema are values of another, as far as their keywords show it.

use super::bounds::BOUNDS;
use super::effective::{Choice, Effective, Property};
use super::exclusion::are_exclusive;
use super::json_types::Types;
use super::matching::is_unlimited;
use super::types::{Relation, format, formats};
use super::validation::Answer::{self, No, Unknown, Yes};
use super::validation::{MAX_DEPTH, accepts, is_trivial_pattern};
use crate::document::Node;
use crate::number;
use crate::review::Direction;

/// The maximum number of schemas to compare with each other for one answer.
const MAX_STEPS: usize = 400;

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
        let at_most = |count: &str| {
            let most = sent.bound("maxItems", "", true);
            most.and_then(|most| number::compare(most.node.number()?, count)).is_some_and(|order| order.is_le())
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

fn multiples(sent: &Effective<'_>, accepted: &Effective<'_>, types: Types) -> Answer {
    let kept = accepted.all("multipleOf").filter_map(Node::number).all(|divisor| {
        let divides = |of: &str| number::is_multiple(of, divisor) == Some(true);
        sent.all("multipleOf").filter_map(Node::number).any(divides)
            || !types.has(Types::NUMBER.without(Types::INTEGER)) && divides("1")
    });
    kept.into()
}

fn bounds(sent: &Effective<'_>, accepted: &Effective<'_>, types: Types) -> Answer {
    let kept = BOUNDS.iter().filter(|kind| types.has(kind.types)).all(|kind| {
        let order = kind.order(sent, accepted);
        order.is_some_and(|order| if kind.upper { order.is_ge() } else { order.is_le() })
            || kind.is_implied(sent, accepted)
    });
    kept.into()
}

/// Whether the bounds of numbers keep them within an integer format.
fn fits_integer(sent: &Effective<'_>, format: &str) -> bool {
    let (least, most) = match format {
        "int32" => ("-2147483648", "2147483647"),
        "int64" => ("-9223372036854775808", "9223372036854775807"),
        _ => return false,
    };
    let within = |key: &str, exclusive: &str, upper: bool, limit: &str| {
        let bound = sent.bound(key, exclusive, upper).and_then(|bound| number::compare(bound.node.number()?, limit));
        bound.is_some_and(|order| if upper { order.is_le() } else { order.is_ge() })
    };
    within("minimum", "exclusiveMinimum", false, least) && within("maximum", "exclusiveMaximum", true, most)
}
