//! Runs progenitor, and finds the part of the document that it does not support.

use std::any::Any;
use std::cell::Cell;
use std::panic;
use std::sync::Once;

use openapi_review::document::{Diagnostic, Document, Node};
use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator};

/// Generates the code. Progenitor panics on some documents that it does not support: such a panic becomes an error, and
/// its message is printed only as part of that error.
pub(super) fn generate(settings: &GenerationSettings, openapi: &OpenAPI) -> Result<TokenStream, String> {
    thread_local!(static IS_GENERATING: Cell<bool> = const { Cell::new(false) });
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let default = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_GENERATING.get() {
                default(info)
            }
        }));
    });
    IS_GENERATING.set(true);
    let result = panic::catch_unwind(|| Generator::new(settings).generate_tokens(openapi));
    IS_GENERATING.set(false);
    match result {
        Ok(generated) => generated.map_err(|error| error.to_string()),
        Err(payload) => Err(message(payload.as_ref())),
    }
}

/// The message of a panic.
fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str).or_else(|| payload.downcast_ref::<&str>().copied());
    text.unwrap_or("it panicked without a message").to_owned()
}

/// The error at the part of the document with which progenitor fails: the schemas, or else the first path that fails
/// together with the paths before it.
pub(super) fn locate_failure(
    document: &Document,
    settings: &GenerationSettings,
    openapi: &OpenAPI,
    reason: &str,
) -> Diagnostic {
    let paths: Vec<_> = document.root().get("paths").into_iter().flat_map(Node::entries).collect();
    let fails_with = |count: usize| {
        let mut part = openapi.clone();
        let included = &paths[..count];
        part.paths.paths.retain(|path, _| included.iter().any(|(name, _)| name == path));
        generate(settings, &part).is_err()
    };
    let location = match (0..=paths.len()).find(|count| fails_with(*count)) {
        Some(0) => document.root().at("/components/schemas"),
        Some(count) => paths.get(count - 1).map(|(_, node)| *node),
        None => None,
    };
    location.unwrap_or(document.root()).diagnostic(format!("progenitor cannot generate code for this part: {reason}"))
}
