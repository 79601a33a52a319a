//! Documents that say the same in other words, and documents that only look as if they did.

use openapi_review::compare;
use openapi_review::review::{Direction, Finding};
use openapi_review::rules::Level::{self, Breaking, Check, Fine};

use crate::rules::{SETTINGS, list, read};

/// Schemas that the cases refer to.
const SCHEMAS: &str = "
    Item: {type: object, required: [id], properties: {id: {type: integer}, kind: {type: string, enum: [item]}}}
    User: {type: object, required: [id], properties: {id: {type: string}, kind: {type: string, enum: [user]}}}
    Note: {type: object, properties: {note: {type: string}}}
    Color: {type: string, enum: [red, green]}
    Cat: {type: object, required: [kind], properties: {kind: {type: string, enum: [cat]}, lives: {type: integer}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string, enum: [dog]}, tail: {type: string}}}
    Tree: {type: object, properties: {left: {$ref: '#/components/schemas/Tree'}, size: {type: integer}}}
    Grove: {type: object, properties: {left: {$ref: '#/components/schemas/Grove'}, size: {type: integer}}}
";

/// The part of an operation in which a case replaces a schema, or `@` for the contents of the operation itself.
#[derive(Debug, Clone, Copy, PartialEq)]
enum At {
    Request,
    Response,
    Operation,
}

use At::{Operation, Request, Response};

