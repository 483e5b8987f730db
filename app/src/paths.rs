//! One function for each URL, and the way back from a URL to what it names. The public contract: change nothing here
//! without a word in CHANGELOG.

use api_types::{LetterQuery, ListQuery, MailboxId, MessageId, MessageList, Search, Sort};

/// The inbox, or the sign-in page.
pub fn home() -> &'static str {
    "/"
}

/// The sign-in page.
pub fn sign_in() -> &'static str {
    "/sign-in"
}

/// Ends the session (POST).
pub fn sign_out() -> &'static str {
    "/sign-out"
}

/// Preferences: the page, and where its form goes (POST).
pub fn settings() -> &'static str {
    "/settings"
}

/// What was found, and where the form that searches goes.
pub fn search() -> &'static str {
    "/search"
}

/// Where the form goes that leads to a page or a day of a list.
pub fn list_form(mailbox: &MailboxId, query: &ListQuery) -> String {
    match query.search {
        Some(_) => search().to_owned(),
        None => ["/m/", mailbox.as_str()].concat(),
    }
}

/// The list: of a mailbox, or of what was found.
pub fn list(mailbox: &MailboxId, query: &ListQuery) -> String {
    let mut out = list_form(mailbox, query);
    Query::new(&mut out).list(query);
    out
}

/// The list of a mailbox from its beginning.
pub fn mailbox(mailbox: &MailboxId) -> String {
    list(mailbox, &ListQuery::default())
}

/// The letter, as one of a list.
pub fn letter(mailbox: &MailboxId, message: &MessageId, query: &LetterQuery) -> String {
    let mut out = message_path(mailbox, message, "");
    Query::new(&mut out).letter(query);
    out
}

/// The URLs of the letters of one list, as [`letter`] gives them: what they have in common is made once.
pub struct LettersOf {
    query: String,
}

impl LettersOf {
    /// For that list.
    pub fn new(query: &ListQuery) -> Self {
        let mut out = String::new();
        Query::new(&mut out).list(query);
        Self { query: out }
    }

    /// The URL of one, in pieces.
    pub fn pieces<'a>(&'a self, mailbox: &'a MailboxId, message: &'a MessageId) -> [&'a str; 5] {
        ["/m/", mailbox.as_str(), "/", message.as_str(), &self.query]
    }
}

/// The query of [`list`] without the question mark: what a call, or a form, carries.
pub fn list_query(query: &ListQuery) -> String {
    let mut out = String::new();
    Query::new(&mut out).list(query);
    out.trim_start_matches('?').to_owned()
}

/// The query of [`letter`] without the question mark.
pub fn letter_query(query: &LetterQuery) -> String {
    let mut out = String::new();
    Query::new(&mut out).letter(query);
    out.trim_start_matches('?').to_owned()
}

/// The document of the letter's frame; `view` is `text`, `html` or `remote`.
pub fn body(mailbox: &MailboxId, message: &MessageId, view: &str, charset: Option<&str>) -> String {
    let mut out = message_path(mailbox, message, "/body");
    let mut query = Query::new(&mut out);
    query.pair("view", view);
    if let Some(charset) = charset {
        query.pair("charset", charset);
    }
    out
}

/// An attachment, to save.
pub fn part(mailbox: &MailboxId, message: &MessageId, part: u32) -> String {
    [&message_path(mailbox, message, "/part/"), part.to_string().as_str()].concat()
}

/// An attachment, to look at (raster images only).
pub fn part_view(mailbox: &MailboxId, message: &MessageId, part_no: u32) -> String {
    [&part(mailbox, message, part_no), "?view=1"].concat()
}

/// Every attachment.
pub fn parts_zip(mailbox: &MailboxId, message: &MessageId) -> String {
    message_path(mailbox, message, "/parts.zip")
}

/// The raw message.
pub fn source(mailbox: &MailboxId, message: &MessageId) -> String {
    message_path(mailbox, message, "/source")
}

/// What the fragment of a row begins with.
pub(crate) const ROW_ANCHOR: &str = "r-";

/// The fragment of a row, so that a plain link leads back to it.
pub fn row_anchor(message: &MessageId) -> String {
    [ROW_ANCHOR, message.as_str()].concat()
}

fn message_path(mailbox: &MailboxId, message: &MessageId, rest: &str) -> String {
    ["/m/", mailbox.as_str(), "/", message.as_str(), rest].concat()
}

struct Query<'a> {
    out: &'a mut String,
    started: bool,
}

impl<'a> Query<'a> {
    fn new(out: &'a mut String) -> Self {
        Self { out, started: false }
    }

