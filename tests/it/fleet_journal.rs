//! Journals that are torn, damaged, locked, or belong to something else.

use std::fs::{self, File, OpenOptions};
use std::io::Write;

use partner_center_budgets_fleet::{
    ApplyOptions, CurrentBudgets, DesiredBudget, Plan, StopReason, Target, apply, is_journal_complete, journaled_plan,
};

use crate::fleet_fixture::FleetFixture;
use crate::fleet_plan::{amount, customer};

/// The options of a run that accepts a damaged journal.
fn accepting() -> ApplyOptions {
    ApplyOptions::new().accept_damage(true)
}

/// Why a plan is not applied.
async fn refused(fixture: &FleetFixture, plan: &Plan) -> String {
    let error = apply(&fixture.client, plan, fixture.journal(), ApplyOptions::new()).await.unwrap_err();
    assert_eq!(error.path(), fixture.journal());
    error.to_string().replace(fixture.journal().to_str().unwrap(), "FILE")
}

#[tokio::test]
async fn resumes_a_journal_that_is_cut_off_anywhere() {
    let fixture = FleetFixture::new(6).await;
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
    let whole = fs::read(fixture.journal()).unwrap();
    let header = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let cuts = (0..header).step_by(197).chain((header - 1..whole.len()).step_by(11)).chain([whole.len()]);
    for cut in cuts {
        fs::write(fixture.journal(), &whole[..cut]).unwrap();
        let summary = fixture.apply(ApplyOptions::new()).await;
        assert_eq!(summary.done + summary.already_set, 6, "{cut}: {summary:?}");
        // The journal is complete again.
        assert!(fs::read(fixture.journal()).unwrap().starts_with(&whole[..header]));
        fixture.lines("done");
    }
    fixture.assert_done().await;
}

#[tokio::test]
async fn a_journal_is_complete_if_it_is_intact_and_all_changes_are_finished() {
    let fixture = FleetFixture::new(3).await;
    let is_complete = || is_journal_complete(&File::open(fixture.journal()).unwrap());
    fixture.faults(&["status=400,code=2000@update_usage_budget:first=1"]);
    assert_eq!(fixture.apply(ApplyOptions::new()).await.failed.len(), 1);
    assert!(!is_complete());
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
    assert!(is_complete());
    let whole = fs::read_to_string(fixture.journal()).unwrap();
    for damaged in [&whole[..0], &whole[..20], &whole.replacen("\"done\"", "\"xdone\"", 1)] {
        fs::write(fixture.journal(), damaged).unwrap();
        assert!(!is_complete(), "{damaged}");
    }
}

#[tokio::test]
async fn reads_large_plans_and_long_records_back() {
    let fixture = FleetFixture::new(1).await;
    let wishes = (1..=8000).map(|number| {
        let target = Target::Set(amount("2500.50"));
        DesiredBudget { line: u64::from(number) + 1, customer: customer(number), target }
    });
    let mut current = CurrentBudgets::new();
    (1..=8000).for_each(|number| current.set_budget(customer(number), None));
    let plan = Plan::new(wishes, &current);
    let stopped = ApplyOptions::new().cancel_when(std::future::ready(()));
    assert_eq!(apply(&fixture.client, &plan, fixture.path("large"), stopped).await.unwrap().not_reached, 8000);
    assert!(fs::metadata(fixture.path("large")).unwrap().len() > 1024 * 1024);
    assert_eq!(journaled_plan(fixture.path("large")).unwrap(), Some(plan));
    assert!(fixture.apply(ApplyOptions::new().actor("a".repeat(3000))).await.is_complete());
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
}

#[tokio::test]
async fn cuts_off_zeros_and_incomplete_lines_at_the_end() {
    let fixture = FleetFixture::new(3).await;
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
    let whole = fs::read(fixture.journal()).unwrap();
    for end in [&b"\0\0\0\0"[..], b"{\"at\":\"2026", b"\0\0\0\n", b"\0\n{\"at\"", b"\n"] {
        fs::write(fixture.journal(), [&whole, end].concat()).unwrap();
        assert_eq!(fixture.apply(ApplyOptions::new()).await.done, 3, "{end:?}");
        assert_eq!(fs::read(fixture.journal()).unwrap(), whole, "{end:?}");
    }
}

