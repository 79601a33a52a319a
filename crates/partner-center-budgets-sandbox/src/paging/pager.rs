use super::{End, LinkForm, Paging, Token};
use crate::collection::{Link, NextPage};
use crate::error_response::ErrorResponse;
use crate::request::Request;
use crate::world::World;

/// The requested page of a list.
pub(crate) struct Pager<'a> {
    paging: &'a Paging,
    origin: &'a str,
    start: PageStart,
    /// Number of items in the list before any filter.
    end: usize,
    /// The token of the request.
    sent: Option<&'a str>,
}

/// The start of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PageStart {
    index: usize,
    /// Whether this is the empty page before the page that starts here.
    empty: bool,
}

impl<'a> Pager<'a> {
    /// Determines the requested page of a list of `end` items.
    pub(crate) fn new(world: &'a World, request: &'a Request, end: usize) -> Result<Self, ErrorResponse> {
        let (start, sent) = match request.query("seekOperation") {
            // A token counts only together with a seek operation.
            None => (PageStart { index: 0, empty: false }, None),
            Some(seek) if seek.eq_ignore_ascii_case("next") => {
                let sent = request.header("MS-ContinuationToken");
                let start = sent.and_then(PageStart::parse).filter(|start| start.index < end).ok_or_else(|| {
                    ErrorResponse::query("The continuation token is missing, invalid or at the end of the list.")
                })?;
                (start, sent)
            }
            Some(_) => return Err(ErrorResponse::query("The seek operation is not supported.")),
        };
        Ok(Pager { paging: world.paging(), origin: world.origin(), start, end, sent })
    }

    /// The index where the page starts, so that the list need not build the items before it.
    pub(crate) fn start(&self) -> usize {
        self.start.index
    }

    /// Takes up to `size` items of a list of indices and items. `path` and `query` are those of the next link.
    pub(crate) fn page<T>(
        &self,
        list: impl Iterator<Item = (usize, T)>,
        size: usize,
        path: &str,
        query: &str,
    ) -> (Vec<T>, NextPage) {
        if self.start.empty {
            return (Vec::new(), self.next(PageStart { index: self.start.index, empty: false }.token(), path, query));
        }
        let mut items = Vec::new();
        let mut following = None;
        // There is a next page only if another item matches.
        for (index, item) in list.skip_while(|(index, _)| *index < self.start.index) {
            if items.len() == size {
                following = Some(index);
                break;
            }
            items.push(item);
        }
        let token = match (self.sent, following, self.paging.end) {
            (Some(sent), _, _) if self.paging.endless => Some(sent.to_owned()),
            (sent, Some(index), _) => {
                Some(PageStart { index, empty: self.paging.empty_page && sent.is_none() }.token())
            }
            (_, None, End::Fault) => Some(PageStart { index: self.end, empty: false }.token()),
            (_, None, End::Absent) => None,
        };
        (items, token.map_or_else(NextPage::default, |token| self.next(token, path, query)))
    }

    fn next(&self, token: String, path: &str, query: &str) -> NextPage {
        let link = (self.paging.token != Token::Body).then(|| Link::with_token(self.uri(path, query), token.clone()));
        NextPage { token: (self.paging.token != Token::Link).then_some(token), link }
    }

    fn uri(&self, path: &str, query: &str) -> String {
        let start = match (&self.paging.foreign, self.paging.link) {
            (Some(foreign), _) => format!("{foreign}/v1/"),
            (None, LinkForm::Absolute) => format!("{}/v1/", self.origin),
            (None, LinkForm::V1 | LinkForm::QuestionMark) => "/v1/".to_owned(),
            (None, LinkForm::Root) => "/".to_owned(),
            (None, LinkForm::Bare) => String::new(),
        };
        let joint = match self.paging.link {
            _ if query.is_empty() => "",
            LinkForm::QuestionMark => "?",
            _ => "&",
        };
        format!("{start}{path}?{query}{joint}seekOperation=Next")
    }
}

/// Marks the token of an empty page. No list is long enough to need this bit for an index.
const EMPTY: usize = 1 << 40;

impl PageStart {
    /// The equals signs have a meaning in queries and forms, as those of the service's own tokens do, so that a client that
    /// mangles them fails.
    fn token(self) -> String {
        format!("{:012X}==", self.index | if self.empty { EMPTY } else { 0 })
    }

    /// The start of the page of a token; `None` unless it is exactly a token of this sandbox.
    fn parse(sent: &str) -> Option<Self> {
        let number = usize::from_str_radix(sent.strip_suffix("==")?, 16).ok()?;
        let start = Self { index: number & !EMPTY, empty: number & EMPTY != 0 };
        (start.token() == sent).then_some(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_exact_tokens_only() {
        for start in [PageStart { index: 500, empty: false }, PageStart { index: 1, empty: true }] {
            assert_eq!(PageStart::parse(&start.token()), Some(start));
        }
        for text in ["", "==", "1F4==", "0000000001f4==", "0000000001F4", "+000000001F4==", "0000000001F4== "] {
            assert_eq!(PageStart::parse(text), None, "{text}");
        }
    }

    fn uri(paging: &str, query: &str) -> String {
        let paging = paging.parse().unwrap();
        let start = PageStart { index: 0, empty: false };
        Pager { paging: &paging, origin: "http://h:1", start, end: 1, sent: None }.uri("customers", query)
    }

    #[test]
    fn links_have_the_configured_form() {
        for (paging, expected) in [
            ("link=v1", "/v1/customers?size=2&seekOperation=Next"),
            ("link=absolute", "http://h:1/v1/customers?size=2&seekOperation=Next"),
            ("link=root", "/customers?size=2&seekOperation=Next"),
            ("link=bare", "customers?size=2&seekOperation=Next"),
            ("link=question-mark", "/v1/customers?size=2?seekOperation=Next"),
            ("foreign=http://f.example,link=bare", "http://f.example/v1/customers?size=2&seekOperation=Next"),
        ] {
            assert_eq!(uri(paging, "size=2"), expected);
        }
        assert_eq!(uri("link=v1", ""), "/v1/customers?seekOperation=Next");
        assert_eq!(uri("link=question-mark", ""), "/v1/customers?seekOperation=Next");
    }
}
