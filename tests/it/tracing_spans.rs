//! The spans of a call and its attempts, as a subscriber records them.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use partner_center_budgets::TRACING_TARGET;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

use crate::auth_events::{is_child, run_alone};
use crate::replay::customer;
use crate::scripted_server::{Script, answer};

#[derive(Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

/// Keeps each span with its parent and fields, and each event with its span.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recorder {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        context.span(id).unwrap().extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        values.record(context.span(id).unwrap().extensions_mut().get_mut::<Fields>().unwrap());
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if event.metadata().target() != TRACING_TARGET {
            return;
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        let span = context.event_span(event).map_or("no span", |span| span.name());
        self.0.lock().unwrap().push(format!("{span}: {}", fields.0["message"]));
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let span = context.span(&id).unwrap();
        if span.metadata().target() != TRACING_TARGET {
            return;
        }
        let parent = span.parent().map_or("no span", |parent| parent.name());
        let extensions = span.extensions();
        let fields = &extensions.get::<Fields>().unwrap().0;
        let fields: Vec<_> = fields.iter().map(|(name, value)| format!(" {name}={value}")).collect();
        self.0.lock().unwrap().push(format!("{parent}: {}{}", span.name(), fields.concat()));
    }
}

#[test]
fn each_call_and_each_attempt_is_a_span() {
    run_alone("tracing_spans::spans_in_a_child_process");
}

/// Runs in the child process only, because the subscriber is that of the whole process.
#[tokio::test]
async fn spans_in_a_child_process() {
    if !is_child() {
        return;
    }
    let recorder = Recorder::default();
    let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(recorder.clone()));
    let busy = answer("503 Service Unavailable", "", "");
    let refused = answer("404 Not Found", "", r#"{"code":"60003"}"#);
    let script = Script::start([busy, answer("200 OK", "", r#"{"amount":97}"#), refused]).await;
    let client = script.client().build().unwrap();
    client.get_budget(customer()).await.unwrap();
    let error = client.get_budget(customer()).await.unwrap_err();
    drop(guard);
    let ids = error.ids().unwrap();
    let recorded = recorder.0.lock().unwrap().join("\n");
    assert!(recorded.contains(&format!("request_id={}", ids.request)), "{recorded}");
    let port = script.client_url().rsplit(':').next().unwrap().to_owned();
    insta::with_settings!({ filters => [
        (port.as_str(), "[port]"),
        (r"[0-9a-f]{8}-[0-9a-f-]{27}", "[id]"),
    ] }, {
        insta::assert_snapshot!(recorded, @r#"
        call: signed in
        attempt: attempt finished
        call: waiting before the next attempt
        call: attempt error.type="503" http.request.method="GET" http.response.status_code=503 otel.kind="client" otel.name="GET" server.address="127.0.0.1" server.port=[port]
        attempt: attempt finished
        call: attempt http.request.method="GET" http.request.resend_count=1 http.response.status_code=200 otel.kind="client" otel.name="GET" server.address="127.0.0.1" server.port=[port]
        no span: call attempts=2 correlation_id=[id] http.response.status_code=200 operation="get_usage_budget" otel.name="get_usage_budget" request_id=[id]
        attempt: attempt finished
        call: attempt error.type="404" http.request.method="GET" http.response.status_code=404 otel.kind="client" otel.name="GET" server.address="127.0.0.1" server.port=[port]
        no span: call attempts=1 correlation_id=[id] error.type="404" http.response.status_code=404 operation="get_usage_budget" otel.name="get_usage_budget" request_id=[id]
        "#);
    });
}
