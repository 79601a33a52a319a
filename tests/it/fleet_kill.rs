//! Processes that are killed, that run against each other, and whose disk is full.
//!
//! The processes are this test binary itself; an environment variable makes it apply a plan.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use partner_center_budgets::Client;
use partner_center_budgets::auth::FixedToken;
use partner_center_budgets_fleet::{ApplyOptions, Plan, apply};

use crate::fleet_fixture::{FleetFixture, assert_adds_up};
use crate::scripted_server::short_waits;

/// Environment variables for a child: the address of the service, the plan's file and the journal.
const URL: &str = "FLEET_CHILD_URL";
const PLAN: &str = "FLEET_CHILD_PLAN";
const JOURNAL: &str = "FLEET_CHILD_JOURNAL";

/// The child process. Does nothing in the test run itself.
#[tokio::test]
async fn child() {
    let Ok(url) = std::env::var(URL) else { return };
    let plan = std::fs::read_to_string(std::env::var(PLAN).unwrap()).unwrap();
    let plan: Plan = serde_json::from_str(&plan).unwrap();
    let client = Client::builder(FixedToken::new("sandbox")).base_url(url).retry(short_waits()).build().unwrap();
    let summary = match apply(&client, &plan, std::env::var(JOURNAL).unwrap(), ApplyOptions::new()).await {
        Ok(summary) => summary,
        Err(error) => return report(&error.to_string()),
    };
    assert_adds_up(&summary);
    report(&format!("{summary}; by source: {:?}", summary.stopped));
}

#[expect(clippy::print_stdout, reason = "it is read by the parent")]
fn report(text: &str) {
    println!("\nCHILD {text}");
}

/// The command that starts a child, behind a shell's `before`.
fn command(fixture: &FleetFixture, before: &str) -> Command {
    std::fs::write(fixture.path("plan"), serde_json::to_string(&fixture.plan).unwrap()).unwrap();
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(format!("{before} exec \"$0\" --exact fleet_kill::child --nocapture"));
    command.arg(std::env::current_exe().unwrap());
    command.env(URL, fixture.sandbox.base_url()).env(PLAN, fixture.path("plan")).env(JOURNAL, fixture.journal());
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Waits for a child without blocking the sandbox, and returns what it reported.
async fn report_of(child: Child) -> String {
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().find_map(|line| line.strip_prefix("CHILD ")).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn makes_each_change_once_although_it_is_killed_at_random() {
    let fixture = FleetFixture::new(200).await;
    fixture.faults(&["latency=1ms..10ms"]);
    let mut random = uuid::Uuid::new_v4().as_u128();
    let mut kills = 0;
    while kills < 12 {
        let mut child = command(&fixture, "").spawn().unwrap();
        let begun = fixture.sandbox.counters().calls;
        let calls = u64::try_from(random % 25).unwrap();
        random /= 25;
        while fixture.sandbox.counters().calls < begun + 1 + calls {
            assert!(child.try_wait().unwrap().is_none(), "it ended before its {calls} calls");
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
    }
    assert!(fixture.written().len() < 200, "all was done before the last kill");
    assert!(fixture.written().is_subset(&fixture.journaled_by_now("intent")));
    let summary = report_of(command(&fixture, "").spawn().unwrap()).await;
    assert!(summary.starts_with("200 of 200 changes done;"), "{summary}");
    fixture.assert_done().await;
}

#[tokio::test]
async fn refuses_a_journal_that_another_process_uses() {
    let fixture = FleetFixture::new(200).await;
    fixture.sandbox.set_throttles(vec!["bucket:rate=400,burst=1".parse().unwrap()]);
    let first = command(&fixture, "").spawn().unwrap();
    while fixture.sandbox.counters().calls <= 200 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let second = report_of(command(&fixture, "").spawn().unwrap()).await;
    assert!(second.contains("is in use: another process is applying its plan"), "{second}");
    let first = report_of(first).await;
    assert!(first.starts_with("200 of 200 changes done;"), "{first}");
    fixture.assert_done().await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_full_disk_stops_before_the_next_write() {
    let fixture = FleetFixture::new(300).await;
    // The plan fits, and a part of the lines, more than that of the changes at a time. The signal would kill the process, which a full disk does not.
    let header = serde_json::to_string(&fixture.plan).unwrap().len() as u64;
    let blocks = (header + 150 * 120).div_ceil(512);
    let summary = report_of(command(&fixture, &format!("trap '' XFSZ; ulimit -f {blocks};")).spawn().unwrap()).await;
    assert!(summary.contains("; stopped: the journal"), "{summary}");
    assert!(summary.contains("cannot be written; nothing more was sent: make room"), "{summary}");
    let written = fixture.written();
    assert!((1..300).contains(&written.len()), "{}", written.len());
    assert!(written.is_subset(&fixture.journaled("intent")), "every budget that was sent has its intent");
    let done: usize = summary.split(' ').next().unwrap().parse().unwrap();
    assert_eq!(fixture.journaled("done").len(), done);
    if done < written.len() {
        assert!(summary.contains(&format!("{} unknown", written.len() - done)), "{summary}");
    }
    let summary = fixture.apply(ApplyOptions::new()).await;
    assert!(summary.is_complete(), "{summary}");
    fixture.assert_done().await;
    // The plan does not fit either.
    std::fs::remove_file(fixture.journal()).unwrap();
    let calls = fixture.sandbox.counters().calls;
    let error = report_of(command(&fixture, "trap '' XFSZ; ulimit -f 1;").spawn().unwrap()).await;
    assert!(error.contains("cannot be written; nothing more was sent"), "{error}");
    assert_eq!(fixture.sandbox.counters().calls, calls);
}
