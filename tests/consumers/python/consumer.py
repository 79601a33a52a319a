"""Calls every operation of the document with the client that openapi-python-client generates.

`PC_BASE_URL` is the address of the service, `PC_AUTHORITY` that of the sign-in.
"""

import os
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import urljoin
from uuid import UUID, uuid4

import httpx
from exact_client import ExactClient, as_decimal, exact_json
from partner_center_budgets import AuthenticatedClient, models
from partner_center_budgets.api.audit import list_audit_records
from partner_center_budgets.api.budgets import get_usage_budget, update_usage_budget
from partner_center_budgets.api.customers import list_customers
from partner_center_budgets.api.summaries import (
    get_customer_usage_summary,
    get_partner_usage_summary,
    get_subscription_usage_summary,
)
from partner_center_budgets.api.usage_records import (
    list_azure_resource_usage_records,
    list_customer_usage_records,
    list_meter_usage_records,
    list_resource_usage_records,
    list_subscription_usage_records,
)
from partner_center_budgets.types import UNSET, Response, Unset

BASE_URL = os.environ["PC_BASE_URL"]
TOKEN_URL = os.environ["PC_AUTHORITY"] + "/contoso.example/oauth2/v2.0/token"
RESOURCE = "https://api.partnercenter.microsoft.com"
CUSTOMER = UUID("00000000-0000-0000-0000-000000000001")
LONG_AMOUNT = "12345678901234567890.12"

Parsed = TypeVar("Parsed")


def sign_in(scope: str, **form: str) -> str:
    response = httpx.post(TOKEN_URL, data={"client_id": "consumer", "scope": f"{RESOURCE}/{scope}", **form})
    response.raise_for_status()
    return str(response.json()["access_token"])


def exact(token: str) -> AuthenticatedClient:
    """The headers of an own HTTP client replace those of the generated one, so they have the token."""
    headers = {"Authorization": f"Bearer {token}", "MS-CorrelationId": str(uuid4()), "X-Locale": "en-US"}
    headers["Content-Type"] = "application/json"
    client = AuthenticatedClient(base_url=BASE_URL, token=token)
    return client.set_httpx_client(ExactClient(base_url=BASE_URL, headers=headers))


def parsed(kind: type[Parsed], response: Response[Any]) -> Parsed:
    """The body as `kind`. Generated clients return errors as values, which are easily overlooked."""
    if not isinstance(response.parsed, kind):
        raise SystemExit(f"status {response.status_code}: {response.content.decode()}")
    return response.parsed


def set_budget(client: AuthenticatedClient, amount: Any) -> models.SpendingBudgetType0:
    attributes = models.SpendingBudgetUpdateAttributes(object_type="SpendingBudget")
    body = models.SpendingBudgetUpdate(amount=amount, attributes=attributes)
    response = update_usage_budget.sync_detailed(CUSTOMER, client=client, body=body)
    return parsed(models.SpendingBudgetType0, response)


def read_budget(client: AuthenticatedClient) -> Any:
    """The amount, or `UNSET`."""
    response = get_usage_budget.sync_detailed(CUSTOMER, client=client)
    return parsed(models.SpendingBudgetType0, response).amount


def check(is_met: bool, expectation: str) -> None:
    if not is_met:
        raise SystemExit(f"expected: {expectation}")


def customers(client: AuthenticatedClient) -> list[models.Customer]:
    """All pages: the token of a page asks for the next one."""
    found: list[models.Customer] = []
    token: str | Unset = UNSET
    while True:
        seek: str | Unset = "Next" if token else UNSET
        response = list_customers.sync_detailed(
            client=client, size=15, seek_operation=seek, ms_continuation_token=token
        )
        page = parsed(models.CustomerCollection, response)
        found += page.items or []
        if not page.continuation_token:
            return found
        token = page.continuation_token


