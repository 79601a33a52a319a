//! Refusals, in the shapes and with the codes of the service.

use axum::http::StatusCode;
use serde::Serialize;

/// A refusal: a status and the body that goes with it.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) body: RefusalBody,
}

/// What a refusal says.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum RefusalBody {
    /// From the service itself.
    Service {
        code: &'static str,
        description: String,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        data: Vec<String>,
        source: &'static str,
    },
    /// From the web framework below the service, which knows nothing of codes.
    Framework {
        #[serde(rename = "Message")]
        message: String,
    },
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: &'static str, description: impl Into<String>) -> Refusal {
        let body =
            RefusalBody::Service { code, description: description.into(), data: Vec::new(), source: "PartnerFD" };
        Refusal { status, body }
    }

    /// Adds a detail such as `CustomerId: …`.
    pub(crate) fn about(mut self, key: &str, value: &str) -> Refusal {
        if let RefusalBody::Service { data, .. } = &mut self.body {
            data.push(format!("{key}: {value}"));
        }
        self
    }

    pub(crate) fn token_missing() -> Refusal {
        Refusal::new(StatusCode::UNAUTHORIZED, "800001", "The partner token is missing in the request context.")
    }

    pub(crate) fn access_denied() -> Refusal {
        Refusal::new(StatusCode::UNAUTHORIZED, "400", "Access denied")
    }

    pub(crate) fn path_not_found() -> Refusal {
        Refusal::new(StatusCode::NOT_FOUND, "1000", "Not found")
    }

    pub(crate) fn customer_id(id: &str) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, "2012", "The customer id cannot be converted to a GUID.")
            .about("CustomerId", id)
    }

    pub(crate) fn customer_not_found(id: &str) -> Refusal {
        Refusal::new(StatusCode::NOT_FOUND, "60003", "The customer tenant was not found.").about("CustomerId", id)
    }

    pub(crate) fn subscription_id(id: &str) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, "800021", "The subscription id is invalid.").about("SubscriptionId", id)
    }

    pub(crate) fn subscription_not_found(id: &str) -> Refusal {
        let description = format!("Subscription id {id} was not found under this customer.");
        Refusal::new(StatusCode::NOT_FOUND, "20003", description).about("SubscriptionId", id)
    }

    pub(crate) fn no_usage_data(customer: &str) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, "3000", "Customer does not have usage data.")
            .about("CustomerId", customer)
    }

    /// A body that cannot be taken.
    pub(crate) fn input(description: &str) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, "800002", description)
    }

    /// A query of the customers list that cannot be answered, or one beyond the list's end.
    pub(crate) fn query(description: &str) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, "2000", description)
    }

    pub(crate) fn method_not_allowed(method: &str) -> Refusal {
        let message = format!("The requested resource does not support http method '{method}'.");
        Refusal { status: StatusCode::METHOD_NOT_ALLOWED, body: RefusalBody::Framework { message } }
    }
}

/// Serialisation into memory does not fail with the types of this crate; should it, the service's own words
/// for the unexpected are the honest answer.
impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Refusal {
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "800003", error.to_string())
    }
}
