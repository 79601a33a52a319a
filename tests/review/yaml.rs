//! YAML as real documents have it: merge keys, tags, tabs, flow style, missing values, and other encodings.

use openapi_review::document::{Document, Folder, Node};
use serde_json::{Value, json};

fn parsed(rest: &str) -> Document {
    Document::parse("api.yaml", &format!("openapi: 3.0.3\n{rest}")).unwrap_or_else(|problem| panic!("{problem}"))
}

/// The value of `a` as JSON.
fn a(rest: &str) -> Value {
    parsed(rest).root().get("a").map(Node::to_json).unwrap_or_default()
}

fn warnings(document: &Document) -> Vec<String> {
    document.warnings().iter().map(ToString::to_string).collect()
}

#[test]
fn merge_keys_add_the_keys_that_a_map_lacks() {
    let shared = "s: &s {x: 1, y: {z: 2}}\nt: &t {x: 3, w: 4}\n";
    for (map, merged) in [
        ("{<<: *s}", json!({"x": 1, "y": {"z": 2}})),
        ("{<<: *s, x: 9}", json!({"x": 9, "y": {"z": 2}})),
        ("{x: 9, <<: *s}", json!({"x": 9, "y": {"z": 2}})),
        ("{<<: [*s, *t]}", json!({"x": 1, "y": {"z": 2}, "w": 4})),
        ("{<<: [*t, *s]}", json!({"x": 3, "y": {"z": 2}, "w": 4})),
        ("{<<: {x: 5, <<: *s}, v: 6}", json!({"v": 6, "x": 5, "y": {"z": 2}})),
        ("{<<: , x: 1}", json!({"x": 1})),
        ("{y: {<<: *t, <<x: 1}}", json!({"y": {"x": 3, "w": 4, "<<x": 1}})),
        ("{'<<': *s}", json!({"<<": {"x": 1, "y": {"z": 2}}})),
        ("[<<, {<<: *t}]", json!(["<<", {"x": 3, "w": 4}])),
    ] {
        assert_eq!(a(&format!("{shared}a: {map}")), merged, "{map}");
    }
    // A merged map has merge keys itself, and is large enough to be searched by an index.
    let large = (0..40).map(|n| format!("k{n}: {n}, ")).collect::<String>();
    let document = parsed(&format!("s: &s {{{large}}}\nt: &t {{<<: *s, k7: x}}\na: {{<<: *t, k8: y}}"));
    let found = ["k0", "k7", "k8", "k39"].map(|key| document.root().at(&format!("/a/{key}")).unwrap().to_json());
    assert_eq!(found, [json!(0), json!("x"), json!("y"), json!(39)]);
}

#[test]
fn merged_keys_have_the_position_of_the_anchored_map() {
    let document = parsed("s: &s\n  x: 1\na:\n  <<: *s\n  y: 2\nb: {c: 3}\n");
    let position = |pointer: &str| {
        let node = document.root().at(pointer).unwrap();
        assert_eq!(node.pointer(), pointer);
        (node.line(), node.column())
    };
    assert_eq!(["/a", "/a/x", "/a/y", "/b/c"].map(position), [(4, 1), (3, 3), (6, 3), (7, 5)]);
}

#[test]
fn merge_keys_of_a_bomb_are_refused() {
    let bomb: String = (1..9)
        .map(|n| format!("a{n}: &a{n} {{{}}}\n", (0..10).map(|k| format!("k{k}: *a{}, ", n - 1)).collect::<String>()))
        .collect();
    let text = format!("openapi: 3.0.3\na0: &a0 {{x: 1}}\n{bomb}b: {{<<: *a8}}");
    let problem = Document::parse("api", &text).unwrap_err().to_string();
    assert!(problem.contains("aliases add more than 1000000 nodes"), "{problem}");
}

