//! Parsing of documents: values, positions, references and errors.

use openapi_review::document::{Document, Kind, Node};
use serde_json::{Value, json};

/// Parses `rest` after a valid version.
fn yaml(rest: &str) -> Document {
    Document::parse("api.yaml", &format!("openapi: 3.0.3\n{rest}")).unwrap_or_else(|diagnostic| panic!("{diagnostic}"))
}

/// The diagnostic for an invalid text, without the name of the file: `line:column: reason`.
fn error(text: &str) -> String {
    error_in("api", text)
}

fn error_in(name: &str, text: &str) -> String {
    let diagnostic = Document::parse(name, text).expect_err("the text is invalid").to_string();
    diagnostic.strip_prefix(&format!("{name}:")).expect("the diagnostic starts with the file").to_owned()
}

/// The diagnostic for `rest` after a valid version, which is line 1.
fn error_below(rest: &str) -> String {
    error(&format!("openapi: 3.0.3\n{rest}"))
}

/// The value of `a` as JSON.
fn a(rest: &str) -> Value {
    yaml(rest).root().get("a").unwrap().to_json()
}

/// Line, column and lines of the node at a pointer.
fn position(document: &Document, pointer: &str) -> (usize, usize, std::ops::Range<usize>) {
    let node = document.root().at(pointer).unwrap_or_else(|| panic!("no {pointer}"));
    assert_eq!(node.pointer(), pointer);
    (node.line(), node.column(), node.lines())
}

#[test]
fn yaml_nodes_have_positions() {
    let text = "map:\n  äö: {x: 1, y: [2,\n    3]}\nlist:\n- one\n-   two: 2\n    three: |\n      a\n\n      b\n\n\n- - deep\n\
                empty:\nfolded: >-\n  text\n  more\n# a comment\nquoted: \"a\n  b\"\nplain: a\n  b\n";
    let document = yaml(text);
    assert_eq!(position(&document, ""), (1, 1, 1..24));
    assert_eq!(position(&document, "/map"), (2, 1, 2..5));
    assert_eq!(position(&document, "/map/äö"), (3, 3, 3..5));
    assert_eq!(position(&document, "/map/äö/x"), (3, 8, 3..4));
    assert_eq!(position(&document, "/map/äö/y"), (3, 14, 3..5));
    assert_eq!(position(&document, "/map/äö/y/1"), (4, 5, 4..5));
    assert_eq!(position(&document, "/list"), (5, 1, 5..15));
    assert_eq!(position(&document, "/list/0"), (6, 3, 6..7));
    assert_eq!(position(&document, "/list/1"), (7, 5, 7..12));
    assert_eq!(position(&document, "/list/1/three"), (8, 5, 8..12), "blank lines within a text belong to it");
    assert_eq!(position(&document, "/list/2"), (14, 3, 14..15));
    assert_eq!(position(&document, "/list/2/0"), (14, 5, 14..15));
    assert_eq!(position(&document, "/empty"), (15, 1, 15..16));
    assert_eq!(position(&document, "/folded"), (16, 1, 16..19));
    assert_eq!(position(&document, "/quoted"), (20, 1, 20..22));
    assert_eq!(position(&document, "/plain"), (22, 1, 22..24));
}

#[test]
fn json_nodes_have_positions() {
    let text = "\u{feff}\r\n{ \"openapi\"\r\n\t:\r\n\t\"3.0.3\", \"ä😀\\n\":\t{\"x\": [1,\n 2 ]\n, \"y\": \"ö\", \"z\" :{} }}\r\n";
    let document = Document::parse("api.json", text).unwrap();
    assert_eq!(position(&document, ""), (2, 1, 2..7));
    assert_eq!(position(&document, "/openapi"), (2, 3, 2..5));
    assert_eq!(position(&document, "/ä😀\n"), (4, 11, 4..7));
    assert_eq!(position(&document, "/ä😀\n/x"), (4, 20, 4..6));
    assert_eq!(position(&document, "/ä😀\n/x/0"), (4, 26, 4..5));
    assert_eq!(position(&document, "/ä😀\n/x/1"), (5, 2, 5..6));
    assert_eq!(position(&document, "/ä😀\n/y"), (6, 3, 6..7));
    assert_eq!(position(&document, "/ä😀\n/z"), (6, 13, 6..7));
}

