//! The rules: each edit of a small document has one finding, with its line, id, level and Rust effect.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;

use openapi_review::document::Document;
use openapi_review::output;
use openapi_review::review::Direction::{Request, Response};
use openapi_review::review::{Finding, Review, Side};
use openapi_review::rules::Level::{self, Breaking, Check, Fine};
use openapi_review::rules::{self, Example};
use openapi_review::{LeftOut, Settings, compare};

pub(crate) const SMALL: &str = include_str!("small.yaml");

/// The day is after one sunset date in the document, and before the others.
pub(crate) const SETTINGS: &Settings<'_> = &Settings {
    today: "2026-08-15",
    omitted_headers: &[],
    known_scheme: None,
    left_out: LeftOut { paths: &[], tags: &[] },
};

/// An edit of the document, and its only finding: id, level, and whether it breaks Rust code.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    find: &'static str,
    replace: &'static str,
    pub(crate) id: &'static str,
    pub(crate) level: Level,
    breaks: bool,
}

const NO: bool = false;
const YES: bool = true;

macro_rules! rows {
    ($($name:literal: $find:literal => $replace:literal, $id:literal, $level:ident, $breaks:ident;)*) => {
        pub(crate) const ROWS: &[Row] = &[$(Row {
            name: $name, find: $find, replace: $replace, id: $id, level: $level, breaks: $breaks,
        }),*];
    };
}

