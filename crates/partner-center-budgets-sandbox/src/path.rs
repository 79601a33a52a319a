//! Request paths, rewritten to the spelling of the routes.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use axum::extract::Request;
use axum::http::Uri;

use crate::operations::OPERATIONS;
use crate::sign_in::{COMMON_TENANTS, ROUTES};

/// The fixed segments of all paths.
static FIXED_SEGMENTS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    let operations = OPERATIONS.iter().map(|operation| operation.path);
    let paths = operations.chain(ROUTES.iter().map(|route| route.path));
    let segments = paths.flat_map(|path| path.split('/')).chain(COMMON_TENANTS);
    segments.filter(|segment| !segment.is_empty() && !segment.starts_with('{')).collect()
});

/// Makes fixed segments match in any letter case, and removes a slash at the end: some links of the service have one.
pub(crate) async fn normalize(mut request: Request) -> Request {
    if let Some(uri) = normalized(request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

fn normalized(uri: &Uri) -> Option<Uri> {
    let path = uri.path().strip_suffix('/').unwrap_or(uri.path());
    let fixed = |segment: &str| FIXED_SEGMENTS.iter().copied().find(|fixed| fixed.eq_ignore_ascii_case(segment));
    let segments: Vec<&str> = path.split('/').map(|segment| fixed(segment).unwrap_or(segment)).collect();
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
