use std::time::Duration;

use crate::{DeviceFlow, Fault, Paging, Throttle};

/// How a sandbox is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// Port to listen on; 0, the default, picks a free one.
    pub port: u16,
    /// Number of customers; 40 by default.
    pub customers: u32,
    /// What the customers' figures and the latencies are made from; 1 by default. The same seed makes the same ones.
    pub seed: u64,
    /// Faults on demand; none by default.
    pub faults: Vec<Fault>,
    /// Limits of calls, all of which must let a call pass; none by default.
    pub throttles: Vec<Throttle>,
    /// Whether the bodies of usage and budgets begin with a byte order mark, as the service's do; true by default.
    pub byte_order_mark: bool,
    /// How lists come in pages.
    pub paging: Paging,
    /// How long access tokens are good for; an hour by default. Clients are told whole seconds.
    pub token_lifetime: Duration,
    /// How long refresh tokens are good for; 90 days by default.
    pub refresh_token_lifetime: Duration,
    /// Whether users pass multi-factor authentication when they sign in; true by default.
    pub mfa: bool,
    /// How the sign-in with a device code goes.
    pub device: DeviceFlow,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            port: 0,
            customers: 40,
            seed: 1,
            faults: Vec::new(),
            throttles: Vec::new(),
            byte_order_mark: true,
            paging: Paging::default(),
            token_lifetime: Duration::from_secs(3600),
            refresh_token_lifetime: Duration::from_secs(90 * 24 * 3600),
            mfa: true,
            device: DeviceFlow::default(),
        }
    }
}
