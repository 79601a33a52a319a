//! Measures how long a plan takes under a limit that the client does not know, killed on the way or not.
//!
//! ```console
//! $ cargo run --release -p partner-center-budgets --example fleet -- --customers 2000 --rate 50 --burst 50 --kill 20
//! ```
//!
//! The plan changes the budget of each customer, so it needs two calls for each: one that reads and one that writes. The
//! ideal is what the limit allows for those: (calls - burst) / rate. A process of its own carries the plan out, as often as
//! it is killed, from the first start to the last end.
#![expect(clippy::print_stdout, reason = "the result goes to standard output")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use partner_center_budgets::auth::FixedToken;
use partner_center_budgets::fleet::{Current, Options, Plan, Want, Wish, apply, read_budgets};
use partner_center_budgets::{Client, CustomerId};
use partner_center_budgets_sandbox::{Config, Sandbox, TOKEN};
use uuid::Uuid;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

struct Arguments {
    customers: u32,
    rate: u32,
    burst: u32,
    model: String,
    kill: u32,
}

impl Arguments {
    fn parse() -> Result<Self> {
        let mut arguments =
            Self { customers: 2000, rate: 50, burst: 50, model: "bucket-counting-rejected".to_owned(), kill: 0 };
        let mut words = std::env::args().skip(1);
        while let Some(name) = words.next() {
            let value = words.next().ok_or_else(|| format!("{name} needs a value"))?;
            match name.as_str() {
                "--customers" => arguments.customers = value.parse()?,
                "--rate" => arguments.rate = value.parse()?,
                "--burst" => arguments.burst = value.parse()?,
                "--model" => arguments.model = value,
                "--kill" => arguments.kill = value.parse()?,
                _ => return Err(format!("unknown argument {name}").into()),
            }
        }
        Ok(arguments)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let words: Vec<_> = std::env::args().collect();
    if let [_, word, url, plan, journal] = words.as_slice()
        && word == "child"
    {
        return child(url, plan.as_ref(), journal.as_ref()).await;
    }
    let arguments = Arguments::parse()?;
    let folder = std::env::temp_dir().join(format!("fleet-{}", Uuid::new_v4()));
    std::fs::create_dir(&folder)?;
    let result = measure(&arguments, &folder).await;
    std::fs::remove_dir_all(&folder)?;
    result
}

/// What a process does that may be killed.
async fn child(url: &str, plan: &Path, journal: &Path) -> Result<()> {
    let plan: Plan = serde_json::from_slice(&std::fs::read(plan)?)?;
    let client = Client::builder(FixedToken::new(TOKEN)).base_url(url).build()?;
    let summary = apply(&client, &plan, journal, Options::new()).await?;
    println!("{summary}");
    if summary.is_complete() { Ok(()) } else { Err("the plan is not complete".into()) }
}

async fn measure(arguments: &Arguments, folder: &Path) -> Result<()> {
    let Arguments { customers, rate, burst, model, kill } = arguments;
    let sandbox = Sandbox::with(Config { customers: *customers, ..Config::default() }).await?;
    let plan = plan(&sandbox, *customers).await?;
    let (file, journal) = (folder.join("plan.json"), folder.join("journal"));
    std::fs::write(&file, serde_json::to_vec(&plan)?)?;
    let before = sandbox.counters();
    sandbox.set_throttles(vec![format!("{model}:rate={rate},burst={burst}").parse()?]);

    let calls = 2 * plan.changes().count();
    let ideal = (calls as f64 - f64::from(*burst)).max(0.0) / f64::from(*rate);
    let mut moments: Vec<_> = (0..*kill).map(|_| ideal * random()).collect();
    moments.sort_by(f64::total_cmp);
    let began = Instant::now();
    let start = || start(&sandbox, &file, &journal);
    for moment in moments {
        let mut child = start()?;
        tokio::time::sleep(Duration::from_secs_f64(moment).saturating_sub(began.elapsed())).await;
        child.kill()?;
        child.wait()?;
    }
    let mut child = start()?;
    let status = loop {
        match child.try_wait()? {
            Some(status) => break status,
            None => tokio::time::sleep(Duration::from_millis(2)).await,
        }
    };
    let measured = began.elapsed().as_secs_f64();
    if !status.success() {
        return Err("the last process failed".into());
    }

    let counters = sandbox.counters();
    let (more, lost) = (
        counters.budget_writes.values().filter(|count| **count > 1).count(),
        plan.changes().count() - counters.budget_writes.len(),
    );
    let since = |operation: &str| {
        let count = |counters: &partner_center_budgets_sandbox::Counters| counters.requests.get(operation).copied();
        count(&counters).unwrap_or_default() - count(&before).unwrap_or_default()
    };
    println!("limit          {model}:rate={rate},burst={burst}, not known to the client");
    println!("changes        {}, processes killed: {kill}", plan.changes().count());
    println!("ideal          {ideal:.2} s for {calls} calls");
    match ideal {
        0.0 => println!("measured       {measured:.2} s"),
        _ => println!("measured       {measured:.2} s, {:.3} times the ideal", measured / ideal),
    }
    println!("requests       {} reads, {} writes", since("get_usage_budget"), since("update_usage_budget"));
    println!("rejected       {} of them, {} early", counters.rejected, counters.early);
    println!("lost writes    {lost}, budgets written more than once: {more}");
    println!("journal        {} KiB", std::fs::metadata(&journal)?.len() / 1024);
    if lost + more > 0 { Err("not each budget was written once".into()) } else { Ok(()) }
}

/// Raises the budget of everybody.
async fn plan(sandbox: &Sandbox, customers: u32) -> Result<Plan> {
    let client = Client::builder(FixedToken::new(TOKEN)).base_url(sandbox.base_url()).build()?;
    let mut reads = read_budgets(&client, Numbers(1..=customers));
    let mut current = Current::new();
    let mut wishes = Vec::new();
    while let Some(read) = reads.next().await {
        let line = Uuid::from(read.customer).as_u128() as u64 + 1;
        current.set_budget(read.customer, read.result?);
        let want = Want::Set(format!("{}.25", 1_000_000 + line).parse()?);
        wishes.push(Wish { line, customer: read.customer, want });
    }
    Ok(Plan::new(wishes, &current))
}

/// The customers of a sandbox as a stream.
struct Numbers(std::ops::RangeInclusive<u32>);

impl futures_core::Stream for Numbers {
    type Item = CustomerId;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<CustomerId>> {
        std::task::Poll::Ready(self.0.next().map(|number| Uuid::from_u128(number.into()).into()))
    }
}

fn start(sandbox: &Sandbox, plan: &PathBuf, journal: &PathBuf) -> std::io::Result<Child> {
    Command::new(std::env::current_exe()?).arg("child").arg(sandbox.base_url()).arg(plan).arg(journal).spawn()
}

/// From 0 to 1.
fn random() -> f64 {
    (Uuid::new_v4().as_u128() >> 75) as f64 / (1_u64 << 53) as f64
}
