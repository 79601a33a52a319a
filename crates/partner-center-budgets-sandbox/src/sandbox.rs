use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

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
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use partner_center_budgets::{Client, auth::FixedToken};
    /// use partner_center_budgets_sandbox::{Sandbox, TOKEN};
    ///
    /// let sandbox = Sandbox::start().await?;
    /// let client = Client::builder(FixedToken::new(TOKEN)).base_url(sandbox.base_url()).build()?;
    /// let customer = "00000000-0000-0000-0000-000000000001".parse()?;
    /// assert_eq!(client.get_budget(customer).await?, Some(97.into()));
    /// # Ok(())
    /// # }
    /// ```
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
    /// ```
    /// # use chrono::NaiveDate;
    /// # use partner_center_budgets::{Client, auth::FixedToken};
    /// # use partner_center_budgets_sandbox::{Config, Sandbox, TOKEN};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let date: NaiveDate = "2026-11-15".parse()?;
    /// // The billing period is that of `date`.
    /// let sandbox = Sandbox::with(Config { date, customers: 1, ..Config::default() }).await?;
    /// # let client = Client::builder(FixedToken::new(TOKEN)).base_url(sandbox.base_url()).build()?;
    /// let summary = client.get_customer_usage_summary("00000000-0000-0000-0000-000000000001".parse()?).await?;
    /// let start = summary.and_then(|summary| summary.billing_start);
    /// assert_eq!(start.map(|start| start.date_naive()), NaiveDate::from_ymd_opt(2026, 11, 1));
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    /// ```
    /// # use partner_center_budgets::{Client, Cloud, auth::ClientSecret};
    /// # use partner_center_budgets_sandbox::{CLIENT_SECRET, Sandbox};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = Sandbox::start().await?;
    /// // The service, the authority and the audience.
    /// let url = sandbox.base_url();
    /// let cloud = Cloud::custom(&url, &url, &url);
    /// let credential = ClientSecret::new("contoso.example", "22222222-2222-2222-2222-222222222222", CLIENT_SECRET);
    /// let client = Client::builder(credential).cloud(cloud).build()?;
    /// # client.get_budget("00000000-0000-0000-0000-000000000001".parse()?).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The counters so far.
    ///
    /// ```
    /// # use partner_center_budgets::{Client, CustomerId, auth::FixedToken};
    /// # use partner_center_budgets_sandbox::{Sandbox, TOKEN};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let contoso: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
    /// # let sandbox = Sandbox::builder().customer(contoso, "Contoso").start().await?;
    /// # let client = Client::builder(FixedToken::new(TOKEN)).base_url(sandbox.base_url()).build()?;
    /// client.get_budget(contoso).await?;
    /// let counters = sandbox.counters();
    /// assert_eq!((counters.calls, counters.rejected, counters.requests["get_usage_budget"]), (1, 0, 1));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.service.counters.read(&self.service.world())
    }

    /// Replaces all fault rules. The new ones count calls from now on.
    ///
    /// ```
    /// # use partner_center_budgets::{Client, CustomerId, auth::FixedToken};
    /// # use partner_center_budgets_sandbox::{Sandbox, TOKEN};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let contoso: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
    /// # let sandbox = Sandbox::builder().customer(contoso, "Contoso").start().await?;
    /// # let client = Client::builder(FixedToken::new(TOKEN)).base_url(sandbox.base_url());
    /// # let client = client.retry(partner_center_budgets::RetryPolicy::never()).build()?;
    /// sandbox.set_faults(vec!["status=503".parse()?]);
    /// let error = client.get_budget(contoso).await.unwrap_err();
    /// assert_eq!(error.status(), Some(503));
    /// sandbox.set_faults(Vec::new());
    /// client.get_budget(contoso).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_faults(&self, faults: Vec<Fault>) {
        self.service.set_faults(faults);
    }

    /// Replaces all rate limits. The new ones start unused.
    ///
    /// ```
    /// # use partner_center_budgets::{Client, CustomerId, auth::FixedToken};
    /// # use partner_center_budgets_sandbox::{Sandbox, TOKEN};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let contoso: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
    /// # let sandbox = Sandbox::builder().customer(contoso, "Contoso").start().await?;
    /// # let client = Client::builder(FixedToken::new(TOKEN)).base_url(sandbox.base_url());
    /// # let client = client.retry(partner_center_budgets::RetryPolicy::never()).build()?;
    /// sandbox.set_throttles(vec!["window:calls=1,per=60s".parse()?]);
    /// client.get_budget(contoso).await?;
    /// let error = client.get_budget(contoso).await.unwrap_err();
    /// assert_eq!((error.status(), sandbox.counters().rejected), (Some(429), 1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_throttles(&self, throttles: Vec<Throttle>) {
        self.service.set_throttles(throttles);
    }

    /// Changes the form of pages.
    ///
    /// ```
    /// # use partner_center_budgets::{Client, auth::FixedToken};
    /// # use partner_center_budgets_sandbox::{Sandbox, TOKEN};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = Sandbox::start().await?;
    /// # let client = Client::builder(FixedToken::new(TOKEN)).base_url(sandbox.base_url()).build()?;
    /// sandbox.set_paging("records=10".parse()?);
    /// let mut records = client.list_customer_usage_records();
    /// while let Some(_) = records.try_next().await? {}
    /// assert_eq!(sandbox.counters().requests["list_customer_usage_records"], 4);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_paging(&self, paging: Paging) {
        self.service.world_mut().set_paging(paging);
    }

    /// Changes the lifetime of access tokens issued from now on.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use partner_center_budgets::{Cloud, auth::TokenEndpoint};
    /// # use partner_center_budgets_sandbox::{REFRESH_TOKEN, Sandbox};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = Sandbox::start().await?;
    /// # let url = sandbox.base_url();
    /// # let endpoint = TokenEndpoint::for_cloud(Cloud::custom(&url, &url, &url))?;
    /// # let scope = endpoint.scope();
    /// # let grant = [
    /// #     ("grant_type", "refresh_token"),
    /// #     ("client_id", "22222222-2222-2222-2222-222222222222"),
    /// #     ("refresh_token", REFRESH_TOKEN),
    /// #     ("scope", &scope),
    /// # ];
    /// sandbox.set_token_lifetime(Duration::from_secs(60));
    /// let response = endpoint.request_token("contoso.example", &grant).await?;
    /// assert_eq!(response.lifetime, Some(Duration::from_secs(60)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_token_lifetime(&self, lifetime: Duration) {
        self.service.tokens_mut().settings.token_lifetime = lifetime;
    }

    /// Changes the lifetime of refresh tokens issued from now on.
    ///
    /// ```
    /// # use partner_center_budgets::Error;
    /// # use std::sync::Arc;
    /// # use partner_center_budgets::{Client, Cloud, CustomerId, auth::{MemoryStore, RefreshToken}};
    /// # use partner_center_budgets_sandbox::Sandbox;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let contoso: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
    /// # let sandbox = Sandbox::builder().customer(contoso, "Contoso").start().await?;
    /// # let url = sandbox.base_url();
    /// sandbox.set_refresh_token_lifetime(std::time::Duration::ZERO);
    /// let store = Arc::new(MemoryStore::new(sandbox.issue_refresh_token()));
    /// # let credential = RefreshToken::new("contoso.example", "22222222-2222-2222-2222-222222222222", store);
    /// # let client = Client::builder(credential).cloud(Cloud::custom(&url, &url, &url)).build()?;
    /// let error = client.get_budget(contoso).await.unwrap_err();
    /// assert!(matches!(error, Error::Auth(error) if error.needs_sign_in()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_refresh_token_lifetime(&self, lifetime: Duration) {
        self.service.tokens_mut().settings.refresh_token_lifetime = lifetime;
    }

    /// Changes whether users pass multi-factor authentication in sign-ins from now on.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use partner_center_budgets::{Client, Cloud, CustomerId, auth::{MemoryStore, RefreshToken}};
    /// # use partner_center_budgets_sandbox::Sandbox;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let contoso: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
    /// # let sandbox = Sandbox::builder().customer(contoso, "Contoso").start().await?;
    /// # let url = sandbox.base_url();
    /// # let store = Arc::new(MemoryStore::new(sandbox.issue_refresh_token()));
    /// # let credential = RefreshToken::new("contoso.example", "22222222-2222-2222-2222-222222222222", store);
    /// # let client = Client::builder(credential).cloud(Cloud::custom(&url, &url, &url)).build()?;
    /// sandbox.set_mfa(false);
    /// let error = client.get_budget(contoso).await.unwrap_err();
    /// assert!(error.needs_mfa());
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_mfa(&self, mfa: bool) {
        self.service.tokens_mut().settings.mfa = mfa;
    }

    /// Expires all access tokens issued so far.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use partner_center_budgets::{Client, Cloud, CustomerId, auth::{MemoryStore, RefreshToken}};
    /// # use partner_center_budgets_sandbox::Sandbox;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let contoso: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
    /// # let sandbox = Sandbox::builder().customer(contoso, "Contoso").start().await?;
    /// # let url = sandbox.base_url();
    /// # let store = Arc::new(MemoryStore::new(sandbox.issue_refresh_token()));
    /// # let credential = RefreshToken::new("contoso.example", "22222222-2222-2222-2222-222222222222", store);
    /// # let client = Client::builder(credential).cloud(Cloud::custom(&url, &url, &url)).build()?;
    /// client.get_budget(contoso).await?;
    /// sandbox.expire_tokens();
    /// client.get_budget(contoso).await?;
    /// assert_eq!(sandbox.counters().sign_ins["refresh_token"], 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn expire_tokens(&self) {
        self.service.tokens_mut().expire_all();
    }

    /// Issues a refresh token for Partner Center, as if a user had signed in.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use partner_center_budgets::{Client, Cloud, CustomerId, auth::{MemoryStore, RefreshToken}};
    /// # use partner_center_budgets_sandbox::Sandbox;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let contoso: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
    /// # let sandbox = Sandbox::builder().customer(contoso, "Contoso").start().await?;
    /// # let url = sandbox.base_url();
    /// let store = Arc::new(MemoryStore::new(sandbox.issue_refresh_token()));
    /// let credential = RefreshToken::new("contoso.example", "22222222-2222-2222-2222-222222222222", store);
    /// let client = Client::builder(credential).cloud(Cloud::custom(&url, &url, &url)).build()?;
    /// client.get_budget(contoso).await?;
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use partner_center_budgets::{Client, Cloud, CustomerId, auth::{MemoryStore, RefreshToken}};
    /// # use partner_center_budgets_sandbox::Sandbox;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let contoso: CustomerId = "11111111-1843-4b3b-872f-206e08a08e51".parse()?;
    /// # let sandbox = Sandbox::builder().customer(contoso, "Contoso").start().await?;
    /// # let url = sandbox.base_url();
    /// let first = sandbox.issue_refresh_token();
    /// # let store = Arc::new(MemoryStore::new(&*first));
    /// # let credential = RefreshToken::new("contoso.example", "22222222-2222-2222-2222-222222222222", store);
    /// # let client = Client::builder(credential).cloud(Cloud::custom(&url, &url, &url)).build()?;
    /// assert_eq!(sandbox.newest_refresh_token(), Some(first.clone()));
    /// // Redeems the token for the next one.
    /// client.get_budget(contoso).await?;
    /// assert_ne!(sandbox.newest_refresh_token(), Some(first));
    /// # Ok(())
    /// # }
    /// ```
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