rows! {
    // Requests: objects, lists and bounds.
    "object closed": "{type: object, properties: {sku:" => "{type: object, additionalProperties: false, properties: {sku:",
        "request-property-additional-properties-closed", Breaking, YES;
    "map values of a type": "options: {type: object," => "options: {type: object, additionalProperties: {type: string},",
        "request-property-additional-properties-narrowed", Breaking, YES;
    "map values of any type": "labels: {type: object, additionalProperties: {type: string}}" => "labels: {type: object}",
        "request-property-additional-properties-widened", Fine, YES;
    "type of map values": "labels: {type: object, additionalProperties: {type: string}}"
        => "labels: {type: object, additionalProperties: {type: boolean}}",
        "request-property-type-changed", Breaking, YES;
    "fewest properties": "options: {type: object," => "options: {type: object, minProperties: 1,",
        "request-property-min-properties-set", Breaking, NO;
    "most properties": "labels: {type: object," => "labels: {type: object, maxProperties: 5,",
        "request-property-max-properties-set", Breaking, NO;
    "fewer properties": "maxProperties: 9" => "maxProperties: 8", "request-property-max-properties-decreased", Breaking, NO;
    "most properties dropped": "maxProperties: 9, " => "", "request-property-max-properties-unset", Fine, NO;
    "order of forms": "            - $ref: '#/components/schemas/Card'\n            - $ref: '#/components/schemas/Invoice'"
        => "            - $ref: '#/components/schemas/Invoice'\n            - $ref: '#/components/schemas/Card'",
        "request-property-one-of-order-changed", Fine, YES;
    "flow new": "        clientCredentials:\n"
        => "        password: {tokenUrl: https://login.example.com/token, scopes: {}}\n        clientCredentials:\n",
        "api-security-component-flow-added", Fine, NO;
    "multiple of other": "multipleOf: 10" => "multipleOf: 3", "request-property-multiple-of-changed", Breaking, NO;
    "most as text": "maximum: 9}" => "maximum: '9'}", "request-property-max-changed", Check, NO;
    "least as text": "minimum: 0, maximum: 90" => "minimum: '0', maximum: 90", "response-property-min-changed", Check, NO;
    "title of a type": "title: Shipped, description: On its way." => "title: Sent, description: On its way.",
        "response-property-title-changed", Fine, YES;
    "unique items": "codes: {type: array," => "codes: {type: array, uniqueItems: true,",
        "request-property-unique-items-set", Breaking, YES;
    "most items": "codes: {type: array," => "codes: {type: array, maxItems: 7,", "request-property-max-items-set", Breaking, NO;
    "fewest items": "minItems: 1" => "minItems: 2", "request-property-min-items-increased", Breaking, NO;
    "fewest items dropped": "          minItems: 1\n" => "", "request-property-min-items-unset", Fine, NO;
    "multiple set": "weight: {type: number" => "weight: {type: number, multipleOf: 5",
        "request-property-multiple-of-narrowed", Breaking, NO;
    "multiple of more": "multipleOf: 10" => "multipleOf: 20", "request-property-multiple-of-narrowed", Breaking, NO;
    "multiple of less": "multipleOf: 10" => "multipleOf: 5", "request-property-multiple-of-widened", Fine, NO;
    "least lowered": "minimum: 1, maximum: 9}" => "minimum: 0, maximum: 9}", "request-property-min-decreased", Fine, YES;
    "most lowered": "maximum: 9}" => "maximum: 8}", "request-property-max-decreased", Breaking, NO;
    "most excluded": "maximum: 9}" => "maximum: 9, exclusiveMaximum: true}", "request-property-max-decreased", Breaking, NO;
    "shortest raised": "minLength: 1" => "minLength: 2", "request-property-min-length-increased", Breaking, YES;
    "longest dropped": "minLength: 1, maxLength: 40" => "minLength: 1", "request-property-max-length-unset", Fine, NO;
    "longest set": "sku: {type: string" => "sku: {type: string, maxLength: 9", "request-property-max-length-set", Breaking, YES;
    "pattern set": "sku: {type: string" => "sku: {type: string, pattern: a", "request-property-pattern-added", Breaking, YES;
    "pattern dropped": "code: {type: string, pattern: '^[A-Z]+$'}" => "code: {type: string}",
        "request-property-pattern-removed", Fine, YES;
    "pattern changed": "'^[A-Z]+$'" => "'^[A-Z]$'", "request-property-pattern-changed", Check, YES;
    "pattern of anything": "'^[A-Z]+$'" => "'.*'", "request-property-pattern-generalized", Fine, NO;

    // Requests: types, enums, nulls.
    "type changed": "origin: {type: string}" => "origin: {type: boolean}", "request-property-type-changed", Breaking, YES;
    "type widened": "count: {type: integer}" => "count: {type: number}", "request-property-type-generalized", Fine, YES;
    "type narrowed": "weight: {type: number}" => "weight: {type: integer}",
        "request-property-type-specialized", Breaking, YES;
    "format set": "count: {type: integer}" => "count: {type: integer, format: int32}",
        "request-property-type-specialized", Breaking, YES;
    "items typed": "codes: {type: array, items: {type: string}}" => "codes: {type: array, items: {type: integer}}",
        "request-property-type-changed", Breaking, YES;
    "types more": "mixed: {oneOf: [" => "mixed: {oneOf: [{type: boolean}, ", "request-property-list-of-types-widened", Fine, NO;
    "types fewer": "{type: string}, {type: integer}" => "{type: string}", "request-property-list-of-types-narrowed", Breaking, NO;
    "nullable": "weight: {type: number" => "weight: {type: number, nullable: true", "request-property-became-nullable", Fine, NO;
    "not nullable": "remark: {type: string, nullable: true}" => "remark: {type: string}",
        "request-property-became-not-nullable", Breaking, NO;
    "enum set": "sku: {type: string" => "sku: {type: string, enum: [a]", "request-property-became-enum", Breaking, YES;
    "enum dropped": "channel: {type: string, enum: [web, phone]}" => "channel: {type: string}",
        "request-property-enum-removed", Fine, YES;
    "enum value more": "[web, phone]" => "[web, post, phone]", "request-property-enum-value-added", Fine, YES;
    "enum value less": "[web, phone]" => "[web]", "request-property-enum-value-removed", Breaking, YES;
    "default set": "weight: {type: number" => "weight: {type: number, default: 1", "request-property-default-value-added", Fine, YES;
    "default changed": "wrap: {type: boolean, default: false" => "wrap: {type: boolean, default: true",
        "request-property-default-value-changed", Fine, NO;
    "read only": "weight: {type: number" => "weight: {type: number, readOnly: true",
        "request-optional-property-became-read-only", Fine, NO;
    "write only": "weight: {type: number" => "weight: {type: number, writeOnly: true",
        "request-optional-property-became-write-only", Fine, NO;
    "not write only": "secret: {type: string, writeOnly: true" => "secret: {type: string",
        "request-optional-property-became-not-write-only", Fine, NO;
    "property required": "required: [customer, lines]" => "required: [customer, lines, code]",
        "request-property-became-required", Breaking, YES;
    "property with default required": "required: [customer, lines]" => "required: [customer, lines, wrap]",
        "request-property-became-required-with-default", Breaking, NO;
    "property optional": "required: [customer, lines]" => "required: [lines]", "request-property-became-optional", Fine, YES;
    "required without description": "required: [customer, lines]" => "required: [customer, lines, ghost]",
        "request-property-required-without-schema", Breaking, YES;
    "property gone": "        weight: {type: number}\n" => "", "request-property-removed", Check, YES;
    "property new": "        weight: {type: number}\n" => "        weight: {type: number}\n        height: {type: number}\n",
        "new-optional-request-property", Fine, YES;
    "required property new": "required: [customer, lines]\n      properties:\n"
        => "required: [customer, lines, height]\n      properties:\n        height: {type: number}\n",
        "new-required-request-property", Breaking, YES;
    "required property with default new": "required: [customer, lines]\n      properties:\n"
        => "required: [customer, lines, height]\n      properties:\n        height: {type: number, default: 1}\n",
        "new-required-request-property-with-default", Breaking, YES;
    "property deprecated": "weight: {type: number" => "weight: {type: number, deprecated: true",
        "request-property-deprecated", Fine, NO;

    // Requests: forms and parts.
    "form more": "            - $ref: '#/components/schemas/Invoice'\n"
        => "            - $ref: '#/components/schemas/Invoice'\n            - $ref: '#/components/schemas/Spare'\n",
        "request-property-one-of-added", Fine, YES;
    "form less": "            - $ref: '#/components/schemas/Invoice'\n" => "", "request-property-one-of-removed", Breaking, YES;
    "another discriminator property": "propertyName: kind" => "propertyName: sort",
        "request-property-discriminator-property-name-changed", Breaking, NO;
    "name of a form more": "mapping: {card:" => "mapping: {visa: '#/components/schemas/Card', card:",
        "request-property-discriminator-mapping-added", Fine, NO;
    "name of a form less": ", invoice: '#/components/schemas/Invoice'}" => "}",
        "request-property-discriminator-mapping-deleted", Breaking, NO;
    "name of another form": "invoice: '#/components/schemas/Invoice'}" => "invoice: '#/components/schemas/Card'}",
        "request-property-discriminator-mapping-changed", Check, NO;
    "discriminator removed": "\n          discriminator: {propertyName: kind, mapping: {card: '#/components/schemas/Card', invoice: '#/components/schemas/Invoice'}}"
        => "", "request-property-discriminator-removed", Fine, NO;
    "discriminator added": "mixed: {oneOf: [" => "mixed: {discriminator: {propertyName: x}, oneOf: [",
        "request-property-discriminator-added", Fine, NO;
    "part more": "            - {type: object, properties: {origin: {type: string}}}\n"
        => "            - {type: object, properties: {origin: {type: string}}}\n            - {type: object, properties: {x: {type: string}}}\n",
        "new-optional-request-property", Fine, YES;
    "anyOf for oneOf": "mixed: {oneOf:" => "mixed: {anyOf:", "request-property-one-of-to-any-of", Fine, NO;
    "oneOf for anyOf": "        hint:\n          anyOf:" => "        hint:\n          oneOf:", "response-property-any-of-to-one-of", Fine, YES;
    "property renamed": "        weight: {type: number}\n" => "        weight_in_grams: {type: number}\n",
        "request-property-renamed", Check, YES;
    "received key optional": "required: [y], " => "", "response-property-optional-without-schema", Breaking, YES;
    "part of words": "            - {type: object, properties: {place: {type: string, nullable: true}}}\n"
        => "            - {type: object, properties: {place: {type: string, nullable: true}}}\n            - {description: Words.}\n",
        "all-of-part-added", Fine, NO;
    "part of words less": "            - {description: Where it came from.}\n" => "",
        "all-of-part-removed", Fine, NO;
    "part less": "            - {type: object, properties: {origin: {type: string}}}\n" => "",
        "request-property-removed", Check, YES;
    "wrapped": "weight: {type: number}" => "weight: {oneOf: [{type: number}, {title: Range, type: object, properties: {from: {type: number}}}]}",
        "request-property-wrapped-in-one-of", Fine, YES;
    "choice next to properties": "options: {type: object," => "options: {type: object, anyOf: [{minProperties: 1}, {required: [fast]}],",
        "request-property-any-of-set", Breaking, YES;
    "must not be": "weight: {type: number" => "weight: {type: number, not: {maximum: 0}", "request-property-not-changed", Check, YES;
    "as XML": "xml: {name: order}" => "xml: {name: orders}", "request-body-xml-changed", Check, NO;

    // Responses.
    "received list longer": "maxItems: 100" => "maxItems: 200", "response-body-max-items-increased", Breaking, NO;
    "received list shorter": "maxItems: 50" => "maxItems: 49", "response-property-max-items-decreased", Fine, NO;
    "received items repeat": "maxItems: 50, uniqueItems: true" => "maxItems: 50", "response-property-unique-items-unset", Breaking, YES;
    "received most dropped": "minimum: 0, maximum: 90" => "minimum: 0", "response-property-max-unset", Breaking, NO;
    "received most set": "rate: {type: number," => "rate: {type: number, maximum: 9,", "response-property-max-set", Fine, NO;
    "received least lowered": "minimum: 0, maximum: 90" => "minimum: -1, maximum: 90", "response-property-min-decreased", Breaking, NO;
    "received least dropped": "minimum: 0, maximum: 90" => "maximum: 90", "response-property-min-unset", Breaking, NO;
    "received least set": "rate: {type: number," => "rate: {type: number, minimum: 0,", "response-property-min-set", Fine, NO;
    "received longest raised": "maxLength: 80" => "maxLength: 99", "response-property-max-length-increased", Breaking, NO;
    "received multiple dropped": "rate: {type: number, multipleOf: 5}" => "rate: {type: number}",
        "response-property-multiple-of-widened", Breaking, NO;
    "received pattern dropped": "items: {type: string, pattern: '^P'}" => "items: {type: string}",
        "response-property-pattern-removed", Breaking, YES;
    "received enum dropped": "state: {type: string, enum: [open, shipped]}" => "state: {type: string}",
        "response-property-enum-removed", Check, YES;
    "received enum value more": "[open, shipped]" => "[open, shipped, lost]", "response-property-enum-value-added", Check, YES;
    "received enum value less": "[open, shipped]" => "[open]", "response-property-enum-value-removed", Fine, YES;
    "received nullable": "rate: {type: number," => "rate: {type: number, nullable: true,",
        "response-property-became-nullable", Breaking, NO;
    "received not nullable": "place: {type: string, nullable: true}" => "place: {type: string}",
        "response-property-became-not-nullable", Fine, NO;
    "received type widened": "discount: {type: integer, format: int64," => "discount: {type: number, format: int64,",
        "response-property-type-generalized", Breaking, YES;
    "received format changed": "format: date}" => "format: date-time}", "response-property-type-changed", Breaking, YES;
    "received default dropped": "gift: {type: boolean, default: false}" => "gift: {type: boolean}",
        "response-property-default-value-removed", Fine, YES;
    "always received": "required: [id, state, total]" => "required: [id, state, total, comment]",
        "response-property-became-required", Fine, YES;
    "no longer always received": "required: [id, state, total]" => "required: [id, total]",
        "response-property-became-optional", Breaking, YES;
    "received property gone": "        comment: {type: string, maxLength: 80}\n" => "",
        "response-optional-property-removed", Breaking, YES;
    "received property new": "        currency: {type: string}\n" => "        currency: {type: string}\n        scale: {type: integer}\n",
        "response-optional-property-added", Fine, NO;
    "received property of a closed object new": "strict: {type: object, additionalProperties: false, properties: {"
        => "strict: {type: object, additionalProperties: false, properties: {b: {type: string}, ",
        "response-optional-property-added", Breaking, NO;
    "required received property gone": "      required: [amount]\n      properties:\n        amount: {type: string}\n"
        => "      properties:\n", "response-required-property-removed", Breaking, YES;
    "required received property new": "      required: [amount]\n      properties:\n"
        => "      required: [amount, scale]\n      properties:\n        scale: {type: integer}\n",
        "response-required-property-added", Fine, YES;
    "received object opened": "strict: {type: object, additionalProperties: false," => "strict: {type: object,",
        "response-property-additional-properties-opened", Check, YES;
    "received object closed": "extra: {type: object, additionalProperties: {type: integer}}"
        => "extra: {type: object, additionalProperties: false}",
        "response-property-additional-properties-closed", Fine, YES;
    "received map of anything": "extra: {type: object, additionalProperties: {type: integer}}" => "extra: {type: object}",
        "response-property-additional-properties-widened", Breaking, YES;
    "received form more": "            - {title: Cancelled," => "            - {title: Lost, type: object}\n            - {title: Cancelled,",
        "response-property-one-of-added", Check, YES;
    "received form less": "            - {title: Text, type: object, properties: {text: {type: string}}}\n" => "",
        "response-property-any-of-removed", Fine, YES;
    "property of a received form": "{reason: {type: string}}" => "{reason: {type: integer}}",
        "response-property-type-changed", Breaking, YES;
    "received value in a choice": "rate: {type: number, multipleOf: 5}"
        => "rate: {oneOf: [{type: number, multipleOf: 5}, {type: object}]}",
        "response-property-wrapped-in-one-of", Breaking, YES;
    "received value of one form": "        hint:\n          anyOf:\n            - {title: Text, type: object, properties: {text: {type: string}}}\n            - {title: Link, type: object, properties: {link: {type: string}}}\n"
        => "        hint: {title: Link, type: object, properties: {link: {type: string}}}\n",
        "response-property-unwrapped-from-any-of", Fine, YES;
    "received part gone": "            - {type: object, properties: {place: {type: string, nullable: true}}}\n" => "",
        "response-optional-property-removed", Breaking, YES;
    "not read only": "format: uuid, readOnly: true" => "format: uuid",
        "response-required-property-became-not-read-only", Fine, NO;
    "header enum value more": "[fresh, stale]" => "[fresh, old, stale]", "response-header-enum-value-added", Check, NO;
    "header type": "schema: {type: integer}\n      content:" => "schema: {type: string}\n      content:",
        "response-header-type-generalized", Breaking, NO;
    "header optional": "              required: true\n              schema" => "              schema",
        "response-header-became-optional", Breaking, NO;
    "header required": "            X-State:\n" => "            X-State:\n              required: true\n",
        "response-header-became-required", Fine, NO;
    "required header gone": "            Location:\n              required: true\n              schema: {type: string}\n" => "",
        "required-response-header-removed", Breaking, NO;
    "optional header gone": "            X-State:\n              schema: {type: string, enum: [fresh, stale]}\n" => "",
        "optional-response-header-removed", Check, NO;
    "header new": "            X-State:\n" => "            X-Age: {schema: {type: integer}}\n            X-State:\n",
        "response-header-added", Fine, NO;

    // Bodies and statuses.
    "body required": "      requestBody:\n        content:\n          application/json:\n            schema: {$ref: '#/components/schemas/Address'}"
        => "      requestBody:\n        required: true\n        content:\n          application/json:\n            schema: {$ref: '#/components/schemas/Address'}",
        "request-body-became-required", Breaking, NO;
    "body optional": "      requestBody:\n        required: true\n" => "      requestBody:\n", "request-body-became-optional", Fine, NO;
    "body new": "      operationId: get_health\n" => "      operationId: get_health\n      requestBody: {content: {text/plain: {schema: {type: string}}}}\n",
        "request-body-added-optional", Fine, YES;
    "required body new": "      operationId: get_health\n"
        => "      operationId: get_health\n      requestBody: {required: true, content: {text/plain: {schema: {type: string}}}}\n",
        "request-body-added-required", Breaking, YES;
    "body gone": "      requestBody:\n        content:\n          application/json:\n            schema: {$ref: '#/components/schemas/Address'}\n"
        => "", "request-body-removed", Breaking, YES;
    "media type gone": "          application/xml:\n            schema: {type: object, xml: {name: order}, properties: {number: {type: integer}}}\n"
        => "", "request-body-media-type-removed", Breaking, YES;
    "media type new": "          application/xml:\n" => "          text/csv: {schema: {type: string}}\n          application/xml:\n",
        "request-body-media-type-added", Fine, YES;
    "media type with parameter": "application/xml:" => "application/xml;charset=utf-8:",
        "request-body-media-type-name-changed", Fine, NO;
    "media type narrower": "text/*:" => "text/plain:", "response-media-type-name-specialized", Fine, YES;
    "media type wider": "text/*:" => "'*/*':", "response-media-type-name-generalized", Breaking, YES;
    "schema of a body gone": "{text/*: {schema: {type: string}}}" => "{text/*: {}}", "response-body-media-type-schema-removed", Check, YES;
    "schema of a parameter new": "application/json:\n              schema: {type: object, properties: {text: {type: string, maxLength: 20}}}"
        => "application/json: {}", "request-parameter-media-type-schema-removed", Fine, YES;
    "schema of a body new": "content: {text/plain: {}}" => "content: {text/plain: {schema: {type: string}}}",
        "response-body-media-type-schema-added", Fine, YES;
    "encoding of parts": "contentType: image/png" => "contentType: image/gif", "request-body-encoding-changed", Check, NO;
    "status of default": "        '404': {$ref: '#/components/responses/Missing'}\n" => "",
        "response-status-described-by-another", Fine, NO;
    "media type of a range": "        application/json:\n          schema: {type: object, properties: {code: {type: string}}}\n" => "",
        "response-media-type-described-by-another", Fine, YES;
    "success gone": "        '204': {description: Nothing to do.}\n" => "", "response-success-status-removed", Breaking, YES;
    "success new": "        '400': {description: Refused.}\n" => "        '202': {description: Soon.}\n        '400': {description: Refused.}\n",
        "response-success-status-added", Fine, YES;
    "failure gone": "        '400': {description: Refused.}\n" => "", "response-non-success-status-removed", Fine, YES;
    "failure new": "        '400': {description: Refused.}\n" => "        '400': {description: Refused.}\n        '409': {description: Late.}\n",
        "response-non-success-status-added", Fine, NO;

    // Parameters.
    "style": "style: form" => "style: pipeDelimited", "request-parameter-style-changed", Breaking, YES;
    "explode": "explode: true" => "explode: false", "request-parameter-explode-changed", Breaking, NO;
    "content": "maxLength: 20" => "maxLength: 19", "request-parameter-property-max-length-decreased", Breaking, YES;
    "reserved letters": "          style: form" => "          allowReserved: true\n          style: form",
        "request-parameter-encoding-changed", Check, NO;
    "parameter list shorter": "maxItems: 10}" => "maxItems: 9}", "request-parameter-max-items-decreased", Breaking, NO;
    "parameter bound": "maximum: 100" => "maximum: 50", "request-parameter-max-decreased", Breaking, NO;
    "parameter type": "name: old, in: query, deprecated: true, schema: {type: string}"
        => "name: old, in: query, deprecated: true, schema: {type: boolean}",
        "request-parameter-type-specialized", Breaking, YES;
    "parameter default": "default: 10" => "default: 20", "request-parameter-default-value-changed", Check, NO;
    "parameter default gone": ", default: 10" => "", "request-parameter-default-value-removed", Check, NO;
    "parameter default new": "maxItems: 10}" => "maxItems: 10, default: [a]}", "request-parameter-default-value-added", Check, NO;
    "path parameter of another type": "schema: {type: string, format: uuid}}" => "schema: {type: string}}",
        "request-parameter-type-generalized", Fine, YES;
    "path parameter described": "  /stock/{sku}:\n    get:\n"
        => "  /stock/{sku}:\n    get:\n      parameters: [{name: sku, in: path, required: true, schema: {type: string}}]\n",
        "new-request-path-parameter", Breaking, YES;
    "path parameter renamed": "  /orders/{id}:\n    parameters:\n      - {name: id," => "  /orders/{order}:\n    parameters:\n      - {name: order,",
        "path-parameter-renamed", Fine, NO;
    "header parameter": "{type: string, maxLength: 64}" => "{type: string, maxLength: 63}",
        "request-parameter-max-length-decreased", Breaking, YES;
    "parameter required": "name: X-Trace, in: header," => "name: X-Trace, in: header, required: true,",
        "request-parameter-became-required", Breaking, YES;
    "parameter optional": "name: shop, in: query, required: true" => "name: shop, in: query",
        "request-parameter-became-optional", Fine, YES;
    "parameter new": "        - name: size\n" => "        - {name: page, in: query, schema: {type: integer}}\n        - name: size\n",
        "new-optional-request-parameter", Fine, YES;
    "required parameter new": "        - name: size\n"
        => "        - {name: page, in: query, required: true, schema: {type: integer}}\n        - name: size\n",
        "new-required-request-parameter", Breaking, YES;
    "parameter gone": "      - {name: X-Trace, in: header, schema: {type: string, maxLength: 64}}\n" => "",
        "request-parameter-removed", Check, YES;
    "deprecated parameter gone": "        - {name: old, in: query, deprecated: true, schema: {type: string}}\n" => "",
        "request-parameter-removed-with-deprecation", Fine, YES;
    "parameter gone too early": "        - {name: older, in: query, deprecated: true, x-sunset: '2027-06-01', schema: {type: string}}\n"
        => "", "request-parameter-removed-before-sunset", Breaking, YES;
    "parameter as an exploded object": "- {name: shop, in: query, required: true, schema: {type: string}}"
        => "- {name: where, in: query, required: true, schema: {type: object, required: [shop], properties: {shop: {type: string}}}}",
        "request-parameter-exploded", Fine, YES;
    "parameter deprecated": "          explode: true" => "          deprecated: true\n          explode: true",
        "request-parameter-deprecated", Fine, NO;
    "parameter reactivated": "name: old, in: query, deprecated: true" => "name: old, in: query",
        "request-parameter-reactivated", Fine, NO;
    "parameter ends earlier": "2027-06-01" => "2027-05-01", "request-parameter-sunset-date-changed-too-small", Check, NO;

    // Operations.
    "operationId": "operationId: get_health" => "operationId: check_health", "api-operation-id-changed", Fine, YES;
    "operationId gone": "      operationId: get_health\n" => "", "api-operation-id-removed", Fine, YES;
    "operationId new": "    head:\n" => "    head:\n      operationId: head_health\n", "api-operation-id-added", Fine, YES;
    "operation new": "  /health:\n" => "  /health:\n    options: {responses: {'200': {description: Fine.}}}\n", "endpoint-added", Fine, NO;
    "path gone": "  /stock/{sku}:\n    get:\n      operationId: get_stock\n      responses:\n        '200': {description: How many.}\n" => "",
        "api-path-removed-without-deprecation", Breaking, YES;
    "operation gone": "    get:\n      operationId: get_health\n      security: [{}]\n      responses:\n        '200': {description: Fine., content: {text/plain: {}}}\n"
        => "", "api-removed-without-deprecation", Breaking, YES;
    "deprecated operation gone": "    delete:\n      operationId: drop_order\n      deprecated: true\n      x-sunset: '2026-03-01'\n      responses:\n        '204': {description: Gone.}\n"
        => "", "api-removed-with-deprecation", Fine, YES;
    "operation gone too early": "    put:\n      operationId: replace_order\n      deprecated: true\n      x-sunset: '2027-03-01'\n      requestBody:\n        content:\n          application/json:\n            schema: {$ref: '#/components/schemas/Address'}\n      responses:\n        '200': {description: Replaced., content: {text/*: {schema: {type: string}}}}\n        '204': {description: Nothing to do.}\n"
        => "", "api-removed-before-sunset", Breaking, YES;
    "operation deprecated": "      operationId: get_health\n" => "      operationId: get_health\n      deprecated: true\n",
        "endpoint-deprecated", Fine, NO;
    "operation deprecated until": "      operationId: get_health\n"
        => "      operationId: get_health\n      deprecated: true\n      x-sunset: '2028-01-01'\n",
        "endpoint-deprecated-with-sunset", Fine, NO;
    "operation reactivated": "      deprecated: true\n      x-sunset: '2027-03-01'\n" => "", "endpoint-reactivated", Fine, NO;
    "sunset gone": "      x-sunset: '2027-03-01'\n" => "", "sunset-deleted", Check, NO;
    "sunset earlier": "2027-03-01" => "2026-12-01", "api-sunset-date-changed-too-small", Check, NO;
    "sunset not a date": "x-sunset: '2027-03-01'" => "x-sunset: soon", "api-sunset-parse", Check, NO;
    "less stable": "x-stability-level: beta" => "x-stability-level: alpha", "api-stability-decreased", Check, NO;
    "stability unknown": "x-stability-level: beta" => "x-stability-level: good", "api-invalid-stability-level", Check, NO;
    "tag more": "tags: [orders]" => "tags: [orders, shop]", "api-tag-added", Fine, NO;
    "tag less": "tags: [orders]" => "tags: []", "api-tag-removed", Fine, NO;
    "callback payload": "[good, bad]" => "[good, bad, ugly]", "request-property-enum-value-added", Check, NO;
    "callback gone": "      callbacks:\n        done:\n          '{$request.body#/notify}':\n            post:\n              requestBody:\n                content:\n                  application/json:\n                    schema: {type: object, required: [end], properties: {end: {type: string, enum: [good, bad]}}}\n              responses:\n                '200':\n                  description: Taken.\n                  content:\n                    application/json:\n                      schema: {type: object, properties: {again: {type: boolean}}}\n"
        => "", "api-callback-removed", Breaking, NO;
    "callback new": "      operationId: get_health\n"
        => "      operationId: get_health\n      callbacks: {more: {'{$url}': {post: {responses: {'200': {description: Yes.}}}}}}\n",
        "api-callback-added", Fine, NO;

    // Security and servers.
    "credential needed": "security: [{}]" => "security: [{basic: []}]", "api-security-added", Breaking, NO;
    "credential not needed": "        - oauth: [write]\n" => "        - {}\n        - oauth: [write]\n", "api-security-removed", Fine, NO;
    "another credential": "        - basic: []\n" => "        - basic: []\n        - key: []\n", "api-security-alternative-added", Fine, NO;
    "one credential less": "        - basic: []\n" => "", "api-security-alternative-removed", Breaking, NO;
    "credential of all": "security:\n  - key: []\n" => "security:\n  - key: []\n  - basic: []\n",
        "api-security-alternative-added", Fine, NO;
    "scope more": "oauth: [write]" => "oauth: [write, read]", "api-security-scope-added", Breaking, NO;
    "scope less": "oauth: [write]" => "oauth: []", "api-security-scope-removed", Fine, NO;
    "scheme type": "basic: {type: http, scheme: basic}" => "basic: {type: openIdConnect, scheme: basic}",
        "api-security-component-changed", Breaking, NO;
    "scheme place": "key: {type: apiKey, in: header" => "key: {type: apiKey, in: query", "api-security-component-changed", Breaking, NO;
    "scheme name": "name: X-Key" => "name: X-Token", "api-security-component-changed", Breaking, NO;
    "scheme": "scheme: basic" => "scheme: bearer", "api-security-component-changed", Breaking, NO;
    "token address": "login.example.com" => "sign-in.example.com", "api-security-component-address-changed", Check, NO;
    "flow gone": "        implicit: {authorizationUrl: https://accounts.example.com/go, scopes: {}}\n" => "",
        "api-security-component-flow-removed", Breaking, NO;
    "scheme new": "    basic: {type" => "    basic2: {type: http, scheme: basic}\n    basic: {type", "api-security-component-added", Fine, NO;
    "scheme gone": "    spare: {type: http, scheme: digest}\n" => "", "api-security-component-removed", Fine, NO;
    "scope known": "{read: Read.," => "{admin: All., read: Read.,", "api-security-component-oauth-scope-added", Fine, NO;
    "scope unknown": "{read: Read., write: Write.}" => "{write: Write.}", "api-security-component-oauth-scope-removed", Fine, NO;
    "server new": "  - url: https://api.example.com\n" => "  - url: https://api.example.com\n  - url: https://api.example.org\n",
        "api-server-added", Fine, NO;
    "server gone": "  - url: https://api.example.com\n" => "", "api-server-removed", Breaking, NO;
    "server variable": "default: eu" => "default: us", "api-server-variable-changed", Check, NO;
    "server variable value gone": "enum: [eu, us]" => "enum: [eu]", "api-server-variable-changed", Check, NO;

    // Components.
    "schema new": "    Stamped:\n" => "    More: {type: string}\n    Stamped:\n", "api-schema-added", Fine, NO;
    "schema gone": "    Spare: {type: object, properties: {x: {type: string}}}\n" => "", "api-schema-removed", Fine, NO;
    "component new": "  parameters:\n    Spare" => "  parameters:\n    More: {name: more, in: query, schema: {type: string}}\n    Spare",
        "api-component-added", Fine, NO;
    "component gone": "    Unused: {name: unused, in: query, schema: {type: string}}\n" => "",
        "api-component-removed", Fine, NO;
    "schema inlined": "total: {$ref: '#/components/schemas/Money'}"
        => "total: {type: object, required: [amount], properties: {amount: {type: string}, currency: {type: string}}}",
        "response-property-schema-inlined", Fine, YES;
    "schema named": "inner: {type: object, properties: {y: {type: string}}}" => "inner: {$ref: '#/components/schemas/Right'}",
        "response-property-schema-named", Fine, YES;
    "another schema of the same form": "left: {$ref: '#/components/schemas/Left'}" => "left: {$ref: '#/components/schemas/Right'}",
        "response-property-reference-changed", Fine, YES;

    // Annotations.
    "description": "description: The street." => "description: A street.", "description-changed", Fine, NO;
    "description of a form": "description: On its way." => "description: Under way.", "description-changed", Fine, NO;
    "summary": "summary: Makes an order" => "summary: Makes one order", "description-changed", Fine, NO;
    "info": "version: 1.0.0" => "version: 1.0.1", "info-changed", Fine, NO;
    "extension": "    Stamped:\n" => "    Stamped:\n      x-source: [mail]\n", "extension-changed", Fine, NO;
}

