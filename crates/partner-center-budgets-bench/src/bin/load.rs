//! Gets many budgets with the client and prints the cost as one line of JSON.
//!
//! ```console
//! $ cargo run --release -p partner-center-budgets-bench --bin load -- \
//!     --base-url http://127.0.0.1:8080 --token sandbox --customers 2000 --concurrency 16 --warm 100
//! {"ok":2000,"failed":0,"calls":2000,"wall_s":…,"cpu_us_per_call":…,"peak_rss_kb":…}
//! ```
//!
//! `--rate 50+10` starts with a rate of 50 calls a second and a burst of 10. Customer n has the id
//! `00000000-0000-0000-0000-` followed by n in hexadecimal. `calls` counts every attempt. Processor time and memory come
//! from Linux's `/proc` and are null elsewhere; processor time excludes the warm-up.
//!
//! `--future-sizes`, as the only argument, prints the size in bytes of each call's future and makes no call.
#![expect(clippy::print_stdout, reason = "the result goes to standard output")]

use std::cell::Cell;
use std::error::Error;
use std::fs;
use std::time::Instant;

use partner_center_budgets::auth::FixedToken;
use partner_center_budgets::{Client, CustomerId, Decimal, Rate};
use tokio::task::LocalSet;
use uuid::Uuid;

#[derive(Default)]
struct Arguments {
    base_url: String,
    token: String,
    customers: u32,
    concurrency: u32,
    warm: u32,
    rate: Option<Rate>,
}

impl Arguments {
    fn parse() -> Result<Self, Box<dyn Error>> {
        let mut arguments = Self { concurrency: 16, ..Self::default() };
        let mut words = std::env::args().skip(1);
        while let Some(name) = words.next() {
            let value = words.next().ok_or_else(|| format!("{name} needs a value"))?;
            match name.as_str() {
                "--base-url" => arguments.base_url = value,
                "--token" => arguments.token = value,
                "--customers" => arguments.customers = value.parse()?,
                "--concurrency" => arguments.concurrency = value.parse()?,
                "--warm" => arguments.warm = value.parse()?,
                "--rate" => {
                    let (per_second, burst) = value.split_once('+').unwrap_or((&value, "0"));
                    arguments.rate = Some(Rate::per_second(per_second.parse()?).burst(burst.parse()?));
                }
                _ => return Err(format!("unknown argument {name}").into()),
            }
        }
        Ok(arguments)
    }
}

#[derive(Default)]
struct Tally {
    next: Cell<u32>,
    ok: Cell<u32>,
    failed: Cell<u32>,
}

impl Tally {
    fn increment(counter: &Cell<u32>) {
        counter.set(counter.get() + 1);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    if std::env::args().skip(1).eq(["--future-sizes"]) {
        println!("{}", future_sizes()?);
        return Ok(());
    }
    let arguments = Arguments::parse()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let tasks = LocalSet::new();
    tasks.block_on(&runtime, async {
        let mut builder = Client::builder(FixedToken::new(arguments.token)).base_url(arguments.base_url);
        if let Some(rate) = arguments.rate {
            builder = builder.initial_rate(rate);
        }
        let client = builder.build()?;
        run(&client, arguments.warm, arguments.concurrency).await?;
        let (began, cpu) = (Instant::now(), cpu_us());
        let earlier = client.attempts();
        let tally = run(&client, arguments.customers, arguments.concurrency).await?;
        let wall_s = began.elapsed().as_secs_f64();
        let calls = client.attempts() - earlier;
        let cpu_us_per_call = cpu.zip(cpu_us()).map(|(from, to)| (to - from) / calls.max(1) as f64);
        let number = |value: Option<f64>| value.map_or("null".to_owned(), |value| format!("{value:.1}"));
        println!(
            r#"{{"ok":{},"failed":{},"calls":{calls},"wall_s":{wall_s:.3},"cpu_us_per_call":{},"peak_rss_kb":{}}}"#,
            tally.ok.get(),
            tally.failed.get(),
            number(cpu_us_per_call),
            number(peak_rss_kb().map(f64::from)).trim_end_matches(".0"),
        );
        Ok(())
    })
}

/// The size in bytes of each call's future before its first poll, as one line of JSON.
fn future_sizes() -> Result<serde_json::Value, Box<dyn Error>> {
    let client = Client::builder(FixedToken::new("unused")).base_url("http://127.0.0.1:1").build()?;
    let customer = CustomerId::from(Uuid::nil());
    Ok(serde_json::json!({
        "get_budget": size_of_val(&client.get_budget(customer)),
        "set_budget": size_of_val(&client.set_budget(customer, Decimal::default())),
        "clear_budget": size_of_val(&client.clear_budget(customer)),
        "get_customer_usage_summary": size_of_val(&client.get_customer_usage_summary(customer)),
        "get_partner_usage_summary": size_of_val(&client.get_partner_usage_summary()),
    }))
}

/// Gets the budgets of customers 1 to `customers`, `concurrency` at a time.
async fn run(client: &Client, customers: u32, concurrency: u32) -> Result<std::rc::Rc<Tally>, Box<dyn Error>> {
    let tally = std::rc::Rc::new(Tally::default());
    let mut workers = Vec::new();
    for _ in 0..concurrency {
        let tally = std::rc::Rc::clone(&tally);
        let client = client.clone();
        workers.push(tokio::task::spawn_local(async move {
            while tally.next.get() < customers {
                Tally::increment(&tally.next);
                let customer = CustomerId::from(Uuid::from_u128(tally.next.get().into()));
                let counter = if client.get_budget(customer).await.is_ok() { &tally.ok } else { &tally.failed };
                Tally::increment(counter);
            }
        }));
    }
    for worker in workers {
        worker.await?;
    }
    Ok(tally)
}

/// Processor time of this process's only thread.
fn cpu_us() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/schedstat").ok()?;
    Some(stat.split(' ').next()?.parse::<f64>().ok()? / 1000.0)
}

fn peak_rss_kb() -> Option<u32> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB").parse().ok()
}
