//! Rules of schemas. Narrowing breaks requests; widening breaks responses.

use super::level::Level;
use super::rule::{Rule, rules};
use crate::progenitor_effect::RuleEffect::{Breaks, Nothing, Received, Sent, Type};

rules! {
    TYPE_CHANGED: "*-type-changed", Breaking / Breaking, Type,
        "the type of {subject} changed from {old} to {new}",
        "requests are rejected, and clients cannot decode responses",
        "add a property with another name, and deprecate this one";
    TYPE_GENERALIZED: "*-type-generalized", Fine / Breaking, Type,
        "the type of {subject} widened from {old} to {new}",
        "clients may receive values that they cannot decode",
        "add a property with another name, and deprecate this one";
    TYPE_SPECIALIZED: "*-type-specialized", Breaking / Fine, Type,
        "the type of {subject} narrowed from {old} to {new}",
        "values that clients send today are rejected",
        "keep accepting the wide type";
    TYPES_WIDENED: "*-list-of-types-widened", Fine / Breaking, Type,
        "the types of {subject} widened from {old} to {new}",
        "clients may receive types that they cannot decode",
        "add a property with another name";
    TYPES_NARROWED: "*-list-of-types-narrowed", Breaking / Fine, Type,
        "the types of {subject} narrowed from {old} to {new}",
        "types that clients send today are rejected",
        "keep accepting all of them";
    BECAME_NULLABLE: "*-became-nullable", Fine / Breaking, Type,
        "{subject} is now nullable",
        "clients that expect a value cannot decode null",
        "omit the property instead, if it is optional";
    BECAME_NOT_NULLABLE: "*-became-not-nullable", Breaking / Fine, Type,
        "{subject} is no longer nullable",
        "requests with null are rejected, and a value can no longer be cleared",
        "keep accepting null";
    BECAME_ENUM: "*-became-enum", Breaking / Fine, Type,
        "{subject} now has the `enum` {new}",
        "other values that clients send today are rejected",
        "list the known values in the description";
    ENUM_DROPPED: "*-enum-removed", Fine / Check, Type,
        "{subject} no longer has the `enum` {old}",
        "clients may receive values that they do not know",
        "list the new values instead, and tell clients to expect others";
    ENUM_VALUE_ADDED: "*-enum-value-added", Fine / Check,
        Breaks("the enum has another variant, which an exhaustive `match` has to handle"),
        "`enum` of {subject} now has the value {new}",
        "clients may receive a value that they do not know; a closed enum cannot decode it",
        "announce it, and let clients keep unknown values";
    ENUM_VALUE_REMOVED: "*-enum-value-removed", Breaking / Fine, Breaks("the enum no longer has the variant"),
        "`enum` of {subject} no longer has the value {old}",
        "requests with it are rejected",
        "keep accepting it";
    TITLE_CHANGED: "*-title-changed", Fine / Fine, Breaks("its type is named after the title"),
        "the title of {subject} changed from {old} to {new}",
        "requests and responses stay the same, but generated types without a name are named after titles", "keep the title";
    UPPER_SET: "*-max{}-set", Breaking / Fine, Type,
        "{subject} was set to {new}",
        "larger values that clients send today are rejected",
        "choose a bound that allows all values sent today";
    UPPER_UNSET: "*-max{}-unset", Fine / Breaking, Type,
        "{subject}, which was {old}, was removed",
        "clients may receive larger values than they can store",
        "keep the bound";
    UPPER_DECREASED: "*-max{}-decreased", Breaking / Fine, Type,
        "{subject} decreased from {old} to {new}",
        "values between the two bounds, which clients may send today, are rejected",
        "keep the bound";
    UPPER_INCREASED: "*-max{}-increased", Fine / Breaking, Type,
        "{subject} increased from {old} to {new}",
        "clients may receive larger values than they can store",
        "keep the bound";
    LOWER_SET: "*-min{}-set", Breaking / Fine, Type,
        "{subject} was set to {new}",
        "smaller values that clients send today are rejected",
        "choose a bound that allows all values sent today";
    LOWER_UNSET: "*-min{}-unset", Fine / Breaking, Type,
        "{subject}, which was {old}, was removed",
        "clients may receive smaller values than they expect",
        "keep the bound";
    LOWER_INCREASED: "*-min{}-increased", Breaking / Fine, Type,
        "{subject} increased from {old} to {new}",
        "values between the two bounds, which clients may send today, are rejected",
        "keep the bound";
    LOWER_DECREASED: "*-min{}-decreased", Fine / Breaking, Type,
        "{subject} decreased from {old} to {new}",
        "clients may receive smaller values than they expect",
        "keep the bound";
    MULTIPLE_NARROWED: "*-multiple-of-narrowed", Breaking / Fine, Type,
        "`multipleOf` of {subject} changed from {old} to {new}",
        "values in between that clients send today are rejected",
        "keep accepting them";
    MULTIPLE_WIDENED: "*-multiple-of-widened", Fine / Breaking, Type,
        "`multipleOf` of {subject} changed from {old} to {new}",
        "clients may receive values in between",
        "keep the old value";
    MULTIPLE_CHANGED: "*-multiple-of-changed", Breaking / Breaking, Type,
        "`multipleOf` of {subject} changed from {old} to {new}",
        "each allows values that the other does not",
        "keep accepting and sending the old values";
    UPPER_CHANGED: "*-max{}-changed", Check / Check, Type,
        "{subject} changed from {old} to {new}, and one of them is not a number",
        "a person has to decide whether the new one allows more or less",
        "write both as numbers";
    LOWER_CHANGED: "*-min{}-changed", Check / Check, Type,
        "{subject} changed from {old} to {new}, and one of them is not a number",
        "a person has to decide whether the new one allows more or less",
        "write both as numbers";
    UNIQUE_SET: "*-unique-items-set", Breaking / Fine, Type,
        "`uniqueItems` of {subject} is now true",
        "lists with duplicate items are rejected",
        "remove duplicates in the service";
    UNIQUE_UNSET: "*-unique-items-unset", Fine / Breaking, Type,
        "`uniqueItems` of {subject} is no longer true",
        "clients that use the items as keys may lose some",
        "keep them unique";
    PATTERN_ADDED: "*-pattern-added", Breaking / Fine, Type,
        "{subject} now has the `pattern` {new}",
        "values that clients send today may be rejected",
        "keep accepting all values that were accepted";
    PATTERN_REMOVED: "*-pattern-removed", Fine / Breaking, Type,
        "{subject} no longer has the `pattern` {old}",
        "clients may receive values that they cannot parse",
        "keep the pattern";
    PATTERN_CHANGED: "*-pattern-changed", Check / Check, Type,
        "`pattern` of {subject} changed from {old} to {new}",
        "a person has to decide whether the new one allows more or less",
        "keep accepting all values that were accepted";
    PATTERN_GENERALIZED: "*-pattern-generalized", Fine / Breaking, Type,
        "`pattern` of {subject} widened from {old} to {new}, which matches every text",
        "clients may receive values that they cannot parse", "keep the pattern";
    DEFAULT_ADDED: "*-default-value-added", Fine / Fine, Type,
        "{subject} now has the default {new}", "a missing value now means the default", "";
    DEFAULT_CHANGED: "*-default-value-changed", Fine / Fine,
        Received("a missing value is decoded as another value"),
        "the default of {subject} changed from {old} to {new}", "a missing value now means the new default", "";
    DEFAULT_REMOVED: "*-default-value-removed", Fine / Fine, Type,
        "{subject} no longer has the default {old}",
        "clients that use the default for a missing value use a wrong one, or none",
        "keep the default";
    PARAMETER_DEFAULT_ADDED: "request-parameter-default-value-added", Check / Check, Nothing,
        "{subject} now has the default {new}",
        "requests without it may now mean something else",
        "make sure that omitting it already had this meaning";
    PARAMETER_DEFAULT_CHANGED: "request-parameter-default-value-changed", Check / Check, Nothing,
        "the default of {subject} changed from {old} to {new}",
        "requests without it now mean something else",
        "keep the default";
    PARAMETER_DEFAULT_REMOVED: "request-parameter-default-value-removed", Check / Check, Nothing,
        "{subject} no longer has the default {old}",
        "requests without it now mean something else",
        "keep the default";
    BECAME_READ_ONLY: "{}-became-read-only", Fine / Fine, Nothing,
        "{subject} is now read-only",
        "the service ignores it in requests", "";
    BECAME_NOT_READ_ONLY: "{}-became-not-read-only", Fine / Fine, Nothing,
        "{subject} is no longer read-only",
        "requests may now contain it; if it is required, requests without it are rejected",
        "keep it optional";
    BECAME_WRITE_ONLY: "{}-became-write-only", Fine / Breaking, Nothing,
        "{subject} is now write-only", "clients no longer receive it", "keep sending it";
    BECAME_NOT_WRITE_ONLY: "{}-became-not-write-only", Fine / Check, Nothing,
        "{subject} is no longer write-only",
        "clients that reject unknown properties fail, and a value that was secret is sent", "keep it write-only";
    PROPERTY_REQUIRED: "*-became-required", Breaking / Fine,
        Breaks("`Option<T>` becomes `T`, and decoding fails without it"),
        "{subject} is now required",
        "requests without it are rejected",
        "keep it optional, with a default";
    UNDECLARED_REQUIRED: "*-required-without-schema", Breaking / Fine,
        Breaks("the struct has another field, of type `serde_json::Value`"),
        "{subject}, which has no schema in `properties`, is now required",
        "requests without it are rejected", "remove it from `required`, or add an optional property";
    UNDECLARED_OPTIONAL: "*-optional-without-schema", Fine / Breaking,
        Breaks("the struct no longer has the field of type `serde_json::Value`"),
        "{subject}, which has no schema in `properties`, is no longer required",
        "clients that expect it fail if it is missing", "keep sending it";
    PROPERTY_REQUIRED_WITH_DEFAULT: "*-became-required-with-default", Breaking / Fine,
        Received("decoding fails without it"),
        "{subject} is now required, although it has a default",
        "requests without it are rejected, unless the service still uses the default",
        "keep it optional";
    PROPERTY_OPTIONAL: "*-became-optional", Fine / Breaking,
        Sent("null and an empty list are omitted instead of sent"),
        "{subject} is now optional",
        "clients that expect it fail if it is missing; requests with it still work",
        "keep sending it";
    PROPERTY_RENAMED: "*-renamed", Breaking / Breaking, Breaks("its field is renamed"),
        "{subject} was probably renamed to {new}, which has the same schema",
        "clients send and read the old name",
        "add the new name and keep the old one";
    PROPERTY_REMOVED: "{}-removed", Check / Breaking, Breaks("its field is removed"),
        "{subject} was removed",
        "requests with it may be rejected, and clients that read it no longer find it",
        "deprecate it first, and keep accepting and sending it";
    PROPERTY_REQUIRED_REMOVED: "response-required{}-property-removed", Breaking / Breaking, Breaks("its field is removed"),
        "{subject}, which was required, was removed",
        "clients cannot decode a response without it",
        "deprecate it, make it optional, and only then remove it";
    PROPERTY_REQUIRED_ADDED: "new-required-*{}", Breaking / Fine,
        Breaks("the struct has another field, which struct literals must set and decoding requires"),
        "{subject} is new and required",
        "all existing requests lack it and are rejected",
        "make it optional, with a default that keeps the current behaviour";
    PROPERTY_OPTIONAL_ADDED: "new-optional-*", Fine / Fine, Sent("the struct has another field, which struct literals must set"),
        "{subject} is new", "requests without it still work, and clients ignore properties that they do not know", "";
    RESPONSE_PROPERTY_REQUIRED_ADDED: "response-required{}-property-added", Breaking / Fine,
        Breaks("the struct has another field, which struct literals must set and decoding requires"),
        "{subject} is new and required",
        "clients ignore properties that they do not know, unless the old schema forbids them",
        "where the old schema forbids it, return it only to clients that ask for it";
    RESPONSE_PROPERTY_OPTIONAL_ADDED: "response-optional{}-property-added", Fine / Fine,
        Sent("the struct has another field, which struct literals must set"),
        "{subject} is new",
        "clients ignore properties that they do not know, unless the old schema forbids them",
        "where the old schema forbids it, return it only to clients that ask for it";
    ADDITIONAL_CLOSED: "*-additional-properties-closed", Breaking / Fine, Type,
        "`additionalProperties` of {subject} is now false",
        "requests with additional properties are rejected",
        "keep accepting and ignoring them";
    ADDITIONAL_OPENED: "*-additional-properties-opened", Fine / Check, Type,
        "`additionalProperties` of {subject} is no longer false",
        "clients that reject unknown properties fail",
        "list the new properties";
    ADDITIONAL_NARROWED: "*-additional-properties-narrowed", Breaking / Fine, Type,
        "`additionalProperties` of {subject} narrowed from any value to {new}",
        "requests with other values are rejected",
        "keep accepting them";
    ADDITIONAL_WIDENED: "*-additional-properties-widened", Fine / Breaking, Type,
        "`additionalProperties` of {subject} widened from {old} to any value",
        "clients may receive values that they cannot decode",
        "keep the schema";
    BRANCH_ADDED: "*-{}-of-added", Fine / Check, Breaks("the enum has another variant"),
        "the variants of {subject} now include {new}",
        "clients may receive a variant that they do not know",
        "announce it, and let clients keep unknown variants";
    BRANCH_REMOVED: "*-{}-of-removed", Breaking / Fine, Breaks("the enum no longer has the variant"),
        "the variants of {subject} no longer include {old}",
        "requests with it are rejected",
        "keep accepting it";
    BRANCH_ORDER: "*-{}-of-order-changed", Fine / Fine, Breaks("variants are tried, and their fields numbered, in another order"),
        "the variants of {subject} are in another order",
        "requests and responses stay the same, but generated code takes the first variant that matches", "keep the order";
    WRAPPED: "*-wrapped-in-{}-of", Fine / Breaking, Breaks("the type becomes an enum"),
        "{subject} now has variants, and its old schema is one of them",
        "clients that expect the one variant cannot decode the others",
        "add a property with another name";
    UNWRAPPED: "*-unwrapped-from-{}-of", Breaking / Fine, Breaks("the enum becomes the type of its one variant"),
        "{subject} no longer has variants, only the schema of one of them",
        "requests with another variant are rejected",
        "keep accepting the others";
    CHOICE_SET: "*-{}-of-set", Breaking / Fine, Breaks("the struct becomes an enum"),
        "{subject} now has the variants {new}",
        "existing requests may match none of them",
        "allow in one variant everything that was allowed before";
    CHOICE_UNSET: "*-{}-of-unset", Fine / Breaking, Breaks("the enum becomes a struct"),
        "{subject} no longer has the variants {old}",
        "clients may receive a variant that they do not know",
        "keep the variants";
    CHOICE_EXCLUSIVE: "*-any-of-to-one-of", Breaking / Fine, Type,
        "`anyOf` of {subject} became `oneOf`",
        "values that match two of the variants are rejected",
        "keep `anyOf`";
    CHOICE_INCLUSIVE: "*-one-of-to-any-of", Fine / Breaking, Type,
        "`oneOf` of {subject} became `anyOf`",
        "clients may receive values that match two of the variants",
        "keep `oneOf`";
    CHOICE_OVERLAPS: "*-one-of-overlaps", Breaking / Fine, Nothing,
        "values may now match two variants of `oneOf` of {subject}, which rejects them",
        "values that clients send today may match two variants",
        "use `anyOf`, or variants that exclude each other";
    PART_ADDED: "all-of-part-added", Fine / Fine, Nothing,
        "`allOf` of {subject} has the new part {new}",
        "the changes in the part have findings of their own", "";
    PART_REMOVED: "all-of-part-removed", Fine / Fine, Nothing,
        "`allOf` of {subject} no longer has the part {old}",
        "the changes in the part have findings of their own", "";
    NOT_CHANGED: "*-not-changed", Check / Check, Breaks("the type generated for `not` differs, or does not compile"),
        "`not` of {subject} changed from {old} to {new}",
        "a person has to decide whether the new one allows more or less",
        "keep accepting all values that were accepted";
    KEYWORD_NOT_JUDGED: "*-{}-keyword-changed", Check / Check, Nothing,
        "{subject} changed from {old} to {new}",
        "the keyword depends on other keywords and values, so a person has to decide whether it now allows more or less",
        "keep accepting all values that were accepted, and send no others";
    DISCRIMINATOR_ADDED: "*-discriminator-added", Fine / Fine, Nothing,
        "{subject} now has the `discriminator` {new}", "clients can still distinguish them by their properties", "";
    DISCRIMINATOR_REMOVED: "*-discriminator-removed", Fine / Fine, Nothing,
        "{subject} no longer has the `discriminator` {old}", "the property still exists", "";
    DISCRIMINATOR_CHANGED: "*-discriminator-property-name-changed", Breaking / Breaking, Nothing,
        "`discriminator.propertyName` of {subject} changed from {old} to {new}",
        "clients read a property that no longer names the variant",
        "keep setting the old property";
    TAG_CHANGED: "*-discriminator-name-changed", Breaking / Breaking, Nothing,
        "the discriminator of {subject} names a variant {new} instead of {old}",
        "without a mapping, the name of the schema is the value of the discriminator",
        "map the old name to the new schema";
    MAPPING_ADDED: "*-discriminator-mapping-added", Fine / Check, Nothing,
        "`mapping` of {subject} has the new name {new}",
        "clients may receive a name that they do not know", "announce it, and let clients keep unknown variants";
    MAPPING_REMOVED: "*-discriminator-mapping-deleted", Breaking / Breaking, Nothing,
        "`mapping` of {subject} no longer has the name {old}",
        "requests with this name are rejected, and clients receive another name for the variant",
        "keep the name";
    MAPPING_CHANGED: "*-discriminator-mapping-changed", Check / Check, Nothing,
        "`mapping` of {subject} changed from {old} to {new}",
        "clients decode or send the wrong variant for this name",
        "use a new name for the new variant";
    XML_CHANGED: "*-xml-changed", Check / Check, Nothing,
        "`xml` of {subject} changed from {old} to {new}",
        "clients still write and read the old form",
        "add a property with another name";
}