/// Rules without a row, and the reason.
const UNCOVERED: &[(&str, &str)] = &[
    ("api-webhook-added", "only in OpenAPI 3.1"),
    ("api-webhook-removed", "only in OpenAPI 3.1"),
    ("api-schema-renamed", "an edit at more than one place, with a test of its own"),
    ("*-{}-of-unset", "the reverse of a row above"),
    ("*-one-of-overlaps", "forms that overlap have another finding of their own"),
    ("*-{}-keyword-changed", "only in OpenAPI 3.1"),
    ("*-discriminator-name-changed", "a renamed schema has another finding"),
];

pub(crate) fn read(file: &str, text: &str) -> Document {
    Document::parse(file, text).unwrap_or_else(|diagnostic| panic!("{diagnostic}"))
}

pub(crate) fn reviewed(base: &str, revision: &str) -> Review {
    compare(&read("base.yaml", base), &read("revision.yaml", revision), SETTINGS)
}

/// The small document with one edit.
pub(crate) fn edited(row: &Row) -> String {
    edit(row.name, row.find, row.replace)
}

fn edit(name: &str, find: &str, replace: &str) -> String {
    assert_eq!(SMALL.matches(find).count(), 1, "{name}: {find:?} should occur once in the document");
    SMALL.replace(find, replace)
}

