//! The command line of the sandbox, for its own binary and for programs that have it as a subcommand.

use std::io::Write;
use std::time::Duration;

use anyhow::Context;
use chrono::NaiveDate;

use crate::{Config, DeviceFlow, Fault, Paging, RuleError, Sandbox, Throttle, rule_syntax};

/// More customers would fill the memory of a typical machine.
const MAX_CUSTOMERS: i64 = 1_000_000;
/// Starting takes time in proportion to customers × days.
const MAX_DAYS_AGO: i64 = 366;

/// A local server that behaves like Microsoft Partner Center's usage budget operations.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Port to listen on; 0 picks a free one
    #[arg(long, default_value_t = Config::default().port)]
    pub port: u16,
    /// Number of customers
    #[arg(long, default_value_t = Config::default().customers, value_parser = clap::value_parser!(u32).range(..=MAX_CUSTOMERS))]
    pub customers: u32,
    /// Seed of the customers' figures and of random latencies; the same seed gives the same values
    #[arg(long, default_value_t = Config::default().seed)]
    pub seed: u64,
    /// Day of the figures of all customers, such as 2026-11-26. The default is that of published samples
    #[arg(long, value_name = "DATE", default_value_t = Config::default().date)]
    pub date: NaiveDate,
    /// Show the figures that the customers had N days before that day
    #[arg(long, value_name = "N", default_value_t = Config::default().days_ago, value_parser = clap::value_parser!(u32).range(..=MAX_DAYS_AGO))]
    pub days_ago: u32,
    /// Inject faults: KIND@ENDPOINT:TRIGGER, such as status=503@get_usage_budget:first=3 (repeatable)
    ///
    /// KIND: status=STATUS (optionally followed by ,code=CODE ,retry-after=SECONDS ,retry-after-date=SECONDS), redirect=URL,
    /// html=STATUS, latency=20ms..50ms, reset, reset-after, slow-body[=TIME], cut-body, content-type, not-json,
    /// oversized=BYTES, token-error=AADSTS700082 or expired-token. status=429 without a code is the response of the gateway;
    /// it has Retry-After: 1 unless the rule sets another value.
    ///
    /// ENDPOINT: an operation id of the OpenAPI document, token, device_code, authorize, discovery, api (all operations) or
    /// all (default).
    ///
    /// TRIGGER: first=N (the first N calls), every=N (every Nth call) or nth=N (only the Nth call). Default: every call.
    ///
    /// The first matching rule decides. After a latency rule the next rules apply too.
    #[arg(long = "fault", value_name = "RULE")]
    pub faults: Vec<Fault>,
    /// Limit the call rate, such as bucket:rate=50,burst=50 or window:calls=500,per=10s (repeatable)
    ///
    /// Models: bucket and bucket-counting-rejected (rate per second, burst), window (calls, per). Settings of all models:
    /// per-customer, gateway (default) or fault for the body of the 429, and no-retry-after.
    #[arg(long = "throttle", value_name = "LIMIT")]
    pub throttles: Vec<Throttle>,
    /// Form of the pages of lists, such as token=link,link=absolute,end=fault
    ///
    /// Settings: token=both|body|link, link=v1|absolute|root|bare|question-mark, end=absent|fault, empty-page,
    /// loop, foreign=ORIGIN and records=N.
    #[arg(long, value_name = "SETTINGS")]
    pub paging: Option<Paging>,
    /// Number of meters of each subscription [default: two to five]
    #[arg(long, value_name = "N")]
    pub meters: Option<u32>,
    /// Omit the byte order mark before the JSON of usage and budgets, for clients that cannot strip it
    #[arg(long)]
    pub no_byte_order_mark: bool,
    /// Lifetime of access tokens, such as 2s
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = rule_syntax::duration as fn(&str) -> Result<Duration, RuleError>)]
    pub token_lifetime: Duration,
    /// Lifetime of refresh tokens, such as 10s
    #[arg(long, value_name = "TIME", default_value = "2160h", value_parser = rule_syntax::duration as fn(&str) -> Result<Duration, RuleError>)]
    pub refresh_token_lifetime: Duration,
    /// Sign users in without multi-factor authentication, so that the service rejects their tokens
    #[arg(long)]
    pub no_mfa: bool,
    /// Responses of a sign-in with a device code, such as pending=2,slow-down=1,interval=1s
    #[arg(long, value_name = "FLOW")]
    pub device_flow: Option<DeviceFlow>,
}

/// Starts a sandbox, prints one line `listening on http://127.0.0.1:PORT` on stdout and serves until Ctrl-C.
///
/// ```no_run
/// # async fn example() -> anyhow::Result<()> {
/// use partner_center_budgets_sandbox::cli;
///
/// #[derive(clap::Parser)]
/// enum Command {
///     /// Starts a sandbox
///     Sandbox(cli::Args),
/// }
///
/// let Command::Sandbox(args) = clap::Parser::parse();
/// cli::run(args).await
/// # }
/// ```
///
/// # Errors
///
/// Fails if the port is not available, or stdout cannot be written.
pub async fn run(args: Args) -> anyhow::Result<()> {
    let port = args.port;
    let sandbox = Sandbox::with(Config {
        port,
        customers: args.customers,
        seed: args.seed,
        date: args.date,
        days_ago: args.days_ago,
        faults: args.faults,
        throttles: args.throttles,
        paging: args.paging.unwrap_or_default(),
        meters: args.meters,
        byte_order_mark: !args.no_byte_order_mark,
        token_lifetime: args.token_lifetime,
        refresh_token_lifetime: args.refresh_token_lifetime,
        mfa: !args.no_mfa,
        device: args.device_flow.unwrap_or_default(),
    })
    .await
    .with_context(|| {
        format!(
            "cannot listen on 127.0.0.1:{port}; stop the program that uses the port, \
             or choose another one with --port (0 picks a free one)"
        )
    })?;
    // Flushed, because a parent process may wait for the address on a pipe.
    let mut out = std::io::stdout();
    writeln!(out, "listening on {}", sandbox.base_url())?;
    out.flush()?;
    tokio::signal::ctrl_c().await.context("cannot wait for Ctrl-C")
}