#[test]
fn line_breaks_and_a_byte_order_mark_do_not_shift_columns() {
    let document =
        Document::parse("api", "\u{feff}openapi: 3.0.0\r\na:\r\n  - b: |\r\n      c\r\n      d\r\n").unwrap();
    assert_eq!(position(&document, "/openapi"), (1, 1, 1..2));
    assert_eq!(position(&document, "/a/0/b"), (3, 5, 3..6));
    assert_eq!(document.root().at("/a/0/b").unwrap().text(), Some("c\nd\n"));
    assert_eq!(document.line(3), Some("  - b: |"));
    assert_eq!((document.line(0), document.line(9)), (None, None));
}

#[test]
fn scalars_follow_the_core_schema() {
    let document = yaml(
        "a: [~, null, NULL, '', '~', true, True, 'true', yes, no, on, 2020-01-01, 1_000, 1:30, 0x, 0b1, 1e, e1, '1', +, \
         ., 1.2.3, inf, \"\\u00e9\\x41\", <<]",
    );
    let nothing = json!(null);
    let expected = json!([
        nothing,
        nothing,
        nothing,
        "",
        "~",
        true,
        true,
        "true",
        "yes",
        "no",
        "on",
        "2020-01-01",
        "1_000",
        "1:30",
        "0x",
        "0b1",
        "1e",
        "e1",
        "1",
        "+",
        ".",
        "1.2.3",
        "inf",
        "éA",
        "<<"
    ]);
    assert_eq!(document.root().get("a").unwrap().to_json(), expected);
    let numbers =
        yaml("a: [1, -1, +1, 007, 0x1F, 0o17, 1., .5, -1.50e+3, 3.10, 18446744073709551615, .inf, -.INF, .nan]");
    let written: Vec<_> = numbers.root().get("a").unwrap().items().map(Node::kind).collect();
    assert!(written.iter().all(|kind| matches!(kind, Kind::Number(_))), "{written:?}");
    assert_eq!(written.get(9), Some(&Kind::Number("3.10")));
    assert_eq!(
        numbers.root().get("a").unwrap().to_json(),
        json!([1, -1, 1, 7, 31, 15, 1.0, 0.5, -1500.0, 3.1, 18446744073709551615_u64, ".inf", "-.INF", ".nan"])
    );
    assert_eq!(a("a: [!!str 1, ! 2, !!seq [3], !!map {b: !!str }]"), json!(["1", "2", [3], {"b": ""}]));
}

#[test]
fn keys_are_texts() {
    let document = yaml("a: {200: x, 0x10: x, true: x, ~: x, 1.50: x, '<<': x, ? b : x, : x}");
    let keys: Vec<_> = document.root().get("a").unwrap().entries().map(|(key, _)| key).collect();
    assert_eq!(keys, ["200", "0x10", "true", "~", "1.50", "<<", "b", ""]);
    assert_eq!(document.root().at("/a/200").unwrap().key(), Some("200"));
}

#[test]
fn parses_json_that_is_not_yaml() {
    let long = "k".repeat(5000);
    let text = format!(
        "{{\t\"openapi\":\"3.0.0\",\"a\":\n\t[\"\\/\\b\\f\\n\\r\\t\\\"\\\\\",\"\\ud83d\\ude00\\u00E9\",\"a: #b\",-0.5e-3,true],\n\t\
         \"{long}\"\n\t:\"\",\"yes\":null}}"
    );
    let document = Document::parse("api", &text).unwrap();
    let expected = json!({"openapi": "3.0.0", "a": ["/\u{8}\u{c}\n\r\t\"\\", "😀é", "a: #b", -0.5e-3, true], (long): "", "yes": null});
    assert_eq!(document.root().to_json(), expected);
    assert_eq!(
        Document::parse("api", "{openapi: 3.0.0, 'a': b}").unwrap().root().to_json(),
        json!({"openapi": "3.0.0", "a": "b"})
    );
}

