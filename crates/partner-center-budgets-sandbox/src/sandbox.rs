use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::builder::Builder;
use crate::config::Config;
use crate::connection::{ResetHandle, ResettableListener};
use crate::counters::Counters;
use crate::fault::Fault;
use crate::paging::Paging;
use crate::requests::ReceivedRequest;
use crate::server;
use crate::service::Service;
use crate::sign_in::{Scope, Settings, Tokens};
use crate::throttle::Throttle;
use crate::world::{CustomerSpec, Day, World};

/// A running sandbox. Dropping it stops the server.
pub struct Sandbox {
    address: SocketAddr,
    service: Arc<Service>,
    /// Nothing is sent: dropping it stops the server.
    _stop: oneshot::Sender<()>,
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Starts a sandbox with the default configuration on a free port.
    ///
    /// # Errors
    ///
    /// Fails if there is no free port.
    ///
    /// # Panics
    ///
    /// Panics outside a Tokio runtime with timers: the server is a task of the caller's runtime.
    pub async fn start() -> std::io::Result<Self> {
        Self::with(Config::default()).await
    }

    /// Starts a sandbox.
    ///
    /// # Errors
    ///
    /// Fails if the port is in use or not permitted.
    ///
    /// # Panics
    ///
    /// As [`Sandbox::start`].
    pub async fn with(config: Config) -> std::io::Result<Self> {
        Self::with_customers(config, &[]).await
    }

    /// Starts building a sandbox with customers and figures of your own.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::new()
    }

    pub(crate) async fn with_customers(config: Config, customers: &[CustomerSpec]) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await?;
        let address = listener.local_addr()?;
        let day = Day { usual: config.date, ago: config.days_ago };
        let mut world = World::new(config.customers, config.seed, day).at(format!("http://{address}"));
        for customer in customers {
            world.add(customer).map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidInput, error))?;
        }
        world.set_paging(config.paging);
        world.set_meters(config.meters);
        let tokens = Tokens::new(Settings {
            token_lifetime: config.token_lifetime,
            refresh_token_lifetime: config.refresh_token_lifetime,
            mfa: config.mfa,
            device: config.device,
        });
        let service = Arc::new(Service::new(world, tokens, config.seed));
        service.set_faults(config.faults);
        service.set_throttles(config.throttles);
        let (stop, stopped) = oneshot::channel::<()>();
        let listener = ResettableListener { listener, service: Arc::clone(&service) };
        let router = server::router(Arc::clone(&service), config.byte_order_mark)
            .into_make_service_with_connect_info::<ResetHandle>();
        // Only a graceful shutdown also closes idle connections.
        let server = axum::serve(listener, router).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        tokio::spawn(server.into_future());
        Ok(Self { address, service, _stop: stop })
    }

    /// The address of the service and of the sign-in, such as `http://127.0.0.1:8080`. The token endpoint is
    /// `{base_url}/{tenant}/oauth2/v2.0/token`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The counters so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.service.counters.read(&self.service.world())
    }

    /// Replaces all fault rules. The new ones count calls from now on.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        self.service.set_faults(faults);
    }

    /// Replaces all rate limits. The new ones start unused.
    pub fn set_throttles(&self, throttles: Vec<Throttle>) {
        self.service.set_throttles(throttles);
    }

    /// Changes the form of pages.
    pub fn set_paging(&self, paging: Paging) {
        self.service.world_mut().set_paging(paging);
    }

    /// Changes the lifetime of access tokens issued from now on.
    pub fn set_token_lifetime(&self, lifetime: Duration) {
        self.service.tokens_mut().settings.token_lifetime = lifetime;
    }

    /// Changes the lifetime of refresh tokens issued from now on.
    pub fn set_refresh_token_lifetime(&self, lifetime: Duration) {
        self.service.tokens_mut().settings.refresh_token_lifetime = lifetime;
    }

    /// Changes whether users pass multi-factor authentication in sign-ins from now on.
    pub fn set_mfa(&self, mfa: bool) {
        self.service.tokens_mut().settings.mfa = mfa;
    }

    /// Expires all access tokens issued so far.
    pub fn expire_tokens(&self) {
        self.service.tokens_mut().expire_all();
    }

    /// Issues a refresh token for Partner Center, as if a user had signed in.
    #[must_use]
    pub fn issue_refresh_token(&self) -> String {
        let scope = Scope {
            audience: "https://api.partnercenter.microsoft.com".to_owned(),
            text: "https://api.partnercenter.microsoft.com/user_impersonation".to_owned(),
            offline: true,
            openid: false,
        };
        self.service.tokens_mut().issue_refresh(scope, &self.service.counters)
    }

    /// The refresh token issued last, by a sign-in or by [`Sandbox::issue_refresh_token`].
    #[must_use]
    pub fn newest_refresh_token(&self) -> Option<String> {
        self.service.tokens().newest_refresh().map(str::to_owned)
    }

    /// The requests so far, in the order of their arrival: the last 10,000. They have no tokens, headers or bodies.
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use partner_center_budgets_sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::start().await?;
    /// // … calls …
    /// let requests: Vec<String> = sandbox.requests().iter().map(ToString::to_string).collect();
    /// assert_eq!(requests, ["GET /v1/customers?size=500 200"]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.service.requests.read()
    }
}
