//! The client.

// rustdoc shows the methods in the order of these modules. The blank lines keep rustfmt from sorting them.
mod builder;

mod budget;

mod usage;

mod lists;

mod custom_request;

mod variants;

mod state;

use std::fmt;
use std::sync::Arc;

use progenitor_client::ResponseValue;

use crate::call::{Call, CallOptions, ClientState};
use crate::request::{Request, RequestSlot};
use crate::{CustomerId, Error, generated};

pub use builder::ClientBuilder;
pub use custom_request::{RequestBuilder, Response};

/// A client of Partner Center's usage budget operations.
///
/// Clones are cheap and share their connections. Dropping a method's future cancels the call.
#[derive(Clone)]
pub struct Client {
    state: Arc<ClientState>,
    options: CallOptions,
}

impl Client {
    /// The call of the operation whose generated `method` builds the request.
    fn call<T, E>(
        &self,
        customer: Option<CustomerId>,
        method: impl AsyncFnOnce(&generated::Client) -> Result<ResponseValue<T>, progenitor_client::Error<E>>,
    ) -> Result<Call<T>, Error> {
        let options = CallOptions { customer, ..self.options.clone() };
        Ok(Call::new(Arc::clone(&self.state), options, self.build_request(method)?))
    }

    fn build_request<T, E>(
        &self,
        method: impl AsyncFnOnce(&generated::Client) -> Result<ResponseValue<T>, progenitor_client::Error<E>>,
    ) -> Result<Request<T>, Error> {
        let (base_url, http) = (self.state.base_url.as_str(), self.state.http.clone());
        Request::build(&generated::Client::new_with_client(base_url, http, RequestSlot::default()), method)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base_url", &self.state.base_url.as_str()).finish_non_exhaustive()
    }
}
