use std::time::Duration;

use chrono::NaiveDate;

use crate::fault::Fault;
use crate::paging::Paging;
use crate::sign_in::DeviceFlow;
use crate::throttle::Throttle;

const SAMPLES: NaiveDate = NaiveDate::from_ymd_opt(2019, 9, 17).unwrap();

/// Configuration of a sandbox.
#[derive(Debug, Clone)]
pub struct Config {
    /// Port to listen on; 0 (default) picks a free one.
    pub port: u16,
    /// Number of customers; 40 by default.
    pub customers: u32,
    /// Seed of the customers' figures and of latencies; 1 by default. The same seed gives the same values.
    pub seed: u64,
    /// Day of the figures of all customers; 2019-09-17 by default, the date of published samples. The billing periods contain
    /// it.
    pub date: NaiveDate,
    /// Shows the figures of an earlier day, this many days before `date`; 0 by default. Costs grow from day to day within a
    /// billing period, and some customers are not there yet.
    pub days_ago: u32,
    /// Faults to inject; none by default.
    pub faults: Vec<Fault>,
    /// Rate limits, all of which must admit a call; none by default.
    pub throttles: Vec<Throttle>,
    /// Whether bodies of usage and budgets begin with a byte order mark, as the service's do; true by default.
    pub byte_order_mark: bool,
    /// Form of the pages of lists.
    pub paging: Paging,
    /// Number of meters of each subscription; `None` (default) for two to five.
    pub meters: Option<u32>,
    /// Lifetime of access tokens; an hour by default. Responses give it in whole seconds.
    pub token_lifetime: Duration,
    /// Lifetime of refresh tokens; 90 days by default.
    pub refresh_token_lifetime: Duration,
    /// Whether users pass multi-factor authentication when they sign in; true by default.
    pub mfa: bool,
    /// Responses of a sign-in with a device code.
    pub device: DeviceFlow,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            port: 0,
            customers: 40,
            seed: 1,
            date: SAMPLES,
            days_ago: 0,
            faults: Vec::new(),
            throttles: Vec::new(),
            byte_order_mark: true,
            paging: Paging::default(),
            meters: None,
            token_lifetime: Duration::from_secs(3600),
            refresh_token_lifetime: Duration::from_secs(90 * 24 * 3600),
            mfa: true,
            device: DeviceFlow::default(),
        }
    }
}
