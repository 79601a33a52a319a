//! The context of a schema: its role in requests and responses, and its path.

use crate::review::Direction;
use crate::rules::Level;

/// The role of a schema, as rule ids distinguish it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Role {
    RequestBody,
    RequestProperty,
    RequestParameter,
    RequestParameterProperty,
    ResponseBody,
    ResponseProperty,
    ResponseHeader,
}

impl Role {
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::RequestBody => "request-body",
            Self::RequestProperty => "request-property",
            Self::RequestParameter => "request-parameter",
            Self::RequestParameterProperty => "request-parameter-property",
            Self::ResponseBody => "response-body",
            Self::ResponseProperty => "response-property",
            Self::ResponseHeader => "response-header",
        }
    }

    pub(super) fn is_response(self) -> bool {
        matches!(self, Self::ResponseBody | Self::ResponseProperty | Self::ResponseHeader)
    }

    fn noun(self) -> &'static str {
        match self {
            Self::RequestBody | Self::RequestProperty => "the request body",
            Self::ResponseBody | Self::ResponseProperty => "the response body",
            Self::RequestParameter | Self::RequestParameterProperty => "the parameter",
            Self::ResponseHeader => "the header",
        }
    }

    /// The role of a property of a schema with this role.
    fn of_property(self) -> Self {
        match self {
            Self::RequestBody | Self::RequestProperty => Self::RequestProperty,
            Self::RequestParameter | Self::RequestParameterProperty => Self::RequestParameterProperty,
            Self::ResponseBody | Self::ResponseProperty | Self::ResponseHeader => Self::ResponseProperty,
        }
    }
}

/// How a schema is used. Findings in a shared schema depend on nothing else of the place of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Usage {
    /// None if no client sees the value: it is read-only in a request, or write-only in a response.
    pub(super) direction: Option<Direction>,
    pub(super) role: Role,
    /// Whether the value may be missing.
    pub(super) optional: bool,
    /// Whether the value is sent as plain text, as in a query, where a number and its text are the same.
    pub(super) plain_text: bool,
    /// Whether the generated code contains the value.
    pub(super) generated: bool,
    /// The worst level of a change: lower than breaking if all values are known to be accepted as before.
    pub(super) worst: Level,
}

impl Usage {
    /// The usage without the differences that do not affect levels: a body and a property have the same levels, and
    /// only for a parameter it matters whether it is optional.
    pub(super) fn normalized(self) -> Self {
        let role = match self.role {
            Role::RequestProperty => Role::RequestBody,
            Role::ResponseProperty => Role::ResponseBody,
            role => role,
        };
        Self { role, optional: self.optional && role == Role::RequestParameter, ..self }
    }

    /// The end of a message about `subject` that holds in one direction only.
    pub(super) fn ending(self, subject: &str) -> &'static str {
        let is_response = self.role.is_response();
        let is_named =
            ["request", "response", "parameter", "header"].iter().any(|word| subject.contains(&format!("the {word}")));
        match self.direction {
            _ if is_named => "",
            Some(direction) if is_response != (direction == Direction::Response) => " in callbacks",
            Some(_) if is_response => " in responses",
            Some(_) => " in requests",
            None => "",
        }
    }
}

/// A step of the path of a schema.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'s> {
    /// The name of a component, parameter or header; empty for a body.
    Root(&'s str),
    Property(&'s str),
    Items,
    Values,
    /// A part of an `allOf`, or a variant of a `oneOf` or `anyOf`. It adds nothing to the path.
    Part,
}

/// The usage and the path of a schema, linked to the context of its parent.
#[derive(Debug, Clone, Copy)]
pub(super) struct SchemaContext<'s> {
    pub(super) usage: Usage,
    step: Step<'s>,
    parent: Option<&'s SchemaContext<'s>>,
}

impl<'s> SchemaContext<'s> {
    pub(super) fn root(direction: Direction, role: Role, name: &'s str) -> Self {
        Self::component(Some(direction), role, name)
    }

    pub(super) fn component(direction: Option<Direction>, role: Role, name: &'s str) -> Self {
        let plain_text = matches!(role, Role::RequestParameter | Role::ResponseHeader);
        Self::shared(
            Usage { direction, role, optional: false, plain_text, generated: true, worst: Level::Breaking },
            name,
        )
    }

    /// The root of a shared schema.
    pub(super) fn shared(usage: Usage, name: &'s str) -> Self {
        Self { usage, step: Step::Root(name), parent: None }
    }

    pub(super) fn child(&'s self, step: Step<'s>) -> Self {
        let role = match step {
            Step::Property(_) => self.usage.role.of_property(),
            _ => self.usage.role,
        };
        Self { usage: Usage { role, optional: false, ..self.usage }, step, parent: Some(self) }
    }

    pub(super) fn with_optional(self, optional: bool) -> Self {
        Self { usage: Usage { optional, ..self.usage }, ..self }
    }

    pub(super) fn with_generated(self, generated: bool) -> Self {
        Self { usage: Usage { generated, ..self.usage }, ..self }
    }

    pub(super) fn with_plain_text(self, plain_text: bool) -> Self {
        Self { usage: Usage { plain_text, ..self.usage }, ..self }
    }

    /// The same context for a value that is accepted as before.
    pub(super) fn harmless(self) -> Self {
        Self { usage: Usage { worst: Level::Fine, ..self.usage }, ..self }
    }

    /// The same context for a change that does not depend on the accepted values.
    pub(super) fn certain(self) -> Self {
        Self { usage: Usage { worst: Level::Breaking, ..self.usage }, ..self }
    }

    /// The same context for a change of a keyword without an effect.
    pub(super) fn doubtful(self) -> Self {
        Self { usage: Usage { worst: Level::Check, ..self.usage }, ..self }
    }

    /// The same context for a value that no client sees.
    pub(super) fn without_direction(self) -> Self {
        Self { usage: Usage { direction: None, ..self.usage }, ..self }
    }

    /// Whether clients send the value: in requests, and in responses to callbacks.
    pub(super) fn is_sent(&self) -> bool {
        self.usage.direction == Some(Direction::Request)
    }

    /// Whether clients receive the value: in responses, and in requests of callbacks.
    pub(super) fn is_received(&self) -> bool {
        self.usage.direction == Some(Direction::Response)
    }

    /// Whether the schema is not a property, item, value or part of another one.
    pub(super) fn is_root(&self) -> bool {
        self.parent.is_none()
    }

    /// The schema in a sentence: "`Link.uri`", "the request body".
    pub(super) fn describe(&self) -> String {
        let path = self.path();
        let role = self.usage.role;
        match role {
            _ if path.is_empty() => role.noun().to_owned(),
            Role::RequestParameter | Role::ResponseHeader if self.is_root() => format!("{} `{path}`", role.noun()),
            _ => format!("`{path}`"),
        }
    }

    /// The path from the root: `Link.uri`, `Page.items[]`.
    pub(super) fn path(&self) -> String {
        let mut path = self.parent.map(SchemaContext::path).unwrap_or_default();
        match self.step {
            Step::Root(name) => path.push_str(name),
            Step::Property(name) if path.is_empty() => path.push_str(name),
            Step::Property(name) => path.extend([".", name]),
            Step::Items | Step::Values if path.is_empty() => path.push_str("body"),
            Step::Items => path.push_str("[]"),
            Step::Values => path.push_str("{}"),
            Step::Part => {}
        }
        path
    }
}