type Case = (&'static str, At, &'static str, &'static str, Level);

const PARTS: &[Case] = &[
    (
        "a part swapped for one with another type of a property",
        Response,
        "{allOf: [Item]}",
        "{allOf: [User]}",
        Breaking,
    ),
    (
        "parts flattened",
        Request,
        "{allOf: [Item, Note]}",
        "{type: object, required: [id], properties: {id: {type: integer}, kind: {type: string, enum: [item]}, note: {type: string}}}",
        Fine,
    ),
    (
        "parts flattened and changed",
        Response,
        "{allOf: [Item, Note]}",
        "{type: object, required: [id], properties: {id: {type: string}, kind: {type: string}, note: {type: string}}}",
        Breaking,
    ),
    (
        "an object split into parts",
        Response,
        "{type: object, properties: {a: {type: string}, b: {type: string}}}",
        "{allOf: [{type: object, properties: {a: {type: string}}}, {properties: {b: {type: string}}}]}",
        Fine,
    ),
    ("a reference wrapped", Response, "Item", "{allOf: [Item]}", Fine),
    ("a reference wrapped twice", Response, "Item", "{allOf: [{allOf: [Item]}]}", Fine),
    (
        "a reference extended by an optional property",
        Response,
        "Item",
        "{allOf: [Item, {type: object, properties: {a: {type: string}}}]}",
        Fine,
    ),
    (
        "a reference extended by a required property",
        Request,
        "Item",
        "{allOf: [Item, {required: [a], properties: {a: {type: string}}}]}",
        Breaking,
    ),
    ("a reference next to its type", Request, "{allOf: [Color, {type: string, description: A color.}]}", "Color", Fine),
    ("an empty part", Request, "{allOf: [Item]}", "{allOf: [Item, {properties: {}}]}", Fine),
    ("a part with annotations only", Request, "{allOf: [Item]}", "{allOf: [Item, {description: An item.}]}", Fine),
    ("a part with an optional property", Request, "{allOf: [Item]}", "{allOf: [Item, Note]}", Fine),
    ("a type next to parts", Request, "{type: object, allOf: [Item]}", "{allOf: [Item]}", Fine),
    (
        "a bound that another part makes stricter",
        Request,
        "{allOf: [{type: string, maxLength: 9}, {type: string, maxLength: 5}]}",
        "{allOf: [{type: string, maxLength: 7}, {type: string, maxLength: 5}]}",
        Fine,
    ),
    (
        "the strictest bound of several parts",
        Request,
        "{allOf: [{type: string, maxLength: 9}, {type: string, maxLength: 5}]}",
        "{allOf: [{type: string, maxLength: 4}, {type: string, maxLength: 5}]}",
        Breaking,
    ),
    (
        "a property described by two parts",
        Request,
        "{allOf: [{properties: {a: {type: string}}}, {properties: {a: {maxLength: 5}}}]}",
        "{properties: {a: {type: string, maxLength: 5}}}",
        Fine,
    ),
    (
        "a limit of a property in another part",
        Request,
        "{allOf: [Note, {properties: {note: {maxLength: 5}}}]}",
        "{allOf: [Note, {properties: {note: {maxLength: 4}}}]}",
        Breaking,
    ),
    (
        "required in another part",
        Request,
        "{allOf: [Note, {type: object}]}",
        "{allOf: [Note, {type: object, required: [note]}]}",
        Breaking,
    ),
    (
        "required in the same part",
        Response,
        "{required: [note], allOf: [Note]}",
        "{allOf: [Note, {required: [note]}]}",
        Fine,
    ),
    (
        "values that two parts allow",
        Request,
        "{allOf: [{type: string, enum: [a, b]}, {enum: [b, c]}]}",
        "{type: string, enum: [b]}",
        Fine,
    ),
    (
        "a part that forbids other properties",
        Request,
        "{allOf: [Note]}",
        "{allOf: [Note, {type: object, additionalProperties: false}]}",
        Breaking,
    ),
    ("a schema that contains itself", Response, "Tree", "Grove", Fine),
    (
        "null in all parts but one",
        Response,
        "{allOf: [{type: string, nullable: true}, {type: string}]}",
        "{type: string}",
        Fine,
    ),
];

const FORMS: &[Case] = &[
    ("anyOf to oneOf, of types", Response, "{anyOf: [Color, Item]}", "{oneOf: [Color, Item]}", Fine),
    ("anyOf to oneOf, of tagged objects", Request, "{anyOf: [Cat, Dog]}", "{oneOf: [Cat, Dog]}", Fine),
    (
        "anyOf to oneOf, of values",
        Request,
        "{anyOf: [{type: string, enum: [a]}, {type: string, enum: [b]}]}",
        "{oneOf: [{type: string, enum: [a]}, {type: string, enum: [b]}]}",
        Fine,
    ),
    (
        "anyOf to oneOf, of forms that overlap",
        Request,
        "{anyOf: [{type: string}, {type: string, maxLength: 3}]}",
        "{oneOf: [{type: string}, {type: string, maxLength: 3}]}",
        Breaking,
    ),
    (
        "oneOf to anyOf, of forms that overlap",
        Response,
        "{oneOf: [{type: string}, {type: string, maxLength: 3}]}",
        "{anyOf: [{type: string}, {type: string, maxLength: 3}]}",
        Breaking,
    ),
    ("a covered form removed", Request, "{anyOf: [{type: string}, Color]}", "{anyOf: [{type: string}]}", Fine),
    (
        "a covered form changed",
        Request,
        "{anyOf: [{type: string}, {type: string, enum: [a, b]}]}",
        "{anyOf: [{type: string}, {type: string, enum: [a]}]}",
        Fine,
    ),
    ("a covered form added", Response, "{anyOf: [{type: string}]}", "{anyOf: [{type: string}, Color]}", Fine),
    ("a covered form dissolved", Request, "{anyOf: [{type: string}, Color]}", "{type: string}", Fine),
    (
        "a covered form of oneOf added",
        Request,
        "{oneOf: [{type: string}, {type: integer}]}",
        "{oneOf: [{type: string}, {type: integer}, {type: string, enum: [a]}]}",
        Breaking,
    ),
    ("a form removed", Request, "{oneOf: [Cat, Dog]}", "{oneOf: [Cat]}", Breaking),
    ("a form added", Response, "{oneOf: [Cat]}", "{oneOf: [Cat, Dog]}", Check),
    ("a form of one more", Request, "{oneOf: [Cat]}", "{oneOf: [Cat, Dog]}", Fine),
    (
        "values as forms",
        Response,
        "{type: string, enum: [a, b]}",
        "{oneOf: [{type: string, enum: [a]}, {type: string, enum: [b]}]}",
        Fine,
    ),
    (
        "more values as forms",
        Response,
        "{type: string, enum: [a]}",
        "{oneOf: [{type: string, enum: [a]}, {type: string, enum: [b]}]}",
        Breaking,
    ),
    (
        "forms as values",
        Request,
        "{oneOf: [{type: string, enum: [a]}, {type: string, enum: [b]}]}",
        "{type: string, enum: [a, b]}",
        Fine,
    ),
    ("objects become a text", Response, "{oneOf: [Cat, Dog]}", "{type: string}", Breaking),
    ("an object becomes one of two", Request, "Cat", "{oneOf: [Cat, Dog]}", Fine),
    ("an object becomes one of two, received", Response, "Cat", "{oneOf: [Cat, Dog]}", Breaking),
    ("one of two becomes an object", Request, "{oneOf: [Cat, Dog]}", "Cat", Breaking),
    ("one of two becomes an object, received", Response, "{oneOf: [Cat, Dog]}", "Cat", Fine),
    ("a schema becomes its only form", Response, "Color", "{oneOf: [Color]}", Fine),
    (
        "types as forms",
        Request,
        "{oneOf: [{type: integer}, {type: string}]}",
        "{anyOf: [{type: string}, {type: integer}]}",
        Fine,
    ),
    (
        "another type of a property of the only form",
        Request,
        "{anyOf: [{properties: {a: {type: object}}}]}",
        "{anyOf: [{type: object, properties: {a: {type: string}}}]}",
        Breaking,
    ),
    (
        "null in no form",
        Request,
        "{type: string, nullable: true}",
        "{anyOf: [{type: string}, {type: integer}]}",
        Breaking,
    ),
    (
        "another name for the discriminator",
        Request,
        "{oneOf: [Tree], discriminator: {propertyName: kind}}",
        "{oneOf: [Grove], discriminator: {propertyName: kind}}",
        Breaking,
    ),
    (
        "a mapping removed",
        Request,
        "{oneOf: [Cat, Dog], discriminator: {propertyName: kind, mapping: {cat: Cat, dog: Dog}}}",
        "{oneOf: [Cat, Dog], discriminator: {propertyName: kind, mapping: {cat: Cat}}}",
        Breaking,
    ),
    (
        "a mapping to the name of the schema removed",
        Request,
        "{oneOf: [Cat, Dog], discriminator: {propertyName: kind, mapping: {Cat: Cat}}}",
        "{oneOf: [Cat, Dog], discriminator: {propertyName: kind}}",
        Fine,
    ),
];

const VALUES: &[Case] = &[
    ("a bound set", Request, "{type: string}", "{type: string, maxLength: 5}", Breaking),
    ("a bound that allows everything", Request, "{type: string}", "{type: string, minLength: 0}", Fine),
    (
        "a count of properties that `required` implies",
        Request,
        "{type: object, required: [a], properties: {a: {type: string}}}",
        "{type: object, required: [a], minProperties: 1, properties: {a: {type: string}}}",
        Fine,
    ),
    (
        "bounds within a format",
        Request,
        "{type: integer, minimum: 0, maximum: 9}",
        "{type: integer, minimum: 0, maximum: 9, format: int32}",
        Fine,
    ),
    (
        "a format that listed values lack",
        Request,
        "{type: string, enum: [a]}",
        "{type: string, format: date}",
        Breaking,
    ),
    (
        "a pattern that listed values match",
        Request,
        "{type: string, enum: [a]}",
        "{type: string, enum: [a], pattern: a}",
        Fine,
    ),
    (
        "a pattern that a listed value does not match",
        Request,
        "{type: string, enum: [a, b]}",
        "{type: string, enum: [a, b], pattern: a}",
        Breaking,
    ),
    (
        "a pattern of JavaScript for listed values",
        Request,
        "{type: string, enum: [a]}",
        "{type: string, enum: [a], pattern: '(?=a)a'}",
        Check,
    ),
    ("a pattern changed", Response, "{type: string, pattern: a}", "{type: string, pattern: b}", Check),
    ("a bound of another type", Request, "{type: string}", "{type: string, maximum: 5}", Check),
    (
        "a bound that the values satisfy",
        Request,
        "{type: integer, enum: [1, 2]}",
        "{type: integer, enum: [1, 2], minimum: 1}",
        Fine,
    ),
    (
        "values replaced with bounds",
        Request,
        "{type: integer, enum: [1, 2]}",
        "{type: integer, minimum: 1, maximum: 2}",
        Fine,
    ),
    ("bounds replaced with values", Response, "{type: number, minimum: 0}", "{type: number, enum: [0, 1]}", Fine),
    ("a pattern that matches everything", Request, "{type: string}", "{type: string, pattern: '.*'}", Fine),
    ("a pattern dropped", Response, "{type: string, pattern: a}", "{type: string}", Breaking),
    ("a password", Request, "{type: string}", "{type: string, format: password}", Fine),
    ("a type dropped and a format set", Request, "{type: string}", "{format: uuid}", Breaking),
    ("a type dropped that excluded null", Request, "{type: string, nullable: true}", "{}", Fine),
];

const OBJECTS: &[Case] = &[
    (
        "readOnly dropped, required",
        Request,
        "{type: object, required: [a], properties: {a: {type: string, readOnly: true}}}",
        "{type: object, required: [a], properties: {a: {type: string}}}",
        Breaking,
    ),
    (
        "readOnly dropped, optional",
        Request,
        "{type: object, properties: {a: {type: string, readOnly: true}}}",
        "{type: object, properties: {a: {type: string}}}",
        Fine,
    ),
    (
        "required while readOnly",
        Request,
        "{type: object, properties: {a: {type: string, readOnly: true}}}",
        "{type: object, required: [a], properties: {a: {type: string, readOnly: true}}}",
        Fine,
    ),
    (
        "a new property that is readOnly and required",
        Request,
        "{type: object}",
        "{type: object, required: [a], properties: {a: {type: string, readOnly: true}}}",
        Fine,
    ),
    (
        "writeOnly set",
        Response,
        "{type: object, required: [a], properties: {a: {type: string}}}",
        "{type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}",
        Breaking,
    ),
    (
        "writeOnly dropped with another type",
        Response,
        "{type: object, properties: {a: {type: string, writeOnly: true}}}",
        "{type: object, properties: {a: {type: integer}}}",
        Fine,
    ),
    (
        "a received property gone",
        Response,
        "{type: object, properties: {a: {type: string}, b: {type: string}}}",
        "{type: object, properties: {b: {type: string}}}",
        Breaking,
    ),
    (
        "a sent property gone",
        Request,
        "{type: object, properties: {a: {type: string}, b: {type: string}}}",
        "{type: object, properties: {b: {type: string}}}",
        Check,
    ),
    (
        "a sent property gone from a closed object",
        Request,
        "{type: object, additionalProperties: false, properties: {a: {type: string}}}",
        "{type: object, additionalProperties: false, properties: {}}",
        Breaking,
    ),
    (
        "a property of a map",
        Request,
        "{type: object, additionalProperties: {type: string}}",
        "{type: object, properties: {a: {type: integer}}, additionalProperties: {type: string}}",
        Breaking,
    ),
    (
        "a property of a map with its type",
        Request,
        "{type: object, additionalProperties: {type: string}}",
        "{type: object, properties: {a: {type: string}}, additionalProperties: {type: string}}",
        Fine,
    ),
    (
        "a property of a map no longer described",
        Response,
        "{type: object, properties: {a: {type: integer}}}",
        "{type: object, additionalProperties: {type: string}}",
        Breaking,
    ),
    (
        "a required name becomes an optional property",
        Response,
        "{type: object, required: [a]}",
        "{type: object, properties: {a: {type: string}}}",
        Breaking,
    ),
    (
        "an optional property becomes a required name",
        Request,
        "{type: object, properties: {a: {type: string}}}",
        "{type: object, required: [a]}",
        Breaking,
    ),
    (
        "a closed object becomes a map",
        Response,
        "{type: object, additionalProperties: false}",
        "{type: object, additionalProperties: {type: string}}",
        Breaking,
    ),
    (
        "a new property of a closed object",
        Response,
        "{type: object, additionalProperties: false, properties: {b: {type: string}}}",
        "{type: object, additionalProperties: false, properties: {a: {type: string}, b: {type: string}}}",
        Breaking,
    ),
    (
        "a required key of a map",
        Request,
        "{type: object, additionalProperties: {type: string}}",
        "{type: object, required: [a], additionalProperties: {type: string}}",
        Breaking,
    ),
    (
        "a key of a map no longer required",
        Response,
        "{type: object, required: [a], additionalProperties: {type: string}}",
        "{type: object, additionalProperties: {type: string}}",
        Breaking,
    ),
    (
        "the stability of a property",
        Response,
        "{type: object, properties: {a: {type: string, x-stability-level: stable}}}",
        "{type: object, properties: {a: {type: string, x-stability-level: draft}}}",
        Check,
    ),
];

const OPERATIONS: &[Case] = &[
    (
        "a status of a range with another type",
        Operation,
        "responses: {2XX: STRING}",
        "responses: {2XX: STRING, '200': INTEGER}",
        Breaking,
    ),
    (
        "a status of a range with the same type",
        Operation,
        "responses: {2XX: STRING}",
        "responses: {2XX: STRING, '200': STRING}",
        Fine,
    ),
    (
        "a failure of a range",
        Operation,
        "responses: {'200': STRING, 4XX: STRING}",
        "responses: {'200': STRING, 4XX: STRING, '404': INTEGER}",
        Breaking,
    ),
    (
        "a failure described by default",
        Operation,
        "responses: {'200': STRING, '404': STRING, default: INTEGER}",
        "responses: {'200': STRING, default: INTEGER}",
        Breaking,
    ),
    (
        "a failure as default",
        Operation,
        "responses: {'200': STRING, '404': INTEGER, default: INTEGER}",
        "responses: {'200': STRING, default: INTEGER}",
        Fine,
    ),
    (
        "a success instead of default",
        Operation,
        "responses: {default: STRING}",
        "responses: {default: STRING, '200': INTEGER}",
        Breaking,
    ),
    (
        "a success next to another one",
        Operation,
        "responses: {'200': STRING, default: INTEGER}",
        "responses: {'200': STRING, '201': STRING, default: INTEGER}",
        Fine,
    ),
    (
        "a media type of any",
        Operation,
        "responses: {'200': {description: '', content: {'*/*': {schema: {type: string}}}}}",
        "responses: {'200': {description: '', content: {'*/*': {schema: {type: string}}, application/json: {schema: {type: integer}}}}}",
        Breaking,
    ),
    (
        "a media type of a range",
        Operation,
        "requestBody: {content: {text/*: {schema: {type: string}}}}",
        "requestBody: {content: {text/*: {schema: {type: string}}, text/csv: {schema: {type: string, maxLength: 9}}}}",
        Breaking,
    ),
    (
        "a media type covered by a range",
        Operation,
        "requestBody: {content: {text/*: {schema: {type: string}}, text/csv: {schema: {type: string}}}}",
        "requestBody: {content: {text/*: {schema: {type: string}}}}",
        Fine,
    ),
    (
        "an encoding of a new property",
        Operation,
        "requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {a: {type: object}}}, encoding: {a: {contentType: text/plain}}}}}",
        "requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {a: {type: object}, b: {type: object}}}, encoding: {a: {contentType: text/plain}, b: {contentType: text/plain}}}}}",
        Fine,
    ),
    (
        "an empty value allowed",
        Operation,
        "parameters: [{name: q, in: query, schema: {type: string}}]",
        "parameters: [{name: q, in: query, allowEmptyValue: true, schema: {type: string}}]",
        Fine,
    ),
    (
        "an empty value forbidden",
        Operation,
        "parameters: [{name: q, in: query, allowEmptyValue: true, schema: {type: string}}]",
        "parameters: [{name: q, in: query, schema: {type: string}}]",
        Check,
    ),
    (
        "parameters as an exploded object",
        Operation,
        "parameters: [{name: a, in: query, schema: {type: integer}}, {name: b, in: query, schema: {type: string}}]",
        "parameters: [{name: p, in: query, style: form, explode: true, schema: {type: object, properties: {a: {type: integer}, b: {type: string}}}}]",
        Fine,
    ),
    (
        "parameters as an exploded object with another type",
        Operation,
        "parameters: [{name: a, in: query, schema: {type: integer}}, {name: b, in: query, schema: {type: string}}]",
        "parameters: [{name: p, in: query, style: form, explode: true, schema: {type: object, properties: {a: {type: boolean}, b: {type: string}}}}]",
        Breaking,
    ),
    (
        "an exploded object as parameters",
        Operation,
        "parameters: [{name: p, in: query, schema: {type: object, properties: {a: {type: integer}}}}]",
        "parameters: [{name: a, in: query, schema: {type: integer}}]",
        Fine,
    ),
    (
        "an exploded object as a required parameter",
        Operation,
        "parameters: [{name: p, in: query, schema: {type: object, properties: {a: {type: integer}}}}]",
        "parameters: [{name: a, in: query, required: true, schema: {type: integer}}]",
        Breaking,
    ),
];

/// A document with one operation. A name of one of the schemas refers to it.
fn document(at: At, text: &str) -> String {
    let names = ["Item", "User", "Note", "Color", "Cat", "Dog", "Tree", "Grove"];
    let mut text = text.to_owned();
    for name in names {
        let reference = format!("{{$ref: '#/components/schemas/{name}'}}");
        for (before, after) in [("[", ","), ("[", "]"), (" ", "]"), (" ", ",")] {
            text = text.replace(&format!("{before}{name}{after}"), &format!("{before}{reference}{after}"));
        }
        for after in [",", "}"] {
            let mapping = format!("'#/components/schemas/{name}'{after}");
            text = text.replace(&format!(": {name}{after}"), &format!(": {mapping}"));
        }
        if text == name {
            text = reference;
        }
    }
    let text = text
        .replace("STRING", "{description: '', content: {application/json: {schema: {type: string}}}}")
        .replace("INTEGER", "{description: '', content: {application/json: {schema: {type: integer}}}}");
    let responses = "responses: {'204': {description: ''}}";
    let operation = match at {
        Request => format!("requestBody: {{content: {{application/json: {{schema: {text}}}}}}}\n      {responses}"),
        Response => {
            format!("responses: {{'200': {{description: '', content: {{application/json: {{schema: {text}}}}}}}}}")
        }
        Operation if text.contains("responses") => text,
        Operation => format!("{text}\n      {responses}"),
    };
    format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: 1.0.0}}\npaths:\n  /a:\n    post:\n      {operation}\ncomponents:\n  schemas:{SCHEMAS}"
    )
}

