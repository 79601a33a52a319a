//! Responses that are corrupted on the way to the client.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::Response;
use futures_util::stream;

use crate::fault::FaultKind;

/// Gives the first half of a cut body time to be sent before the connection closes.
const BEFORE_THE_CUT: Duration = Duration::from_millis(20);

const PIECES: usize = 10;

/// Corrupts a response. Other kinds of fault leave it unchanged.
pub(crate) async fn corrupt(response: Response, fault: &FaultKind) -> Response {
    let (mut head, body) = response.into_parts();
    // All bodies are in memory, so reading one neither waits nor fails.
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let body = match fault {
        FaultKind::SlowBody(time) => {
            head.headers.insert(CONTENT_LENGTH, whole.len().into());
            slow(whole, *time)
        }
        FaultKind::CutBody => {
            head.headers.insert(CONTENT_LENGTH, whole.len().into());
            cut(whole)
        }
        FaultKind::ContentType => {
            head.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
            Body::from(whole)
        }
        // As in the published samples.
        FaultKind::NotJson => {
            Body::from(r#"{ { "amount": 97, "attributes": { "objectType": "SpendingBudget" } }, "links": "#)
        }
        FaultKind::Oversized(bytes) => oversized(whole, *bytes),
        _ => Body::from(whole),
    };
    Response::from_parts(head, body)
}

fn slow(whole: Bytes, time: Duration) -> Body {
    let piece = whole.len().div_ceil(PIECES).max(1);
    let pause = time / PIECES as u32;
    Body::from_stream(stream::unfold(whole, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let next = rest.split_to(piece.min(rest.len()));
        Some((Ok::<Bytes, io::Error>(next), rest))
    }))
}

fn cut(whole: Bytes) -> Body {
    let half = whole.slice(..whole.len() / 2);
    Body::from_stream(stream::unfold(Some(half), |half| async move {
        if let Some(half) = half {
            return Some((Ok(half), None));
        }
        tokio::time::sleep(BEFORE_THE_CUT).await;
        Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None))
    }))
}

static BLANKS: [u8; 64 * 1024] = [b' '; 64 * 1024];

/// Appends spaces, which keep the JSON valid, so that only a client's size limit can reject it. All chunks share one buffer.
fn oversized(whole: Bytes, bytes: u64) -> Body {
    let blanks = bytes.saturating_sub(whole.len() as u64);
    Body::from_stream(stream::unfold((Some(whole), blanks), |(whole, blanks)| async move {
        if let Some(whole) = whole {
            return Some((Ok::<Bytes, io::Error>(whole), (None, blanks)));
        }
        let count = blanks.min(BLANKS.len() as u64);
        let piece = Bytes::from_static(&BLANKS[..count as usize]);
        (count > 0).then_some((Ok(piece), (None, blanks - count)))
    }))
}