#[tokio::test]
async fn damage_is_reported_by_line_and_stops_the_run_until_it_is_accepted() {
    let fixture = FleetFixture::new(6).await;
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
    let whole = fs::read_to_string(fixture.journal()).unwrap();
    let lines: Vec<_> = whole.lines().collect();
    let done = lines.iter().rposition(|line| line.contains("\"done\"")).unwrap();
    let with = |at: usize, line: &str| {
        let mut lines = lines.clone();
        lines[at] = line;
        lines.join("\n") + "\n"
    };
    let without = |at: usize| {
        let mut lines = lines.clone();
        lines.remove(at);
        lines.join("\n") + "\n"
    };
    let flipped = |from: &str, to: &str| lines[done].replacen(from, to, 1);
    // Change the last digit of the customer: to another customer of the plan, or to an unknown one.
    let customer = lines[done].split("\"customer\":\"").nth(1).unwrap().split('"').next().unwrap();
    let other = if customer.ends_with('1') { "2" } else { "1" };
    let other = format!("{}{other}", &customer[..customer.len() - 1]);
    for damaged in [
        with(done, &flipped(customer, &other)),
        with(done, &flipped(customer, "99999999-0000-0000-0000-000000000001")),
        with(done, &flipped("\"done\"", "\"xdone\"")),
        with(done, &flipped("\"sum\":\"", "\"sum\":\"0")),
        with(done, "{}"),
        // An intact line at another position.
        with(done, lines[done - 1]),
        without(done - 1),
    ] {
        fs::write(fixture.journal(), &damaged).unwrap();
        let error = refused(&fixture, &fixture.plan).await;
        assert!(
            error.starts_with(&format!(
                "line {} of the journal FILE is damaged; nothing was sent",
                damaged_line(&lines, &damaged)
            )),
            "{error}"
        );
        assert!(error.contains("ApplyOptions::accept_damage"), "{error}");
        assert_eq!(fs::read_to_string(fixture.journal()).unwrap(), damaged, "the file is unchanged");
        assert!(fixture.apply(accepting()).await.is_complete());
        assert!(fixture.apply(ApplyOptions::new()).await.is_complete(), "the damage was accepted");
    }
    fixture.assert_done().await;
    assert!(
        fixture.sandbox.counters().budget_writes.values().all(|count| *count == 1),
        "finished changes are read back"
    );
}

/// Number of the first line that differs.
fn damaged_line(lines: &[&str], damaged: &str) -> usize {
    1 + lines.iter().zip(damaged.lines()).position(|(line, damaged)| *line != damaged).unwrap()
}

#[tokio::test]
async fn makes_a_change_that_is_done_without_an_intent_in_a_damaged_journal() {
    let fixture = FleetFixture::new(6).await;
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
    let whole = fs::read_to_string(fixture.journal()).unwrap();
    let header = whole.lines().next().unwrap().to_owned() + "\n";
    // In a new sandbox no change is made, but the journal has `done` without an intent.
    let fixture = FleetFixture::new(6).await;
    let dones: String =
        whole.lines().filter(|line| line.contains("\"done\"")).map(|line| line.to_owned() + "\n").collect();
    let plan = journaled_of(&fixture, &header);
    fs::write(fixture.journal(), header + &dones).unwrap();
    let error = apply(&fixture.client, &plan, fixture.journal(), ApplyOptions::new()).await.unwrap_err().to_string();
    assert!(error.contains("line 2 of the journal"), "{error}");
    assert!(fixture.written().is_empty());
    let summary = apply(&fixture.client, &plan, fixture.journal(), accepting()).await.unwrap();
    assert!(summary.is_complete(), "{summary:?}");
    assert_eq!(fixture.written().len(), 6);
}

/// The plan of a journal's first line.
fn journaled_of(fixture: &FleetFixture, header: &str) -> Plan {
    fs::write(fixture.journal(), header).unwrap();
    journaled_plan(fixture.journal()).unwrap().unwrap()
}

#[tokio::test]
async fn refuses_a_journal_with_a_damaged_plan() {
    let fixture = FleetFixture::new(6).await;
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
    let whole = fs::read_to_string(fixture.journal()).unwrap();
    let amount = whole.find("\"to\":").unwrap();
    let digit = amount + whole[amount..].find(|letter: char| letter.is_ascii_digit()).unwrap();
    let mut bytes = whole.into_bytes();
    bytes[digit] ^= 1;
    fs::write(fixture.journal(), &bytes).unwrap();
    let error = journaled_plan(fixture.journal()).unwrap_err().to_string();
    assert!(error.contains("the checksum of line 1 is wrong"), "{error}");
    assert!(refused(&fixture, &fixture.plan).await.contains("the checksum of line 1 is wrong"));
}

