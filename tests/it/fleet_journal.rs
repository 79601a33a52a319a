//! Journals that are torn, damaged, taken, or of something else.

use std::fs::{self, OpenOptions};
use std::io::Write;

use partner_center_budgets_fleet::{Current, Options, Plan, Stop, Want, Wish, apply, journaled_plan};

use crate::fleet_plan::{amount, customer};
use crate::fleet_stage::Stage;

/// The options of a run that accepts a damaged journal.
fn accepting() -> Options {
    Options::new().accept_damage(true)
}

/// Why a plan is not carried out.
async fn refused(stage: &Stage, plan: &Plan) -> String {
    let error = apply(&stage.client, plan, stage.journal(), Options::new()).await.unwrap_err();
    assert_eq!(error.path(), stage.journal());
    error.to_string().replace(stage.journal().to_str().unwrap(), "FILE")
}

#[tokio::test]
async fn a_journal_can_be_cut_off_anywhere() {
    let stage = Stage::new(6).await;
    assert!(stage.apply(Options::new()).await.is_complete());
    let whole = fs::read(stage.journal()).unwrap();
    let header = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let cuts = (0..header).step_by(197).chain((header - 1..whole.len()).step_by(11)).chain([whole.len()]);
    for cut in cuts {
        fs::write(stage.journal(), &whole[..cut]).unwrap();
        let summary = stage.apply(Options::new()).await;
        assert_eq!(summary.done + summary.already, 6, "{cut}: {summary:?}");
        // What is there now is whole.
        assert!(fs::read(stage.journal()).unwrap().starts_with(&whole[..header]));
        stage.lines("done");
    }
    stage.is_done().await;
}

#[tokio::test]
async fn zeros_and_half_lines_at_the_end_are_cut_off() {
    let stage = Stage::new(3).await;
    assert!(stage.apply(Options::new()).await.is_complete());
    let whole = fs::read(stage.journal()).unwrap();
    for end in [&b"\0\0\0\0"[..], b"{\"at\":\"2026", b"\0\0\0\n", b"\0\n{\"at\"", b"\n"] {
        fs::write(stage.journal(), [&whole, end].concat()).unwrap();
        assert_eq!(stage.apply(Options::new()).await.done, 3, "{end:?}");
        assert_eq!(fs::read(stage.journal()).unwrap(), whole, "{end:?}");
    }
}

#[tokio::test]
async fn damage_is_reported_by_line_and_stops_the_run_until_it_is_accepted() {
    let stage = Stage::new(6).await;
    assert!(stage.apply(Options::new()).await.is_complete());
    let whole = fs::read_to_string(stage.journal()).unwrap();
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
    // The last digit of the customer is changed: to another customer of the plan, or one of none.
    let customer = lines[done].split("\"customer\":\"").nth(1).unwrap().split('"').next().unwrap();
    let other = if customer.ends_with('1') { "2" } else { "1" };
    let other = format!("{}{other}", &customer[..customer.len() - 1]);
    for damaged in [
        with(done, &flipped(customer, &other)),
        with(done, &flipped(customer, "99999999-0000-0000-0000-000000000001")),
        with(done, &flipped("\"done\"", "\"xdone\"")),
        with(done, &flipped("\"sum\":\"", "\"sum\":\"0")),
        with(done, "{}"),
        // An intact line at another place.
        with(done, lines[done - 1]),
        without(done - 1),
    ] {
        fs::write(stage.journal(), &damaged).unwrap();
        let error = refused(&stage, &stage.plan).await;
        assert!(
            error.starts_with(&format!(
                "line {} of the journal FILE is damaged; nothing was sent",
                damaged_line(&lines, &damaged)
            )),
            "{error}"
        );
        assert!(error.contains("--accept-damage"), "{error}");
        assert_eq!(fs::read_to_string(stage.journal()).unwrap(), damaged, "the file is as it was");
        assert!(stage.apply(accepting()).await.is_complete());
        assert!(stage.apply(Options::new()).await.is_complete(), "the damage was accepted");
    }
    stage.is_done().await;
    assert!(stage.sandbox.counters().budget_writes.values().all(|count| *count == 1), "what is done is read back");
}