    fn pair(&mut self, name: &str, value: &str) {
        self.out.push(if self.started { '&' } else { '?' });
        self.started = true;
        self.out.push_str(name);
        self.out.push('=');
        for byte in value.bytes() {
            // RFC 3986 §2.3
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                self.out.push(char::from(byte));
            } else {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                self.out.push('%');
                self.out.push(char::from(HEX[usize::from(byte >> 4)]));
                self.out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }

    fn list(&mut self, query: &ListQuery) {
        if let Some(Search { text, within }) = &query.search {
            self.pair("q", text);
            if let Some(within) = within {
                self.pair("in", within.as_str());
            }
        }
        if query.page > 1 {
            self.pair("page", &query.page.to_string());
        }
        if query.sort != Sort::default() {
            self.pair("sort", query.sort.as_str());
        }
        if query.unread {
            self.pair("unread", "1");
        }
        if let Some(day) = &query.day {
            self.pair(DAY, day);
        }
        if let Some(from) = query.from {
            self.pair("from", &from.to_string());
        }
    }

    fn letter(&mut self, query: &LetterQuery) {
        if let Some(charset) = &query.charset {
            self.pair("charset", charset);
        }
        if query.text {
            self.pair("view", "text");
        }
        if query.headers {
            self.pair("headers", "1");
        }
        self.list(&query.list);
    }
}

/// Which list, whatever part and order of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListId {
    /// That of a mailbox.
    Mailbox(MailboxId),
    /// What was found.
    Found(Search),
    /// None that exists.
    None,
}

impl ListId {
    /// The list that a URL names.
    pub fn new(mailbox: Option<&MailboxId>, query: &ListQuery) -> Self {
        match (&query.search, mailbox) {
            (Some(search), _) => Self::Found(search.clone()),
            (None, Some(mailbox)) => Self::Mailbox(mailbox.clone()),
            (None, None) => Self::None,
        }
    }

    /// The list that this is a part of.
    pub fn of(list: &MessageList) -> Self {
        Self::new(Some(&list.mailbox.id), &list.query)
    }
}

/// What a path names, as far as the mail pages care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A list.
    Mailbox(MailboxId),
    /// A letter in a list.
    Letter(MailboxId, MessageId),
    /// What was found.
    Search,
    /// Any other page.
    Elsewhere,
}

impl Place {
    /// Reads a path without its query.
    pub fn of(path: &str) -> Self {
        if path.trim_end_matches('/') == search() {
            return Self::Search;
        }
        let mut parts = path.trim_matches('/').split('/');
        if parts.next() != Some("m") {
            return Self::Elsewhere;
        }
        match (parts.next(), parts.next(), parts.next()) {
            (Some(mailbox), None, _) if !mailbox.is_empty() => Self::Mailbox(mailbox.into()),
            (Some(mailbox), Some(message), None) => Self::Letter(mailbox.into(), message.into()),
            _ => Self::Elsewhere,
        }
    }

    /// The mailbox it is in.
    pub fn mailbox(&self) -> Option<&MailboxId> {
        match self {
            Self::Mailbox(mailbox) | Self::Letter(mailbox, _) => Some(mailbox),
            Self::Search | Self::Elsewhere => None,
        }
    }

    /// The letter it is.
    pub fn message(&self) -> Option<&MessageId> {
        match self {
            Self::Letter(_, message) => Some(message),
            _ => None,
        }
    }
}

/// Reads the query of a list; `get` gives the value of a name.
pub fn read_list_query(get: impl Fn(&str) -> Option<String>) -> ListQuery {
    ListQuery {
        page: get("page").and_then(|page| page.parse().ok()).unwrap_or(1).max(1),
        sort: Sort::from_word(&get("sort").unwrap_or_default()),
        unread: get("unread").as_deref() == Some("1"),
        day: get(DAY).filter(|day| is_date(day)),
        search: get("q").map(|text| Search {
            text: text.chars().take(LONGEST_SEARCH).collect(),
            within: get("in").filter(|id| !id.is_empty()).map(MailboxId),
        }),
        from: get("from").and_then(|from| from.parse().ok()),
    }
}

/// The name of the day in the query of a list.
pub const DAY: &str = "day";

/// Characters of a search that are looked at.
pub const LONGEST_SEARCH: usize = 200;

/// `2026-11-24`, as far as its letters go.
fn is_date(day: &str) -> bool {
    day.len() == 10 && day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// Reads the query of a letter.
pub fn read_letter_query(get: impl Fn(&str) -> Option<String>) -> LetterQuery {
    LetterQuery {
        charset: get("charset").filter(|label| is_charset_label(label)),
        text: get("view").as_deref() == Some("text"),
        headers: get("headers").as_deref() == Some("1"),
        list: read_list_query(get),
    }
}

/// Labels of the encodings that exist need no other letters, and so no escape in a URL.
fn is_charset_label(label: &str) -> bool {
    (1..=40).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
}

/// Reads what [`list_query`] wrote.
pub fn read_list_query_str(query: &str) -> ListQuery {
    read_list_query(|name| value_in(query, name))
}

/// Reads what [`letter_query`] wrote.
pub fn read_letter_query_str(query: &str) -> LetterQuery {
    read_letter_query(|name| value_in(query, name))
}

fn value_in(query: &str, name: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| unescaped(value))
}

