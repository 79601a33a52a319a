//! Rules of operations: paths, parameters, bodies, responses, servers and security.

use super::Rust::{Breaks, Nothing, Sent, Type};
use super::{Level, Rule, rules};

rules! {
    API_REMOVED: "api{}-removed-without-deprecation", Breaking / Breaking, Breaks("its method is gone"),
        "{what} was removed",
        "whoever calls it gets 404 from the day the service changes",
        "deprecate it with a sunset date first, and remove it after that date";
    API_REMOVED_BEFORE_SUNSET: "api{}-removed-before-sunset", Breaking / Breaking, Breaks("its method is gone"),
        "{what} was removed before {old}, its sunset date",
        "callers were told that they have until then",
        "keep it until the sunset date has passed";
    API_REMOVED_DEPRECATED: "api{}-removed-with-deprecation", Fine / Fine, Breaks("its method is gone"),
        "{what}, which was deprecated, was removed",
        "callers were told, but those who did not listen get 404", "";
    ENDPOINT_ADDED: "endpoint-added", Fine / Fine, Nothing,
        "{what} is new", "nobody calls it yet", "";
    OPERATION_ID_CHANGED: "api-operation-id-changed", Fine / Fine, Breaks("its method is renamed"),
        "the operationId of {what} changed from {old} to {new}",
        "the wire does not show it, but generated code is named after it",
        "keep the operationId";
    OPERATION_ID_REMOVED: "api-operation-id-removed", Fine / Fine, Breaks("its method cannot be generated or is renamed"),
        "{what} lost its operationId {old}",
        "the wire does not show it, but generated code is named after it",
        "keep the operationId";
    OPERATION_ID_ADDED: "api-operation-id-added", Fine / Fine, Breaks("its method is renamed"),
        "{what} now has the operationId {new}",
        "the wire does not show it, but generated code is named after it", "";
    TAG_ADDED: "api-tag-added", Fine / Fine, Nothing,
        "{what} now has the tag {new}", "some generators group methods by tags", "";
    TAG_REMOVED: "api-tag-removed", Fine / Fine, Nothing,
        "{what} no longer has the tag {old}", "some generators group methods by tags", "";
    DEPRECATED: "{}-deprecated", Fine / Fine, Nothing,
        "{what} is now deprecated", "it works until its sunset", "";
    DEPRECATED_WITH_SUNSET: "{}-deprecated-with-sunset", Fine / Fine, Nothing,
        "{what} is now deprecated, with a sunset", "it works until its sunset", "";
    REACTIVATED: "{}-reactivated", Fine / Fine, Nothing,
        "{what} is no longer deprecated", "nothing stops working", "";
    SUNSET_DELETED: "{}sunset-deleted", Check / Check, Nothing,
        "{what} lost its sunset date {old} and is still deprecated",
        "callers no longer know until when it works",
        "keep the date, or take the deprecation back";
    SUNSET_EARLIER: "{}sunset-date-changed-too-small", Check / Check, Nothing,
        "the sunset of {what} moved ahead from {old} to {new}",
        "callers who planned for the old date are too late",
        "keep the date, or move it to a later one";
    SUNSET_UNREADABLE: "{}sunset-parse", Check / Check, Nothing,
        "{what} has a sunset that is not a date",
        "nobody can tell until when it works",
        "write it as \"2027-01-31\"";
    STABILITY_DECREASED: "api-stability-decreased", Check / Check, Nothing,
        "the stability of {what} went down from {old} to {new}",
        "callers relied on what was promised",
        "keep the stability";
    STABILITY_INVALID: "api-invalid-stability-level", Check / Check, Nothing,
        "the stability of {what} is none of draft, alpha, beta and stable",
        "nobody can tell what is promised",
        "write draft, alpha, beta or stable";

    PARAMETER_REMOVED: "request-parameter-removed", Check / Check, Breaks("the method takes an argument less"),
        "{what} was removed",
        "whoever sends it is ignored or refused",
        "deprecate it first, and go on accepting it";
    PARAMETER_REMOVED_DEPRECATED: "request-parameter-removed-with-deprecation", Fine / Fine,
        Breaks("the method takes an argument less"),
        "{what}, which was deprecated, was removed", "callers were told", "";
    PARAMETER_REMOVED_BEFORE_SUNSET: "request-parameter-removed-before-sunset", Breaking / Breaking,
        Breaks("the method takes an argument less"),
        "{what} was removed before {old}, its sunset date",
        "callers were told that they have until then",
        "keep it until the sunset date has passed";
    PARAMETER_REQUIRED_ADDED: "new-required-request-parameter", Breaking / Fine,
        Breaks("the method takes another argument"),
        "{what} is new and required",
        "calls without it, which is all there are, are refused",
        "make it optional, with what was the rule so far as its default";
    PARAMETER_PATH_ADDED: "new-request-path-parameter", Breaking / Breaking,
        Breaks("the method takes another argument"),
        "{what} is new in the path",
        "the old URL leads nowhere",
        "add a path beside the old one";
    PARAMETER_OPTIONAL_ADDED: "new-optional-request-parameter", Fine / Fine,
        Breaks("the method takes another argument"),
        "{what} is new and optional", "calls without it go on as before", "";
    PARAMETER_RENAMED: "path-parameter-renamed", Fine / Fine, Nothing,
        "{what} was called {old}", "the URL stays the same", "";
    PARAMETER_REQUIRED: "request-parameter-became-required", Breaking / Fine,
        Breaks("the argument's `Option<T>` becomes `T`"),
        "{what} is now required",
        "calls without it are refused",
        "leave it optional, with a default";
    PARAMETER_OPTIONAL: "request-parameter-became-optional", Fine / Breaking,
        Breaks("the argument's `T` becomes `Option<T>`"),
        "{what} is now optional", "calls with it go on as before", "";
    PARAMETER_STYLE: "request-parameter-style-changed", Breaking / Breaking,
        Breaks("no other style than `form` in a query and `simple` elsewhere can be generated"),
        "how {what} is written changed from {old} to {new}",
        "clients write it in the old way, which the service no longer reads",
        "add a parameter of another name";
    PARAMETER_EXPLODE: "request-parameter-explode-changed", Breaking / Breaking, Nothing,
        "whether {what} is repeated for each value changed from {old} to {new}",
        "clients write it in the old way, which the service no longer reads",
        "add a parameter of another name";
    PARAMETER_ENCODING: "request-parameter-encoding-changed", Check / Check, Nothing,
        "`{}` of {what} changed from {old} to {new}",
        "clients encode it in the old way",
        "add a parameter of another name";

    BODY_ADDED_REQUIRED: "request-body-added-required", Breaking / Fine, Breaks("the method takes another argument"),
        "{what} now needs a body",
        "calls without one, which is all there are, are refused",
        "make it optional";
    BODY_ADDED_OPTIONAL: "request-body-added-optional", Fine / Fine, Breaks("the method takes another argument"),
        "{what} now takes a body", "calls without one go on as before", "";
    BODY_REMOVED: "request-body-removed", Breaking / Breaking, Breaks("the method takes an argument less"),
        "{what} no longer takes a body",
        "what clients send is ignored or refused",
        "go on accepting it";
    BODY_REQUIRED: "request-body-became-required", Breaking / Fine, Nothing,
        "{what} is now required",
        "calls without one are refused",
        "leave it optional";
    BODY_OPTIONAL: "request-body-became-optional", Fine / Breaking, Nothing,
        "{what} is now optional", "calls with one go on as before", "";
    MEDIA_TYPE_ADDED: "{}media-type-added", Fine / Fine, Sent("a body of more than one kind cannot be generated"),
        "{what} may now be {new}", "whoever does not ask for it does not get it", "";
    MEDIA_TYPE_REMOVED: "{}media-type-removed", Breaking / Breaking, Breaks("the body's type changes or goes"),
        "{what} can no longer be {old}",
        "clients that write or read only this type fail",
        "keep it beside the new one";
    MEDIA_TYPE_RENAMED: "{}media-type-name-changed", Fine / Fine, Nothing,
        "the media type of {what} changed from {old} to {new}, in its parameters only",
        "clients compare media types without parameters", "";
    MEDIA_TYPE_GENERALIZED: "{}media-type-name-generalized", Fine / Breaking, Breaks("the body's type changes or goes"),
        "the media type of {what} widened from {old} to {new}",
        "a client that asks for the narrow type gets something else",
        "keep the narrow type beside the wide one";
    MEDIA_TYPE_SPECIALIZED: "{}media-type-name-specialized", Breaking / Fine, Breaks("the body's type changes or goes"),
        "the media type of {what} narrowed from {old} to {new}",
        "a client that sends the wide type is refused",
        "keep the wide type beside the narrow one";
    MEDIA_TYPE_SCHEMA_ADDED: "*-media-type-schema-added", Breaking / Fine, Breaks("an untyped body becomes a typed one"),
        "{what} now has a schema",
        "what clients send may not fit it",
        "let the schema allow whatever was allowed";
    MEDIA_TYPE_SCHEMA_REMOVED: "*-media-type-schema-removed", Fine / Check, Breaks("a typed body becomes an untyped one"),
        "{what} no longer has a schema",
        "clients that decode it may get anything",
        "keep the schema";
    MEDIA_TYPE_ENCODING: "*-encoding-changed", Check / Check, Nothing,
        "how the parts of {what} are encoded changed",
        "clients write or read them in the old way",
        "use a media type of another name";

    SUCCESS_ADDED: "response-success-status-added", Fine / Fine, Type,
        "{what} may now answer {new}", "a client that takes any 2xx for success reads on", "";
    SUCCESS_REMOVED: "response-success-status-removed", Breaking / Breaking, Breaks("an answer of this status is an error"),
        "{what} no longer answers {old}",
        "clients that wait for this status take the answer for a failure",
        "keep the status";
    FAILURE_ADDED: "response-non-success-status-added", Fine / Fine, Type,
        "{what} may now answer {new}", "clients treat it as any failure", "";
    FAILURE_REMOVED: "response-non-success-status-removed", Fine / Fine, Breaks("an answer of this status has no body to read"),
        "{what} no longer answers {old}", "a failure less", "";
    HEADER_ADDED: "response-header-added", Fine / Fine, Nothing,
        "{what} is new", "clients that do not know it do not read it", "";
    HEADER_REQUIRED_REMOVED: "required-response-header-removed", Breaking / Breaking, Nothing,
        "{what}, which was always sent, was removed",
        "clients that rely on it fail",
        "go on sending it";
    HEADER_OPTIONAL_REMOVED: "optional-response-header-removed", Check / Check, Nothing,
        "{what} was removed",
        "clients that read it no longer find it",
        "go on sending it";
    HEADER_OPTIONAL: "response-header-became-optional", Breaking / Breaking, Nothing,
        "{what} is no longer always sent",
        "clients that rely on it fail",
        "go on sending it";
    HEADER_REQUIRED: "response-header-became-required", Fine / Fine, Nothing,
        "{what} is now always sent", "clients notice nothing", "";
    CALLBACK_ADDED: "api-callback-added", Fine / Fine, Nothing,
        "{what} is new", "clients that do not ask for it are not called", "";
    CALLBACK_REMOVED: "api-callback-removed", Breaking / Breaking, Nothing,
        "{what} was removed",
        "clients wait for calls that no longer come",
        "go on calling back";

    SERVER_ADDED: "api-server-added", Fine / Fine, Nothing,
        "the server {new} is new", "the others go on", "";
    SERVER_REMOVED: "api-server-removed", Breaking / Breaking, Nothing,
        "the server {old} was removed",
        "clients that call it get no answer",
        "keep it until nobody calls it";
    SERVER_VARIABLE: "api-server-variable-changed", Check / Check, Nothing,
        "the variable {what} of a server changed",
        "clients that rely on its default or on a value that went call another server",
        "add a server of its own";
    SECURITY_ADDED: "api-security-added", Breaking / Breaking, Type,
        "{what} can now be called with {new} only",
        "clients without this credential are refused",
        "let the old way in beside it";
    SECURITY_ALTERNATIVE_ADDED: "api-security-alternative-added", Fine / Fine, Type,
        "{what} can now also be called with {new}", "the other ways go on", "";
    SECURITY_REMOVED: "api-security-removed", Fine / Fine, Type,
        "{what} can now be called without a credential", "a credential more than needed is ignored", "";
    SECURITY_ALTERNATIVE_REMOVED: "api-security-alternative-removed", Breaking / Breaking, Type,
        "{what} can no longer be called with {old}",
        "clients with this credential are refused",
        "go on accepting it";
    SCOPE_ADDED: "api-security-scope-added", Breaking / Breaking, Nothing,
        "{what} now needs the scope {new}",
        "tokens that were granted without it are refused",
        "accept tokens without it until all clients ask for it";
    SCOPE_REMOVED: "api-security-scope-removed", Fine / Fine, Nothing,
        "{what} no longer needs the scope {old}", "tokens with it go on", "";
    SCHEME_CHANGED: "api-security-component-changed", Breaking / Breaking, Nothing,
        "`{}` of the security scheme {what} changed from {old} to {new}",
        "clients sign in or send their credential in the old way",
        "add a scheme of another name and accept both";
    SCHEME_ADDRESS: "api-security-component-address-changed", Check / Check, Nothing,
        "`{}` of the security scheme {what} changed from {old} to {new}",
        "clients that sign in at the old address may be refused",
        "keep the old address answering";
    SCHEME_ADDED: "api-security-component-added", Fine / Fine, Nothing,
        "the security scheme {what} is new", "nobody uses it yet", "";
    FLOW_ADDED: "api-security-component-flow-added", Fine / Fine, Nothing,
        "the security scheme {what} also knows the flow {new}", "the others go on", "";
    SCHEME_REMOVED: "api-security-component-removed", Fine / Fine, Nothing,
        "the security scheme {what} was removed", "what needs it no longer does, or says so itself", "";
    SCHEME_SCOPE_ADDED: "api-security-component-oauth-scope-added", Fine / Fine, Nothing,
        "the security scheme {what} knows the scope {new}", "nobody needs it yet", "";
    SCHEME_SCOPE_REMOVED: "api-security-component-oauth-scope-removed", Fine / Fine, Nothing,
        "the security scheme {what} no longer knows the scope {old}",
        "clients that still ask for it may be refused", "go on granting it";

    COMPONENT_ADDED: "api-component-added", Fine / Fine, Nothing,
        "the component {what} is new", "nothing but what refers to it changes", "";
    COMPONENT_REMOVED: "api-component-removed", Fine / Fine, Nothing,
        "the component {what} was removed", "nothing but what referred to it changes", "";
    SCHEMA_ADDED: "api-schema-added", Fine / Fine, Nothing,
        "the schema {what} is new", "a type more", "";
    SCHEMA_REMOVED: "api-schema-removed", Fine / Fine, Nothing,
        "the schema {what} was removed", "nothing but what referred to it changes", "";
    SCHEMA_RENAMED: "api-schema-renamed", Fine / Fine, Breaks("its type is renamed"),
        "the schema {old} is now called {new}",
        "the wire does not show it, but generated types are named after it",
        "keep the name";
    REFERENCE_CHANGED: "*-reference-changed", Fine / Fine, Breaks("the place has a type of another name"),
        "{what} refers to {new} instead of {old}",
        "the wire shows only what differs between both, which is reported for itself", "";
    SCHEMA_NAMED: "*-schema-named", Fine / Fine, Type,
        "what {what} is stands among the components now",
        "the wire does not show it, but generated types are named after schemas", "";
    SCHEMA_INLINED: "*-schema-inlined", Fine / Fine, Type,
        "what {what} is no longer stands among the components",
        "the wire does not show it, but generated types are named after schemas",
        "keep the reference";
    WORDS: "{}-changed", Fine / Fine, Nothing,
        "{what} {new}", "it is there for readers", "";
}