/// Number of the first line that differs.
fn damaged_line(lines: &[&str], damaged: &str) -> usize {
    1 + lines.iter().zip(damaged.lines()).position(|(line, damaged)| *line != damaged).unwrap()
}

#[tokio::test]
async fn a_change_that_a_damaged_journal_calls_done_is_still_made() {
    let stage = Stage::new(6).await;
    assert!(stage.apply(Options::new()).await.is_complete());
    let whole = fs::read_to_string(stage.journal()).unwrap();
    let header = whole.lines().next().unwrap().to_owned() + "\n";
    // The sandbox begins anew, so nothing is made; the journal has lines of done without an intent.
    let stage = Stage::new(6).await;
    let dones: String =
        whole.lines().filter(|line| line.contains("\"done\"")).map(|line| line.to_owned() + "\n").collect();
    let plan = journaled_of(&stage, &header);
    fs::write(stage.journal(), header + &dones).unwrap();
    let error = apply(&stage.client, &plan, stage.journal(), Options::new()).await.unwrap_err().to_string();
    assert!(error.contains("line 2 of the journal"), "{error}");
    assert!(stage.written().is_empty());
    let summary = apply(&stage.client, &plan, stage.journal(), accepting()).await.unwrap();
    assert!(summary.is_complete(), "{summary:?}");
    assert_eq!(stage.written().len(), 6);
}

/// The plan of a journal's first line.
fn journaled_of(stage: &Stage, header: &str) -> Plan {
    fs::write(stage.journal(), header).unwrap();
    journaled_plan(stage.journal()).unwrap().unwrap()
}

#[tokio::test]
async fn a_damaged_plan_is_refused() {
    let stage = Stage::new(6).await;
    assert!(stage.apply(Options::new()).await.is_complete());
    let whole = fs::read_to_string(stage.journal()).unwrap();
    let amount = whole.find("\"to\":").unwrap();
    let digit = amount + whole[amount..].find(|letter: char| letter.is_ascii_digit()).unwrap();
    let mut bytes = whole.into_bytes();
    bytes[digit] ^= 1;
    fs::write(stage.journal(), &bytes).unwrap();
    let error = journaled_plan(stage.journal()).unwrap_err().to_string();
    assert!(error.contains("line 1, which has the plan, is damaged"), "{error}");
    assert!(refused(&stage, &stage.plan).await.contains("line 1, which has the plan, is damaged"));
}

#[tokio::test]
async fn a_journal_is_of_one_plan() {
    let stage = Stage::new(6).await;
    assert_eq!(journaled_plan(stage.journal()).unwrap(), None);
    assert!(stage.apply(Options::new()).await.is_complete());
    assert_eq!(journaled_plan(stage.journal()).unwrap().as_ref(), Some(&stage.plan));
    let mut current = Current::new();
    current.set_budget(customer(1), None);
    let wish = Wish { line: 2, customer: customer(1), want: Want::Set(amount("3")) };
    let other = Plan::new([wish], &current);
    let before = fs::read(stage.journal()).unwrap();
    insta::assert_snapshot!(refused(&stage, &other).await, @"the journal FILE is of another plan; go on with the plan that is in it, or give the path of a new file");
    assert_eq!(fs::read(stage.journal()).unwrap(), before);
    assert!(!stage.written().is_empty() && stage.sandbox.counters().budget_writes.values().all(|count| *count == 1));
}

