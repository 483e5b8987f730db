//! Links in plain text, built from parsed URLs and from nothing else.

use crate::text::Inline;
use std::borrow::Cow;
use url::Url;

/// Schemes that a link may have.
const SCHEMES: [&str; 4] = ["http://", "https://", "mailto:", "www."];
/// Longer than this is no address that anybody wrote.
const LONGEST: usize = 2_048;

/// Cuts a line into text and links.
pub(crate) fn inlines(line: &str, out: &mut Vec<Inline>) {
    let mut rest = line;
    let mut plain_end = 0;
    let mut at = 0;
    while at < rest.len() {
        let here = &rest[at..];
        let begins_word = rest[..at]
            .chars()
            .next_back()
            .is_none_or(|before| !before.is_ascii_alphanumeric());
        if begins_word && let Some((length, href)) = link(here).or_else(|| address(here)) {
            push_text(out, &rest[..at]);
            out.push(Inline::Link {
                text: here[..length].to_owned(),
                href,
            });
            rest = &here[length..];
            at = 0;
            plain_end = 0;
            continue;
        }
        at += here.chars().next().map_or(1, char::len_utf8);
        plain_end = at;
    }
    push_text(out, &rest[..plain_end]);
}

fn push_text(out: &mut Vec<Inline>, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(Inline::Text(last)) = out.last_mut() {
        last.push_str(text);
    } else {
        out.push(Inline::Text(text.to_owned()));
    }
}

/// The link that begins here: its length in the text, and where it goes.
fn link(text: &str) -> Option<(usize, String)> {
    let first = text.as_bytes().first()?.to_ascii_lowercase();
    if !matches!(first, b'h' | b'm' | b'w') {
        return None;
    }
    let scheme = SCHEMES.into_iter().find(|scheme| {
        text.get(..scheme.len())
            .is_some_and(|beginning| beginning.eq_ignore_ascii_case(scheme))
    })?;
    // RFC 3986 §2: what is not in a URL ends it; Japanese text goes on without a space.
    let end = text
        .char_indices()
        .find(|(_, c)| !c.is_ascii_graphic() || matches!(c, '<' | '>' | '"' | '`' | '{' | '}' | '|' | '\\' | '^'))
        .map_or(text.len(), |(at, _)| at);
    let mut written = &text[..end.min(LONGEST)];
    // Punctuation that ends a sentence, and a bracket that opened before the link.
    while let Some(last) = written.chars().next_back() {
        let closes =
            |open: char, close: char| last == close && written.matches(close).count() > written.matches(open).count();
        if matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*') || closes('(', ')') || closes('[', ']') {
            written = &written[..written.len() - last.len_utf8()];
        } else {
            break;
        }
    }
    if written.len() <= scheme.len() {
        return None;
    }
    let source = if scheme == "www." {
        format!("http://{written}")
    } else {
        written.to_owned()
    };
    safe_href(&source).map(|href| (written.len(), href.into_owned()))
}

/// The bare address that begins here, in the form that people write (a small part of RFC 5322 §3.4.1), as [`link`].
fn address(text: &str) -> Option<(usize, String)> {
    let run = |text: &str, among: &str, most: usize| {
        let bytes = text.bytes().take(most);
        bytes
            .take_while(|byte| byte.is_ascii_alphanumeric() || among.contains(char::from(*byte)))
            .count()
    };
    let local = run(text, "._%+-", 65);
    let domain = text
        .get(local..)?
        .strip_prefix('@')
        .filter(|_| (1..=64).contains(&local))?;
    let domain = domain[..run(domain, ".-", 254)].trim_end_matches(['.', '-']);
    let (labels, last) = domain.rsplit_once('.')?;
    let whole = labels.split('.').all(|label| !label.is_empty()) && last.len() >= 2;
    let written = &text[..local + 1 + domain.len()];
    (whole && last.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .then(|| parsed(&format!("mailto:{written}")))?
        .map(|href| (written.len(), href))
}

/// The serialisation of an absolute http, https, mailto or tel URL, without user information; nothing else is a link.
pub(crate) fn safe_href(source: &str) -> Option<Cow<'_, str>> {
    if is_plain(source) {
        return Some(Cow::Borrowed(source));
    }
    parsed(source).map(Cow::Owned)
}

fn parsed(source: &str) -> Option<String> {
    let mut url = Url::parse(source.trim_matches(|c: char| c.is_ascii_whitespace() || c.is_control())).ok()?;
    match url.scheme() {
        "http" | "https" => {
            url.host_str().filter(|host| !host.is_empty())?;
            // `https://bank.example@t.example/` shows one host and goes to another.
            url.set_username("").ok()?;
            url.set_password(None).ok()?;
        }
        "mailto" | "tel" => {
            if url.path().is_empty() {
                return None;
            }
        }
        _ => return None,
    }
    Some(url.into())
}

/// Whether this is an address that a parser gives back as it is: http or https, a host of small letters, and nothing that may be
/// an IP address, punycode, a port, an escape in the path, or a step up in it. What is not sure is for the parser.
fn is_plain(source: &str) -> bool {
    let Some(rest) = source
        .strip_prefix("https://")
        .or_else(|| source.strip_prefix("http://"))
    else {
        return false;
    };
    let Some(host_end) = memchr::memchr(b'/', rest.as_bytes()) else {
        return false;
    };
    let (host, path) = rest.as_bytes().split_at(host_end);
    is_plain_host(host) && is_plain_path(path)
}