/// Back from the escapes of [`Query::pair`]; what is none stays as it is.
fn unescaped(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, after @ ..] = rest {
        let digit = |at: usize| after.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether the list is what this query of a list asks for: the server gives the last page for one beyond it.
pub fn is_answer_to(list: &MessageList, query: &str) -> bool {
    let asked = read_list_query_str(query);
    let answer = &list.query;
    let same_page = asked.day.is_some() || answer.page.max(1) == asked.page.max(1).min(list.pages());
    same_page
        && (answer.sort, answer.unread, &answer.day, &answer.search)
            == (asked.sort, asked.unread, &asked.day, &asked.search)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> LetterQuery {
        LetterQuery {
            charset: Some("shift_jis".into()),
            text: true,
            headers: true,
            list: ListQuery {
                page: 3,
                sort: Sort::From,
                unread: true,
                ..ListQuery::default()
            },
        }
    }

    fn on_day() -> ListQuery {
        ListQuery {
            page: 1,
            day: Some("2026-11-24".into()),
            ..ListQuery::default()
        }
    }

    fn found() -> ListQuery {
        ListQuery {
            page: 2,
            search: Some(Search {
                text: "会議 a&b=%".into(),
                within: Some("other".into()),
            }),
            ..ListQuery::default()
        }
    }

    #[test]
    fn urls_are_those_of_the_contract() {
        let (mailbox_id, message) = ("mb".into(), "msg".into());
        assert_eq!(mailbox(&mailbox_id), "/m/mb");
        assert_eq!(list(&mailbox_id, &full().list), "/m/mb?page=3&sort=from&unread=1");
        assert_eq!(list(&mailbox_id, &on_day()), "/m/mb?day=2026-11-24");
        assert_eq!(
            list(&mailbox_id, &found()),
            "/search?q=%E4%BC%9A%E8%AD%B0%20a%26b%3D%25&in=other&page=2"
        );
        assert_eq!(
            letter(&mailbox_id, &message, &full()),
            "/m/mb/msg?charset=shift_jis&view=text&headers=1&page=3&sort=from&unread=1"
        );
        let plain = LetterQuery {
            list: full().list,
            ..LetterQuery::default()
        };
        assert_eq!(
            LettersOf::new(&plain.list).pieces(&mailbox_id, &message).concat(),
            letter(&mailbox_id, &message, &plain)
        );
        assert_eq!(body(&mailbox_id, &message, "html", None), "/m/mb/msg/body?view=html");
        assert_eq!(
            body(&mailbox_id, &message, "text", Some("a&b")),
            "/m/mb/msg/body?view=text&charset=a%26b"
        );
        assert_eq!(part(&mailbox_id, &message, 4), "/m/mb/msg/part/4");
        assert_eq!(parts_zip(&mailbox_id, &message), "/m/mb/msg/parts.zip");
        assert_eq!(source(&mailbox_id, &message), "/m/mb/msg/source");
    }

    #[test]
    fn a_query_is_read_as_it_was_written() {
        let written = letter(&"mb".into(), &"msg".into(), &full());
        assert_eq!(
            written.split_once('?').map(|(_, query)| query),
            Some(letter_query(&full()).as_str())
        );
        assert_eq!(read_letter_query_str(&letter_query(&full())), full());
        assert_eq!(read_letter_query_str("charset=a%0d%0ab").charset, None);
        let from = ListQuery {
            from: Some(250),
            ..found()
        };
        for query in [full().list, on_day(), found(), from] {
            assert_eq!(read_list_query_str(&list_query(&query)), query);
        }
        assert_eq!(read_list_query_str("day=tomorrow-&q=%E4%25zz%").day, None);
        assert_eq!(
            read_list_query_str(""),
            ListQuery {
                page: 1,
                ..Default::default()
            }
        );
        assert_eq!(read_list_query_str("page=0&sort=nonsense&unread=yes").page, 1);
    }

    #[test]
    fn places() {
        assert_eq!(Place::of("/m/a"), Place::Mailbox("a".into()));
        assert_eq!(Place::of("/m/a/b/"), Place::Letter("a".into(), "b".into()));
        assert_eq!(Place::of("/search"), Place::Search);
        for elsewhere in ["/", "/m", "/m/", "/settings", "/m/a/b/source"] {
            assert_eq!(Place::of(elsewhere), Place::Elsewhere, "{elsewhere}");
        }
    }
}
