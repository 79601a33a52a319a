//! Modules that import each other in a circle.

use xtask::imports::circles;

use crate::folder::Folder;

/// The circles of a crate with these files.
fn circles_of(name: &str, files: &[(&str, &str)]) -> Vec<String> {
    let folder = Folder::new(name);
    for (file, text) in files {
        folder.file(file, text);
    }
    circles(&folder.0).unwrap()
}

#[test]
fn finds_circles_through_reexports_globs_and_paths() {
    let two = "  a imports b\n  b imports a";
    for (name, a, b, root) in [
        ("use", "use super::b::B; pub struct A;", "use crate::a::A; pub struct B;", ""),
        ("path", "fn a() -> crate::b::B {}", "pub struct B(super::a::A);", ""),
        ("reexport", "use crate::B; pub struct A;", "use crate::A; pub struct B;", "pub use a::A; pub use b::*;"),
        (
            "renamed",
            "use crate::{self as all, b::{B as C}}; pub struct A;",
            "use crate::Z; pub struct B;",
            "pub use a::A as Z;",
        ),
        ("macro", "macro_rules! m { () => { crate::b::B } } pub struct A;", "use crate::a::A; pub struct B;", ""),
        ("feature", "#[cfg(feature = \"x\")] use crate::b::B; pub struct A;", "use crate::a::A; pub struct B;", ""),
    ] {
        assert_eq!(circles_of(name, &[("lib.rs", root), ("a.rs", a), ("b.rs", b)]), [two], "{name}");
    }
}

#[test]
fn finds_a_circle_of_a_module_and_its_child() {
    let parent = "mod child; pub use child::Other; pub struct Parent; fn f() { child::g() }";
    let child = "use super::Parent; pub struct Other; pub fn g() {}";
    assert_eq!(
        circles_of("child", &[("lib.rs", ""), ("p.rs", parent), ("p/child.rs", child)]),
        ["  p imports p::child\n  p::child imports p"]
    );
}

#[test]
fn tests_comments_roots_and_generated_code_make_no_circle() {
    let files = [
        ("lib.rs", "pub use a::A; use b::B; pub const LIMIT: usize = 1;"),
        (
            "a.rs",
            "//! See [`crate::b::B`].\nuse crate::LIMIT; pub struct A; #[cfg(test)] mod tests { use crate::b::B; }",
        ),
        ("b.rs", "use crate::a::A; use crate::generated::G; pub struct B; #[cfg(test)] use crate::c::C;"),
        ("c.rs", "use crate::b::B; pub struct C; #[test] fn t() { crate::c::C; }"),
        ("generated.rs", "use crate::b::B; pub struct G;"),
        ("a/tests.rs", "use crate::b::B;"),
        ("bin/other.rs", "mod a; use a::A;"),
    ];
    assert_eq!(circles_of("none", &files), [""; 0]);
}