#[tokio::test]
async fn refuses_the_journal_of_another_plan() {
    let fixture = FleetFixture::new(6).await;
    assert_eq!(journaled_plan(fixture.journal()).unwrap(), None);
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
    assert_eq!(journaled_plan(fixture.journal()).unwrap().as_ref(), Some(&fixture.plan));
    let mut current = CurrentBudgets::new();
    current.set_budget(customer(1), None);
    let wish = DesiredBudget { line: 2, customer: customer(1), target: Target::Set(amount("3")) };
    let other = Plan::new([wish], &current);
    let before = fs::read(fixture.journal()).unwrap();
    insta::assert_snapshot!(refused(&fixture, &other).await, @"the journal FILE belongs to another plan; nothing was sent: resume with the plan in the journal, or give the path of a new file");
    assert_eq!(fs::read(fixture.journal()).unwrap(), before);
    assert!(
        !fixture.written().is_empty() && fixture.sandbox.counters().budget_writes.values().all(|count| *count == 1)
    );
}

#[tokio::test]
async fn refuses_the_journal_of_an_earlier_plan_with_the_same_changes() {
    let fixture = FleetFixture::new(1).await;
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
    let [entry] = fixture.plan.entries() else { panic!("{}", fixture.plan) };
    // The budget was set back, and the same sheet is applied again.
    let mut current = CurrentBudgets::new();
    current.set_budget(customer(1), entry.from);
    let wish = DesiredBudget { line: entry.rows[0].line, customer: customer(1), target: entry.rows[0].target };
    let later = Plan::new([wish], &current);
    assert_eq!(later.fingerprint(), fixture.plan.fingerprint());
    assert!(refused(&fixture, &later).await.contains("belongs to another plan"));
    // The plan's file and the journal have the id.
    let read: Plan = serde_json::from_str(&serde_json::to_string(&fixture.plan).unwrap()).unwrap();
    assert_eq!(apply(&fixture.client, &read, fixture.journal(), ApplyOptions::new()).await.unwrap().done, 1);
    let journaled = journaled_plan(fixture.journal()).unwrap().unwrap();
    assert_eq!(journaled.id(), fixture.plan.id());
    assert_eq!(apply(&fixture.client, &journaled, fixture.journal(), ApplyOptions::new()).await.unwrap().done, 1);
}