/// One line for each finding, for messages.
pub(crate) fn list(findings: &[Finding]) -> String {
    let line = |side: &Option<Side>| side.as_ref().map(|side| side.line);
    let describe = |finding: &Finding| {
        let (old, new) = (line(&finding.old), line(&finding.new));
        let Finding { id, level, rust, text, .. } = finding;
        format!("\n    {level:?} {id} {old:?} {new:?} rust: {} {}, {text}", rust.breaks, rust.text)
    };
    findings.iter().map(describe).collect()
}

/// The lines, counted from 1, in which the texts differ; an empty range if there are none.
fn changed(one: &str, other: &str) -> [RangeInclusive<usize>; 2] {
    let [one, other] = [one, other].map(|text| text.lines().collect::<Vec<_>>());
    let head = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
    let rest = one.len().min(other.len()) - head;
    let tail = one.iter().rev().zip(other.iter().rev()).take(rest).take_while(|(one, other)| one == other).count();
    [one, other].map(|lines| head + 1..=lines.len() - tail)
}

#[test]
fn each_edit_has_one_finding_at_its_line() {
    let mut wrong = String::new();
    let base = read("base.yaml", SMALL);
    for row in ROWS {
        let revision = edited(row);
        let Review { findings, .. } = compare(&base, &read("revision.yaml", &revision), SETTINGS);
        let lines = changed(SMALL, &revision);
        let [finding] = &*findings else {
            wrong += &format!("\n  {}: {} findings{}", row.name, findings.len(), list(&findings));
            continue;
        };
        let within = |side: &Option<Side>, lines: &RangeInclusive<usize>| {
            side.as_ref().is_some_and(|side| lines.contains(&side.line))
        };
        let placed = within(&finding.old, &lines[0]) || within(&finding.new, &lines[1]);
        if !placed || (&*finding.id, finding.level, finding.rust.breaks) != (row.id, row.level, row.breaks) {
            wrong += &format!(
                "\n  {}, {lines:?}: not {:?} {} {}{}",
                row.name,
                row.level,
                row.id,
                row.breaks,
                list(&findings)
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn names_of_rows_are_unique() {
    let names: BTreeSet<_> = ROWS.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), ROWS.len());
}

#[test]
fn each_finding_id_leads_to_its_rule() {
    let base = read("base.yaml", SMALL);
    for row in ROWS {
        for finding in compare(&base, &read("revision.yaml", &edited(row)), SETTINGS).findings {
            assert_eq!(rules::find(&finding.id), Some(finding.rule), "{}", finding.id);
        }
    }
    let ids: BTreeSet<_> = rules::all().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), rules::all().count());
}

