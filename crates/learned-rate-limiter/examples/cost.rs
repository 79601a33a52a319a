//! Prints the processor time that the limiter needs for a call:
//! `cargo run --release -p learned-rate-limiter --example cost`.
#![expect(clippy::print_stdout, reason = "the result goes to standard output")]

use std::time::Instant;

use learned_rate_limiter::{RateLimiter, Settings};
use tokio::runtime::Builder;
use tokio::task::{JoinSet, yield_now};

const CALLS: u32 = 200_000;

/// Prints the fastest of 20 runs, which other programs disturb the least.
fn print(name: &str, mut run: impl FnMut()) {
    let time = |()| {
        let start = Instant::now();
        run();
        start.elapsed() / CALLS
    };
    let fastest = [(); 20].map(time).into_iter().min().unwrap_or_default();
    println!("{name}: {} ns", fastest.as_nanos());
}

/// Makes the calls in tasks, each of which yields while its call is in flight.
async fn share(limiter: &RateLimiter<u32>, tasks: u32) {
    let mut set = JoinSet::new();
    for task in 0..tasks {
        let limiter = limiter.clone();
        set.spawn(async move {
            for call in 0..CALLS / tasks {
                let permit = limiter.acquire(Some(task + call)).await;
                yield_now().await;
                permit.answered();
            }
        });
    }
    set.join_all().await;
}

fn main() -> std::io::Result<()> {
    let runtime = Builder::new_current_thread().enable_time().build()?;
    let limiter = RateLimiter::new(Settings::default().careful_calls(0));
    print("try_acquire, answered", || {
        for call in 0..CALLS {
            if let Some(permit) = limiter.try_acquire(Some(call % 100)) {
                permit.answered();
            }
        }
    });
    print("acquire, answered", || {
        runtime.block_on(async {
            for call in 0..CALLS {
                limiter.acquire(Some(call % 100)).await.answered();
            }
        });
    });
    print("56 tasks, 56 permits, with the yield", || runtime.block_on(share(&limiter, 56)));
    print("64 tasks, 56 permits, with the yield", || runtime.block_on(share(&limiter, 64)));
    Ok(())
}
