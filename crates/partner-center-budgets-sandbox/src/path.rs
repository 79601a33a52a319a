//! Paths in the spelling of the routes.

use axum::{extract::Request, http::Uri};

/// Every fixed segment of the routes, and the tenants that are words.
const WORDS: [&str; 22] = [
    "v1",
    "customers",
    "subscriptions",
    "usagebudget",
    "usagesummary",
    "usagerecords",
    "resources",
    "meterusagerecords",
    "resourceusagerecords",
    "oauth2",
    "v2.0",
    "token",
    "devicecode",
    "authorize",
    "common",
    "organizations",
    "discovery",
    "instance",
    "keys",
    ".well-known",
    "openid-configuration",
    "consumers",
];

/// Lets fixed segments match in any case, and drops one slash at the end: the service's own links were seen with it.
pub(crate) async fn normalize(mut request: Request) -> Request {
    if let Some(uri) = normalized(request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

fn normalized(uri: &Uri) -> Option<Uri> {
    let path = uri.path().strip_suffix('/').unwrap_or(uri.path());
    let spelled = |segment: &str| WORDS.into_iter().find(|word| word.eq_ignore_ascii_case(segment));
    let segments: Vec<&str> = path.split('/').map(|segment| spelled(segment).unwrap_or(segment)).collect();
    let path = segments.join("/");
    let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
    if path == uri.path() || path.is_empty() { None } else { format!("{path}{query}").parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_segments_match_in_any_case_and_ids_keep_theirs() {
        for (sent, expected) in [
            ("/v1/Customers?Size=2&x=V1", "/v1/customers?Size=2&x=V1"),
            ("/V1/customers/ABC-d/UsageBudget/", "/v1/customers/ABC-d/usagebudget"),
            ("/Contoso.example/OAuth2/V2.0/Token", "/Contoso.example/oauth2/v2.0/token"),
        ] {
            assert_eq!(normalized(&sent.parse().unwrap()).unwrap().to_string(), expected);
        }
        for sent in ["/", "/v1/customers", "/v1//v1/customers", "/other/Word", "/v1/customers?/"] {
            assert_eq!(normalized(&sent.parse().unwrap()), None, "{sent}");
        }
    }
}
