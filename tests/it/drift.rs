//! The generated file is up to date with the document.

use std::fs;

use xtask::{Workspace, generate, read_document};

#[test]
fn generated_code_is_up_to_date() {
    let here = Workspace::here();
    let document = read_document(&here.document()).unwrap();
    if let Some(differences) = generate::differences(&document, &here.generated()).unwrap() {
        panic!("{differences}");
    }
}

#[test]
fn generates_the_same_bytes_each_time() {
    let document = read_document(&Workspace::here().document()).unwrap();
    assert_eq!(generate::generate(&document).unwrap(), generate::generate(&document).unwrap());
}

/// The differences after an edit of the generated file.
fn differences_after(edit: impl FnOnce(String) -> String) -> String {
    let here = Workspace::here();
    let edited = tempfile::NamedTempFile::new().unwrap();
    fs::write(&edited, edit(fs::read_to_string(here.generated()).unwrap())).unwrap();
    let differences = generate::differences(&read_document(&here.document()).unwrap(), edited.path()).unwrap();
    differences.expect("an edited file is outdated")
}

#[test]
fn shows_a_deleted_line_and_the_command_to_run() {
    let differences = differences_after(|code| code.replacen("    #[derive(\n", "", 1));
    assert!(differences.contains("\n+    #[derive("), "{differences}");
    assert!(differences.ends_with("Run `cargo xtask generate` and commit both."), "{differences}");
}

#[test]
fn shows_an_edited_line() {
    let differences = differences_after(|code| code.replacen("pub amount", "pub sum", 1));
    assert!(differences.contains("-        pub sum"), "{differences}");
    assert!(differences.contains("+        pub amount"), "{differences}");
}
