//! The baseline: the job of `load` done with reqwest and serde only, or with `--job usage` the job of `pc-budgets usage`.
//!
//! It has no exact decimals, no request ids, no retries, no limiter and minimal errors. It takes the arguments of `load`.
#![expect(clippy::print_stdout, reason = "the result goes to standard output")]

mod usage;

use std::cell::Cell;
use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::rc::Rc;
use std::time::Instant;

use serde::Deserialize;
use tokio::task::LocalSet;
use uuid::Uuid;

use usage::Usage;

#[derive(Deserialize)]
struct Budget {
    #[serde(default)]
    amount: Option<f64>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<_> = std::env::args().skip(1).collect();
    let arguments: HashMap<_, _> = words.chunks_exact(2).map(|pair| (pair[0].as_str(), pair[1].clone())).collect();
    let text = |name: &str| arguments.get(name).cloned().unwrap_or_default();
    let number = |name: &str| text(name).parse::<u32>().unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async {
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(
                rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
                    .with_safe_default_protocol_versions()?
                    .with_root_certificates(rustls::RootCertStore::empty())
                    .with_no_client_auth(),
            )
            .build()?;
        let (base_url, token) = (text("--base-url"), text("--token"));
        if text("--job") == "usage" {
            let concurrency = number("--concurrency") as usize;
            return Usage { http: &http, base_url: &base_url, token: &token, concurrency }.run().await;
        }
        run(&http, &base_url, &token, number("--warm"), number("--concurrency")).await?;
        let (began, cpu) = (Instant::now(), cpu_us()?);
        let customers = number("--customers");
        let ok = run(&http, &base_url, &token, customers, number("--concurrency")).await?;
        let (wall_s, cpu) = (began.elapsed().as_secs_f64(), cpu_us()? - cpu);
        let per_call = cpu / f64::from(customers.max(1));
        println!(r#"{{"ok":{ok},"calls":{customers},"wall_s":{wall_s:.3},"cpu_us_per_call":{per_call:.1}}}"#);
        Ok(())
    })
}

async fn run(
    http: &reqwest::Client,
    base_url: &str,
    token: &str,
    customers: u32,
    concurrency: u32,
) -> Result<u32, Box<dyn Error>> {
    let (next, ok) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let mut workers = Vec::new();
    for _ in 0..concurrency {
        let (next, ok) = (Rc::clone(&next), Rc::clone(&ok));
        let (http, base_url, token) = (http.clone(), base_url.to_owned(), token.to_owned());
        workers.push(tokio::task::spawn_local(async move {
            while next.get() < customers {
                next.set(next.get() + 1);
                let id = Uuid::from_u128(next.get().into());
                let request = http.get(format!("{base_url}/v1/customers/{id}/usagebudget")).bearer_auth(&token);
                let Ok(response) = request.header("Accept", "application/json").send().await else { continue };
                let Ok(body) = response.bytes().await else { continue };
                // The service sends a byte order mark, which `Response::json` rejects.
                let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&body);
                if serde_json::from_slice::<Budget>(body).is_ok_and(|budget| budget.amount != Some(f64::NAN)) {
                    ok.set(ok.get() + 1);
                }
            }
        }));
    }
    for worker in workers {
        worker.await?;
    }
    Ok(ok.get())
}

/// Processor time of this process's only thread.
fn cpu_us() -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/schedstat")?;
    Ok(stat.split(' ').next().unwrap_or_default().parse::<f64>()? / 1000.0)
}