#[test]
fn rejects_invalid_json_at_its_position() {
    for (text, diagnostic) in [
        ("{", "1:2: invalid JSON: expected a key in double quotes, found the end of the text"),
        ("{\"a\":1,}", "1:8: invalid JSON: expected a key in double quotes, found `}`"),
        ("{\"a\":[1,]}", "1:9: invalid JSON: expected a value, found `]`"),
        ("{\"a\":[1}", "1:8: invalid JSON: expected `,` or `]`, found `}`"),
        ("{\"a\":1]", "1:7: invalid JSON: expected `,` or `}`, found `]`"),
        ("{\"ä\" 1}", "1:6: invalid JSON: expected `:`, found `1`"),
        ("{\"a\":\n\n  nul}", "3:3: invalid JSON: expected a value, found `n`"),
        ("{\"a\":01}", "1:7: invalid JSON: expected `,` or `}`, found `1`"),
        ("{\"a\":-}", "1:7: invalid JSON: expected a digit, found `}`"),
        ("{\"a\":1.}", "1:8: invalid JSON: expected a digit, found `}`"),
        ("{\"a\":1e+}", "1:9: invalid JSON: expected a digit, found `}`"),
        ("{\"a\":\"b", "1:6: invalid JSON: unclosed quote"),
        ("{\"a\":\"é\\x\"}", "1:8: invalid JSON: invalid escape sequence"),
        ("{\"a\":\"\\ud83d\"}", "1:7: invalid JSON: invalid escape sequence"),
        ("{\"a\":\"\\u+123\"}", "1:7: invalid JSON: invalid escape sequence"),
        ("{\"a\":\"b\n\"}", "1:8: invalid JSON: control character in a text: escape it"),
        ("{\"a\":1}\n x", "2:2: invalid JSON: expected the end of the text, found `x`"),
        ("{\"a\":1,\n \"b\":2, \"a\":3}", "2:9: duplicate key `a`, first on line 1"),
    ] {
        assert_eq!(error_in("api.json", text), diagnostic, "{text}");
    }
    assert_eq!(error("{\"a\":[1}"), "1:8: invalid JSON: expected `,` or `]`, found `}`", "neither JSON nor YAML");
}

#[test]
fn rejects_invalid_yaml_at_its_position() {
    for (rest, diagnostic) in [
        ("a: [b", "invalid YAML: "),
        ("a: b: c", "2:5: invalid YAML: "),
        ("a: {b: 1, c: 2,\n  b: 3}", "3:3: duplicate key `b`, first on line 2"),
        ("a: 1\n'a': 2", "3:1: duplicate key `a`, first on line 2"),
        ("200: 1\n'200': 2", "3:1: duplicate key `200`, first on line 2"),
        ("? [b]\n: c", "2:3: the key is a map or a list"),
        ("? {b: c}\n: d", "2:3: the key is a map or a list"),
        ("a: &x [b]\n*x : c", "3:1: the key is an alias of a map or list"),
        ("a: &x [*x]", "2:8: the alias refers to a node that contains it"),
        ("a: *x", "2:4: invalid YAML: "),
        ("a: {<<: 5}", "2:5: the value of a merge key (`<<`) is neither a map nor a list of maps"),
        ("a: {<<: [{b: 1}, 5]}", "2:18: the value of a merge key (`<<`) is neither a map nor a list of maps"),
        ("a: {<<: {b: 1}, <<: {c: 2}}", "2:17: duplicate key `<<`, first on line 2"),
        ("a: !include b.yaml", "2:4: the tag `!include` is not followed: use `$ref`"),
        ("---\nopenapi: 3.0.3", "2:1: a second YAML document"),
    ] {
        let found = error_below(rest);
        assert!(found.contains(diagnostic), "{rest}: {found}");
    }
}

#[test]
fn rejects_other_documents_than_openapi_3_0_and_3_1() {
    for (text, diagnostic) in [
        ("", "1:1: the document is empty"),
        ("# nothing\n", "1:1: the document is empty"),
        ("[1]", "1:1: no `openapi` key: this is not an OpenAPI document"),
        ("text", "1:1: no `openapi` key: this is not an OpenAPI document"),
        ("{}", "1:1: no `openapi` key: this is not an OpenAPI document"),
        ("info: {}", "1:1: no `openapi` key: this is not an OpenAPI document"),
        ("info: {}\nopenapi: 3.2.0", "2:1: OpenAPI 3.2.0 is not supported: convert the document to OpenAPI 3.0 or 3.1"),
        ("openapi: 3.1", "1:1: `openapi: 3.1` is not a full version: write `openapi: 3.1.0`"),
        ("openapi: 3.0", "1:1: `openapi: 3.0` is not a full version: write `openapi: 3.0.3`"),
        ("{\"openapi\": \"3.0\"}", "1:2: `openapi: 3.0` is not a full version: write `openapi: 3.0.3`"),
        ("openapi: [3.0.3]", "1:1: the version is not a text: write `openapi: 3.0.3`"),
        ("swagger: '2.0'", "1:1: Swagger 2.0 is not supported: convert the document to OpenAPI 3.0 or 3.1"),
    ] {
        assert_eq!(error(text), diagnostic, "{text}");
    }
    let long = format!("openapi: 3.0.3\n#{}", "x".repeat(64 << 20));
    assert!(error(&long).starts_with("1:1: the document has 67108880 bytes, "));
}

