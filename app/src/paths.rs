//! One function for each URL, and the way back from a URL to what it names. The public contract: change nothing here
//! without a word in CHANGELOG.

use api_types::{LetterQuery, ListQuery, MailboxId, MessageId, MessageList, Sort};

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

/// The message list.
pub fn mailbox(mailbox: &MailboxId, query: &ListQuery) -> String {
    let mut out = ["/m/", mailbox.as_str()].concat();
    Query::new(&mut out).list(query);
    out
}

/// The letter, as one of a list.
pub fn letter(mailbox: &MailboxId, message: &MessageId, query: &LetterQuery) -> String {
    let mut out = message_path(mailbox, message, "");
    Query::new(&mut out).letter(query);
    out
}

/// The URLs of the letters of one list, as [`letter`] gives them: what they have in common is made once.
pub struct LettersOf {
    mailbox: MailboxId,
    query: String,
}

impl LettersOf {
    /// For that list.
    pub fn new(mailbox: &MailboxId, query: &ListQuery) -> Self {
        let mut out = String::new();
        Query::new(&mut out).list(query);
        Self {
            mailbox: mailbox.clone(),
            query: out,
        }
    }

    /// The URL of one, in pieces.
    pub fn pieces<'a>(&'a self, message: &'a MessageId) -> [&'a str; 5] {
        ["/m/", self.mailbox.as_str(), "/", message.as_str(), &self.query]
    }
}

/// The query of [`mailbox`] without the question mark: what a call, or a form, carries.
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
        if query.page > 1 {
            self.pair("page", &query.page.to_string());
        }
        if query.sort != Sort::default() {
            self.pair("sort", query.sort.as_str());
        }
        if query.unread {
            self.pair("unread", "1");
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

/// What a path names, as far as the mail pages care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A list.
    Mailbox(MailboxId),
    /// A letter in a list.
    Letter(MailboxId, MessageId),
    /// Any other page.
    Elsewhere,
}

impl Place {
    /// Reads a path without its query.
    pub fn of(path: &str) -> Self {
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
            Self::Elsewhere => None,
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
    }
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

/// No value of ours has an escape in it.
fn value_in(query: &str, name: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// Whether the list is what this query of a list asks for: the server gives the last page for one beyond it.
pub fn is_answer_to(list: &MessageList, query: &str) -> bool {
    let asked = read_list_query_str(query);
    let page = asked.page.max(1);
    let same_page = list.query.page.max(1) == page.min(list.pages.max(1));
    same_page && (list.query.sort, list.query.unread) == (asked.sort, asked.unread)
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
            },
        }
    }

    #[test]
    fn urls_are_those_of_the_contract() {
        let (mailbox_id, message) = ("mb".into(), "msg".into());
        assert_eq!(
            mailbox(
                &mailbox_id,
                &ListQuery {
                    page: 1,
                    ..Default::default()
                }
            ),
            "/m/mb"
        );
        assert_eq!(mailbox(&mailbox_id, &full().list), "/m/mb?page=3&sort=from&unread=1");
        assert_eq!(
            letter(&mailbox_id, &message, &full()),
            "/m/mb/msg?charset=shift_jis&view=text&headers=1&page=3&sort=from&unread=1"
        );
        let plain = LetterQuery {
            list: full().list,
            ..LetterQuery::default()
        };
        assert_eq!(
            LettersOf::new(&mailbox_id, &plain.list).pieces(&message).concat(),
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
        assert_eq!(read_list_query_str(&list_query(&full().list)), full().list);
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
        for elsewhere in ["/", "/m", "/m/", "/settings", "/m/a/b/source"] {
            assert_eq!(Place::of(elsewhere), Place::Elsewhere, "{elsewhere}");
        }
    }
}
