//! The role of each node: the object of OpenAPI that it is. It decides whether `$ref` and `example` are keywords there.

/// An object of OpenAPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Object {
    Document,
    Components,
    PathItem,
    Operation,
    Callback,
    /// A parameter or header.
    Parameter,
    /// A request body, a response, or a media type.
    Body,
    Encoding,
    Schema,
    Discriminator,
    /// The name or reference of a schema, as text.
    SchemaName,
    /// An example, which may be a reference but contains none.
    Example,
    /// An object without a role of its own. Its keys are taken as keywords wherever they stand.
    Unknown,
    /// Arbitrary data.
    Data,
}

/// Whether a node is an object, or contains objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    /// The object itself.
    None,
    /// A map from names chosen by the author: a schema may be called `example`.
    Names,
    /// Such a map, in which keys with `x-` are extensions.
    NamesAndExtensions,
    /// A list in the place of an object, or of a map of them, has objects as items.
    List,
}

/// The role of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) object: Object,
    pub(super) container: Container,
}

/// The keys of operations in a path item.
pub(crate) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

impl Role {
    pub(super) const fn one(object: Object) -> Self {
        Self { object, container: Container::None }
    }

    const fn names(object: Object) -> Self {
        Self { object, container: Container::Names }
    }

    const fn extensible(object: Object) -> Self {
        Self { object, container: Container::NamesAndExtensions }
    }

    const fn list(object: Object) -> Self {
        Self { object, container: Container::List }
    }

    pub(super) fn is_schema(self) -> bool {
        self == Self::one(Object::Schema)
    }

    /// The role of an item, if the node is a list.
    pub(super) fn in_item(self) -> Self {
        match (self.object, self.container) {
            (Object::Example | Object::Data, _) => Self::one(Object::Data),
            // `items` of older versions of JSON Schema.
            (Object::Schema, Container::None) => self,
            (object, Container::List | Container::Names) => Self::one(object),
            _ => Self::one(Object::Unknown),
        }
    }

    /// The role of the value of `key`, if the node is a map.
    pub(super) fn in_value(self, key: &str) -> Self {
        let Self { object, container } = self;
        match container {
            Container::Names => return Self::one(object),
            Container::NamesAndExtensions if !key.starts_with("x-") => return Self::one(object),
            _ => {}
        }
        let is_data = key.starts_with("x-") || matches!(object, Object::Example | Object::Data | Object::SchemaName);
        if is_data {
            return Self::one(Object::Data);
        }
        match (object, key) {
            (Object::Document, "paths") => Self::extensible(Object::PathItem),
            (Object::Document, "webhooks") => Self::names(Object::PathItem),
            (Object::Components, "schemas") => Self::names(Object::Schema),
            (Object::Components, "parameters" | "headers") => Self::names(Object::Parameter),
            (Object::Components, "requestBodies" | "responses") => Self::names(Object::Body),
            (Object::Components, "callbacks") => Self::names(Object::Callback),
            (Object::Components, "pathItems") => Self::names(Object::PathItem),
            (Object::Components, "examples") => Self::names(Object::Example),
            (Object::Components, _) => Self::names(Object::Unknown),
            (Object::PathItem, key) if METHODS.contains(&key) => Self::one(Object::Operation),
            (Object::Callback, _) => Self::one(Object::PathItem),
            (Object::Operation, "requestBody") => Self::one(Object::Body),
            (Object::Schema, "items" | "additionalProperties" | "not" | "if" | "then" | "else" | "contains")
            | (Object::Schema, "propertyNames" | "unevaluatedItems" | "unevaluatedProperties" | "contentSchema") => {
                Self::one(Object::Schema)
            }
            (Object::Schema, "allOf" | "oneOf" | "anyOf" | "prefixItems") => Self::list(Object::Schema),
            (Object::Schema, "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions") => {
                Self::names(Object::Schema)
            }
            (Object::Schema, "const" | "xml" | "externalDocs" | "examples") => Self::one(Object::Data),
            (Object::Schema, "discriminator") => Self::one(Object::Discriminator),
            (Object::Discriminator, "mapping") => Self::names(Object::SchemaName),
            // Everywhere else, the key decides.
            (_, "example" | "default" | "enum") => Self::one(Object::Data),
            (_, "examples") => Self::names(Object::Example),
            (_, "components") => Self::one(Object::Components),
            (_, "paths") => Self::extensible(Object::PathItem),
            (_, "schema") => Self::one(Object::Schema),
            (_, "responses") => Self::extensible(Object::Body),
            (_, "callbacks") => Self::extensible(Object::Callback),
            (_, "content") => Self::names(Object::Body),
            (_, "encoding") => Self::names(Object::Encoding),
            (_, "headers" | "parameters") => Self::names(Object::Parameter),
            (_, "properties" | "patternProperties") => Self::names(Object::Schema),
            (_, "links" | "variables") => Self::names(Object::Unknown),
            _ => Self::one(Object::Unknown),
        }
    }
}
