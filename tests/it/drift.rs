//! The generated file is what the document asks for.

use std::fs;

use xtask::{Checkout, generate};

#[test]
fn generated_code_is_up_to_date() {
    let here = Checkout::here();
    if let Some(complaint) = generate::stale(&here.document(), &here.generated()).unwrap() {
        panic!("{complaint}");
    }
}

#[test]
fn every_run_gives_the_same_bytes() {
    let document = Checkout::here().document();
    let first = generate::generate(&document).unwrap();
    assert_eq!(first, generate::generate(&document).unwrap());
}

/// The complaint about a file in which one thing was edited by hand.
fn complaint_about(edit: impl FnOnce(String) -> String) -> String {
    let here = Checkout::here();
    let edited =
        std::env::temp_dir().join(format!("edited-{}-{:?}.rs", std::process::id(), std::thread::current().id()));
    fs::write(&edited, edit(fs::read_to_string(here.generated()).unwrap())).unwrap();
    let complaint = generate::stale(&here.document(), &edited).unwrap();
    fs::remove_file(&edited).unwrap();
    complaint.expect("an edited file is stale")
}

#[test]
fn a_deleted_line_is_shown() {
    let complaint = complaint_about(|code| code.replacen("    #[derive(\n", "", 1));
    assert!(complaint.contains("\n+    #[derive("), "{complaint}");
    assert!(complaint.ends_with("Run `cargo xtask generate` and commit both."), "{complaint}");
}

#[test]
fn an_edited_line_is_shown() {
    let complaint = complaint_about(|code| code.replacen("pub amount", "pub sum", 1));
    assert!(complaint.contains("-        pub sum"), "{complaint}");
    assert!(complaint.contains("+        pub amount"), "{complaint}");
}
