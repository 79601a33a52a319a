//! The list of customers, with pages and a filter.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::collection::{Collection, Links};
use crate::error_response::ErrorResponse;
use crate::paging::Pager;
use crate::request::Request;
use crate::response::{OperationResult, json};
use crate::wire::Attributes;
use crate::world;
use crate::world::World;

/// The largest page size, and the default.
const MAX_SIZE: usize = 500;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CustomerBody<'a> {
    id: Uuid,
    company_profile: CompanyProfileBody<'a>,
    relationship_to_partner: &'static str,
    attributes: Attributes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CompanyProfileBody<'a> {
    tenant_id: Uuid,
    domain: &'a str,
    company_name: &'a str,
    attributes: Attributes,
}

impl CustomerBody<'_> {
    fn of_customer(customer: &world::Customer) -> CustomerBody<'_> {
        CustomerBody {
            id: customer.id,
            company_profile: CompanyProfileBody {
                tenant_id: customer.id,
                domain: &customer.domain,
                company_name: &customer.company,
                attributes: Attributes::of_type("CustomerCompanyProfile"),
            },
            relationship_to_partner: "reseller",
            attributes: Attributes::of_type("Customer"),
        }
    }
}

/// Whether the request has the filter that needs a token with a user.
pub(crate) fn needs_user(request: &Request) -> bool {
    let filter = request.query("filter").and_then(|json| Filter::parse(&json).ok());
    filter.is_some_and(|filter| matches!(filter.field, Field::IndirectReseller))
}

pub(super) fn list(world: &World, request: &Request) -> OperationResult {
    let size = size(request.query("size").as_deref())?;
    let filter = request.query("filter").map(|json| Filter::parse(&json)).transpose()?;
    let customers = world.customers();
    let pager = Pager::new(world, request, customers.len())?;
    let matches = customers
        .iter()
        .enumerate()
        .skip(pager.start())
        .filter(|(_, customer)| filter.as_ref().is_none_or(|filter| filter.matches(customer)))
        .map(|(index, customer)| (index, CustomerBody::of_customer(customer)));
    let filter = request.raw_query("filter").map_or_else(String::new, |raw| format!("&filter={raw}"));
    let query = format!("size={size}{filter}");
    let (items, next) = pager.page(matches, size, "customers", &query);
    json(&Collection::page(items, Links::to_self(format!("/customers?{query}")), next))
}

/// The size of a page of a list that has the parameter `size`.
pub(super) fn size(text: Option<&str>) -> Result<usize, ErrorResponse> {
    match text.map(str::parse) {
        // The official .NET SDK sends 0 for all customers.
        None | Some(Ok(0)) => Ok(MAX_SIZE),
        Some(Ok(size)) if size <= MAX_SIZE => Ok(size),
        _ => Err(ErrorResponse::query("The size is not a number from 1 to 500.")),
    }
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
    IndirectReseller,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Operator {
    StartsWith,
}

impl Filter {
    fn parse(json: &str) -> Result<Self, ErrorResponse> {
        let filter: Self = serde_json::from_str(json)
            .map_err(|error| ErrorResponse::query(&format!("The filter is invalid: {error}")))?;
        Ok(Self { value: filter.value.to_lowercase(), ..filter })
    }

    fn matches(&self, customer: &world::Customer) -> bool {
        let text = match self.field {
            Field::CompanyName => &customer.company,
            Field::Domain => &customer.domain,
            // A customer without a reseller matches no prefix, not even the empty one.
            Field::IndirectReseller => match customer.indirect_reseller {
                Some(reseller) => reseller,
                None => return false,
            },
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
        let world = World::new(1, 1, world::Day::default());
        Filter::parse(filter).ok().map(|filter| filter.matches(&world.customers()[0]))
    }

    #[test]
    fn filter_compares_prefixes_in_any_letter_case() {
        assert_eq!(matches(r#"{"Field":"CompanyName","Value":"bLUE h","Operator":"starts_with"}"#), Some(true));
        assert_eq!(matches(r#"{"Field":"CompanyName","Value":"Harbor","Operator":"starts_with"}"#), Some(false));
        assert_eq!(matches(r#"{"Field":"Domain","Value":"BlueHarbor","Operator":"starts_with"}"#), Some(true));
        assert_eq!(matches(r#"{"Field":"Domain","Value":"Blue Harbor","Operator":"starts_with"}"#), Some(false));
        assert_eq!(matches(r#"{"Field":"Domain","Value":"","Operator":"starts_with"}"#), Some(true));
    }

    #[test]
    fn rejects_other_filters() {
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
    fn size_is_500_by_default() {
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
