//! Journals that are torn, damaged, taken, or of something else.

use std::fs::{self, OpenOptions};
use std::io::Write;

use partner_center_budgets::Error;
use partner_center_budgets::fleet::{Current, Options, Plan, Want, Wish, apply, journaled_plan};

use crate::fleet_plan::{amount, customer};
use crate::fleet_stage::Stage;

/// Why a plan is not carried out.
async fn refused(stage: &Stage, plan: &Plan) -> String {
    let error = apply(&stage.client, plan, stage.journal(), Options::new()).await.unwrap_err();
    assert!(matches!(error, Error::Journal { .. }), "{error:?}");
    error.to_string().replace(stage.journal().to_str().unwrap(), "FILE")
}

#[tokio::test]
async fn a_journal_can_be_cut_off_anywhere() {
    let stage = Stage::new(6).await;
    stage.apply(Options::new()).await;
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
    stage.apply(Options::new()).await;
    let whole = fs::read(stage.journal()).unwrap();
    for end in [&b"\0\0\0\0"[..], b"{\"at\":\"2026", b"\0\0\0\n", b"\0\n{\"at\"", b"\n"] {
        fs::write(stage.journal(), [&whole, end].concat()).unwrap();
        assert_eq!(stage.apply(Options::new()).await.done, 3, "{end:?}");
        assert_eq!(fs::read(stage.journal()).unwrap(), whole, "{end:?}");
    }
    fs::write(stage.journal(), [0; 5000]).unwrap();
    assert_eq!(stage.apply(Options::new()).await.already, 3);
}

#[tokio::test]
async fn a_damaged_line_is_told_with_its_number() {
    let stage = Stage::new(6).await;
    stage.apply(Options::new()).await;
    let whole = fs::read_to_string(stage.journal()).unwrap();
    for (before, after) in [(r#""event":""#, r#""event":"x"#), ("00000000-0000", "99999999-0000"), ("{", "\0")] {
        let mut lines: Vec<_> = whole.lines().map(str::to_owned).collect();
        lines[4] = lines[4].replace(before, after);
        let damaged = lines.join("\n") + "\n";
        fs::write(stage.journal(), &damaged).unwrap();
        let error = refused(&stage, &stage.plan).await;
        assert!(
            error.starts_with("line 5 of the journal FILE is damaged; nothing was sent: delete the line"),
            "{error}"
        );
        assert_eq!(fs::read_to_string(stage.journal()).unwrap(), damaged, "the file is as it was");
        // The advice is good.
        lines.remove(4);
        fs::write(stage.journal(), lines.join("\n") + "\n").unwrap();
        assert!(stage.apply(Options::new()).await.is_complete());
    }
    stage.is_done().await;
}

#[tokio::test]
async fn a_journal_is_of_one_plan() {
    let stage = Stage::new(6).await;
    assert_eq!(journaled_plan(stage.journal()).unwrap(), None);
    stage.apply(Options::new()).await;
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
async fn another_file_is_left_alone() {
    let stage = Stage::new(3).await;
    for text in ["customer,amount\n1,2\n", "customer;amount", "{}", "{\"journal\":2,\"plan\":{}}\n", "[]\n"] {
        fs::write(stage.journal(), text).unwrap();
        let error = refused(&stage, &stage.plan).await;
        assert!(error.contains("FILE is no journal that can be read"), "{error}");
        assert_eq!(fs::read_to_string(stage.journal()).unwrap(), text);
        assert!(text == "{}" || journaled_plan(stage.journal()).is_err());
    }
    fs::remove_file(stage.journal()).unwrap();
    fs::create_dir(stage.journal()).unwrap();
    assert!(refused(&stage, &stage.plan).await.contains("cannot be opened"));
    assert!(stage.written().is_empty());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_is_no_file_is_refused() {
    let stage = Stage::new(3).await;
    let error = apply(&stage.client, &stage.plan, "/dev/full", Options::new()).await.unwrap_err();
    assert_eq!(error.to_string(), "the journal /dev/full is no file; give the path of a file");
    let error = apply(&stage.client, &stage.plan, "/nowhere/journal", Options::new()).await.unwrap_err();
    assert!(error.to_string().contains("check that its folder exists"), "{error}");
}

#[tokio::test]
async fn the_second_who_opens_a_journal_is_refused() {
    let stage = Stage::new(6).await;
    stage.apply(Options::new()).await;
    // Another process is shown with the ones that are killed; a lock is of an open file, so one process will do.
    let other = OpenOptions::new().append(true).open(stage.journal()).unwrap();
    other.lock().unwrap();
    insta::assert_snapshot!(refused(&stage, &stage.plan).await, @"the journal FILE is in use; another process carries out this plan: wait for its end");
    drop(other);
    stage.apply(Options::new()).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_journal_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let stage = Stage::new(2).await;
    stage.apply(Options::new()).await;
    assert_eq!(fs::metadata(stage.journal()).unwrap().permissions().mode() & 0o777, 0o600);
    // One that lost its last line end is a torn one.
    OpenOptions::new().append(true).open(stage.journal()).unwrap().write_all(b"x").unwrap();
    assert_eq!(stage.apply(Options::new()).await.done, 2);
}