def budgets(app: AuthenticatedClient) -> None:
    set_budget(app, Decimal("2500.50"))
    check(as_decimal(read_budget(app)) == Decimal("2500.5"), "the budget that was set")
    set_budget(app, None)
    check(read_budget(app) is UNSET, "no budget after null")

    set_budget(app, Decimal(LONG_AMOUNT))
    check(str(read_budget(app)) == LONG_AMOUNT, "all 22 digits")
    # The generated client as it is: json.loads makes a float.
    plain = AuthenticatedClient(base_url=BASE_URL, token=sign_in_app())
    lost = read_budget(plain)
    check(isinstance(lost, float) and lost != Decimal(LONG_AMOUNT), "a float that has lost digits")
    print(f"python: {LONG_AMOUNT} is {lost!r} as float, and {read_budget(app)} as Decimal")


def usage(app: AuthenticatedClient, user: AuthenticatedClient) -> None:
    summary = parsed(
        models.CustomerUsageSummary, get_customer_usage_summary.sync_detailed(CUSTOMER, client=user)
    )
    check(str(summary.total_cost) == "27.23292827625710931604", "a cost with 20 decimal places")
    check(isinstance(summary.billing_start_date, datetime), "a date with its offset")
    # The first call gets a 429, and is repeated after Retry-After.
    partner = parsed(models.PartnerUsageSummary, get_partner_usage_summary.sync_detailed(client=user))
    check(as_decimal(partner.total_cost) > 0, "the cost of the partner")

    records = parsed(
        models.CustomerMonthlyUsageRecordCollection, list_customer_usage_records.sync_detailed(client=user)
    )
    check(bool(records.items), "usage records of customers")
    subscriptions = parsed(
        models.SubscriptionMonthlyUsageRecordCollection,
        list_subscription_usage_records.sync_detailed(CUSTOMER, client=user),
    )
    subscription = UUID(str((subscriptions.items or [])[0].resource_id))
    both = (CUSTOMER, subscription)
    parsed(models.SubscriptionUsageSummary, get_subscription_usage_summary.sync_detailed(*both, client=user))
    meters = parsed(models.MeterUsageRecordCollection, list_meter_usage_records.sync_detailed(*both, client=user))
    check(as_decimal((meters.items or [])[0].quantity_used) > 0, "the quantity of a meter")
    parsed(models.ResourceUsageRecordCollection, list_resource_usage_records.sync_detailed(*both, client=user))
    # Empty without an error, because the customer has an Azure plan.
    legacy = list_azure_resource_usage_records.sync_detailed(*both, client=app)
    check(parsed(models.AzureResourceMonthlyUsageRecordCollection, legacy).items == [], "no legacy records")


def audit(app: AuthenticatedClient) -> None:
    page = parsed(models.AuditRecordCollection, list_audit_records.sync_detailed(client=app, size=1))
    check((page.items or [])[0].operation_type == "update_customer_spending_budget", "the change of a budget")
    # This list continues at the link, with the headers of the link. Generated clients do not follow links.
    link = page.links.next_ if isinstance(page.links, models.ResourceLinksType0) else None
    if not isinstance(link, models.LinkType0) or not isinstance(link.uri, str):
        raise SystemExit("expected: a link to the next page")
    headers = {str(header.key): str(header.value) for header in link.headers or []}
    response = app.get_httpx_client().get(urljoin(BASE_URL, link.uri), headers=headers)
    check(bool(models.AuditRecordCollection.from_dict(exact_json(response)).items), "a second page")


def sign_in_app() -> str:
    return sign_in(".default", grant_type="client_credentials", client_secret="sandbox-secret")


def main() -> None:
    app = exact(sign_in_app())
    user = exact(
        sign_in("user_impersonation", grant_type="refresh_token", refresh_token="sandbox-refresh-token")
    )
    found = customers(app)
    check(len(found) == 40 and found[0].id == str(CUSTOMER), "40 customers in three pages")
    budgets(app)
    usage(app, user)
    audit(app)
    fault = parsed(models.ApiFault, get_usage_budget.sync_detailed(uuid4(), client=app))
    check(fault.code == "60003", "code 60003 for an unknown customer")


main()
