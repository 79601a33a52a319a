//! The list of customers: pages and filter.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    answer::{Answer, json},
    collection::{Collection, Link, LinkHeader, Links},
    refusal::Refusal,
    request::Request,
    wire::Attributes,
    world::{self, World},
};

/// The largest page, which is also what comes without a size.
const MAX_SIZE: usize = 500;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Customer<'a> {
    id: Uuid,
    company_profile: CustomerCompanyProfile<'a>,
    relationship_to_partner: &'static str,
    attributes: Attributes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CustomerCompanyProfile<'a> {
    tenant_id: Uuid,
    domain: &'a str,
    company_name: &'a str,
    attributes: Attributes,
}

impl Customer<'_> {
    fn of(customer: &world::Customer) -> Customer<'_> {
        Customer {
            id: customer.id,
            company_profile: CustomerCompanyProfile {
                tenant_id: customer.id,
                domain: &customer.domain,
                company_name: &customer.company,
                attributes: Attributes::of("CustomerCompanyProfile"),
            },
            relationship_to_partner: "reseller",
            attributes: Attributes::of("Customer"),
        }
    }
}

pub(super) fn list(world: &mut World, request: &Request) -> Answer {
    let size = size(request.query("size").as_deref())?;
    let filter = request.query("filter").map(|json| Filter::parse(&json)).transpose()?;
    let customers = world.customers();
    let start = start(request, customers.len())?;

    // One more than the page holds, because only a further match makes a next page.
    let mut page: Vec<(usize, &world::Customer)> = customers
        .iter()
        .enumerate()
        .skip(start)
        .filter(|(_, customer)| filter.as_ref().is_none_or(|filter| filter.matches(customer)))
        .take(size + 1)
        .collect();
    let next = if page.len() > size { page.pop() } else { None };
    let items = page.iter().map(|(_, customer)| Customer::of(customer)).collect();

    let filter = request.raw_query("filter").map_or_else(String::new, |raw| format!("&filter={raw}"));
    let mut links = Links::to(format!("/customers?size={size}{filter}"));
    let token = next.map(|(index, _)| token(index));
    links.next = token.clone().map(|value| {
        let mut next = Link::new(format!("/v1/customers?size={size}{filter}&seekOperation=Next"));
        next.headers = vec![LinkHeader { key: "MS-ContinuationToken", value }];
        next
    });
    let mut body = Collection::new(items, links);
    body.continuation_token = token;
    json(&body)
}

fn size(text: Option<&str>) -> Result<usize, Refusal> {
    match text.map(str::parse) {
        // The official .NET SDK sends 0 when it wants everything.
        None | Some(Ok(0)) => Ok(MAX_SIZE),
        Some(Ok(size)) if size <= MAX_SIZE => Ok(size),
        _ => Err(Refusal::query("The size is not a number from 1 to 500.")),
    }
}

/// Where the page starts in the list of all customers.
fn start(request: &Request, customers: usize) -> Result<usize, Refusal> {
    match request.query("seekOperation") {
        // A token alone changes nothing: it only says where a seek starts.
        None => Ok(0),
        Some(seek) if seek.eq_ignore_ascii_case("next") => request
            .header("MS-ContinuationToken")
            .and_then(position)
            .filter(|start| *start < customers)
            .ok_or_else(|| Refusal::query("The continuation token is missing, invalid or at the end of the list.")),
        Some(_) => Err(Refusal::query("The seek operation is not supported.")),
    }
}

/// The token of the page that starts with a customer. The signs at its end have a meaning in queries and forms,
/// like those of the service's own tokens, so a client that mangles them is found out.
fn token(index: usize) -> String {
    format!("{index:012X}==")
}

/// Where the page of a token starts; none for a text that is not a token of this sandbox, to the letter.
fn position(sent: &str) -> Option<usize> {
    let index = usize::from_str_radix(sent.strip_suffix("==")?, 16).ok()?;
    (token(index) == sent).then_some(index)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    field: Field,
    value: String,
    operator: Operator,
}

#[derive(Deserialize)]
enum Field {
    CompanyName,
    Domain,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Operator {
    StartsWith,
}

impl Filter {
    fn parse(json: &str) -> Result<Filter, Refusal> {
        let filter: Filter =
            serde_json::from_str(json).map_err(|error| Refusal::query(&format!("The filter is invalid: {error}")))?;
        Ok(Filter { value: filter.value.to_lowercase(), ..filter })
    }

    fn matches(&self, customer: &world::Customer) -> bool {
        let text = match self.field {
            Field::CompanyName => &customer.company,
            Field::Domain => &customer.domain,
        };
        match self.operator {
            Operator::StartsWith => text.to_lowercase().starts_with(&self.value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(filter: &str) -> Option<bool> {
        let world = World::new(1, 1);
        Filter::parse(filter).ok().map(|filter| filter.matches(&world.customers()[0]))
    }

    #[test]
    fn filter_compares_the_beginning_in_any_case() {
        assert_eq!(matches(r#"{"Field":"CompanyName","Value":"bLUE h","Operator":"starts_with"}"#), Some(true));
        assert_eq!(matches(r#"{"Field":"CompanyName","Value":"Harbor","Operator":"starts_with"}"#), Some(false));
        assert_eq!(matches(r#"{"Field":"Domain","Value":"BlueHarbor","Operator":"starts_with"}"#), Some(true));
        assert_eq!(matches(r#"{"Field":"Domain","Value":"Blue Harbor","Operator":"starts_with"}"#), Some(false));
        assert_eq!(matches(r#"{"Field":"Domain","Value":"","Operator":"starts_with"}"#), Some(true));
    }

    #[test]
    fn other_filters_are_refused() {
        for filter in [
            "",
            "Blue",
            "{}",
            r#"{"Field":"CompanyName","Value":"Blue"}"#,
            r#"{"Field":"Name","Value":"Blue","Operator":"starts_with"}"#,
            r#"{"Field":"Domain","Value":"Blue","Operator":"contains"}"#,
            r#"{"Field":"Domain","Value":1,"Operator":"starts_with"}"#,
        ] {
            assert_eq!(matches(filter), None, "{filter}");
        }
    }

    #[test]
    fn size_is_500_unless_told() {
        for (text, expected) in
            [(None, Some(500)), (Some("0"), Some(500)), (Some("1"), Some(1)), (Some("500"), Some(500))]
        {
            assert_eq!(size(text).ok(), expected, "{text:?}");
        }
        for text in ["501", "-1", "", "x", "1.5", "99999999999999999999"] {
            assert!(size(Some(text)).is_err(), "{text}");
        }
    }
}
