//! Requests for operations that the document does not have.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Method, header};
use reqwest::Url;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Client;
use crate::call::{AnyBody, Call, CallOptions, ClientState, Success};
use crate::request::Request;
use crate::{CallIds, Error};

/// A request for an operation that the OpenAPI document does not have. Made by [`Client::request`].
#[derive(Clone)]
#[must_use = "nothing is sent before `send`"]
pub struct RequestBuilder {
    client: Arc<ClientState>,
    options: CallOptions,
    request: Result<Request<()>, (String, &'static str)>,
}

/// A response with a status of success.
pub struct Response(Success<Bytes>);

/// The methods, their names in errors and events, and whether a second request has no other effect than the first (RFC 9110).
const METHODS: [(Method, &str, bool); 6] = [
    (Method::GET, "GET request", true),
    (Method::HEAD, "HEAD request", true),
    (Method::PUT, "PUT request", true),
    (Method::DELETE, "DELETE request", true),
    (Method::POST, "POST request", false),
    (Method::PATCH, "PATCH request", false),
];

/// Other operations.
impl Client {
    /// A request for an operation that this crate has no method for: `client.request("GET", "/v1/customers/…/orders")`.
    ///
    /// It is sent like every other call: with the token, the ids and the headers of the client, through the rate limiter, with
    /// retries, and with the same errors. In errors, events and reports the operation is called `GET request`.
    ///
    /// - `method` is GET, HEAD, PUT, DELETE, POST or PATCH. POST and PATCH are not retried after an attempt that may have had
    ///   an effect.
    /// - `path` begins with a slash and is below the base URL. It is sent unchanged, so encode special characters in it as
    ///   `%XX`. A path that would lead elsewhere is refused: another host, `.` and `..`, also encoded ones, a query, a
    ///   fragment, a backslash.
    /// - A response may have as many bytes as [`ClientBuilder::response_limit`](crate::ClientBuilder::response_limit) allows.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Error};
    /// # async fn example(client: Client, customer: CustomerId) -> Result<(), Error> {
    /// #[derive(serde::Deserialize)]
    /// struct Orders {
    ///     items: Vec<serde_json::Value>,
    /// }
    ///
    /// let path = format!("/v1/customers/{customer}/orders");
    /// let response = client.request("GET", path).query("includePrice", true).send().await?;
    /// let orders: Orders = response.json()?;
    /// println!("{} orders, MS-CorrelationId {}", orders.items.len(), response.ids().correlation);
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: impl AsRef<str>, path: impl AsRef<str>) -> RequestBuilder {
        let (client, mut options) = (Arc::clone(&self.state), self.options.clone());
        let method = METHODS.iter().find(|(known, ..)| known.as_str() == method.as_ref());
        let request = match (method, url(client.base_url.as_str(), path.as_ref())) {
            (Some((method, name, is_repeatable)), Some(url)) => {
                options.never_repeats |= !is_repeatable;
                Ok(Request::custom(name, method.clone(), url))
            }
            (None, _) => Err(("the method is unknown".to_owned(), "write GET, HEAD, PUT, DELETE, POST or PATCH")),
            // The path may name a customer, which stays out of logs.
            (_, None) => Err((
                "the path cannot be requested".to_owned(),
                "begin it with a slash, pass the query to `query`, and encode special characters as %XX; `.` and `..` are \
                 not allowed",
            )),
        };
        RequestBuilder { client, options, request }
    }
}

/// The URL of a path that stays the same below `base`: a parser that changes it reads something else in it.
fn url(base: &str, path: &str) -> Option<Url> {
    let base = Url::parse(base).ok()?;
    let expected = format!("{}{path}", base.path().trim_end_matches('/'));
    let mut url = base.clone();
    url.set_path(&expected);
    (path.starts_with('/') && url.path() == expected && url.origin() == base.origin()).then_some(url)
}

