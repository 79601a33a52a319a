//! The operations that reject an app without a user, as a constant in the generated file.

use anyhow::Context;
use openapiv3::{OpenAPI, Operation};

use crate::generated_name::method_name;

/// The security scheme that accepts an app without a user.
pub const APP_SCHEME: &str = "app_or_user";

/// `NEEDS_USER`: the methods of the operations whose `security` does not accept an app alone.
pub(super) fn item(openapi: &OpenAPI) -> anyhow::Result<syn::Item> {
    let rejects_app = |operation: &Operation| {
        // An operation without its own `security` inherits the document's.
        let accepted = operation.security.as_ref().or(openapi.security.as_ref()).map(Vec::as_slice).unwrap_or_default();
        !accepted.is_empty()
            && !accepted.iter().flat_map(|requirement| requirement.keys()).any(|scheme| scheme == APP_SCHEME)
    };
    let methods: Vec<_> = openapi
        .operations()
        .filter(|(_, _, operation)| rejects_app(operation))
        .filter_map(|(_, _, operation)| Some(format!("{:?}", method_name(operation.operation_id.as_ref()?))))
        .collect();
    let code = format!(
        "/// Operations that need a token of an app and a user, and refuse one of an app alone.\n\
         pub const NEEDS_USER: [&str; {}] = [{}];",
        methods.len(),
        methods.join(", "),
    );
    syn::parse_str(&code).context("the list of operations that need a user is invalid Rust")
}
