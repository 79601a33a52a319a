//! The job of `pc-budgets usage --output ndjson`: the pages of usage records, the pages of customers, and the budgets of
//! customers without a record.

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::io::{BufWriter, Stdout, Write, stdout};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page<T> {
    items: Vec<T>,
    continuation_token: Option<String>,
    links: Links,
}

#[derive(Deserialize)]
struct Links {
    next: Option<Link>,
}

#[derive(Deserialize)]
struct Link {
    uri: String,
}

#[derive(Deserialize)]
struct Budget {
    amount: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    resource_id: String,
    name: String,
    budget: Budget,
    total_cost: f64,
    currency_code: Option<String>,
    currency_locale: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Customer {
    id: String,
    company_profile: Profile,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    company_name: String,
}

#[derive(Serialize)]
struct Line<'a> {
    customer: &'a str,
    name: &'a str,
    amount: Option<f64>,
    total_cost: Option<f64>,
    currency: Option<&'a str>,
    currency_locale: Option<&'a str>,
    percent_used: Option<f64>,
}

pub(crate) struct Usage<'a> {
    pub(crate) http: &'a reqwest::Client,
    pub(crate) base_url: &'a str,
    pub(crate) token: &'a str,
    /// Requests for budgets at a time.
    pub(crate) concurrency: usize,
}

impl Usage<'_> {
    pub(crate) async fn run(&self) -> Result<(), Box<dyn Error>> {
        let mut out = BufWriter::new(stdout());
        let mut recorded = HashSet::new();
        let mut next = Some(("/v1/customers/usagerecords".to_owned(), None));
        while let Some((path, token)) = next.take() {
            let page: Page<Record> = get(self.http, self.base_url, &path, self.token, token).await?;
            next = page.links.next.map(|link| (link.uri, page.continuation_token));
            for Record { resource_id, name, budget, total_cost, currency_code, currency_locale } in page.items {
                let percent_used = budget.amount.map(|amount| 100.0 * total_cost / amount);
                let (currency, currency_locale) = (currency_code.as_deref(), currency_locale.as_deref());
                let (customer, total_cost) = (&*resource_id, Some(total_cost));
                let amount = budget.amount;
                let line = Line { customer, name: &name, amount, total_cost, currency, currency_locale, percent_used };
                write(&mut out, &line)?;
                recorded.insert(resource_id);
            }
        }
        let mut unrecorded = HashMap::new();
        let mut next = Some(("/v1/customers".to_owned(), None));
        while let Some((path, token)) = next.take() {
            let page: Page<Customer> = get(self.http, self.base_url, &path, self.token, token).await?;
            next = page.links.next.map(|link| (link.uri, page.continuation_token));
            let new = page.items.into_iter().filter(|customer| !recorded.contains(&customer.id));
            unrecorded.extend(new.map(|customer| (customer.id, customer.company_profile.company_name)));
        }
        drop(recorded);
        self.budgets(unrecorded, &mut out).await?;
        Ok(out.flush()?)
    }

    async fn budgets(&self, names: HashMap<String, String>, out: &mut BufWriter<Stdout>) -> Result<(), Box<dyn Error>> {
        let mut todo = names.into_iter();
        let mut calls = tokio::task::JoinSet::new();
        loop {
            while calls.len() < self.concurrency
                && let Some((id, name)) = todo.next()
            {
                let (http, base_url, token) = (self.http.clone(), self.base_url.to_owned(), self.token.to_owned());
                calls.spawn_local(async move {
                    let path = format!("/v1/customers/{id}/usagebudget");
                    // The error type is not `Send`, and any error ends the program.
                    let budget: Option<Budget> = get(&http, &base_url, &path, &token, None).await.ok();
                    (id, name, budget)
                });
            }
            let Some(ended) = calls.join_next().await else { return Ok(()) };
            let (customer, name, budget) = ended?;
            let amount = budget.ok_or("a budget cannot be read")?.amount;
            let (total_cost, currency, currency_locale, percent_used) = (None, None, None, None);
            let line =
                Line { customer: &customer, name: &name, amount, total_cost, currency, currency_locale, percent_used };
            write(out, &line)?;
        }
    }
}

fn write(out: &mut BufWriter<Stdout>, line: &Line<'_>) -> Result<(), Box<dyn Error>> {
    serde_json::to_writer(&mut *out, line)?;
    Ok(writeln!(out)?)
}

async fn get<T: DeserializeOwned>(
    http: &reqwest::Client,
    base_url: &str,
    path: &str,
    token: &str,
    continuation: Option<String>,
) -> Result<T, Box<dyn Error>> {
    let mut request = http.get(format!("{base_url}{path}")).bearer_auth(token).header("Accept", "application/json");
    if let Some(continuation) = continuation {
        request = request.header("MS-ContinuationToken", continuation);
    }
    let body = request.send().await?.error_for_status()?.bytes().await?;
    Ok(serde_json::from_slice(body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&body))?)
}
