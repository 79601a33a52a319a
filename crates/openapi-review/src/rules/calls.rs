//! Rules of operations: paths, parameters, bodies, responses, servers and security.

use super::level::Level;
use super::rule::{Rule, rules};
use crate::progenitor_effect::RuleEffect::{Breaks, Nothing, Sent, Type};

rules! {
    API_REMOVED: "api{}-removed-without-deprecation", Breaking / Breaking, Breaks("its method is removed"),
        "{subject} was removed",
        "calls fail with 404 as soon as the service changes",
        "deprecate it with a sunset date first, and remove it after that date";
    API_REMOVED_BEFORE_SUNSET: "api{}-removed-before-sunset", Breaking / Breaking, Breaks("its method is removed"),
        "{subject} was removed before {old}, its sunset date",
        "callers may rely on it until then",
        "keep it until the sunset date has passed";
    API_REMOVED_DEPRECATED: "api{}-removed-with-deprecation", Fine / Fine, Breaks("its method is removed"),
        "{subject}, which was deprecated, was removed",
        "callers were warned by the deprecation; their calls now fail with 404", "";
    ENDPOINT_ADDED: "endpoint-added", Fine / Fine, Nothing,
        "{subject} is new", "no client calls it yet", "";
    OPERATION_ID_CHANGED: "api-operation-id-changed", Fine / Fine, Breaks("its method is renamed"),
        "the operationId of {subject} changed from {old} to {new}",
        "requests and responses stay the same, but generated code is named after it",
        "keep the operationId";
    OPERATION_ID_REMOVED: "api-operation-id-removed", Fine / Fine, Breaks("its method cannot be generated or is renamed"),
        "{subject} no longer has the operationId {old}",
        "requests and responses stay the same, but generated code is named after it",
        "keep the operationId";
    OPERATION_ID_ADDED: "api-operation-id-added", Fine / Fine, Breaks("its method is renamed"),
        "{subject} now has the operationId {new}",
        "requests and responses stay the same, but generated code is named after it", "";
    TAG_ADDED: "api-tag-added", Fine / Fine, Nothing,
        "{subject} now has the tag {new}", "some generators group methods by tags", "";
    TAG_REMOVED: "api-tag-removed", Fine / Fine, Nothing,
        "{subject} no longer has the tag {old}", "some generators group methods by tags", "";
    DEPRECATED: "{}-deprecated", Fine / Fine, Nothing,
        "{subject} is now deprecated", "it still works", "";
    DEPRECATED_WITH_SUNSET: "{}-deprecated-with-sunset", Fine / Fine, Nothing,
        "{subject} is now deprecated, with a sunset date", "it works until its sunset date", "";
    REACTIVATED: "{}-reactivated", Fine / Fine, Nothing,
        "{subject} is no longer deprecated", "no client is affected", "";
    SUNSET_DELETED: "{}sunset-deleted", Check / Check, Nothing,
        "{subject} no longer has the sunset date {old}, but is still deprecated",
        "callers no longer know how long it works",
        "keep the date, or remove the deprecation";
    SUNSET_EARLIER: "{}sunset-date-changed-too-small", Check / Check, Nothing,
        "the sunset date of {subject} moved from {old} to the earlier {new}",
        "callers that planned for the old date have too little time",
        "keep the date, or choose a later one";
    SUNSET_UNREADABLE: "{}sunset-parse", Check / Check, Nothing,
        "the sunset date of {subject} is not a date",
        "callers cannot tell how long it works",
        "write the date as \"2027-01-31\"";
    STABILITY_DECREASED: "{}-stability-decreased", Check / Check, Nothing,
        "the stability level of {subject} decreased from {old} to {new}",
        "callers rely on the old stability level",
        "keep the stability level";
    STABILITY_INVALID: "{}-invalid-stability-level", Check / Check, Nothing,
        "the stability level of {subject} is not draft, alpha, beta or stable",
        "callers cannot tell how stable it is",
        "write draft, alpha, beta or stable";

    PARAMETER_REMOVED: "request-parameter-removed", Check / Check, Breaks("an argument of the method is removed"),
        "{subject} was removed",
        "requests with it may be rejected, or it is ignored",
        "deprecate it first, and keep accepting it";
    PARAMETER_REMOVED_DEPRECATED: "request-parameter-removed-with-deprecation", Fine / Fine,
        Breaks("an argument of the method is removed"),
        "{subject}, which was deprecated, was removed", "callers were warned by the deprecation", "";
    PARAMETER_REMOVED_BEFORE_SUNSET: "request-parameter-removed-before-sunset", Breaking / Breaking,
        Breaks("an argument of the method is removed"),
        "{subject} was removed before {old}, its sunset date",
        "callers may rely on it until then",
        "keep it until the sunset date has passed";
    PARAMETER_REQUIRED_ADDED: "new-required-request-parameter", Breaking / Fine,
        Breaks("the method has another argument"),
        "{subject} is new and required",
        "all existing requests lack it and are rejected",
        "make it optional, with a default that keeps the current behaviour";
    PARAMETER_PATH_ADDED: "new-request-path-parameter", Breaking / Breaking,
        Breaks("the method has another argument"),
        "{subject} is new in the path",
        "the old URL no longer exists",
        "keep the old path and add another one";
    PARAMETER_OPTIONAL_ADDED: "new-optional-request-parameter", Fine / Fine,
        Breaks("the method has another argument"),
        "{subject} is new and optional", "requests without it still work", "";
    PARAMETER_RENAMED: "path-parameter-renamed", Fine / Fine, Nothing,
        "{subject} was renamed from {old}", "the URL stays the same", "";
    PARAMETER_REQUIRED: "request-parameter-became-required", Breaking / Fine,
        Breaks("the argument's `Option<T>` becomes `T`"),
        "{subject} is now required",
        "requests without it are rejected",
        "keep it optional, with a default";
    PARAMETER_OPTIONAL: "request-parameter-became-optional", Fine / Breaking,
        Breaks("the argument's `T` becomes `Option<T>`"),
        "{subject} is now optional", "requests with it still work", "";
    PARAMETER_STYLE: "request-parameter-style-changed", Breaking / Breaking,
        Breaks("only the style `form` in a query and `simple` elsewhere can be generated"),
        "the style of {subject} changed from {old} to {new}",
        "clients send the old style, which the service no longer accepts",
        "add a parameter with another name";
    PARAMETER_EXPLODE: "request-parameter-explode-changed", Breaking / Breaking, Nothing,
        "`explode` of {subject} changed from {old} to {new}",
        "clients send the old form, which the service no longer accepts",
        "add a parameter with another name";
    PARAMETER_EXPLODED: "request-parameter-exploded", Fine / Fine, Breaks("other arguments of the method"),
        "{subject} is now described by {new}, with the same names in the query",
        "differences between the two have findings of their own", "";
    PARAMETER_ENCODING: "request-parameter-encoding-changed", Check / Check, Nothing,
        "`{}` of {subject} changed from {old} to {new}",
        "clients still use the old encoding",
        "add a parameter with another name";

    BODY_ADDED_REQUIRED: "request-body-added-required", Breaking / Fine, Breaks("the method has another argument"),
        "{subject} now requires a body",
        "all existing requests lack it and are rejected",
        "make it optional";
    BODY_ADDED_OPTIONAL: "request-body-added-optional", Fine / Fine, Breaks("the method has another argument"),
        "{subject} now accepts a body", "requests without a body still work", "";
    BODY_REMOVED: "request-body-removed", Breaking / Breaking, Breaks("an argument of the method is removed"),
        "{subject} no longer accepts a body",
        "requests with a body may be rejected, or the body is ignored",
        "keep accepting it";
    BODY_REQUIRED: "request-body-became-required", Breaking / Fine, Nothing,
        "{subject} is now required",
        "requests without a body are rejected",
        "keep it optional";
    BODY_OPTIONAL: "request-body-became-optional", Fine / Breaking, Nothing,
        "{subject} is now optional", "requests with a body still work", "";
    MEDIA_TYPE_ADDED: "{}media-type-added", Fine / Fine, Sent("a body with more than one media type cannot be generated"),
        "{subject} now has the media type {new}", "the service sends it only to clients that ask for it", "";
    MEDIA_TYPE_REMOVED: "{}media-type-removed", Breaking / Breaking, Breaks("the type of the body changes or is removed"),
        "{subject} no longer has the media type {old}",
        "clients that support only this media type fail",
        "keep it next to the new one";
    MEDIA_TYPE_COVERED: "{}media-type-described-by-another", Fine / Fine, Breaks("the type of the body changes or is removed"),
        "the media type {old} of {subject} is now described by {new}",
        "differences between the two schemas have findings of their own", "";
    MEDIA_TYPE_RENAMED: "{}media-type-name-changed", Fine / Fine, Nothing,
        "the media type of {subject} changed from {old} to {new}; only its parameters differ",
        "clients compare media types without parameters", "";
    MEDIA_TYPE_GENERALIZED: "{}media-type-name-generalized", Fine / Breaking, Breaks("the type of the body changes or is removed"),
        "the media type of {subject} widened from {old} to {new}",
        "clients that expect the narrow type may receive another one",
        "keep the narrow type next to the wide one";
    MEDIA_TYPE_SPECIALIZED: "{}media-type-name-specialized", Breaking / Fine, Breaks("the type of the body changes or is removed"),
        "the media type of {subject} narrowed from {old} to {new}",
        "requests with the wide type are rejected",
        "keep the wide type next to the narrow one";
    MEDIA_TYPE_SCHEMA_ADDED: "*-media-type-schema-added", Breaking / Fine, Breaks("an untyped body becomes a typed one"),
        "{subject} now has a schema",
        "existing requests may not match it",
        "allow in the schema everything that was allowed before";
    MEDIA_TYPE_SCHEMA_REMOVED: "*-media-type-schema-removed", Fine / Check, Breaks("a typed body becomes an untyped one"),
        "{subject} no longer has a schema",
        "clients that decode it may receive any value",
        "keep the schema";
    MEDIA_TYPE_ENCODING: "*-encoding-changed", Check / Check, Nothing,
        "the encoding of the part {new} of {subject} changed",
        "clients still use the old encoding",
        "add another media type";

    SUCCESS_ADDED: "response-success-status-added", Fine / Fine, Type,
        "{subject} now has the response {new}", "clients that accept any 2xx are not affected", "";
    SUCCESS_REMOVED: "response-success-status-removed", Breaking / Breaking, Breaks("a response with this status is an error"),
        "{subject} no longer has the response {old}",
        "clients that expect this status treat the response as a failure",
        "keep the status";
    STATUS_COVERED: "response-status-described-by-another", Fine / Fine, Type,
        "the status {old} of {subject} is now described by {new}",
        "differences between the two responses have findings of their own", "";
    FAILURE_ADDED: "response-non-success-status-added", Fine / Fine, Type,
        "{subject} now has the response {new}", "clients treat it like other failures", "";
    FAILURE_REMOVED: "response-non-success-status-removed", Fine / Fine, Breaks("the body of a response with this status is no longer decoded"),
        "{subject} no longer has the response {old}", "clients are not affected by a failure that does not occur", "";
    HEADER_ADDED: "response-header-added", Fine / Fine, Nothing,
        "{subject} is new", "clients ignore headers that they do not know", "";
    HEADER_REQUIRED_REMOVED: "required-response-header-removed", Breaking / Breaking, Nothing,
        "{subject}, which was required, was removed",
        "clients that rely on it fail",
        "keep sending it";
    HEADER_OPTIONAL_REMOVED: "optional-response-header-removed", Check / Check, Nothing,
        "{subject} was removed",
        "clients that read it no longer find it",
        "keep sending it";
    HEADER_OPTIONAL: "response-header-became-optional", Breaking / Breaking, Nothing,
        "{subject} is no longer required",
        "clients that rely on it fail",
        "keep sending it";
    HEADER_REQUIRED: "response-header-became-required", Fine / Fine, Nothing,
        "{subject} is now required", "no client is affected", "";
    CALLBACK_ADDED: "api-callback-added", Fine / Fine, Nothing,
        "{subject} is new", "clients that do not subscribe to it are not called", "";
    CALLBACK_REMOVED: "api-callback-removed", Breaking / Breaking, Nothing,
        "{subject} was removed",
        "clients wait for calls that no longer arrive",
        "keep sending it";
    WEBHOOK_ADDED: "api-webhook-added", Fine / Fine, Nothing,
        "{subject} is new", "clients that do not subscribe to it are not called", "";
    WEBHOOK_REMOVED: "api-webhook-removed", Breaking / Breaking, Nothing,
        "{subject} was removed",
        "clients wait for calls that no longer arrive",
        "keep sending it";

    SERVER_ADDED: "api-server-added", Fine / Fine, Nothing,
        "the server {new} is new", "the other servers still work", "";
    SERVER_REMOVED: "api-server-removed", Breaking / Breaking, Nothing,
        "the server {old} was removed",
        "clients that call it receive no response",
        "keep it until no client calls it";
    SERVER_VARIABLE: "api-server-variable-changed", Check / Check, Nothing,
        "the server variable {subject} changed from {old} to {new}",
        "clients that rely on its default or on a removed value call another server",
        "add another server instead";
    SECURITY_ADDED: "api-security-added", Breaking / Breaking, Type,
        "`security` of {subject} now requires {new}",
        "requests without this credential are rejected",
        "keep accepting requests without it";
    SECURITY_ALTERNATIVE_ADDED: "api-security-alternative-added", Fine / Fine, Type,
        "`security` of {subject} now also accepts {new}", "the other credentials still work", "";
    SECURITY_REMOVED: "api-security-removed", Fine / Fine, Type,
        "`security` of {subject} no longer requires a credential", "credentials that are not required are ignored", "";
    SECURITY_ALTERNATIVE_REMOVED: "api-security-alternative-removed", Breaking / Breaking, Type,
        "`security` of {subject} no longer accepts {old}",
        "requests with this credential are rejected",
        "keep accepting it";
    SCOPE_ADDED: "api-security-scope-added", Breaking / Breaking, Nothing,
        "{subject} now requires the scope {new}",
        "tokens without this scope are rejected",
        "accept tokens without it until all clients request it";
    SCOPE_REMOVED: "api-security-scope-removed", Fine / Fine, Nothing,
        "{subject} no longer requires the scope {old}", "tokens with it still work", "";
    SCHEME_CHANGED: "api-security-component-changed", Breaking / Breaking, Nothing,
        "`{}` of the security scheme {subject} changed from {old} to {new}",
        "clients still sign in or send their credential as before",
        "add a scheme with another name and accept both";
    SCHEME_ADDRESS: "api-security-component-address-changed", Check / Check, Nothing,
        "`{}` of the security scheme {subject} changed from {old} to {new}",
        "clients that sign in at the old address may be rejected",
        "keep the old address working";
    SCHEME_ADDED: "api-security-component-added", Fine / Fine, Nothing,
        "the security scheme {subject} is new", "no client uses it yet", "";
    FLOW_ADDED: "api-security-component-flow-added", Fine / Fine, Nothing,
        "the security scheme {subject} now also has the flow {new}", "the other flows still work", "";
    FLOW_REMOVED: "api-security-component-flow-removed", Breaking / Breaking, Nothing,
        "the security scheme {subject} no longer has the flow {old}",
        "clients that sign in with this flow are rejected",
        "keep the flow";
    SCHEME_REMOVED: "api-security-component-removed", Fine / Fine, Nothing,
        "the security scheme {subject} was removed", "operations that required it have changes of their own", "";
    SCHEME_SCOPE_ADDED: "api-security-component-oauth-scope-added", Fine / Fine, Nothing,
        "the security scheme {subject} now has the scope {new}", "no operation requires it yet", "";
    SCHEME_SCOPE_REMOVED: "api-security-component-oauth-scope-removed", Fine / Fine, Nothing,
        "the security scheme {subject} no longer has the scope {old}",
        "clients that still request it may be rejected", "keep granting it";

    COMPONENT_ADDED: "api-component-added", Fine / Fine, Nothing,
        "the component {subject} is new", "only references to it matter, and they have findings of their own", "";
    COMPONENT_REMOVED: "api-component-removed", Fine / Fine, Nothing,
        "the component {subject} was removed", "only references to it matter, and they have findings of their own", "";
    SCHEMA_ADDED: "api-schema-added", Fine / Fine, Nothing,
        "the schema {subject} is new", "it adds a type", "";
    SCHEMA_REMOVED: "api-schema-removed", Fine / Fine, Nothing,
        "the schema {subject} was removed", "only references to it matter, and they have findings of their own", "";
    SCHEMA_RENAMED: "api-schema-renamed", Fine / Fine, Breaks("its type is renamed"),
        "the schema {old} was renamed to {new}",
        "requests and responses stay the same, but generated types are named after it",
        "keep the name";
    REFERENCE_CHANGED: "*-reference-changed", Fine / Fine, Breaks("its type is renamed"),
        "`$ref` of {subject} changed from {old} to {new}",
        "differences between the two schemas have findings of their own", "";
    SCHEMA_NAMED: "*-schema-named", Fine / Fine, Type,
        "the schema of {subject} is now a component",
        "requests and responses stay the same, but generated types are named after components", "";
    SCHEMA_INLINED: "*-schema-inlined", Fine / Fine, Type,
        "the schema of {subject} is no longer a component",
        "requests and responses stay the same, but generated types are named after components",
        "keep the reference";
    ANNOTATION: "{}-changed", Fine / Fine, Nothing,
        "{subject} {new}", "annotations do not affect clients", "";
}
