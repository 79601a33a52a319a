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
        "{subject} may now be {new} instead of {old}",
        "clients may receive types that they cannot decode",
        "add a property with another name";
    TYPES_NARROWED: "*-list-of-types-narrowed", Breaking / Fine, Type,
        "{subject} may now only be {new} instead of {old}",
        "types that clients send today are rejected",
        "keep accepting all of them";
    BECAME_NULLABLE: "*-became-nullable", Fine / Breaking, Type,
        "{subject} may now be null",
        "clients that expect a value cannot decode null",
        "omit the property instead, if it is optional";
    BECAME_NOT_NULLABLE: "*-became-not-nullable", Breaking / Fine, Type,
        "{subject} may no longer be null",
        "requests with null are rejected, and a value can no longer be cleared",
        "keep accepting null";
    BECAME_ENUM: "*-became-enum", Breaking / Fine, Type,
        "{subject} is now limited to {new}",
        "other values that clients send today are rejected",
        "list the known values in the description";
    ENUM_DROPPED: "*-enum-removed", Fine / Check, Type,
        "{subject} is no longer limited to {old}",
        "clients may receive values that they do not know",
        "list the new values instead, and tell clients to expect others";
    ENUM_VALUE_ADDED: "*-enum-value-added", Fine / Check,
        Breaks("the enum has another variant, which an exhaustive `match` has to handle"),
        "{subject} may now be {new}",
        "clients may receive a value that they do not know; a closed enum cannot decode it",
        "announce it, and let clients keep unknown values";
    ENUM_VALUE_REMOVED: "*-enum-value-removed", Breaking / Fine, Breaks("the enum no longer has the variant"),
        "{subject} can no longer be {old}",
        "requests with it are rejected",
        "keep accepting it";
    TITLE_CHANGED: "*-title-changed", Fine / Fine, Breaks("its type is named after the title"),
        "the title of {subject} changed from {old} to {new}",
        "requests and responses stay the same, but generated types without a name are named after titles", "keep the title";
    UPPER_SET: "*-{}-set", Check / Fine, Type,
        "{subject} is now {new}",
        "larger values that clients send today are rejected",
        "choose a bound that allows all values sent today";
    UPPER_UNSET: "*-{}-unset", Fine / Breaking, Type,
        "{subject}, which was {old}, was removed",
        "clients may receive larger values than they can store",
        "keep the bound";
    UPPER_DECREASED: "*-{}-decreased", Breaking / Fine, Type,
        "{subject} decreased from {old} to {new}",
        "values between the two bounds, which clients may send today, are rejected",
        "keep the bound";
    UPPER_INCREASED: "*-{}-increased", Fine / Breaking, Type,
        "{subject} increased from {old} to {new}",
        "clients may receive larger values than they can store",
        "keep the bound";
    LOWER_SET: "*-{}-set", Check / Fine, Type,
        "{subject} is now {new}",
        "smaller values that clients send today are rejected",
        "choose a bound that allows all values sent today";
    LOWER_UNSET: "*-{}-unset", Fine / Breaking, Type,
        "{subject}, which was {old}, was removed",
        "clients may receive smaller values than they expect",
        "keep the bound";
    LOWER_INCREASED: "*-{}-increased", Breaking / Fine, Type,
        "{subject} increased from {old} to {new}",
        "values between the two bounds, which clients may send today, are rejected",
        "keep the bound";
    LOWER_DECREASED: "*-{}-decreased", Fine / Breaking, Type,
        "{subject} decreased from {old} to {new}",
        "clients may receive smaller values than they expect",
        "keep the bound";
    MULTIPLE_NARROWED: "*-multiple-of-narrowed", Breaking / Fine, Type,
        "`multipleOf` of {subject} changed from {old} to {new}",
        "values in between that clients send today are rejected",
        "keep accepting them";
    MULTIPLE_WIDENED: "*-multiple-of-widened", Fine / Check, Type,
        "`multipleOf` of {subject} changed from {old} to {new}",
        "clients may receive values in between",
        "keep the old value";
    MULTIPLE_CHANGED: "*-multiple-of-changed", Breaking / Check, Type,
        "`multipleOf` of {subject} changed from {old} to {new}",
        "each allows values that the other does not",
        "keep accepting and sending the old values";
    BOUND_CHANGED: "*-{}-changed", Check / Check, Type,
        "{subject} changed from {old} to {new}, and one of them is not a number",
        "a person has to decide whether the new one allows more or less",
        "write both as numbers";
    UNIQUE_SET: "*-unique-items-set", Breaking / Fine, Type,
        "the items of {subject} must now be unique",
        "lists with duplicate items are rejected",
        "remove duplicates in the service";
    UNIQUE_UNSET: "*-unique-items-unset", Fine / Check, Type,
        "the items of {subject} may now repeat",
        "clients that use the items as keys may lose some",
        "keep them unique";
    PATTERN_ADDED: "*-pattern-added", Breaking / Fine, Type,
        "{subject} must now match {new}",
        "values that clients send today may be rejected",
        "keep accepting all values that were accepted";
    PATTERN_REMOVED: "*-pattern-removed", Fine / Fine, Type,
        "{subject} no longer has to match {old}",
        "clients may receive values that they cannot parse",
        "keep the pattern";
    PATTERN_CHANGED: "*-pattern-changed", Check / Fine, Type,
        "the pattern of {subject} changed from {old} to {new}",
        "a person has to decide whether the new one allows more or less",
        "keep accepting all values that were accepted";
    PATTERN_GENERALIZED: "*-pattern-generalized", Fine / Fine, Type,
        "the pattern of {subject} now matches everything, instead of {old}",
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
        "{subject} is no longer read-only", "requests without it still work", "";
    BECAME_WRITE_ONLY: "{}-became-write-only", Fine / Fine, Nothing,
        "{subject} is now write-only", "clients no longer receive it", "";
    BECAME_NOT_WRITE_ONLY: "{}-became-not-write-only", Fine / Check, Nothing,
        "{subject} is no longer write-only",
        "clients that reject unknown properties fail, and a value that was secret is sent", "keep it write-only";
    PROPERTY_REQUIRED: "*-became-required", Breaking / Fine,
        Breaks("`Option<T>` becomes `T`, and decoding fails without it"),
        "{subject} is now required",
        "requests without it are rejected",
        "keep it optional, with a default";
    UNKNOWN_REQUIRED: "*-required-without-description", Fine / Fine, Breaks("the struct gains or loses a field of type `serde_json::Value`"),
        "`required` of {subject} changed for a property without a schema",
        "no client knows the property, so none sends or reads it", "add a schema for it, or remove it from `required`";
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
    PROPERTY_REMOVED: "{}-removed", Check / Check, Breaks("its field is removed"),
        "{subject} was removed",
        "requests with it may be rejected, and clients that read it no longer find it",
        "deprecate it first, and keep accepting and sending it";
    PROPERTY_REQUIRED_REMOVED: "{}-removed", Breaking / Breaking, Breaks("its field is removed"),
        "{subject}, which was required, was removed",
        "clients cannot decode a response without it",
        "deprecate it, make it optional, and only then remove it";
    PROPERTY_REQUIRED_ADDED: "{}", Breaking / Fine,
        Breaks("the struct has another field, which struct literals must set and decoding requires"),
        "{subject} is new and required",
        "all existing requests lack it and are rejected",
        "make it optional, with a default that keeps the current behaviour";
    PROPERTY_OPTIONAL_ADDED: "{}", Fine / Fine, Sent("the struct has another field, which struct literals must set"),
        "{subject} is new", "requests without it still work, and clients ignore properties that they do not know", "";
    ADDITIONAL_CLOSED: "*-additional-properties-closed", Breaking / Fine,
        Breaks("the struct rejects unknown fields, or the map is removed"),
        "{subject} no longer allows additional properties",
        "requests with additional properties are rejected",
        "keep accepting and ignoring them";
    ADDITIONAL_OPENED: "*-additional-properties-opened", Fine / Check,
        Breaks("the struct accepts unknown fields, or becomes a map"),
        "{subject} now allows additional properties",
        "clients that reject unknown properties fail",
        "list the new properties";
    ADDITIONAL_NARROWED: "*-additional-properties-narrowed", Breaking / Fine, Breaks("the values of the map have another type"),
        "additional properties of {subject} must now be {new}",
        "requests with other values are rejected",
        "keep accepting them";
    ADDITIONAL_WIDENED: "*-additional-properties-widened", Fine / Breaking, Breaks("the values of the map have another type"),
        "additional properties of {subject} may now be anything, not only {old}",
        "clients may receive values that they cannot decode",
        "keep the schema";
    BRANCH_ADDED: "*-{}-added", Fine / Check, Breaks("the enum has another variant"),
        "{subject} may now also be {new}",
        "clients may receive a variant that they do not know",
        "announce it, and let clients keep unknown variants";
    BRANCH_REMOVED: "*-{}-removed", Breaking / Fine, Breaks("the enum no longer has the variant"),
        "{subject} can no longer be {old}",
        "requests with it are rejected",
        "keep accepting it";
    BRANCH_ORDER: "*-{}-order-changed", Fine / Fine, Breaks("variants are tried, and their fields numbered, in another order"),
        "the variants of {subject} are in another order",
        "requests and responses stay the same, but generated code takes the first variant that matches", "keep the order";
    WRAPPED: "*-wrapped-in-{}", Fine / Breaking, Breaks("the type becomes an enum"),
        "{subject} is now one of several variants",
        "clients that expect the one variant cannot decode the others",
        "add a property with another name";
    UNWRAPPED: "*-unwrapped-from-{}", Breaking / Fine, Breaks("the enum becomes the type of its one variant"),
        "{subject} has only one variant now",
        "requests with another variant are rejected",
        "keep accepting the others";
    CHOICE_SET: "*-{}-set", Breaking / Fine, Breaks("the struct becomes an enum"),
        "{subject} must now be one of several variants",
        "existing requests may match none of them",
        "allow in one variant everything that was allowed before";
    CHOICE_UNSET: "*-{}-unset", Fine / Breaking, Breaks("the enum becomes a struct"),
        "{subject} no longer has to be one of several variants",
        "clients may receive a variant that they do not know",
        "keep the variants";
    PART_ADDED: "*-all-of-added", Breaking / Fine, Sent("the struct has the fields of another part"),
        "{subject} must now also be {new}",
        "existing requests may not match it",
        "allow in the new part everything that was allowed before";
    PART_ADDED_ANNOTATION: "*-all-of-added-annotation-only", Fine / Fine, Nothing,
        "{subject} has another part, which contains annotations only", "annotations do not affect clients", "";
    PART_REMOVED: "*-all-of-removed", Check / Fine, Breaks("the struct no longer has the fields of a part"),
        "{subject} no longer has to be {old}",
        "properties of the part may be rejected in requests and missing in responses",
        "keep the part";
    PART_REMOVED_ANNOTATION: "*-all-of-removed-annotation-only", Fine / Fine, Nothing,
        "{subject} no longer has a part, which contained annotations only", "annotations do not affect clients", "";
    NOT_CHANGED: "*-not-changed", Check / Check, Breaks("the type generated for `not` differs, or does not compile"),
        "`not` of {subject} changed from {old} to {new}",
        "a person has to decide whether the new one allows more or less",
        "keep accepting all values that were accepted";
    KEYWORD_NOT_JUDGED: "*-{}-keyword-changed", Check / Check, Nothing,
        "{subject} changed from {old} to {new}",
        "the keyword depends on other keywords and values, so a person has to decide whether it now allows more or less",
        "keep accepting all values that were accepted, and send no others";
    DISCRIMINATOR_ADDED: "*-discriminator-added", Fine / Fine, Nothing,
        "the variants of {subject} now have the discriminator {new}", "clients can still distinguish them by their properties", "";
    DISCRIMINATOR_REMOVED: "*-discriminator-removed", Fine / Fine, Nothing,
        "the variants of {subject} no longer have the discriminator {old}", "the property still exists", "";
    DISCRIMINATOR_CHANGED: "*-discriminator-property-name-changed", Breaking / Breaking, Nothing,
        "the discriminator of {subject} changed from {old} to {new}",
        "clients read a property that no longer names the variant",
        "keep setting the old property";
    MAPPING_ADDED: "*-discriminator-mapping-added", Fine / Fine, Nothing,
        "{subject} maps the new name {new} to one of its variants", "clients that know only the name of the schema do not know this one", "";
    MAPPING_REMOVED: "*-discriminator-mapping-deleted", Fine / Fine, Nothing,
        "{subject} no longer maps the name {old} to a variant", "requests with it may be rejected", "keep accepting the name";
    MAPPING_CHANGED: "*-discriminator-mapping-changed", Check / Check, Nothing,
        "{subject} refers to {new} instead of {old}",
        "clients decode or send the wrong variant for this name",
        "use a new name for the new variant";
    XML_CHANGED: "*-xml-changed", Check / Check, Nothing,
        "the XML form of {subject} changed",
        "clients still write and read the old form",
        "add a property with another name";
}
