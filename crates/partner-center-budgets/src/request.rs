//! Requests, which the generated methods build.
//!
//! A generated method builds a request, hands it to the hook `pre`, sends it and decodes the response. Only its first half
//! runs: the hook keeps the request and ends the method. Sending and decoding are the client's own, because the generated
//! half has no retry, drops the status of a refusal whose body is not JSON, and holds a whole page in memory.

use std::marker::PhantomData;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{HeaderMap, Method};
use progenitor_client::{ClientHooks, ClientInfo, OperationInfo, ResponseValue};
use reqwest::Url;

use crate::{Error, generated, lock};

/// The request of an operation that returns `T`.
pub(crate) struct Request<T> {
    pub(crate) parts: RequestParts,
    response: PhantomData<fn() -> T>,
}

#[derive(Clone, Debug)]
pub(crate) struct RequestParts {
    pub(crate) operation: &'static str,
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    /// The option of the request that requires a user, if the operation itself does not.
    needs_user_for: Option<&'static str>,
}

/// Where the hook leaves the request. Each generated client is made for one request.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestSlot(Arc<Mutex<Option<RequestParts>>>);

impl<T> Request<T> {
    /// The request that a generated method builds.
    pub(crate) fn build<E>(
        api: &generated::Client,
        method: impl AsyncFnOnce(&generated::Client) -> Result<ResponseValue<T>, progenitor_client::Error<E>>,
    ) -> Result<Self, Error> {
        use progenitor_client::Error as Generated;
        // The hook ends the method before it can wait for anything.
        let result = pin!(method(api)).poll(&mut Context::from_waker(Waker::noop()));
        if let Some(parts) = lock(&api.inner().0).take() {
            return Ok(Self { parts, response: PhantomData });
        }
        let why = match result {
            Poll::Ready(Err(Generated::InvalidRequest(why))) => why,
            Poll::Ready(Err(Generated::CommunicationError(error))) => error.without_url().to_string(),
            _ => "the generated method ended early".to_owned(),
        };
        Err(Error::input(
            format!("the request cannot be built: {why}"),
            "nothing was sent; this is a mistake in the client",
        ))
    }

    /// The request of an operation that the document does not have, without a body.
    pub(crate) fn custom(operation: &'static str, method: Method, url: Url) -> Self {
        let headers = HeaderMap::new();
        let parts = RequestParts { operation, method, url, headers, body: None, needs_user_for: None };
        Self { parts, response: PhantomData }
    }

    /// The same request, which requires a user because of `option`.
    pub(crate) fn needing_user_for(mut self, option: Option<&'static str>) -> Self {
        self.parts.needs_user_for = option;
        self
    }

    pub(crate) fn url(&self) -> &Url {
        &self.parts.url
    }

    /// The same request at another address, with more headers.
    pub(crate) fn at(&self, url: Url, headers: &HeaderMap) -> Self {
        let mut parts = RequestParts { url, ..self.parts.clone() };
        for (name, value) in headers {
            parts.headers.insert(name.clone(), value.clone());
        }
        Self { parts, response: PhantomData }
    }
}

impl RequestParts {
    /// The operation, or the option of it, that requires a user; `None` if an app without a user may call it.
    pub(crate) fn needs_user(&self) -> Option<String> {
        match self.needs_user_for {
            Some(what) => Some(format!("{} with {what}", self.operation)),
            None => generated::NEEDS_USER.contains(&self.operation).then(|| self.operation.to_owned()),
        }
    }
}

impl<T> Clone for Request<T> {
    fn clone(&self) -> Self {
        Self { parts: self.parts.clone(), response: PhantomData }
    }
}

impl ClientHooks<RequestSlot> for generated::Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        info: &OperationInfo,
    ) -> Result<(), progenitor_client::Error<E>> {
        let mut headers = std::mem::take(request.headers_mut());
        // The generated code sends the document's version, which means nothing to the service.
        headers.remove("api-version");
        let parts = RequestParts {
            operation: info.operation_id,
            method: request.method().clone(),
            url: request.url().clone(),
            headers,
            body: request.body().and_then(reqwest::Body::as_bytes).map(Bytes::copy_from_slice),
            needs_user_for: None,
        };
        *lock(&self.inner().0) = Some(parts);
        Err(progenitor_client::Error::Custom(String::new()))
    }
}