#[tokio::test]
async fn a_later_plan_with_the_same_changes_is_another_one() {
    let stage = Stage::new(1).await;
    assert!(stage.apply(Options::new()).await.is_complete());
    let [entry] = stage.plan.entries() else { panic!("{}", stage.plan) };
    // Somebody put the budget back, and the same sheet is to be carried out again.
    let mut current = Current::new();
    current.set_budget(customer(1), entry.from);
    let wish = Wish { line: entry.rows[0].line, customer: customer(1), want: entry.rows[0].want };
    let later = Plan::new([wish], &current);
    assert_eq!(later.fingerprint(), stage.plan.fingerprint());
    assert!(refused(&stage, &later).await.contains("is of another plan"));
    // The plan's file has the id, and so has the journal.
    let read: Plan = serde_json::from_str(&serde_json::to_string(&stage.plan).unwrap()).unwrap();
    assert_eq!(apply(&stage.client, &read, stage.journal(), Options::new()).await.unwrap().done, 1);
    let journaled = journaled_plan(stage.journal()).unwrap().unwrap();
    assert_eq!(journaled.id(), stage.plan.id());
    assert_eq!(apply(&stage.client, &journaled, stage.journal(), Options::new()).await.unwrap().done, 1);
}

#[cfg(unix)]
#[tokio::test]
async fn a_journal_that_loses_its_name_stops_the_run() {
    type Lose = fn(&std::path::Path);
    let replace: Lose = |path| {
        fs::copy(path, path.with_extension("copy")).unwrap();
        fs::rename(path.with_extension("copy"), path).unwrap();
    };
    let lose: [Lose; 3] =
        [|path| fs::remove_file(path).unwrap(), |path| fs::rename(path, path.with_extension("old")).unwrap(), replace];
    for lose in lose {
        let stage = Stage::new(300).await;
        stage.faults(&["latency=5ms..20ms"]);
        let (mut seen, path) = (0, stage.journal());
        let options = Options::new().on_report(move |_| {
            seen += 1;
            if seen == 20 {
                lose(&path);
            }
        });
        let summary = stage.apply(options).await;
        assert!(matches!(summary.stopped, Some(Stop::Journal(_))), "{summary:?}");
        let written = stage.written().len();
        assert!((20..300).contains(&written), "{written}");
        assert_eq!(summary.done + summary.unknown.len(), written, "{summary}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_is_refused_and_a_copy_is_made_private() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let stage = Stage::new(2).await;
    symlink(stage.path("elsewhere"), stage.journal()).unwrap();
    let error = refused(&stage, &stage.plan).await;
    assert_eq!(error, "the journal FILE is a symbolic link; give the path of the file itself");
    assert!(!stage.path("elsewhere").exists());
    fs::remove_file(stage.journal()).unwrap();
    assert!(stage.apply(Options::new()).await.is_complete());
    let mode = || fs::metadata(stage.journal()).unwrap().permissions().mode() & 0o777;
    fs::set_permissions(stage.journal(), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(stage.apply(Options::new()).await.is_complete());
    assert_eq!(mode(), 0o600);
    // Another file is none of its business.
    fs::write(stage.journal(), "customer,amount\n").unwrap();
    fs::set_permissions(stage.journal(), fs::Permissions::from_mode(0o644)).unwrap();
    refused(&stage, &stage.plan).await;
    assert_eq!(mode(), 0o644);
}

#[tokio::test]
async fn another_file_is_left_alone() {
    let stage = Stage::new(3).await;
    for text in [
        "customer,amount\n1,2\n",
        "customer;amount",
        "{}",
        "\0\0\0",
        "{\"journal\":2 }",
        "{\"journal\":1,\"plan\":{}}\n",
        "[]\n",
    ] {
        fs::write(stage.journal(), text).unwrap();
        let error = refused(&stage, &stage.plan).await;
        assert!(error.contains("FILE is not a journal that can be read"), "{error}");
        assert_eq!(fs::read_to_string(stage.journal()).unwrap(), text);
        assert!(journaled_plan(stage.journal()).is_err(), "{text}");
    }
    fs::remove_file(stage.journal()).unwrap();
    fs::create_dir(stage.journal()).unwrap();
    assert!(refused(&stage, &stage.plan).await.contains("cannot be opened"));
    assert!(stage.written().is_empty());
}

#[tokio::test]
async fn a_journal_is_of_one_partner() {
    let stage = Stage::new(2).await;
    let plan = stage.plan.clone().for_partner("contoso");
    assert!(apply(&stage.client, &plan, stage.journal(), Options::new()).await.unwrap().is_complete());
    assert_eq!(journaled_plan(stage.journal()).unwrap().unwrap().partner(), Some("contoso"));
    for other in [stage.plan.clone(), stage.plan.clone().for_partner("fabrikam")] {
        assert!(refused(&stage, &other).await.contains("is of another plan"));
    }
}

#[tokio::test]
async fn a_header_that_a_crash_tore_is_begun_anew() {
    let stage = Stage::new(3).await;
    // A sheet is planned again, so the plan that was torn was another one.
    for torn in ["", "{", "{\"journal\":", "{\"journal\":2,\"plan\":{\"version\":1,\"id\":\"00000000"] {
        fs::write(stage.journal(), torn).unwrap();
        assert_eq!(journaled_plan(stage.journal()).unwrap(), None, "{torn}");
        assert!(stage.apply(Options::new()).await.is_complete(), "{torn}");
        assert_eq!(journaled_plan(stage.journal()).unwrap().as_ref(), Some(&stage.plan), "{torn}");
    }
    // Nothing is sent before the line end is there.
    let header = fs::read_to_string(stage.journal()).unwrap().lines().next().unwrap().to_owned();
    fs::write(stage.journal(), header).unwrap();
    assert_eq!(journaled_plan(stage.journal()).unwrap(), None);
    assert!(stage.apply(Options::new()).await.is_complete());
    assert!(stage.sandbox.counters().budget_writes.values().all(|count| *count == 1), "what was done is found done");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_is_no_file_is_refused() {
    let stage = Stage::new(3).await;
    for device in ["/dev/zero", "/dev/full"] {
        let error = journaled_plan(device).unwrap_err();
        assert!(error.to_string().contains("cannot be read"), "{error}");
    }
    let pipe = stage.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert!(journaled_plan(&pipe).is_err(), "nothing waits for a writer");
    assert!(apply(&stage.client, &stage.plan, &pipe, Options::new()).await.is_err());
    let error = apply(&stage.client, &stage.plan, "/dev/full", Options::new()).await.unwrap_err();
    assert_eq!(error.to_string(), "the journal /dev/full is not a regular file; give the path of a file");
    let error = apply(&stage.client, &stage.plan, "/nowhere/journal", Options::new()).await.unwrap_err();
    assert!(error.to_string().contains("check that its folder exists"), "{error}");
}

#[tokio::test]
async fn the_second_who_opens_a_journal_is_refused() {
    let stage = Stage::new(6).await;
    assert!(stage.apply(Options::new()).await.is_complete());
    // Another process is shown with the ones that are killed; a lock is of an open file, so one process will do.
    let other = OpenOptions::new().append(true).open(stage.journal()).unwrap();
    other.lock().unwrap();
    insta::assert_snapshot!(refused(&stage, &stage.plan).await, @"the journal FILE is in use; another process carries out this plan: wait for its end");
    drop(other);
    assert!(stage.apply(Options::new()).await.is_complete());
}

#[cfg(unix)]
#[tokio::test]
async fn a_journal_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let stage = Stage::new(2).await;
    assert!(stage.apply(Options::new()).await.is_complete());
    assert_eq!(fs::metadata(stage.journal()).unwrap().permissions().mode() & 0o777, 0o600);
    // One that lost its last line end is a torn one.
    OpenOptions::new().append(true).open(stage.journal()).unwrap().write_all(b"x").unwrap();
    assert_eq!(stage.apply(Options::new()).await.done, 2);
}