impl RequestBuilder {
    /// Adds a parameter to the query.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let second_page = client.request("GET", "/v1/invoices").query("size", 100).query("offset", 100).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn query(mut self, name: &str, value: impl fmt::Display) -> Self {
        if let Ok(request) = &mut self.request {
            request.parts.url.query_pairs_mut().append_pair(name, &value.to_string());
        }
        self
    }

    /// Sets the body: `value` as JSON. The client does not add or remove fields.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let address = serde_json::json!({ "addressLine1": "One Microsoft Way", "city": "Redmond", "country": "US" });
    /// let response = client.request("POST", "/v1/validations/address").json(&address).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn json(mut self, value: &impl Serialize) -> Self {
        self.request = self.request.and_then(|mut request| {
            let unreadable =
                |error| (format!("the body cannot be written as JSON: {error}"), "correct the type of the body");
            request.parts.body = Some(serde_json::to_vec(value).map_err(unreadable)?.into());
            request.parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            Ok(request)
        });
        self
    }

    /// Sends the request.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Error};
    /// # async fn example(client: Client, customer: CustomerId) -> Result<(), Error> {
    /// let path = format!("/v1/customers/{customer}/profiles/billing");
    /// match client.request("GET", path).send().await {
    ///     Ok(response) => println!("{} bytes", response.bytes().len()),
    ///     Err(error) if error.is_unknown_customer() => println!("no such customer"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Input`], and nothing is sent, if the method, the path or the body is invalid. [`Error::Api`] for each status
    /// that is not a success (2xx), and the other errors of calls.
    pub async fn send(self) -> Result<Response, Error> {
        let request = self.request.map_err(|(what, advice)| Error::input(what, advice))?;
        Ok(Response(Call::new(self.client, self.options, request).execute::<AnyBody>().await?))
    }
}

impl Response {
    /// The HTTP status, from 200 to 299.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, CustomerId, Error};
    /// # async fn example(client: Client, customer: CustomerId, user: uuid::Uuid) -> Result<(), Error> {
    /// let path = format!("/v1/customers/{customer}/users/{user}");
    /// let response = client.request("DELETE", path).send().await?;
    /// assert_eq!(response.status(), 204, "deleted, and no body");
    /// # Ok(())
    /// # }
    /// ```
    pub fn status(&self) -> u16 {
        self.0.status.as_u16()
    }

    /// The first value of a header; `None` if it is missing or not printable ASCII. Names are not case-sensitive.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let response = client.request("GET", "/v1/profiles/mpn").send().await?;
    /// // The service can replace the id that the client sent.
    /// println!("MS-RequestId {:?}", response.header("MS-RequestId"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.headers.get(name)?.to_str().ok()
    }

    /// The ids of the call.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let response = client.request("GET", "/v1/invoices").send().await?;
    /// println!("{}, MS-CorrelationId {}", response.status(), response.ids().correlation);
    /// # Ok(())
    /// # }
    /// ```
    pub fn ids(&self) -> CallIds {
        self.0.ids
    }

    /// The body, without a byte order mark.
    ///
    /// ```no_run
    /// # use partner_center_budgets::Client;
    /// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let response = client.request("GET", "/v1/invoices").query("size", 100).send().await?;
    /// std::fs::write("invoices.json", response.bytes())?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn bytes(&self) -> &[u8] {
        &self.0.body
    }

    /// The body, decoded from JSON. Amounts decode as [`Decimal`](crate::Decimal) without rounding.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Decimal, Error};
    /// # async fn example(client: Client, id: &str) -> Result<(), Error> {
    /// #[derive(serde::Deserialize)]
    /// #[serde(rename_all = "camelCase")]
    /// struct Invoice {
    ///     total_charges: Decimal,
    ///     currency_code: String,
    /// }
    ///
    /// let invoice: Invoice = client.request("GET", format!("/v1/invoices/{id}")).send().await?.json()?;
    /// println!("{} {}", invoice.total_charges, invoice.currency_code);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] with the path of the value that does not fit.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.0.parse()
    }
}

impl fmt::Debug for RequestBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = self.request.as_ref().ok().map(|request| &request.parts.method);
        f.debug_struct("RequestBuilder").field("method", &method).finish_non_exhaustive()
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("status", &self.status()).field("ids", &self.ids()).finish_non_exhaustive()
    }
}
