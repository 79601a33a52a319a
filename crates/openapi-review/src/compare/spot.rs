//! Where the comparison is: in which direction values go there, and what to call the place.

use crate::review::Direction;

/// The kinds of places that ids of rules tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    RequestBody,
    RequestProperty,
    RequestParameter,
    RequestParameterProperty,
    RequestHeaderProperty,
    ResponseBody,
    ResponseProperty,
    ResponseHeader,
}

impl Place {
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::RequestBody => "request-body",
            Self::RequestProperty => "request-property",
            Self::RequestParameter => "request-parameter",
            Self::RequestParameterProperty => "request-parameter-property",
            Self::RequestHeaderProperty => "request-header-property",
            Self::ResponseBody => "response-body",
            Self::ResponseProperty => "response-property",
            Self::ResponseHeader => "response-header",
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Self::RequestBody | Self::RequestProperty => "the request body",
            Self::ResponseBody | Self::ResponseProperty => "the response body",
            Self::RequestParameter | Self::RequestParameterProperty | Self::RequestHeaderProperty => "the parameter",
            Self::ResponseHeader => "the header",
        }
    }

    fn property(self) -> Self {
        match self {
            Self::RequestBody | Self::RequestProperty => Self::RequestProperty,
            Self::RequestParameter | Self::RequestParameterProperty => Self::RequestParameterProperty,
            Self::RequestHeaderProperty => Self::RequestHeaderProperty,
            Self::ResponseBody | Self::ResponseProperty | Self::ResponseHeader => Self::ResponseProperty,
        }
    }
}

/// All that the place of use decides about a change of what is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Seen {
    pub(super) direction: Option<Direction>,
    pub(super) place: Place,
    pub(super) optional: bool,
    pub(super) plain: bool,
    pub(super) generated: bool,
}

impl Seen {
    /// As far as levels depend on it: a body and a property are judged alike, and only a parameter means something by
    /// being left out.
    pub(super) fn judged(self) -> Self {
        let place = match self.place {
            Place::RequestProperty => Place::RequestBody,
            Place::ResponseProperty => Place::ResponseBody,
            Place::RequestHeaderProperty => Place::RequestParameterProperty,
            place => place,
        };
        Self { place, optional: self.optional && place == Place::RequestParameter, ..self }
    }
}

/// A step on the way to a place.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'s> {
    /// The name of a component, parameter or header, or nothing for a body.
    Root(&'s str),
    Property(&'s str),
    Items,
    Values,
    /// A part or form of a schema, which adds nothing to its name.
    Part,
}

/// A place in the walk, linked to the places above it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'s> {
    /// Who sees values here; nobody where only the service sets or only the client sends them.
    pub(super) direction: Option<Direction>,
    pub(super) place: Place,
    /// Whether a property may be missing.
    pub(super) optional: bool,
    /// Whether values are written as plain text, as in a query, where a number and its text are the same.
    pub(super) plain: bool,
    /// Whether generated code has anything for it.
    pub(super) generated: bool,
    step: Step<'s>,
    above: Option<&'s Spot<'s>>,
}

impl<'s> Spot<'s> {
    pub(super) fn root(direction: Direction, place: Place, name: &'s str) -> Self {
        Self::component(Some(direction), place, name)
    }

    /// The top of what is shared, as one of its users sees it.
    pub(super) fn of(seen: Seen, name: &'s str) -> Self {
        let Seen { direction, place, optional, plain, generated } = seen;
        Self { direction, place, optional, plain, generated, step: Step::Root(name), above: None }
    }

    pub(super) fn seen(&self) -> Seen {
        let Self { direction, place, optional, plain, generated, .. } = *self;
        Seen { direction, place, optional, plain, generated }
    }

    pub(super) fn component(direction: Option<Direction>, place: Place, name: &'s str) -> Self {
        let plain = matches!(place, Place::RequestParameter | Place::ResponseHeader);
        Self { direction, place, optional: false, plain, generated: true, step: Step::Root(name), above: None }
    }

    pub(super) fn below(&'s self, step: Step<'s>) -> Self {
        let place = match step {
            Step::Property(_) => self.place.property(),
            _ => self.place,
        };
        Self { place, step, optional: false, above: Some(self), ..*self }
    }

    /// The same place, where the value may be missing or not.
    pub(super) fn optional(self, optional: bool) -> Self {
        Self { optional, ..self }
    }

    /// The same place, for which generated code has something or not.
    pub(super) fn generated(self, generated: bool) -> Self {
        Self { generated, ..self }
    }

    /// The same place, where values are written as plain text or not.
    pub(super) fn plain(self, plain: bool) -> Self {
        Self { plain, ..self }
    }

    /// The same place as nobody sees it.
    pub(super) fn unseen(self) -> Self {
        Self { direction: None, ..self }
    }

    /// Whether it is the schema of something, and not a property or item of one.
    pub(super) fn is_top(&self) -> bool {
        self.above.is_none()
    }

    /// What to call it: "`Link.uri`", "the request body".
    pub(super) fn what(&self) -> String {
        let path = self.path();
        match self.place {
            _ if path.is_empty() => self.place.noun().to_owned(),
            Place::RequestParameter | Place::ResponseHeader if self.is_top() => {
                format!("{} `{path}`", self.place.noun())
            }
            _ => format!("`{path}`"),
        }
    }

    /// The names on the way: `Link.uri`, `Page.items[]`.
    pub(super) fn path(&self) -> String {
        let mut path = self.above.map(Spot::path).unwrap_or_default();
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
