//! The command line of the sandbox, for its own binary and for others that offer it as a subcommand.

use std::io::Write;
use std::time::Duration;

use anyhow::Context;

use crate::{Config, DeviceFlow, Fault, Paging, RuleError, Sandbox, Throttle, rule_syntax};

/// More would fill the memory of a usual machine.
const MAX_CUSTOMERS: i64 = 1_000_000;

/// A local stand-in for Microsoft Partner Center's usage budget operations.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Port to listen on; 0 picks a free one
    #[arg(long, default_value_t = Config::default().port)]
    pub port: u16,
    /// Number of customers
    #[arg(long, default_value_t = Config::default().customers, value_parser = clap::value_parser!(u32).range(..=MAX_CUSTOMERS))]
    pub customers: u32,
    /// What the customers' figures are made from; the same seed makes the same figures
    #[arg(long, default_value_t = Config::default().seed)]
    pub seed: u64,
    /// Make calls fail: WHAT@WHERE:HOW-OFTEN, such as status=503@get_usage_budget:first=3 (repeatable)
    ///
    /// WHAT is one of status=STATUS (and then, with commas, code=CODE, retry-after=SECONDS and
    /// retry-after-date=SECONDS), redirect=URL, html=STATUS,
    /// latency=20ms..50ms, reset, reset-after, slow-body or slow-body=TIME, cut-body, content-type, not-json,
    /// oversized=BYTES, token-error=AADSTS700082 and expired-token. status=429 without a code comes from the gateway, with
    /// Retry-After: 1 unless a retry-after is given. WHERE is an operation id of the OpenAPI document,
    /// or token, device_code, authorize, discovery, api (all operations) or all; without @WHERE it is all. HOW-OFTEN is first=N,
    /// every=N or nth=N; without :HOW-OFTEN it is every call. The first rule that strikes keeps the call; only latency
    /// leaves it to the next ones.
    #[arg(long = "fault", value_name = "RULE")]
    pub faults: Vec<Fault>,
    /// Limit the calls, such as bucket:rate=50,burst=50 or window:calls=500,per=10s (repeatable)
    ///
    /// The models are bucket and bucket-counting-rejected (rate per second and burst) and window (calls and per). All
    /// take per-customer, the body of the 429, gateway (default) or fault, and no-retry-after.
    #[arg(long = "throttle", value_name = "LIMIT")]
    pub throttles: Vec<Throttle>,
    /// How lists come in pages, such as token=link,link=absolute,end=fault
    ///
    /// The settings are token=both|body|link, link=v1|absolute|root|bare|question-mark, end=absent|fault, empty-page,
    /// loop, foreign=ORIGIN and records=N.
    #[arg(long, value_name = "WAYS")]
    pub paging: Option<Paging>,
    /// Leave out the byte order mark before the JSON of usage and budgets, for clients that cannot strip it
    #[arg(long)]
    pub no_byte_order_mark: bool,
    /// How long access tokens of the sign-in are good for, such as 2s
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = rule_syntax::duration as fn(&str) -> Result<Duration, RuleError>)]
    pub token_lifetime: Duration,
    /// How long refresh tokens are good for, such as 10s
    #[arg(long, value_name = "TIME", default_value = "2160h", value_parser = rule_syntax::duration as fn(&str) -> Result<Duration, RuleError>)]
    pub refresh_token_lifetime: Duration,
    /// Let users sign in without multi-factor authentication, so that the service refuses their tokens
    #[arg(long)]
    pub no_mfa: bool,
    /// How the sign-in with a device code goes, such as pending=2,slow-down=1,interval=1s
    #[arg(long, value_name = "FLOW")]
    pub device_flow: Option<DeviceFlow>,
}

/// Starts a sandbox, prints one line `listening on http://127.0.0.1:PORT` on stdout and serves until Ctrl-C.
///
/// # Errors
///
/// When the port cannot be had, and when stdout cannot be written to.
pub async fn run(args: Args) -> anyhow::Result<()> {
    let port = args.port;
    let sandbox = Sandbox::with(Config {
        port,
        customers: args.customers,
        seed: args.seed,
        faults: args.faults,
        throttles: args.throttles,
        paging: args.paging.unwrap_or_default(),
        byte_order_mark: !args.no_byte_order_mark,
        token_lifetime: args.token_lifetime,
        refresh_token_lifetime: args.refresh_token_lifetime,
        mfa: !args.no_mfa,
        device: args.device_flow.unwrap_or_default(),
    })
    .await
    .with_context(|| {
        format!(
            "cannot listen on 127.0.0.1:{port}; stop the program that has the port, \
             or choose another with --port (0 picks a free one)"
        )
    })?;
    // Flushed, because whoever started this program through a pipe waits for the address.
    let mut out = std::io::stdout();
    writeln!(out, "listening on {}", sandbox.base_url())?;
    out.flush()?;
    sandbox.serve_until_ctrl_c().await.context("cannot wait for Ctrl-C")
}
