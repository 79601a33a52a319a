//! One call: what goes out with it, and what is noted of its answer.
//!
//! The generated client builds requests and parses answers. In between it hands over to [`ClientHooks`], and that is
//! where everything of ours happens: below parsing, where a refusal still has its status, whatever its body is.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use progenitor_client::{ClientHooks, ClientInfo, OperationInfo, ResponseValue};

use crate::generated;
use crate::paging::Step;
use crate::{CallIds, Error, Fault};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// What goes out with every call of a client.
pub(crate) struct Common {
    pub(crate) authorization: HeaderValue,
    pub(crate) locale: HeaderValue,
}

/// The context of one call, which travels with the generated client as its inner value.
#[derive(Clone)]
pub(crate) struct Call {
    common: Arc<Common>,
    ids: CallIds,
    /// Which page of a list the call is for.
    step: Option<Arc<Step>>,
    noted: Arc<Mutex<Noted>>,
}

#[derive(Default)]
struct Noted {
    operation: &'static str,
    fault: Option<Fault>,
}

impl Call {
    pub(crate) fn new(common: Arc<Common>) -> Self {
        Self { common, ids: CallIds::fresh(), step: None, noted: Arc::default() }
    }

    /// The same call for another page of its list.
    pub(crate) fn at(self, step: Arc<Step>) -> Self {
        Self { step: Some(step), ..self }
    }

    pub(crate) fn ids(&self) -> CallIds {
        self.ids
    }

    fn note<T>(&self, note: impl FnOnce(&mut Noted) -> T) -> T {
        // A panic while the lock was held leaves a note that is still whole.
        note(&mut self.noted.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The result of the call in our terms.
    pub(crate) fn finish<T, E: Send + Sync + fmt::Debug + 'static>(
        &self,
        result: Result<ResponseValue<T>, progenitor_client::Error<E>>,
    ) -> Result<T, Error> {
        use progenitor_client::Error as Generated;
        let error = match result {
            Ok(value) => return Ok(value.into_inner()),
            Err(error) => error,
        };
        let ids = self.ids;
        let (operation, fault) = self.note(|noted| (noted.operation, noted.fault.take()));
        if let Some(fault) = fault {
            return Err(Error::Api(Box::new(fault)));
        }
        Err(match error {
            // The URL names the customer, and the operation and ids say more.
            Generated::CommunicationError(error)
            | Generated::ResponseBodyError(error)
            | Generated::InvalidUpgrade(error) => {
                let sent = !error.is_connect();
                Error::Transport { operation, ids, sent, source: error.without_url().into() }
            }
            Generated::InvalidResponsePayload(_, error) => Error::Decode { operation, ids, source: error.into() },
            Generated::UnexpectedResponse(response) => {
                let source = format!("status {} is not described for this operation", response.status()).into();
                Error::Decode { operation, ids, source }
            }
            Generated::ErrorResponse(value) => {
                let source = format!("status {} came without a fault", value.status()).into();
                Error::Decode { operation, ids, source }
            }
            Generated::InvalidRequest(reason) | Generated::Custom(reason) => {
                Error::input(reason, "nothing was sent; this is a mistake in the client")
            }
        })
    }
}

/// Shows the ids only: what goes out with the call is secret.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("ids", &self.ids).finish_non_exhaustive()
    }
}

impl ClientHooks<Call> for generated::Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        info: &OperationInfo,
    ) -> Result<(), progenitor_client::Error<E>> {
        let call = self.inner();
        call.note(|noted| noted.operation = info.operation_id);
        if let Some(step) = &call.step {
            step.apply(request);
        }
        let headers = request.headers_mut();
        // The generated code sends the document's version, which means nothing to the service.
        headers.remove("api-version");
        headers.insert(http::header::AUTHORIZATION, call.common.authorization.clone());
        headers.insert(HeaderName::from_static("x-locale"), call.common.locale.clone());
        for (name, id) in [("ms-requestid", call.ids.request), ("ms-correlationid", call.ids.correlation)] {
            let value = HeaderValue::try_from(id.to_string())
                .map_err(|error| progenitor_client::Error::InvalidRequest(error.to_string()))?;
            headers.insert(HeaderName::from_static(name), value);
        }
        Ok(())
    }

    async fn exec(&self, request: reqwest::Request, info: &OperationInfo) -> reqwest::Result<reqwest::Response> {
        let mut response = self.client().execute(request).await?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let mut answer = http::Response::new(Bytes::new());
        *answer.status_mut() = status;
        if status.is_success() {
            *answer.body_mut() = without_byte_order_mark(response.bytes().await?);
        } else {
            let call = self.inner();
            let body = without_byte_order_mark(beginning(response).await);
            let fault = Fault::new(info.operation_id, status, &headers, &body, call.ids);
            call.note(|noted| noted.fault = Some(fault));
        }
        *answer.headers_mut() = headers;
        Ok(answer.into())
    }
}

/// What arrives of the body of a refusal. The status counts even where the body is cut, and no fault is long.
async fn beginning(mut response: reqwest::Response) -> Bytes {
    const ENOUGH: usize = 64 * 1024;
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() > ENOUGH {
            break;
        }
    }
    body.into()
}

/// Bodies of the usage family begin with a byte order mark, which no JSON parser accepts.
fn without_byte_order_mark(body: Bytes) -> Bytes {
    match body.starts_with(BYTE_ORDER_MARK) {
        true => body.slice(BYTE_ORDER_MARK.len()..),
        false => body,
    }
}