#[test]
fn every_rule_has_a_row() {
    let base = read("base.yaml", SMALL);
    let found = |row| compare(&base, &read("revision.yaml", &edited(row)), SETTINGS).findings;
    let reached: BTreeSet<_> = ROWS.iter().flat_map(found).map(|finding| finding.rule.id).collect();
    let missing: Vec<_> = rules::all().map(|rule| rule.id).filter(|id| !reached.contains(id)).collect();
    let explained: Vec<_> = UNCOVERED.iter().map(|(id, _)| *id).collect();
    assert_eq!(missing, explained);
}

/// The examples of the command `rules` are findings of the rows above.
#[test]
fn examples_are_up_to_date() {
    let base = read("base.yaml", SMALL);
    let mut examples: Vec<Example> = Vec::new();
    for row in ROWS {
        for finding in compare(&base, &read("revision.yaml", &edited(row)), SETTINGS).findings {
            match examples.iter_mut().find(|example| example.rule == finding.rule.id) {
                Some(example) if example.ids.contains(&finding.id) => {}
                Some(example) => example.ids.push(finding.id),
                None => examples.push(Example {
                    rule: finding.rule.id.to_owned(),
                    diff: output::diff(&finding),
                    text: finding.text,
                    ids: vec![finding.id],
                }),
            }
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules/examples.json");
    let text = serde_json::to_string_pretty(&examples).unwrap() + "\n";
    if env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(path, text).unwrap();
    } else {
        let is_current = fs::read_to_string(path).unwrap() == text;
        assert!(
            is_current,
            "run `INSTA_UPDATE=always cargo test -p openapi-review --test review examples_are_up_to_date`"
        );
        assert!(rules::examples() == examples);
    }
}

#[test]
fn a_change_of_a_shared_schema_is_one_finding() {
    let review =
        reviewed(SMALL, &edit("shared", "        amount: {type: string}\n", "        amount: {type: boolean}\n"));
    let [finding] = &*review.findings else { panic!("{}", list(&review.findings)) };
    let reached: Vec<_> = finding.operations.iter().map(|one| (&*one.operation, one.direction)).collect();
    assert_eq!(reached, [("GET /orders", Response), ("GET /orders/{id}", Response), ("POST /orders", Response)]);
}

#[test]
fn a_change_in_both_directions_is_one_finding_with_the_operations_of_the_worse_level() {
    for (find, replace, direction) in [
        ("city: {type: string, maxLength: 60}", "city: {type: string, maxLength: 61}", Response),
        ("city: {type: string, maxLength: 60}", "city: {type: string, maxLength: 59}", Request),
        ("city: {type: string, maxLength: 60}", "city: {type: string, maxLength: 60, enum: [a]}", Request),
        ("city: {type: string, maxLength: 60}", "city: {type: string, maxLength: 60, nullable: true}", Response),
    ] {
        let review = reviewed(SMALL, &edit("both", find, replace));
        let [finding] = &*review.findings else { panic!("{replace}:{}", list(&review.findings)) };
        assert_eq!(finding.level, Breaking, "{replace}: {}", list(&review.findings));
        let reached: Vec<_> = finding.operations.iter().map(|one| (&*one.operation, one.direction)).collect();
        assert_eq!(
            reached,
            match direction {
                Response => vec![("GET /orders", Response), ("GET /orders/{id}", Response), ("POST /orders", Response)],
                Request => vec![("POST /orders", Request), ("PUT /orders/{id}", Request)],
            }
        );
    }
}

#[test]
fn a_renamed_schema_is_one_finding() {
    for (name, count) in [("Money", 1), ("Stamped", 1), ("Order", 1), ("NewOrder", 1), ("Address", 1)] {
        let revision = SMALL
            .replace(&format!("schemas/{name}'"), &format!("schemas/{name}2'"))
            .replace(&format!("\n    {name}:"), &format!("\n    {name}2:"));
        let review = reviewed(SMALL, &revision);
        assert_eq!(review.findings.len(), count, "{name}:{}", list(&review.findings));
        let finding = &review.findings[0];
        assert_eq!((&*finding.id, finding.level, finding.rust.breaks), ("api-schema-renamed", Fine, true), "{name}");
    }
}