#[test]
fn aliases_are_copies() {
    let big = (0..20).map(|n| format!("k{n}: {n}, ")).collect::<String>();
    let document = yaml(&format!("a: &x\n  b: [1, {{c: d, {big}}}]\n  e: f\ng:\n- *x\nh: &y text\ni: *y\n"));
    let copy = document.root().at("/g/0").unwrap();
    assert!(copy.same(document.root().get("a").unwrap()));
    assert_eq!((copy.line(), copy.column(), copy.lines()), (6, 3, 6..7));
    assert_eq!(copy.pointer(), "/g/0");
    let inner = copy.at("/b/1/k19").unwrap();
    assert_eq!((inner.kind(), inner.line()), (Kind::Number("19"), 3));
    assert_eq!(inner.pointer(), "/g/0/b/1/k19", "a copy has the pointer of its alias");
    assert_ne!(inner, document.root().at("/a/b/1/k19").unwrap());
    assert_eq!(document.root().get("i").unwrap().text(), Some("text"));
}

#[test]
fn values_are_equal_in_any_notation() {
    let same = |left: &str, right: &str| {
        let (left, right) = (yaml(&format!("a: {left}")), yaml(&format!("a: {right}")));
        let (left, right) = (left.root().get("a").unwrap(), right.root().get("a").unwrap());
        assert_eq!(left.same(right), right.same(left));
        left.same(right)
    };
    let huge = "9".repeat(5000);
    for (left, right) in [
        ("1", "1.0"),
        ("1", "1e0"),
        ("1", "10E-1"),
        ("0.1", ".10"),
        ("-0", "0.0e5"),
        ("1e999999999", "10e999999998"),
        ("0x1F", "31"),
        ("0o17", "15.0"),
        (".nan", ".nan"),
        ("1e99999999999999999999", "1e99999999999999999999"),
        (&huge, &format!("{huge}.0")),
        ("'a b'", "a\n  b"),
        ("~", "null"),
        ("{b: 1, c: 2}", "{c: 2.0, b: 1} # comment"),
        ("[1, {b: c}]", "\n- 1\n- b: c"),
    ] {
        assert!(same(left, right), "{left} {right}");
    }
    for (left, right) in [
        ("1", "'1'"),
        ("1", "-1"),
        ("1e999999999", "1e999999998"),
        ("9007199254740993", "9007199254740992"),
        ("0.1", "0.10000000000000000001"),
        (&huge, &format!("{huge}.1")),
        ("~", "''"),
        ("true", "'true'"),
        ("{}", "[]"),
        ("{b: 1}", "{b: 1, c: 2}"),
        ("{b: 1, c: 1}", "{b: 1, d: 1}"),
        ("[1, 2]", "[2, 1]"),
        ("[1]", "[1, 1]"),
        ("[]", "~"),
    ] {
        assert!(!same(left, right), "{left} {right}");
    }
}

