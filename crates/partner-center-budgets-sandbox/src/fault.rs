//! Refusals, in the shapes and with the codes of the service.

use axum::http::StatusCode;
use serde::Serialize;

/// A refusal: a status and the body that goes with it.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) status: StatusCode,
    pub(crate) body: FaultBody,
}

/// What a refusal says.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum FaultBody {
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

impl Fault {
    pub(crate) fn new(status: StatusCode, code: &'static str, description: impl Into<String>) -> Fault {
        let body = FaultBody::Service { code, description: description.into(), data: Vec::new(), source: "PartnerFD" };
        Fault { status, body }
    }

    /// Adds a detail such as `CustomerId: …`.
    pub(crate) fn about(mut self, key: &str, value: &str) -> Fault {
        if let FaultBody::Service { data, .. } = &mut self.body {
            data.push(format!("{key}: {value}"));
        }
        self
    }

    pub(crate) fn token_missing() -> Fault {
        Fault::new(StatusCode::UNAUTHORIZED, "800001", "The partner token is missing in the request context.")
    }

    pub(crate) fn access_denied() -> Fault {
        Fault::new(StatusCode::UNAUTHORIZED, "400", "Access denied")
    }

    pub(crate) fn path_not_found() -> Fault {
        Fault::new(StatusCode::NOT_FOUND, "1000", "Not found")
    }

    pub(crate) fn customer_id(id: &str) -> Fault {
        Fault::new(StatusCode::BAD_REQUEST, "2012", "The customer id cannot be converted to a GUID.")
            .about("CustomerId", id)
    }

    pub(crate) fn customer_not_found(id: &str) -> Fault {
        Fault::new(StatusCode::NOT_FOUND, "60003", "The customer tenant was not found.").about("CustomerId", id)
    }

    pub(crate) fn subscription_id(id: &str) -> Fault {
        Fault::new(StatusCode::BAD_REQUEST, "800021", "The subscription id is invalid.").about("SubscriptionId", id)
    }

    pub(crate) fn subscription_not_found(id: &str) -> Fault {
        let description = format!("Subscription id {id} was not found under this customer.");
        Fault::new(StatusCode::NOT_FOUND, "20003", description).about("SubscriptionId", id)
    }

    pub(crate) fn no_usage_data(customer: &str) -> Fault {
        Fault::new(StatusCode::BAD_REQUEST, "3000", "Customer does not have usage data.").about("CustomerId", customer)
    }

    /// A body that cannot be taken.
    pub(crate) fn input(description: &str) -> Fault {
        Fault::new(StatusCode::BAD_REQUEST, "800002", description)
    }

    /// A query of the customers list that cannot be answered, or one beyond the list's end.
    pub(crate) fn query(description: &str) -> Fault {
        Fault::new(StatusCode::BAD_REQUEST, "2000", description)
    }

    pub(crate) fn method_not_allowed(method: &str) -> Fault {
        let message = format!("The requested resource does not support http method '{method}'.");
        Fault { status: StatusCode::METHOD_NOT_ALLOWED, body: FaultBody::Framework { message } }
    }
}

/// Serialisation into memory does not fail with the types of this crate; should it, the service's own words
/// for the unexpected are the honest answer.
impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Fault {
        Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "800003", error.to_string())
    }
}
