//! Implements [`ResponseType`](crate::response_type::ResponseType) and [`Collection`](crate::paging::Collection) for the
//! responses that `generated.rs` lists.

macro_rules! document_tables {
    (
        schemas { $($schema:tt)* }
        operations { $($operation:tt)* }
        objects { $($object:ident: $field:ident $fields:expr,)* }
        lists { $($list:ident: $sent_by:ident of $item:ident,)* }
    ) => {
        $(
            impl crate::response_type::ResponseType for types::$object {
                const OBJECT_TYPE: &'static str = stringify!($object);
                const IDENTIFYING_FIELDS: &'static [&'static str] = &$fields;

                fn has_value(&self) -> bool {
                    self.$field.is_some()
                }

                fn attributes(&self) -> Option<&types::ResourceAttributes> {
                    self.attributes.as_ref()
                }
            }
        )*
        $(
            impl crate::response_type::ResponseType for types::$list {
                const OBJECT_TYPE: &'static str = "Collection";
                const IDENTIFYING_FIELDS: &'static [&'static str] = &["items"];

                fn has_value(&self) -> bool {
                    self.items.is_some() || self.total_count == Some(0)
                }

                fn attributes(&self) -> Option<&types::ResourceAttributes> {
                    self.attributes.as_ref()
                }

                /// Some services send `PagedResourceCollection`.
                fn is_named(object_type: &str) -> bool {
                    object_type.to_ascii_lowercase().ends_with("collection")
                }
            }

            impl crate::paging::Collection for types::$list {
                type Item = types::$item;
                type Record = <types::$item as crate::records::ListItem>::Record;

                fn parts(self) -> crate::paging::Parts<Self::Record> {
                    crate::paging::Parts {
                        items: self.items.unwrap_or_default().into_iter().map(Into::into).collect(),
                        total_count: self.total_count.and_then(|count| count.try_into().ok()),
                        token: self.continuation_token,
                        links: self.links,
                    }
                }
            }
        )*
    };
}

pub(crate) use document_tables;
