//! Rules of schemas. What a client sends may not be narrowed, what it receives may not be widened.

use super::Rust::{Breaks, Nothing, Received, Sent, Type};
use super::{Level, Rule, rules};

rules! {
    TYPE_CHANGED: "*-type-changed", Breaking / Breaking, Type,
        "the type of {what} changed from {old} to {new}",
        "what clients send is refused, and what they receive they cannot decode",
        "add a property of another name, and deprecate this one";
    TYPE_GENERALIZED: "*-type-generalized", Fine / Breaking, Type,
        "the type of {what} widened from {old} to {new}",
        "clients may receive values that they cannot decode",
        "add a property of another name, and deprecate this one";
    TYPE_SPECIALIZED: "*-type-specialized", Breaking / Fine, Type,
        "the type of {what} narrowed from {old} to {new}",
        "values that clients send today are refused",
        "go on accepting the wide type";
    TYPES_WIDENED: "*-list-of-types-widened", Fine / Breaking, Type,
        "{what} may now be {new} instead of {old}",
        "clients may receive types that they cannot decode",
        "add a property of another name";
    TYPES_NARROWED: "*-list-of-types-narrowed", Breaking / Fine, Type,
        "{what} may only be {new} instead of {old}",
        "types that clients send today are refused",
        "go on accepting all of them";
    BECAME_NULLABLE: "*-became-nullable", Fine / Breaking, Type,
        "{what} may now be null",
        "clients that expect a value fail at null",
        "leave the property out instead, if it is optional";
    BECAME_NOT_NULLABLE: "*-became-not-nullable", Breaking / Fine, Type,
        "{what} may no longer be null",
        "clients that send null are refused, and a value cannot be cleared any more",
        "go on accepting null";
    BECAME_ENUM: "*-became-enum", Breaking / Fine, Type,
        "{what} is now one of {new}",
        "all other values that clients send today are refused",
        "describe the known values in words";
    ENUM_DROPPED: "*-enum-removed", Fine / Check, Type,
        "{what} is no longer limited to {old}",
        "clients may receive values that they do not know",
        "list the new values instead, and tell clients to expect others";
    ENUM_VALUE_ADDED: "*-enum-value-added", Fine / Check,
        Breaks("the enum has another variant, which an exhaustive `match` has to handle"),
        "{what} may now be {new}",
        "clients may receive a value that they do not know; a closed enum cannot decode it",
        "announce it, and let clients keep unknown values";
    ENUM_VALUE_REMOVED: "*-enum-value-removed", Breaking / Fine, Breaks("the enum has lost a variant"),
        "{what} can no longer be {old}",
        "clients that send it are refused",
        "go on accepting it";
    TITLE_CHANGED: "*-title-changed", Fine / Fine, Breaks("its type is named after the title"),
        "the title of {what} changed from {old} to {new}",
        "the wire does not show it, but generated types without a name are named after titles", "keep the title";
    UPPER_SET: "*-{}-set", Check / Fine, Type,
        "{what} is now {new}",
        "larger values that clients send today are refused",
        "make the bound wide enough for whatever is sent today";
    UPPER_UNSET: "*-{}-unset", Fine / Breaking, Type,
        "{what}, which was {old}, is gone",
        "clients may receive larger values than they have room for",
        "keep the bound";
    UPPER_DECREASED: "*-{}-decreased", Breaking / Fine, Type,
        "{what} went down from {old} to {new}",
        "values between the old bound and the new one that clients send today are refused",
        "keep the bound";
    UPPER_INCREASED: "*-{}-increased", Fine / Breaking, Type,
        "{what} went up from {old} to {new}",
        "clients may receive larger values than they have room for",
        "keep the bound";
    LOWER_SET: "*-{}-set", Check / Fine, Type,
        "{what} is now {new}",
        "smaller values that clients send today are refused",
        "make the bound wide enough for whatever is sent today";
    LOWER_UNSET: "*-{}-unset", Fine / Breaking, Type,
        "{what}, which was {old}, is gone",
        "clients may receive smaller values than they expect",
        "keep the bound";
    LOWER_INCREASED: "*-{}-increased", Breaking / Fine, Type,
        "{what} went up from {old} to {new}",
        "values between the old bound and the new one that clients send today are refused",
        "keep the bound";
    LOWER_DECREASED: "*-{}-decreased", Fine / Breaking, Type,
        "{what} went down from {old} to {new}",
        "clients may receive smaller values than they expect",
        "keep the bound";
    MULTIPLE_NARROWED: "*-multiple-of-narrowed", Breaking / Fine, Type,
        "`multipleOf` of {what} went from {old} to {new}",
        "values in between that clients send today are refused",
        "go on accepting them";
    MULTIPLE_WIDENED: "*-multiple-of-widened", Fine / Check, Type,
        "`multipleOf` of {what} went from {old} to {new}",
        "clients may receive values in between",
        "keep it";
    MULTIPLE_CHANGED: "*-multiple-of-changed", Breaking / Check, Type,
        "`multipleOf` of {what} went from {old} to {new}",
        "neither takes what the other takes",
        "go on accepting and sending the old ones";
    BOUND_CHANGED: "*-{}-changed", Check / Check, Type,
        "{what} changed from {old} to {new}, and one of them is no number",
        "whether the new one takes less or more, only a person can tell",
        "write both as numbers";
    UNIQUE_SET: "*-unique-items-set", Breaking / Fine, Type,
        "the items of {what} must now differ from each other",
        "lists with the same item twice that clients send today are refused",
        "drop the second one in the service";
    UNIQUE_UNSET: "*-unique-items-unset", Fine / Check, Type,
        "the items of {what} may now repeat",
        "clients that use them as keys may lose one",
        "keep them unique";
    PATTERN_ADDED: "*-pattern-added", Breaking / Fine, Type,
        "{what} must now match {new}",
        "values that clients send today may be refused",
        "go on accepting what was accepted";
    PATTERN_REMOVED: "*-pattern-removed", Fine / Fine, Type,
        "{what} need no longer match {old}",
        "clients may receive values in a form that they cannot read",
        "keep the pattern";
    PATTERN_CHANGED: "*-pattern-changed", Check / Fine, Type,
        "the pattern of {what} changed from {old} to {new}",
        "whether the new one takes less or more, only a person can tell",
        "go on accepting what was accepted";
    PATTERN_GENERALIZED: "*-pattern-generalized", Fine / Fine, Type,
        "the pattern of {what} now takes everything, instead of {old}",
        "clients may receive values in a form that they cannot read", "keep the pattern";
    DEFAULT_ADDED: "*-default-value-added", Fine / Fine, Type,
        "{what} now has the default {new}", "what is left out now means this", "";
    DEFAULT_CHANGED: "*-default-value-changed", Fine / Fine,
        Received("what is missing becomes another value"),
        "the default of {what} changed from {old} to {new}", "what is left out now means something else", "";
    DEFAULT_REMOVED: "*-default-value-removed", Fine / Fine, Type,
        "{what} no longer has the default {old}",
        "clients that fill in the default for what is missing fill in something wrong, or nothing",
        "keep the default";
    PARAMETER_DEFAULT_ADDED: "request-parameter-default-value-added", Check / Check, Nothing,
        "{what} now has the default {new}",
        "calls without it may now mean something else",
        "make sure that this is what leaving it out always meant";
    PARAMETER_DEFAULT_CHANGED: "request-parameter-default-value-changed", Check / Check, Nothing,
        "the default of {what} changed from {old} to {new}",
        "calls without it now mean something else",
        "keep the default";
    PARAMETER_DEFAULT_REMOVED: "request-parameter-default-value-removed", Check / Check, Nothing,
        "{what} no longer has the default {old}",
        "calls without it now mean something else",
        "keep the default";
    BECAME_READ_ONLY: "{}-became-read-only", Fine / Fine, Nothing,
        "{what} is now set by the service only",
        "what clients send is ignored", "";
    BECAME_NOT_READ_ONLY: "{}-became-not-read-only", Fine / Fine, Nothing,
        "{what} can now be sent", "clients that do not send it go on", "";
    BECAME_WRITE_ONLY: "{}-became-write-only", Fine / Fine, Nothing,
        "{what} is no longer sent back", "clients no longer receive it", "";
    BECAME_NOT_WRITE_ONLY: "{}-became-not-write-only", Fine / Check, Nothing,
        "{what} is now sent back",
        "clients that refuse unknown properties fail, and what was kept secret is shown", "keep it write-only";
    PROPERTY_REQUIRED: "*-became-required", Breaking / Fine,
        Breaks("`Option<T>` becomes `T`, and nothing decodes without it"),
        "{what} is now required",
        "calls without it are refused",
        "leave it optional, with a default";
    UNKNOWN_REQUIRED: "*-required-without-description", Fine / Fine, Breaks("the struct has a field of any value more or less"),
        "`required` of {what} names a property that is described nowhere, or no longer does",
        "no client knows the property, so none sends or reads it", "describe it, or do not name it";
    PROPERTY_REQUIRED_WITH_DEFAULT: "*-became-required-with-default", Breaking / Fine,
        Received("nothing decodes without it"),
        "{what} is now required, though it has a default",
        "calls without it are refused, unless the service fills in the default all the same",
        "leave it optional";
    PROPERTY_OPTIONAL: "*-became-optional", Fine / Breaking,
        Sent("null and an empty list are left out instead of being sent"),
        "{what} is now optional",
        "clients that expect it fail when it is missing; who sends it goes on",
        "go on sending it";
    PROPERTY_REMOVED: "{}-removed", Check / Check, Breaks("its field is gone"),
        "{what} was removed",
        "clients that send it are ignored or refused, clients that read it no longer find it",
        "deprecate it first, and go on accepting and sending it";
    PROPERTY_REQUIRED_REMOVED: "{}-removed", Breaking / Breaking, Breaks("its field is gone"),
        "{what}, which was always there, was removed",
        "clients cannot decode an answer without it",
        "deprecate it, make it optional, and remove it last";
    PROPERTY_REQUIRED_ADDED: "{}", Breaking / Fine,
        Breaks("the struct has another field, which a literal has to fill and without which nothing decodes"),
        "{what} is new and required",
        "calls without it, which is all there are, are refused",
        "make it optional, with what was the rule so far as its default";
    PROPERTY_OPTIONAL_ADDED: "{}", Fine / Fine, Sent("the struct has another field, which a literal has to fill"),
        "{what} is new", "calls without it go on as before, and clients do not read what they do not know", "";
    ADDITIONAL_CLOSED: "*-additional-properties-closed", Breaking / Fine,
        Breaks("the struct refuses unknown fields, or the map is gone"),
        "{what} no longer takes properties beyond those listed",
        "calls with others are refused",
        "go on accepting and ignoring them";
    ADDITIONAL_OPENED: "*-additional-properties-opened", Fine / Check,
        Breaks("the struct takes unknown fields, or becomes a map"),
        "{what} may now have properties beyond those listed",
        "clients that refuse unknown properties fail",
        "list the new properties";
    ADDITIONAL_NARROWED: "*-additional-properties-narrowed", Breaking / Fine, Breaks("the values of the map have another type"),
        "properties of {what} beyond those listed must now be {new}",
        "calls with others are refused",
        "go on accepting them";
    ADDITIONAL_WIDENED: "*-additional-properties-widened", Fine / Breaking, Breaks("the values of the map have another type"),
        "properties of {what} beyond those listed may now be anything, not only {old}",
        "clients may receive values that they cannot decode",
        "keep the schema";
    BRANCH_ADDED: "*-{}-added", Fine / Check, Breaks("the enum has another variant"),
        "{what} may now also be {new}",
        "clients may receive a form that they do not know",
        "announce it, and let clients keep unknown forms";
    BRANCH_REMOVED: "*-{}-removed", Breaking / Fine, Breaks("the enum has lost a variant"),
        "{what} can no longer be {old}",
        "clients that send it are refused",
        "go on accepting it";
    BRANCH_ORDER: "*-{}-order-changed", Fine / Fine, Breaks("forms are tried, and their fields numbered, in another order"),
        "the forms of {what} stand in another order",
        "the wire does not show it, but generated code takes the first form that fits", "keep the order";
    WRAPPED: "*-wrapped-in-{}", Fine / Breaking, Breaks("the type becomes an enum"),
        "{what} is now one of several forms",
        "clients that expect the one form cannot decode the others",
        "add a property of another name";
    UNWRAPPED: "*-unwrapped-from-{}", Breaking / Fine, Breaks("the enum becomes the type of its one form"),
        "{what} is no longer one of several forms, but one",
        "clients that send another one are refused",
        "go on accepting the others";
    CHOICE_SET: "*-{}-set", Breaking / Fine, Breaks("the struct becomes an enum"),
        "{what} must now be one of several forms",
        "what clients send may fit none of them",
        "let one form allow whatever was allowed";
    CHOICE_UNSET: "*-{}-unset", Fine / Breaking, Breaks("the enum becomes a struct"),
        "{what} need no longer be one of several forms",
        "clients may receive a form that they do not know",
        "keep the forms";
    PART_ADDED: "*-all-of-added", Breaking / Fine, Sent("the struct has the fields of another part"),
        "{what} must now also be {new}",
        "what clients send may not fit it",
        "let the new part allow whatever was allowed";
    PART_ADDED_WORDS: "*-all-of-added-annotation-only", Fine / Fine, Nothing,
        "{what} has another part, which only describes it", "it constrains nothing", "";
    PART_REMOVED: "*-all-of-removed", Check / Fine, Breaks("the struct has lost the fields of a part"),
        "{what} need no longer be {old}",
        "what clients send of it is ignored or refused, what they receive may lack it",
        "keep the part";
    PART_REMOVED_WORDS: "*-all-of-removed-annotation-only", Fine / Fine, Nothing,
        "{what} has lost a part, which only described it", "it constrained nothing", "";
    NOT_CHANGED: "*-not-changed", Check / Check, Breaks("what is generated of `not` differs, or does not compile"),
        "what {what} must not be changed from {old} to {new}",
        "whether the new one takes less or more, only a person can tell",
        "go on accepting what was accepted";
    DISCRIMINATOR_ADDED: "*-discriminator-added", Fine / Fine, Nothing,
        "the forms of {what} are now told apart by {new}", "clients may go on telling them apart by their form", "";
    DISCRIMINATOR_REMOVED: "*-discriminator-removed", Fine / Fine, Nothing,
        "the forms of {what} are no longer told apart by {old}", "the property is still there", "";
    DISCRIMINATOR_CHANGED: "*-discriminator-property-name-changed", Breaking / Breaking, Nothing,
        "the forms of {what} are told apart by {new} instead of {old}",
        "clients look at a property that no longer tells the form",
        "go on filling the old property";
    MAPPING_ADDED: "*-discriminator-mapping-added", Fine / Fine, Nothing,
        "{what} has a name {new} for one of its forms", "clients that know only the schema's name do not know this one", "";
    MAPPING_REMOVED: "*-discriminator-mapping-deleted", Fine / Fine, Nothing,
        "{what} no longer has the name {old} for one of its forms", "clients that send it may be refused", "go on accepting the name";
    MAPPING_CHANGED: "*-discriminator-mapping-changed", Check / Check, Nothing,
        "{what} leads to {new} instead of {old}",
        "clients decode or send the wrong form under this name",
        "use a new name for the new form";
    XML_CHANGED: "*-xml-changed", Check / Check, Nothing,
        "how {what} is written as XML changed",
        "clients write and read it in the old way",
        "use a property of another name";
}