fn is_plain_host(host: &[u8]) -> bool {
    let is_label = |label: &[u8]| {
        let is_inside = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        (1..=63).contains(&label.len())
            && label.iter().all(is_inside)
            && label.first() != Some(&b'-')
            && label.last() != Some(&b'-')
            && label.get(2..4) != Some(b"--")
    };
    let mut labels = host.split(|byte| *byte == b'.');
    // Where the last label has no digit, no parser takes the host for an IPv4 address.
    host.len() <= 253
        && labels.all(is_label)
        && host
            .rsplit(|byte| *byte == b'.')
            .next()
            .is_some_and(|last| last.iter().all(u8::is_ascii_lowercase))
}

/// `path` begins with its slash; there may be a query.
fn is_plain_path(path: &[u8]) -> bool {
    let mut before = 0;
    for (at, &byte) in path.iter().enumerate() {
        match byte {
            // No segment begins with a dot.
            b'.' if before == b'/' => return false,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {}
            b'?' => return path[at + 1..].iter().all(|byte| is_plain_in_query(*byte)),
            _ => return false,
        }
        before = byte;
    }
    true
}

fn is_plain_in_query(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'-' | b'_' | b'.' | b'~' | b'/' | b'?' | b'=' | b'&' | b'+' | b'%'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(line: &str) -> Vec<(String, String)> {
        let mut out = Vec::new();
        inlines(line, &mut out);
        let whole: String = out
            .iter()
            .map(|inline| match inline {
                Inline::Text(text) | Inline::Link { text, .. } => text.as_str(),
                Inline::Break => "\n",
            })
            .collect();
        assert_eq!(whole, line, "nothing is lost");
        out.into_iter()
            .filter_map(|inline| match inline {
                Inline::Link { text, href } => Some((text, href)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn links_end_where_a_reader_ends_them() {
        for (line, text) in [
            ("see https://ok.example/a.", "https://ok.example/a"),
            ("(https://ok.example/a_(b))", "https://ok.example/a_(b)"),
            ("資料はhttps://ok.example/資料です", "https://ok.example/"),
            ("<https://ok.example/x>", "https://ok.example/x"),
            ("www.example.jp へ", "www.example.jp"),
            ("mailto:a@example.jp, b", "mailto:a@example.jp"),
            ("連絡先：tanaka.h@mail.example.ac.jp。", "tanaka.h@mail.example.ac.jp"),
            ("<a+b@example.jp>,", "a+b@example.jp"),
        ] {
            assert_eq!(links(line)[0].0, text, "{line}");
        }
        // V-67
        assert_eq!(
            links("https://ok.example/?q=<b>&r=\"x\"")[0].1,
            "https://ok.example/?q="
        );
        assert_eq!(links("https://bank.example@t.example/")[0].1, "https://t.example/");
        for none in [
            "javascript:x()",
            "xhttps://a",
            "http://",
            "data:text/html,x",
            "mailto:",
            "user@host",
            "a@b..jp",
            "@example.jp",
            "1@2.3",
            "vbscript:x",
        ] {
            assert!(links(none).is_empty(), "{none}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(20_000))]
        #[test]
        fn what_is_plain_is_what_a_parser_gives_back(
            scheme in proptest::sample::select(vec!["https://", "http://", "HTTP://", "https:/", "https:///"]),
            host in proptest::collection::vec(proptest::sample::select(vec![
                "a", "example", "bank", "0x", "1", "192", "0", "7f", "e", "xn--", "xn--a", "-", "--", ".", ".", ".", "com", "jp", "co",
                "localhost", "Z", "_", "%41", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            ]), 1..8),
            path in "(/[a-zA-Z0-9_~%./-]{0,12}){0,4}",
            query in "(\\?[ -~]{0,6}|\\?[a-z0-9=&+%._~/?-]{0,12})?",
            any in "[ -~é\t\n]?",
        ) {
            for end in ["", any.as_str()] {
                let source = format!("{scheme}{}{path}{query}{end}", host.concat());
                if is_plain(&source) {
                    proptest::prop_assert_eq!(parsed(&source), Some(source));
                }
            }
        }
    }

    #[test]
    fn most_addresses_are_plain() {
        for plain in [
            "https://ok.example/",
            "http://www.ok-2.example/a/b_c.html?d=1&e=%E4%BC%9A",
        ] {
            assert!(is_plain(plain), "{plain}");
        }
        for other in [
            "https://ok.example",
            "https://ok.example:443/",
            "https://u@ok.example/",
            "https://OK.example/",
            "https://1.2/",
            "https://0x7f.0x1/",
            "https://xn--a.example/",
            "https://ok.example/a/../b",
            "https://ok.example/.",
            "https://ok..example/",
            "https://ok.example/%2e%2e/",
            "https://ok.example/a#b",
            "https://ok.example/?'",
            "https:///ok.example/",
            "//ok.example/",
            "https://ok.example/a b",
            "https://ok.example/\\b",
            "https://ok.example./",
        ] {
            assert!(!is_plain(other), "{other}");
        }
    }
}