#[test]
fn standard_tags_decide_about_the_type_of_a_value() {
    assert_eq!(
        a("a: [!!str 1, !!str true, !!float 1.0, !!int 3, !!int '4', !!bool true, !!null , !!binary aGk=, ! 5]"),
        json!(["1", "true", 1.0, 3, 4, true, null, "aGk=", "5"])
    );
    assert_eq!(
        a("a: !!map {b: !!seq [!!timestamp 2026-01-01], !!str c: !!set {d}}"),
        json!({"b": ["2026-01-01"], "c": {"d": null}})
    );
    assert_eq!(warnings(&parsed("a: !!float 1.0")), Vec::<String>::new());
}

#[test]
fn a_tag_without_a_meaning_is_a_warning() {
    let document = parsed("a: !foo b\nc: [!foo d, !bar {e: 1}]");
    assert_eq!(document.root().get("a").unwrap().text(), Some("b"));
    assert_eq!(document.root().at("/c/1/e").unwrap().to_json(), json!(1));
    assert_eq!(
        warnings(&document),
        [
            "api.yaml:2:4: the tag `!foo` has no meaning in OpenAPI: ignored (2 times)",
            "api.yaml:3:13: the tag `!bar` has no meaning in OpenAPI: ignored"
        ]
    );
}

#[test]
fn tabs_may_separate_but_not_indent() {
    assert_eq!(a("a:\tb"), json!("b"));
    assert_eq!(a("a:\t{b:\tc,\td: [1,\t2]}\t# e"), json!({"b": "c", "d": [1, 2]}));
    assert_eq!(a("a:\n- \tb\n-\tc\n\t\nd: 1"), json!(["b", "c"]));
    let problem = Document::parse("api", "openapi: 3.0.3\na:\n\tb: 1").unwrap_err().to_string();
    assert!(problem.starts_with("api:3:") && problem.contains("tab"), "{problem}");
}

#[test]
fn yaml_in_flow_style_may_have_quoted_keys() {
    let text = "{\"openapi\": 3.0.3, \"info\": {title: T, \"version\":1}, paths: {}, 'x': [a, \"b\"], # c\n}";
    let document = Document::parse("api.yaml", text).unwrap();
    assert_eq!(
        document.root().to_json(),
        json!({"openapi": "3.0.3", "info": {"title": "T", "version": 1}, "paths": {}, "x": ["a", "b"]})
    );
    let node = document.root().at("/x/1").unwrap();
    assert_eq!((node.line(), node.column()), (1, 73));
}

#[test]
fn aliases_may_be_keys() {
    assert_eq!(a("s: &s text\na: {*s : 1}"), json!({"text": 1}));
    assert_eq!(a("&s key: 1\na: {b: *s, *s : 2}"), json!({"b": "key", "key": 2}));
}

#[test]
fn sections_without_a_value_are_empty() {
    let document = parsed("info:\npaths:\n  /a:\ncomponents:\n");
    assert_eq!(warnings(&document), Vec::<String>::new());
    assert!(document.root().get("components").unwrap().entries().next().is_none());
}

#[test]
fn utf_16_is_read_with_and_without_a_byte_order_mark() {
    let text = "openapi: 3.0.3\ninfo: {title: \"ä😀\", x: 1}\n";
    let folder = Folder::new(".", "");
    let little = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let marked = format!("\u{feff}{text}");
    for bytes in
        [little(text), big(text), little(&marked), big(&marked), text.as_bytes().to_vec(), marked.as_bytes().to_vec()]
    {
        let document = Document::load("api.yaml", &bytes, "api.yaml", &folder).unwrap();
        assert_eq!(document.root().at("/info/title").unwrap().text(), Some("ä😀"));
        let last = document.root().at("/info/x").unwrap();
        assert_eq!((last.line(), last.column()), (2, 21));
    }
    for (bytes, reason) in [
        (b"openapi: 3.0.3\ninfo: \xff".to_vec(), "neither UTF-8 nor UTF-16 (see line 2): save it as UTF-8"),
        (b"\xff\xfeo\0x".to_vec(), "begins like UTF-16, but is not: save it as UTF-8"),
        (b"\xff\xfe\x00\xd8".to_vec(), "begins like UTF-16, but is not: save it as UTF-8"),
    ] {
        let problem = Document::load("api.yaml", &bytes, "api.yaml", &folder).unwrap_err().to_string();
        assert!(problem.contains(reason), "{problem}");
    }
}