#[test]
fn pointers_round_trip() {
    let many = (0..100).map(|n| format!("'{n}/~1': [{n}], ")).collect::<String>();
    let document = yaml(&format!("a: {{'/b~': [x, {{'': y}}], c: {{{many}}}}}\nlist: [{}]", "x, ".repeat(100)));
    let root = document.root();
    assert_eq!(root.at(""), Some(root));
    for pointer in ["/a/~1b~0/1/", "/a/c/99~1~01/0", "/a/c/0~1~01", "/list/0", "/list/99"] {
        assert_eq!(root.at(pointer).unwrap().pointer(), pointer);
    }
    for pointer in
        ["a", "/b", "/a/~1b~0/2", "/a/~1b~0/-1", "/a/~1b~0/01", "/a/~1b~0/+1", "/list/100", "/openapi/0", "/a/c/x"]
    {
        assert_eq!(root.at(pointer), None, "{pointer}");
    }
    assert_eq!(root.at("/a").unwrap().at("/~1b~0/0").unwrap().text(), Some("x"));
    assert_eq!((root.key(), root.parent(), root.items().count()), (None, None, 0));
    let item = root.at("/list/7").unwrap();
    assert_eq!((item.key(), item.parent(), item.entries().count()), (None, root.get("list"), 0));
    assert_eq!(item.diagnostic("no").to_string(), format!("api.yaml:3:{}: no", 8 + 3 * 7));
}

#[test]
fn references_have_targets() {
    let document = yaml(
        "paths:\n  /a/{id}: {get: {parameters: [{$ref: '#/components/parameters/p'}]}}\n  /b: {$ref: '#/paths/~1a~1%7Bid%7D'}\n\
         components:\n  parameters: {p: {$ref: '#/components/parameters/q'}, q: {name: q}}\n  schemas:\n    100%: {type: string}\n    \
         s: {$ref: '#/components/schemas/100%'}\n    é: {$ref: '#/components/schemas/%C3%a9s'}\n    és: {$ref: '#'}\n",
    );
    let target = |pointer| document.root().at(pointer).unwrap().target().pointer();
    assert_eq!(target("/paths/~1a~1{id}/get/parameters/0"), "/components/parameters/q");
    assert_eq!(target("/paths/~1b"), "/paths/~1a~1{id}");
    assert_eq!(target("/components/schemas/s"), "/components/schemas/100%");
    assert_eq!(target("/components/schemas/é"), "");
    assert_eq!(target("/components/parameters/q"), "/components/parameters/q");
}

#[test]
fn rejects_dangling_circular_and_external_references() {
    let document = |used: &str, value: &str| {
        format!(
            "components:\n  schemas:\n    a:\n      $ref: {value}\n    b: {{$ref: '#/components/schemas/a'}}\n{used}"
        )
    };
    let used = "paths: {/a: {get: {responses: {200: {content: {a/b: {schema: {$ref: '#/components/schemas/b'}}}}}}}}";
    for (value, diagnostic) in [
        ("'#/components/schemas/c'", "5:7: dangling `$ref`: #/components/schemas/c is not in the document"),
        ("'#c'", "5:7: dangling `$ref`: #c is not in the document"),
        ("other.yaml#/X", "5:7: external `$ref`: other.yaml#/X is in another document; bundle the document first"),
        ("''", "5:7: dangling `$ref`: it is empty"),
        ("'#/components/schemas/a'", "5:7: circular `$ref`: #/components/schemas/a refers back to itself"),
        ("'#/components/schemas/b'", "5:7: circular `$ref`: #/components/schemas/b refers back to itself"),
        ("[a]", "5:7: `$ref` is not a text"),
    ] {
        assert_eq!(error_below(&document(used, value)), diagnostic, "{value}");
        let unused = yaml(&document("", value));
        let [warning, ..] = unused.warnings() else { panic!("no warning for {value}") };
        assert_eq!(warning.to_string(), format!("api.yaml:{diagnostic}; no path uses it, so it is ignored"));
        let schema = unused.root().at("/components/schemas/a").unwrap();
        assert_eq!(schema.target(), schema, "it has no target");
    }
}

