//! `schema`: the JSON of each command is valid by its schema, and a wrong one is not.

use std::process::Output;

use serde_json::Value;

use crate::scratch::{Scratch, id};
use crate::{SandboxProcess, command};

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

fn schema(name: &str) -> Value {
    json(&command(&["schema", name]).output().unwrap())
}

#[test]
fn the_json_of_each_command_is_valid_by_its_schema() {
    let scratch = Scratch::new();
    scratch.write("budgets.csv", format!("customer,amount\n{},120.50\n{},none\n", id(1), id(3)));
    let sheet = scratch.0.join("budgets.csv").display().to_string();
    let sandbox = SandboxProcess::start(&["--customers", "24"]);
    let history = scratch.0.join("history").display().to_string();
    sandbox.call(&["record", "--dir", &history]);
    let day = scratch.0.join("history").join(&scratch.names("history")[0]).display().to_string();
    let calls: &[(&str, &[&str])] = &[
        ("apply", &["apply", &sheet, "--yes"]),
        ("check", &["check", "--trending", "--no-budget"]),
        ("clear", &["clear", &id(1)]),
        ("compare", &["compare", &day]),
        ("customers", &["customers"]),
        ("export", &["export"]),
        ("get", &["get", &id(2)]),
        ("log", &["log"]),
        ("plan", &["plan", &sheet]),
        ("set", &["set", &id(1), "97"]),
        ("status", &["status"]),
        ("summary", &["summary"]),
        ("usage", &["usage", "--trending", "--no-budget"]),
        ("usage-customer", &["usage", &id(4), "--by", "meter"]),
        ("usage-customer", &["usage", &id(18)]),
    ];
    for (name, call) in calls {
        let (schema, value) = (schema(name), json(&sandbox.call(&[call, &["--output", "json"][..]].concat())));
        let validator = jsonschema::options().build(&schema).unwrap();
        let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}\n{value}");
        // A schema that accepts everything would prove nothing.
        assert!(!validator.is_valid(&serde_json::json!("a text")), "{name}");
        let record = if value.is_array() { &value[0] } else { &value };
        let properties = record.as_object().unwrap();
        let described = |schema: &Value| -> usize {
            let record = schema["items"]["$ref"]
                .as_str()
                .map_or(schema, |path| schema.pointer(path.trim_start_matches('#')).unwrap());
            let record = if record["items"].is_object() { &record["items"] } else { record };
            properties.keys().filter(|key| record["properties"].get(key.as_str()).is_some()).count()
        };
        assert_eq!(described(&schema), properties.len(), "{name}: each property is in the schema\n{schema:#}");
    }
}

#[test]
fn refuses_a_command_without_json() {
    let output = command(&["schema", "tour"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("usage-customer"));
}
