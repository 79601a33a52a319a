// Calls every operation of the document with types that openapi-typescript generates and the client openapi-fetch.
// `PC_BASE_URL` is the address of the service, `PC_AUTHORITY` that of the sign-in.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { LosslessNumber } from "lossless-json";
import createClient from "openapi-fetch";
import { exactBody, exactJson, exactSerializer } from "./exact.js";
import type { components, paths } from "./schema.js";

type Schemas = components["schemas"];

const baseUrl = process.env["PC_BASE_URL"] ?? "";
const resource = "https://api.partnercenter.microsoft.com";
const customer = "00000000-0000-0000-0000-000000000001";
const longAmount = "12345678901234567890.12";

async function signIn(scope: string, form: Record<string, string>): Promise<string> {
  const body = new URLSearchParams({ client_id: "consumer", scope: `${resource}/${scope}`, ...form });
  const url = `${process.env["PC_AUTHORITY"]}/contoso.example/oauth2/v2.0/token`;
  const response = await fetch(url, { method: "POST", body });
  assert.equal(response.status, 200);
  return ((await response.json()) as { access_token: string }).access_token;
}

/** Repeats throttled calls after the wait that the service asks for. */
async function patientFetch(request: Request): Promise<Response> {
  for (;;) {
    const response = await fetch(request.clone());
    if (response.status !== 429) return response;
    await setTimeout(1000 * Number(response.headers.get("Retry-After") ?? 5));
  }
}

function client(token: string) {
  const headers = { Authorization: `Bearer ${token}`, "MS-CorrelationId": randomUUID(), "X-Locale": "en-US" };
  return createClient<paths>({ baseUrl, headers, fetch: patientFetch, bodySerializer: exactSerializer });
}

type Client = ReturnType<typeof client>;

/** The body of a success. openapi-fetch returns errors as values. */
function success<T>(result: { data?: T; error?: unknown; response: Response }): T {
  assert.ok(result.data !== undefined, `status ${result.response.status}: ${JSON.stringify(result.error)}`);
  return result.data;
}

const budgetPath = "/v1/customers/{customer-tenant-id}/usagebudget";
const oneCustomer = { path: { "customer-tenant-id": customer } };

/** All pages: the token of a page asks for the next one. */
async function customers(app: Client): Promise<Schemas["Customer"][]> {
  const found: Schemas["Customer"][] = [];
  for (let token: string | null | undefined; ; ) {
    const next = token ? { seekOperation: "Next" } : {};
    const header = token ? { "MS-ContinuationToken": token } : {};
    const page = success(await app.GET("/v1/customers", { params: { query: { size: 15, ...next }, header } }));
    found.push(...(page.items ?? []));
    token = page.continuationToken;
    if (!token) return found;
  }
}

async function setBudget(app: Client, amount: LosslessNumber | null) {
  const body = exactBody<Schemas["SpendingBudgetUpdate"]>({
    Amount: amount,
    Attributes: { ObjectType: "SpendingBudget" },
  });
  return success(await app.PATCH(budgetPath, { params: oneCustomer, body }));
}

async function readBudget(app: Client) {
  const text = success(await app.GET(budgetPath, { params: oneCustomer, parseAs: "text" }));
  return exactJson<Schemas["SpendingBudget"]>(text)?.amount?.toString();
}

async function budgets(app: Client) {
  await setBudget(app, new LosslessNumber("2500.50"));
  assert.equal(await readBudget(app), "2500.50");
  await setBudget(app, null);
  assert.equal(await readBudget(app), undefined);

  await setBudget(app, new LosslessNumber(longAmount));
  assert.equal(await readBudget(app), longAmount);
  // The client as it is: JSON.parse makes a number.
  const lost = success(await app.GET(budgetPath, { params: oneCustomer }))?.amount;
  assert.notEqual(String(lost), longAmount);
  console.log(`typescript: ${longAmount} is ${lost} as number, and ${await readBudget(app)} as LosslessNumber`);
}

async function usage(app: Client, user: Client) {
  const summary = success(
    await user.GET("/v1/customers/{customer-tenant-id}/usagesummary", { params: oneCustomer, parseAs: "text" }),
  );
  const cost = exactJson<Schemas["CustomerUsageSummary"]>(summary).totalCost;
  assert.equal(cost?.toString(), "27.23292827625710931604");
  // The first call gets a 429, and is repeated after Retry-After.
  assert.ok(Number(success(await user.GET("/v1/usagesummary")).totalCost) > 0);
  assert.ok(success(await user.GET("/v1/customers/usagerecords")).items?.length);

  const subscriptions = success(
    await user.GET("/v1/customers/{customer-tenant-id}/subscriptions/usagerecords", { params: oneCustomer }),
  );
  const subscription = subscriptions.items?.[0]?.resourceId ?? "";
  const params = { path: { "customer-tenant-id": customer, "subscription-id": subscription } };
  const below = "/v1/customers/{customer-tenant-id}/subscriptions/{subscription-id}";
  assert.ok(success(await user.GET(`${below}/usagesummary`, { params })).totalCost);
  assert.ok(success(await user.GET(`${below}/meterusagerecords`, { params })).items?.length);
  assert.ok(success(await user.GET(`${below}/resourceusagerecords`, { params })).items?.length);
  // Empty without an error, because the customer has an Azure plan.
  assert.deepEqual(success(await app.GET(`${below}/usagerecords/resources`, { params })).items, []);
}

async function audit(app: Client, token: string) {
  const page = success(await app.GET("/v1/auditrecords", { params: { query: { size: 1 } } }));
  assert.equal(page.items?.[0]?.operationType, "update_customer_spending_budget");
  // This list continues at the link, with the headers of the link. Generated clients do not follow links.
  const link = page.links?.next;
  const headers = new Headers({ Authorization: `Bearer ${token}` });
  for (const { key, value } of link?.headers ?? []) headers.set(key ?? "", value ?? "");
  const response = await fetch(new URL(link?.uri ?? "", baseUrl), { headers });
  const second = (await response.json()) as Schemas["AuditRecordCollection"];
  assert.equal(second.items?.length, 1);
}

const appToken = await signIn(".default", { grant_type: "client_credentials", client_secret: "sandbox-secret" });
const userToken = await signIn("user_impersonation", {
  grant_type: "refresh_token",
  refresh_token: "sandbox-refresh-token",
});
const app = client(appToken);
assert.equal((await customers(app)).length, 40);
await budgets(app);
await usage(app, client(userToken));
await audit(app, appToken);
const unknown = await app.GET(budgetPath, { params: { path: { "customer-tenant-id": randomUUID() } } });
assert.equal(unknown.error?.code, "60003");
