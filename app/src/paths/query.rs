//! What a URL says behind its path, written and read.

use api_types::{LetterQuery, ListQuery, MailboxId, MessageList, Search, Sort};

/// Writes the query of a URL behind its path.
pub(super) struct Query<'a> {
    out: &'a mut String,
    started: bool,
}

impl<'a> Query<'a> {
    pub(super) fn new(out: &'a mut String) -> Self {
        Self { out, started: false }
    }

    pub(super) fn pair(&mut self, name: &str, value: &str) {
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

    pub(super) fn list(&mut self, query: &ListQuery) {
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

    pub(super) fn letter(&mut self, query: &LetterQuery) {
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

/// Reads the query of a list; `get` gives the value of a name.
pub fn read_list_query(get: impl Fn(&str) -> Option<String>) -> ListQuery {
    ListQuery {
        page: get("page").and_then(|page| page.parse().ok()).unwrap_or(1).max(1),
        sort: Sort::from_word(&get("sort").unwrap_or_default()),
        unread: get("unread").as_deref() == Some("1"),
        day: get(DAY).filter(|day| is_date(day)),
        search: search(get("q"), get("in").filter(|id| !id.is_empty()).map(MailboxId)),
        from: get("from").and_then(|from| from.parse().ok()),
    }
}

/// A search that has a place and no words yet is one still to be asked.
fn search(text: Option<String>, within: Option<MailboxId>) -> Option<Search> {
    let text = match text {
        Some(text) => text.chars().take(LONGEST_SEARCH).collect(),
        None if within.is_some() => String::new(),
        None => return None,
    };
    Some(Search { text, within })
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
