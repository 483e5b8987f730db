//! One function for each URL, and the way back from a URL to what it names. The public contract: change nothing here
//! without a word in CHANGELOG.

mod place;
mod query;

pub use place::{LetterId, ListId, Place, mailbox_of, row_anchor};
pub use query::{
    DAY, LONGEST_SEARCH, is_answer_to, read_letter_query, read_letter_query_str, read_list_query, read_list_query_str,
};

use api_types::{LetterQuery, ListQuery, MailboxId, MessageId};
use query::Query;

/// The inbox, or the sign-in page.
pub fn home() -> &'static str {
    "/"
}

/// The sign-in page.
pub fn sign_in() -> &'static str {
    "/sign-in"
}

/// The sign-in page, for who comes back to that page of ours afterwards.
pub fn sign_in_for(back: &str) -> String {
    let mut out = sign_in().to_owned();
    Query::new(&mut out).pair("return_to", back);
    out
}

/// To the campus portal.
pub fn sign_in_start() -> &'static str {
    "/sign-in/start"
}

/// Signs in with an emergency code (POST).
pub fn sign_in_code() -> &'static str {
    "/sign-in/code"
}

/// Signs in with a password (POST).
pub fn sign_in_password() -> &'static str {
    "/sign-in/password"
}

/// Where one is signed in.
pub fn sessions() -> &'static str {
    "/sessions"
}

/// Ends one of these (POST).
pub fn end_session() -> &'static str {
    "/sessions/end"
}

/// Ends the session (POST).
pub fn sign_out() -> &'static str {
    "/sign-out"
}

/// What is to be taken along: asks.
pub fn export() -> &'static str {
    "/export"
}

/// The same, and sends it.
pub fn export_file() -> &'static str {
    "/export/file"
}

/// Asks which messages of a list are to be taken along: of a mailbox, or of what was found.
pub fn export_of(mailbox: &MailboxId, query: &ListQuery) -> String {
    let mut out = export().to_owned();
    let mut pairs = Query::new(&mut out);
    match &query.search {
        Some(search) => {
            pairs.pair("q", &search.text);
            if let Some(within) = &search.within {
                pairs.pair("in", within.as_str());
            }
        }
        None => pairs.pair("in", mailbox.as_str()),
    }
    out
}

/// How the services are.
pub fn status() -> &'static str {
    "/status"
}

/// Where staff tell of incidents.
pub fn incidents() -> &'static str {
    "/status/incidents"
}

/// Whose fault it is when a mail program times out, and what to do meanwhile.
pub fn client_timeout() -> &'static str {
    "/help/client-timeout"
}

/// Preferences: the page, and where its form goes (POST).
pub fn settings() -> &'static str {
    "/settings"
}

/// What was found, and where the form that searches goes.
pub fn search() -> &'static str {
    "/search"
}

/// The same for the dated copy of that key; of the live mail if there is none.
pub fn search_in(snapshot: Option<&str>) -> String {
    let mut out = search().to_owned();
    if let Some(key) = snapshot {
        Query::new(&mut out).pair("in", MailboxId::default().of_snapshot(key).as_str());
    }
    out
}

/// Dated copies of the person's mail.
pub fn snapshots() -> &'static str {
    "/snapshots"
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

/// An attachment, to save; `of` says which letter is meant ([`api_types::Message::of`]): another may have its place by then.
pub fn part(mailbox: &MailboxId, message: &MessageId, of: &str, part: u32) -> String {
    let mut out = part_path(mailbox, message, part);
    which(&mut Query::new(&mut out), of);
    out
}

/// An attachment, to look at (raster images only).
pub fn part_view(mailbox: &MailboxId, message: &MessageId, of: &str, part: u32) -> String {
    let mut out = part_path(mailbox, message, part);
    let mut query = Query::new(&mut out);
    query.pair("view", "1");
    which(&mut query, of);
    out
}

/// Every attachment.
pub fn parts_zip(mailbox: &MailboxId, message: &MessageId, of: &str) -> String {
    let mut out = message_path(mailbox, message, "/parts.zip");
    which(&mut Query::new(&mut out), of);
    out
}

fn part_path(mailbox: &MailboxId, message: &MessageId, part: u32) -> String {
    [&message_path(mailbox, message, "/part/"), part.to_string().as_str()].concat()
}

fn which(query: &mut Query<'_>, of: &str) {
    if !of.is_empty() {
        query.pair("of", of);
    }
}

/// The raw message.
pub fn source(mailbox: &MailboxId, message: &MessageId) -> String {
    message_path(mailbox, message, "/source")
}

fn message_path(mailbox: &MailboxId, message: &MessageId, rest: &str) -> String {
    ["/m/", mailbox.as_str(), "/", message.as_str(), rest].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use api_types::{Search, Sort};

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
        let copied = mailbox_id.of_snapshot("key");
        assert_eq!(mailbox(&copied), "/m/key~mb");
        assert_eq!(
            [search_in(None), search_in(Some("key"))],
            ["/search", "/search?in=key~"]
        );
        assert_eq!(body(&mailbox_id, &message, "html", None), "/m/mb/msg/body?view=html");
        assert_eq!(
            body(&mailbox_id, &message, "text", Some("a&b")),
            "/m/mb/msg/body?view=text&charset=a%26b"
        );
        assert_eq!(part(&mailbox_id, &message, "", 4), "/m/mb/msg/part/4");
        assert_eq!(
            part_view(&mailbox_id, &message, "a1", 4),
            "/m/mb/msg/part/4?view=1&of=a1"
        );
        assert_eq!(parts_zip(&mailbox_id, &message, "a1"), "/m/mb/msg/parts.zip?of=a1");
        assert_eq!(export_of(&mailbox_id, &full().list), "/export?in=mb");
        assert_eq!(
            export_of(&mailbox_id, &found()),
            "/export?q=%E4%BC%9A%E8%AD%B0%20a%26b%3D%25&in=other"
        );
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
        assert_eq!(
            Place::of("/m/a/b/"),
            Place::Letter(LetterId {
                mailbox: "a".into(),
                message: "b".into()
            })
        );
        assert_eq!(Place::of("/search"), Place::Search);
        for elsewhere in ["/", "/m", "/m/", "/settings", "/m/a/b/source"] {
            assert_eq!(Place::of(elsewhere), Place::Elsewhere, "{elsewhere}");
        }
    }
}
