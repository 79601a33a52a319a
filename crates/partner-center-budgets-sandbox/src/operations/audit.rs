//! The activity log: the changes of budgets that this sandbox carried out.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::customers::size;
use crate::collection::{Collection, Links};
use crate::error_response::ErrorResponse;
use crate::money::Money;
use crate::paging::Pager;
use crate::request::Request;
use crate::response::{OperationResult, json};
use crate::wire::Attributes;
use crate::world::{BudgetChange, ChangeFilter, Customer, PARTNER_ID, Subject, World, now};

/// The age of the oldest available record.
const MAX_AGE: Days = Days::new(90);
/// The age of the first record in a list without a start.
const DEFAULT_AGE: Days = Days::new(30);

/// The type of resource of all records. Its value is an assumption.
const RESOURCE_TYPE: &str = "customer";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AuditRecord<'a> {
    id: String,
    partner_id: &'static str,
    participants: [&'static str; 1],
    customer_id: Uuid,
    customer_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_principal_name: Option<&'a str>,
    application_id: &'a str,
    resource_type: &'static str,
    resource_old_value: String,
    resource_new_value: String,
    operation_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_correlation_id: Option<&'a str>,
    operation_date: String,
    operation_status: &'static str,
    customized_data: [(); 0],
    attributes: Attributes,
}

impl<'a> AuditRecord<'a> {
    fn new(change: &'a BudgetChange, customer: &'a Customer) -> Result<Self, serde_json::Error> {
        let ticks = ticks(change.date);
        Ok(Self {
            id: format!("{PARTNER_ID}_{}_updatecustomerspendingbudget_{ticks}", customer.id),
            partner_id: PARTNER_ID,
            participants: [PARTNER_ID],
            customer_id: customer.id,
            customer_name: &customer.company,
            user_principal_name: change.caller.user.as_deref(),
            application_id: &change.caller.app,
            resource_type: RESOURCE_TYPE,
            resource_old_value: BudgetValue::text(change.old.as_ref())?,
            resource_new_value: BudgetValue::text(change.new.as_ref())?,
            operation_type: "update_customer_spending_budget",
            original_correlation_id: change.correlation_id.as_deref(),
            // Seven digits of a second, as in .NET.
            operation_date: format!("{}.{:07}Z", change.date.format("%Y-%m-%dT%H:%M:%S"), ticks % 10_000_000),
            operation_status: "succeeded",
            customized_data: [],
            attributes: Attributes::of_type("AuditRecord"),
        })
    }
}

/// A budget as the log has it: in the casing of .NET, and with nulls.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct BudgetValue<'a> {
    amount: Option<&'a Money>,
    attributes: ValueAttributes,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ValueAttributes {
    object_type: &'static str,
}

impl BudgetValue<'_> {
    fn text(amount: Option<&Money>) -> Result<String, serde_json::Error> {
        let attributes = ValueAttributes { object_type: "SpendingBudget" };
        serde_json::to_string(&BudgetValue { amount, attributes })
    }
}

/// The tenths of a microsecond since the year 1, as .NET counts time.
fn ticks(date: DateTime<Utc>) -> i64 {
    const UNIX_EPOCH: i64 = 621_355_968_000_000_000;
    UNIX_EPOCH + date.timestamp_micros() * 10 + i64::from(date.timestamp_subsec_nanos() / 100 % 10)
}

/// The newest record is the first.
pub(super) fn list(world: &World, request: &Request) -> OperationResult {
    let size = size(request.query("size").as_deref())?;
    let filter = filter(request, now().date_naive())?;
    let changes = world.budget_changes();
    let pager = Pager::new(world, request, changes.len())?;
    let matches = changes.iter().rev().enumerate().skip(pager.start()).filter_map(|(index, change)| {
        let customer = world.customers().get(change.customer)?;
        filter.matches(change, customer).then_some((index, (change, customer)))
    });
    let query = query(request, size);
    let (items, next) = pager.page(matches, size, "auditrecords", &query);
    let records = items.into_iter().map(|(change, customer)| AuditRecord::new(change, customer));
    let records = records.collect::<Result<Vec<_>, _>>()?;
    json(&Collection::page(records, Links::to_self(format!("/auditrecords?{query}")), next))
}

