//! Processes that are killed, that run against each other, and whose disk is full.
//!
//! The processes are this test binary itself, told by an environment variable to carry out a plan.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use partner_center_budgets::auth::FixedToken;
use partner_center_budgets::fleet::{Options, Plan, apply};
use partner_center_budgets::{Client, Error};

use crate::fleet_stage::{Stage, adds_up};
use crate::script::short_waits;

/// Where the service of the child is; the plan and the journal are in the other two.
const URL: &str = "FLEET_CHILD_URL";
const PLAN: &str = "FLEET_CHILD_PLAN";
const JOURNAL: &str = "FLEET_CHILD_JOURNAL";

/// What a child does. Where nobody asks for it, it has nothing to show.
#[tokio::test]
async fn child() {
    let Ok(url) = std::env::var(URL) else { return };
    let plan = std::fs::read_to_string(std::env::var(PLAN).unwrap()).unwrap();
    let plan: Plan = serde_json::from_str(&plan).unwrap();
    let client = Client::builder(FixedToken::new("sandbox")).base_url(url).retry(short_waits()).build().unwrap();
    let summary = match apply(&client, &plan, std::env::var(JOURNAL).unwrap(), Options::new()).await {
        Ok(summary) => summary,
        Err(error @ Error::Journal { .. }) => return tell(&error.to_string()),
        Err(error) => panic!("{error:?}"),
    };
    adds_up(&summary);
    tell(&format!("{summary}; by source: {:?}", summary.stopped));
}

#[expect(clippy::print_stdout, reason = "it is read by the parent")]
fn tell(text: &str) {
    println!("\nCHILD {text}");
}

/// The command that starts a child, behind a shell's `before`.
fn command(stage: &Stage, before: &str) -> Command {
    std::fs::write(stage.path("plan"), serde_json::to_string(&stage.plan).unwrap()).unwrap();
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(format!("{before} exec \"$0\" --exact fleet_kill::child --nocapture"));
    command.arg(std::env::current_exe().unwrap());
    command.env(URL, stage.sandbox.base_url()).env(PLAN, stage.path("plan")).env(JOURNAL, stage.journal());
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Waits for a child without holding up the sandbox, and returns what it told.
async fn told(child: Child) -> String {
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().find_map(|line| line.strip_prefix("CHILD ")).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn killed_at_random_moments_it_does_everything_once() {
    let stage = Stage::new(200).await;
    stage.faults(&["latency=1ms..10ms"]);
    let mut random = uuid::Uuid::new_v4().as_u128();
    let mut kills = 0;
    while kills < 12 {
        let mut child = command(&stage, "").spawn().unwrap();
        let begun = stage.sandbox.counters().calls;
        let calls = u64::try_from(random % 25).unwrap();
        random /= 25;
        while stage.sandbox.counters().calls < begun + 1 + calls {
            assert!(child.try_wait().unwrap().is_none(), "it ended before its {calls} calls");
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
    }
    assert!(stage.written().len() < 200, "all was done before the last kill");
    assert!(stage.written().is_subset(&stage.journaled_by_now("intent")));
    let summary = told(command(&stage, "").spawn().unwrap()).await;
    assert!(summary.starts_with("200 of 200 changes done;"), "{summary}");
    stage.is_done().await;
}

#[tokio::test]
async fn of_two_processes_the_second_refuses() {
    let stage = Stage::new(200).await;
    stage.sandbox.set_throttles(vec!["bucket:rate=400,burst=1".parse().unwrap()]);
    let first = command(&stage, "").spawn().unwrap();
    while stage.sandbox.counters().calls <= 200 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let second = told(command(&stage, "").spawn().unwrap()).await;
    assert!(second.contains("is in use; another process carries out this plan"), "{second}");
    let first = told(first).await;
    assert!(first.starts_with("200 of 200 changes done;"), "{first}");
    stage.is_done().await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_full_disk_stops_before_the_next_write() {
    let stage = Stage::new(300).await;
    // The plan fits, and a part of the lines, more than that of the changes at a time. The signal would kill the process, which a full disk does not.
    let header = serde_json::to_string(&stage.plan).unwrap().len() as u64;
    let blocks = (header + 150 * 120).div_ceil(512);
    let summary = told(command(&stage, &format!("trap '' XFSZ; ulimit -f {blocks};")).spawn().unwrap()).await;
    assert!(summary.contains("; stopped: the journal"), "{summary}");
    assert!(summary.contains("cannot be written; nothing more was sent: make room"), "{summary}");
    let written = stage.written();
    assert!((1..300).contains(&written.len()), "{}", written.len());
    assert!(written.is_subset(&stage.journaled("intent")), "what was sent has its intent");
    let done: usize = summary.split(' ').next().unwrap().parse().unwrap();
    assert_eq!(stage.journaled("done").len(), done);
    if done < written.len() {
        assert!(summary.contains(&format!("{} unknown", written.len() - done)), "{summary}");
    }
    let summary = stage.apply(Options::new()).await;
    assert!(summary.is_complete(), "{summary}");
    stage.is_done().await;
    // No room for the plan either.
    std::fs::remove_file(stage.journal()).unwrap();
    let calls = stage.sandbox.counters().calls;
    let error = told(command(&stage, "trap '' XFSZ; ulimit -f 1;").spawn().unwrap()).await;
    assert!(error.contains("cannot be written; nothing more was sent"), "{error}");
    assert_eq!(stage.sandbox.counters().calls, calls);
}