#[cfg(unix)]
#[tokio::test]
async fn a_journal_that_is_deleted_or_moved_stops_the_run() {
    type Lose = fn(&std::path::Path);
    let replace: Lose = |path| {
        fs::copy(path, path.with_extension("copy")).unwrap();
        fs::rename(path.with_extension("copy"), path).unwrap();
    };
    let lose: [Lose; 3] =
        [|path| fs::remove_file(path).unwrap(), |path| fs::rename(path, path.with_extension("old")).unwrap(), replace];
    for lose in lose {
        let fixture = FleetFixture::new(300).await;
        fixture.faults(&["latency=5ms..20ms"]);
        let (mut seen, path) = (0, fixture.journal());
        let options = ApplyOptions::new().on_report(move |_| {
            seen += 1;
            if seen == 20 {
                lose(&path);
            }
        });
        let summary = fixture.apply(options).await;
        assert!(matches!(summary.stopped, Some(StopReason::Journal(_))), "{summary:?}");
        let written = fixture.written().len();
        assert!((20..300).contains(&written), "{written}");
        assert_eq!(summary.done + summary.unknown.len(), written, "{summary}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn refuses_a_symbolic_link_and_makes_a_copied_journal_private() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let fixture = FleetFixture::new(2).await;
    symlink(fixture.path("elsewhere"), fixture.journal()).unwrap();
    let error = refused(&fixture, &fixture.plan).await;
    assert_eq!(error, "the journal FILE is a symbolic link; nothing was sent: give the path of the file itself");
    assert!(!fixture.path("elsewhere").exists());
    fs::remove_file(fixture.journal()).unwrap();
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
    let mode = || fs::metadata(fixture.journal()).unwrap().permissions().mode() & 0o777;
    fs::set_permissions(fixture.journal(), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
    assert_eq!(mode(), 0o600);
    // The mode of another file stays.
    fs::write(fixture.journal(), "customer,amount\n").unwrap();
    fs::set_permissions(fixture.journal(), fs::Permissions::from_mode(0o644)).unwrap();
    refused(&fixture, &fixture.plan).await;
    assert_eq!(mode(), 0o644);
}

#[tokio::test]
async fn does_not_change_a_file_that_is_not_a_journal() {
    let fixture = FleetFixture::new(3).await;
    for text in [
        "customer,amount\n1,2\n",
        "customer;amount",
        "{}",
        "\0\0\0",
        "{\"journal\":2 }",
        "{\"journal\":1,\"plan\":{}}\n",
        "[]\n",
    ] {
        fs::write(fixture.journal(), text).unwrap();
        let error = refused(&fixture, &fixture.plan).await;
        let expected = if text.contains("journal") { "the journal FILE has version" } else { "FILE is not a journal" };
        assert!(error.contains(expected), "{error}");
        assert_eq!(fs::read_to_string(fixture.journal()).unwrap(), text);
        assert!(journaled_plan(fixture.journal()).is_err(), "{text}");
    }
    fs::remove_file(fixture.journal()).unwrap();
    fs::create_dir(fixture.journal()).unwrap();
    assert!(refused(&fixture, &fixture.plan).await.contains("cannot be opened"));
    assert!(fixture.written().is_empty());
}

#[tokio::test]
async fn refuses_the_journal_of_another_partner() {
    let fixture = FleetFixture::new(2).await;
    let plan = fixture.plan.clone().for_partner("contoso");
    assert!(apply(&fixture.client, &plan, fixture.journal(), ApplyOptions::new()).await.unwrap().is_complete());
    assert_eq!(journaled_plan(fixture.journal()).unwrap().unwrap().partner(), Some("contoso"));
    for other in [fixture.plan.clone(), fixture.plan.clone().for_partner("fabrikam")] {
        assert!(refused(&fixture, &other).await.contains("belongs to another plan"));
    }
}

#[tokio::test]
async fn starts_anew_after_a_torn_header() {
    let fixture = FleetFixture::new(3).await;
    // The torn header had another plan, because the sheet was planned again.
    for torn in ["", "{", "{\"journal\":", "{\"journal\":3,\"plan\":{\"version\":2,\"id\":\"00000000"] {
        fs::write(fixture.journal(), torn).unwrap();
        assert_eq!(journaled_plan(fixture.journal()).unwrap(), None, "{torn}");
        assert!(fixture.apply(ApplyOptions::new()).await.is_complete(), "{torn}");
        assert_eq!(journaled_plan(fixture.journal()).unwrap().as_ref(), Some(&fixture.plan), "{torn}");
    }
    // Nothing was sent before the line feed of the header was written.
    let header = fs::read_to_string(fixture.journal()).unwrap().lines().next().unwrap().to_owned();
    fs::write(fixture.journal(), header).unwrap();
    assert_eq!(journaled_plan(fixture.journal()).unwrap(), None);
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
    assert!(fixture.sandbox.counters().budget_writes.values().all(|count| *count == 1), "the changes are found done");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn refuses_devices_and_pipes() {
    let fixture = FleetFixture::new(3).await;
    for device in ["/dev/zero", "/dev/full"] {
        let error = journaled_plan(device).unwrap_err();
        assert!(error.to_string().contains("cannot be read"), "{error}");
    }
    let pipe = fixture.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert!(journaled_plan(&pipe).is_err(), "it does not wait for a writer");
    assert!(apply(&fixture.client, &fixture.plan, &pipe, ApplyOptions::new()).await.is_err());
    let error = apply(&fixture.client, &fixture.plan, "/dev/full", ApplyOptions::new()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the journal /dev/full is not a regular file; nothing was sent: give the path of a file"
    );
    let error = apply(&fixture.client, &fixture.plan, "/nowhere/journal", ApplyOptions::new()).await.unwrap_err();
    assert!(error.to_string().contains("check that its folder exists"), "{error}");
}

#[tokio::test]
async fn refuses_a_locked_journal() {
    let fixture = FleetFixture::new(6).await;
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
    // A lock belongs to an open file, so one process is enough here; `fleet_kill` uses two.
    let other = OpenOptions::new().append(true).open(fixture.journal()).unwrap();
    other.lock().unwrap();
    insta::assert_snapshot!(refused(&fixture, &fixture.plan).await, @"the journal FILE is in use: another process is applying its plan; nothing was sent: wait until that process ends");
    drop(other);
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_a_journal() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = FleetFixture::new(2).await;
    assert!(fixture.apply(ApplyOptions::new()).await.is_complete());
    assert_eq!(fs::metadata(fixture.journal()).unwrap().permissions().mode() & 0o777, 0o600);
    // A line without a line feed is torn.
    OpenOptions::new().append(true).open(fixture.journal()).unwrap().write_all(b"x").unwrap();
    assert_eq!(fixture.apply(ApplyOptions::new()).await.done, 2);
}