/// The query of the request, for links.
fn query(request: &Request, size: usize) -> String {
    let parameter = |name| request.raw_query(name).map(|value| format!("{name}={value}"));
    let dates = [parameter("startDate"), parameter("endDate")];
    let size = Some(format!("size={size}"));
    dates.into_iter().chain([size, parameter("filter")]).flatten().collect::<Vec<_>>().join("&")
}

fn filter(request: &Request, today: NaiveDate) -> Result<ChangeFilter, ErrorResponse> {
    let earliest = today - MAX_AGE;
    let day = |name| request.query(name).map(|text| parse_day(&text)).transpose();
    let since = day("startDate")?.unwrap_or(today - DEFAULT_AGE);
    if since < earliest {
        let description = format!("The start date must not be more than 90 days ago: the first day is {earliest}.");
        return Err(ErrorResponse::input(&description));
    }
    let until = day("endDate")?.unwrap_or(today);
    let subject = request.query("filter").map_or(Ok(Subject::All), |json| parse_subject(&json))?;
    Ok(ChangeFilter { since, until, subject })
}

/// A day, or a time of .NET, of which only the day counts.
fn parse_day(text: &str) -> Result<NaiveDate, ErrorResponse> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d");
    let day = day.or_else(|_| NaiveDateTime::parse_from_str(text, "%m/%d/%Y %I:%M:%S %p").map(|time| time.date()));
    day.map_err(|_| ErrorResponse::input(&format!("The date '{text}' is not in the form yyyy-mm-dd.")))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    field: String,
    value: String,
    operator: String,
}

fn parse_subject(json: &str) -> Result<Subject, ErrorResponse> {
    let filter: Filter =
        serde_json::from_str(json).map_err(|error| ErrorResponse::query(&format!("The filter is invalid: {error}")))?;
    let value = filter.value.to_lowercase();
    match (filter.field.as_str(), filter.operator.as_str()) {
        ("CustomerId", "equals") => Ok(Subject::CustomerId(value)),
        ("CompanyName", "substring") => Ok(Subject::CompanyName(value)),
        ("ResourceType", "equals") if value == RESOURCE_TYPE => Ok(Subject::All),
        ("ResourceType", "equals") => Ok(Subject::None),
        (field, operator) => {
            Err(ErrorResponse::query(&format!("The filter does not support {field} with {operator}.")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_days_in_both_forms() {
        let day = NaiveDate::from_ymd_opt(2026, 9, 2).unwrap();
        for text in ["2026-09-02", "9/2/2026 12:00:00 AM", "09/02/2026 11:59:59 PM"] {
            assert_eq!(parse_day(text).ok(), Some(day), "{text}");
        }
        for text in ["", "2026-13-01", "2/30/2026 12:00:00 AM", "02.09.2026", "yesterday"] {
            assert!(parse_day(text).is_err(), "{text}");
        }
    }

    #[test]
    fn writes_times_like_dotnet() {
        let date = DateTime::parse_from_rfc3339("2020-09-02T23:26:19.7753934Z").unwrap().to_utc();
        assert_eq!(ticks(date), 637_346_859_797_753_934);
    }

    #[test]
    fn rejects_unknown_filters() {
        for filter in [
            "",
            "{}",
            r#"{"Field":"CustomerId","Value":"1"}"#,
            r#"{"Field":"CustomerId","Value":"1","Operator":"substring"}"#,
            r#"{"Field":"OperationType","Value":"1","Operator":"equals"}"#,
        ] {
            assert_eq!(parse_subject(filter).err().map(|error| error.status.as_u16()), Some(400), "{filter}");
        }
    }
}
