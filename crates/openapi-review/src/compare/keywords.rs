//! Which keywords of schemas have rules.

/// Keywords with rules whose difference may have no effect, because another keyword or part limits the values as much.
pub(super) const KEYWORDS_OF_VALUES: [&str; 23] = [
    "type",
    "format",
    "nullable",
    "enum",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "multipleOf",
    "maxLength",
    "minLength",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxProperties",
    "minProperties",
    "pattern",
    "default",
    "readOnly",
    "writeOnly",
    "required",
    "additionalProperties",
    "not",
];

/// The other keywords with rules.
const OTHER_KEYWORDS: [&str; 12] = [
    "title",
    "x-extensible-enum",
    "deprecated",
    "x-sunset",
    "x-stability-level",
    "properties",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "discriminator",
    "xml",
];

/// All keywords with rules of their own. A difference of any other keyword is an annotation.
pub(super) fn handled_keywords() -> impl Iterator<Item = &'static str> {
    KEYWORDS_OF_VALUES.into_iter().chain(OTHER_KEYWORDS)
}