#[test]
fn ignores_references_in_data_and_names() {
    let nowhere = "$ref: nowhere";
    for place in [
        "a: {example: {b: {HERE}}}",
        "a: {default: [{HERE}]}",
        "a: {enum: [{HERE}]}",
        "x-a: {HERE}",
        "paths: {x-a: {HERE}}",
        "a: {responses: {x-a: {HERE}}}",
        "a: {examples: {b: {value: {HERE}}}}",
        "a: {examples: [{HERE}]}",
        "components: {examples: {b: {value: {c: {HERE}}}}}",
        "components: {x-a: {HERE}}",
        "components: {schemas: {a: {properties: {$ref: {type: string}}}}}",
    ] {
        yaml(&place.replace("HERE", nowhere));
    }
    for place in [
        "a: {HERE}",
        "a: {examples: {value: {HERE}}}",
        "components: {schemas: {example: {HERE}, x-a: {}}}",
        "components: {schemas: {x-a: {HERE}}}",
        "components: {responses: {x-a: {HERE}}}",
        "components: {examples: {example: {HERE}}}",
        "components: {schemas: {a: {properties: {default: {HERE}}}}}",
        "components: {schemas: {a: {properties: {enum: {allOf: [{HERE}]}}}}}",
        "components: {schemas: {a: {properties: {x-a: {properties: {examples: {HERE}}}}}}}",
        "paths: {/a: {get: {responses: {default: {HERE}}}}}",
        "paths: {/a: {get: {responses: {200: {headers: {x-rate: {HERE}}}}}}}",
        "paths: {/a: {get: {callbacks: {default: {HERE}}}}}",
        "paths: {HERE}",
    ] {
        let text = format!("openapi: 3.0.3\n{}", place.replace("HERE", nowhere));
        let problem = Document::parse("api.yaml", &text).map(|document| document.warnings().first().cloned());
        let problem = problem.unwrap_or_else(Some).map(|problem| problem.to_string()).unwrap_or_default();
        assert!(problem.contains("external `$ref`: nowhere is"), "{place}: {problem}");
    }
}

/// The sizes are such that quadratic time would be minutes.
#[test]
fn parses_long_chains_of_references_and_large_maps() {
    let last = 100_000;
    let links: String = (0..last).map(|n| format!(",\"{n}\":{{\"$ref\":\"#/{}\"}}", n + 1)).collect();
    let text = format!("{{\"openapi\":\"3.0.3\"{links},\"{last}\":{{}}}}");
    let document = Document::parse("api", &text).unwrap();
    let end = document.root().get("100000");
    for (key, node) in document.root().entries().skip(1) {
        assert_eq!((document.root().get(key), Some(node.target())), (Some(node), end));
    }
    assert!(document.root().same(document.root()));
}

#[test]
fn limits_the_expansion_of_aliases() {
    let bomb: String = (1..12).map(|n| format!("a{n}: &a{n} [{}]\n", format!("*a{}, ", n - 1).repeat(10))).collect();
    let diagnostic = error_below(&format!("a0: &a0 [x]\n{bomb}"));
    assert!(diagnostic.ends_with("aliases add more than 1000000 nodes: use fewer of them"), "{diagnostic}");
    // Each alias is below the limit of copies, but the nesting is too deep.
    let tower: String = (1..300).map(|n| format!("a{n}: &a{n} [*a{}]\n", n - 1)).collect();
    let diagnostic = error_below(&format!("a0: &a0 [x]\n{tower}"));
    assert_eq!(diagnostic, "256:14: nested more than 256 levels deep");
}

#[test]
fn limits_nesting_without_recursion() {
    let lists = |depth: usize| format!("{{\"openapi\":\"3.0.3\",\"a\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
    Document::parse("api", &lists(254)).unwrap();
    assert_eq!(error(&lists(255)), "1:279: nested more than 256 levels deep");
    let deep = 1_000_000;
    let too_deep = |text: String| {
        let diagnostic = error(&text);
        assert!(diagnostic.ends_with(": nested more than 256 levels deep"), "{diagnostic}");
    };
    too_deep(lists(deep));
    too_deep(format!("{{\"openapi\":\"3.0.3\",{}", "\"a\":{".repeat(deep)));
    for unit in ["[", "{a: ", "[\n ", "- ", "- - "] {
        too_deep(format!("openapi: 3.0.3\na:\n  {}", unit.repeat(deep)));
    }
    too_deep((0..300).map(|level| format!("{}a:\n", " ".repeat(level))).collect());
    error(&"[".repeat(deep));
    error_below(&"? ".repeat(deep));
    error_below(&format!("a: {}", "]".repeat(deep)));
}

#[test]
fn rejects_main_sections_that_are_not_maps() {
    for (text, place) in [("paths: [1, 2]", "2:1"), ("components: 5", "2:1"), ("info: x", "2:1")] {
        let diagnostic = Document::parse("a.yaml", &format!("openapi: 3.0.3\n{text}\n")).unwrap_err().to_string();
        assert!(
            diagnostic.starts_with(&format!("a.yaml:{place}: ")) && diagnostic.contains("is not a map"),
            "{diagnostic}"
        );
    }
}