fn findings(at: At, old: &str, new: &str) -> Vec<Finding> {
    compare(&read("base.yaml", &document(at, old)), &read("revision.yaml", &document(at, new)), SETTINGS).findings
}

fn verdicts_are(cases: &[Case]) {
    let mut wrong = String::new();
    for (name, at, old, new, level) in cases {
        let findings = findings(*at, old, new);
        if findings.iter().map(|finding| finding.level).max().unwrap_or(Fine) != *level {
            wrong += &format!("\n  {name}: not {level:?}{}", list(&findings));
        }
        let other = match at {
            Request => Direction::Response,
            Response => Direction::Request,
            Operation => continue,
        };
        let judged = findings.iter().filter(|finding| finding.level > Fine);
        if judged.flat_map(|finding| &finding.operations).any(|operation| operation.direction == other) {
            wrong += &format!("\n  {name}: in the wrong direction{}", list(&findings));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn parts_of_all_of_are_compared_as_one_schema() {
    verdicts_are(PARTS);
}

#[test]
fn forms_are_compared_as_sets() {
    verdicts_are(FORMS);
}

#[test]
fn keywords_of_values_are_judged_together() {
    verdicts_are(VALUES);
}

#[test]
fn properties_are_compared_with_what_applies_to_them_on_the_other_side() {
    verdicts_are(OBJECTS);
}

#[test]
fn responses_media_types_and_parameters_are_compared_with_what_applies_to_them() {
    verdicts_are(OPERATIONS);
}

#[test]
fn a_change_in_a_part_is_reported_at_its_line() {
    let old = document(Response, "{allOf: [Item, Note]}");
    let new = old.replace("properties: {id: {type: integer}", "properties: {id: {type: string}");
    let review = compare(&read("base.yaml", &old), &read("revision.yaml", &new), SETTINGS);
    let [finding] = &*review.findings else { panic!("{}", list(&review.findings)) };
    let line = 1 + old.lines().position(|line| line.contains("Item:")).unwrap();
    assert_eq!(finding.new.as_ref().map(|side| side.line), Some(line), "{}", list(&review.findings));
    assert!(finding.text.contains("`Item.id`"), "{}", finding.text);
}

#[test]
fn a_rename_is_one_finding() {
    for (at, old, new, level, count) in [
        (Response, "created_at: {type: string}", "createdAt: {type: string}", Breaking, 1),
        (Response, "created: {type: string}", "created_at: {type: string}", Breaking, 1),
        (Request, "created: {type: string}", "created_at: {type: string}", Check, 1),
        // Another schema, or a name without a common word, is another property.
        (Response, "created: {type: string}", "created_at: {type: integer}", Breaking, 2),
        (Response, "created: {type: string}", "color: {type: string}", Breaking, 2),
    ] {
        let object = |property: &str| format!("{{type: object, properties: {{{property}, a: {{type: string}}}}}}");
        let findings = findings(at, &object(old), &object(new));
        assert_eq!(findings.len(), count, "{old}: {}", list(&findings));
        assert_eq!(findings[0].level, level, "{old}: {}", list(&findings));
        assert_eq!(findings[0].id.ends_with("-renamed"), count == 1, "{old}: {}", list(&findings));
    }
}

#[test]
fn a_finding_reaches_the_operations_of_its_direction() {
    let document = |schema: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: 1.0.0}}\npaths:\n  /a:\n    get: {{responses: {{'200': {{description: '', content: {{a/b: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}}}}}\n    \
             post: {{requestBody: {{content: {{a/b: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}, responses: {{'204': {{description: ''}}}}}}\ncomponents:\n  schemas:\n    A: {schema}\n"
        )
    };
    let optional = "{type: object, properties: {a: {type: string}}}";
    let required = "{type: object, required: [a], properties: {a: {type: string}}}";
    for (old, new, operation, direction, words) in [
        (optional, required, "POST /a", Direction::Request, "in requests"),
        (required, optional, "GET /a", Direction::Response, "in responses"),
    ] {
        let review = compare(&read("base.yaml", &document(old)), &read("revision.yaml", &document(new)), SETTINGS);
        let [finding] = &*review.findings else { panic!("{}", list(&review.findings)) };
        let reached: Vec<_> = finding.operations.iter().map(|one| (&*one.operation, one.direction)).collect();
        assert_eq!((finding.level, &*reached), (Breaking, &[(operation, direction)][..]));
        assert!(finding.text.ends_with(words), "{}", finding.text);
    }
}

#[test]
fn security_of_the_document_is_one_finding_with_all_its_operations() {
    let document = |security: &str| {
        let operation = "get: {responses: {'204': {description: ''}}}";
        format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: 1.0.0}}\n{security}paths:\n  /a: {{{operation}}}\n  /b: {{{operation}}}\n  \
             /c: {{get: {{security: [], responses: {{'204': {{description: ''}}}}}}}}\ncomponents: {{securitySchemes: {{key: {{type: apiKey, in: header, name: k}}}}}}\n"
        )
    };
    let (old, new) = (document(""), document("security: [{key: []}]\n"));
    let review = compare(&read("base.yaml", &old), &read("revision.yaml", &new), SETTINGS);
    let [finding] = &*review.findings else { panic!("{}", list(&review.findings)) };
    let reached: Vec<_> = finding.operations.iter().map(|one| &*one.operation).collect();
    assert_eq!((finding.level, &*reached), (Breaking, &["GET /a", "GET /b"][..]));
    assert!(finding.text.starts_with("`security` of the document"), "{}", finding.text);
}

#[test]
fn a_security_scheme_of_another_type_names_both_types() {
    let document = |scheme: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: 1.0.0}}\npaths: {{}}\ncomponents: {{securitySchemes: {{k: {scheme}}}}}\n"
        )
    };
    let old = document("{type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://a.example', scopes: {}}}}");
    let new = document("{type: http, scheme: bearer}");
    let review = compare(&read("base.yaml", &old), &read("revision.yaml", &new), SETTINGS);
    let [finding] = &*review.findings else { panic!("{}", list(&review.findings)) };
    assert!(finding.text.contains("from `oauth2` to `http`"), "{}", finding.text);
}
