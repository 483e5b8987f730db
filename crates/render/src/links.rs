//! Links in plain text, built from parsed URLs and from nothing else.

use crate::text::Inline;
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
    safe_href(&source).map(|href| (written.len(), href))
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
        .then(|| safe_href(&format!("mailto:{written}")))?
        .map(|href| (written.len(), href))
}

/// The serialisation of an absolute http, https, mailto or tel URL, without user information; nothing else is a link.
pub(crate) fn safe_href(source: &str) -> Option<String> {
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
}
