//! Where links and images may lead.

use super::{
    inline::{self, Images},
    scan::{Piece, attributes, pieces},
};
use crate::{icon, links::safe_href};
use data_encoding::BASE64;
use std::borrow::Cow;
use url::{Host, Url};

/// Words of a link's text that are looked at.
const WORDS: usize = 16;
/// Names that end so are files; none of these is a top-level domain.
const FILES: [&str; 15] = [
    ".pdf", ".html", ".htm", ".php", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".txt", ".csv", ".png", ".jpg",
    ".gif",
];

/// The target of a link: absolute, of a known scheme, without user information.
pub(super) fn link(value: &str) -> Option<Cow<'_, str>> {
    safe_href(value)
}

/// The source of an image: one of the message's own, or a raster image in a `data:` URL. Everything else is not loaded.
pub(super) fn image(value: &str, images: Option<&Images>) -> Option<String> {
    let value = value.trim();
    if let Some(id) = content_id(value) {
        return match images {
            Some(images) => images.find(&id),
            // Not yet: the markup is still being cleaned.
            None => Some(format!("cid:{}", strip_scheme(value, "cid:")?)),
        };
    }
    let data = strip_scheme(value, "data:")?;
    let (declared, encoded) = data.split_once(',')?;
    if !declared.to_ascii_lowercase().ends_with(";base64") {
        return None;
    }
    let bytes = BASE64
        .decode(encoded.split_ascii_whitespace().collect::<String>().as_bytes())
        .ok()?;
    data_url(&bytes)
}

/// The Content-ID in a `cid:` URL.
pub(super) fn content_id(value: &str) -> Option<String> {
    let id = strip_scheme(value.trim(), "cid:")?;
    Some(inline::percent_decoded(
        id.trim().trim_start_matches('<').trim_end_matches('>'),
    ))
}

/// A raster image as a `data:` URL, its type from its first bytes.
pub(super) fn data_url(bytes: &[u8]) -> Option<String> {
    let media_type = icon::image_type(bytes)?;
    Some(format!("data:{media_type};base64,{}", BASE64.encode(bytes)))
}

fn strip_scheme<'v>(value: &'v str, scheme: &str) -> Option<&'v str> {
    value
        .get(..scheme.len())
        .filter(|beginning| beginning.eq_ignore_ascii_case(scheme))
        .map(|_| &value[scheme.len()..])
}

/// Adds the real host to links whose text looks like another. `source` has been sanitised once and will be again.
pub(super) fn show_real_hosts(source: &str) -> Cow<'_, str> {
    let mut insertions: Vec<(usize, String)> = Vec::new();
    let mut open: Option<(&str, String)> = None;
    for piece in pieces(source) {
        match piece {
            Piece::Start { name, inside } if name.eq_ignore_ascii_case("a") => {
                let href = attributes(inside)
                    .find(|(name, _)| name.eq_ignore_ascii_case("href"))
                    .map(|(_, value)| value);
                open = href.map(|href| (href, String::new()));
            }
            Piece::Text(text) => {
                if let Some((_, seen)) = &mut open {
                    seen.push_str(text);
                }
            }
            Piece::End { name } if name.eq_ignore_ascii_case("a") => {
                // Few texts name a host, and only then is the target looked at.
                if let Some((href, seen)) = open.take()
                    && let Some(shown) = host_like(&seen)
                    && let Some(host) = host_of(href)
                    && !same_site(&shown, &host)
                    && !seen.trim_end().ends_with(&format!("[{host}]"))
                {
                    // `name` points into the source: `</` stands before it.
                    let at = name.as_ptr() as usize - source.as_ptr() as usize - 2;
                    insertions.push((at, format!(" [{host}]")));
                }
            }
            _ => {}
        }
    }
    if insertions.is_empty() {
        return Cow::Borrowed(source);
    }
    let mut out = String::with_capacity(source.len() + insertions.len() * 32);
    let mut from = 0;
    for (at, text) in insertions {
        out.push_str(&source[from..at]);
        out.push_str(&text);
        from = at;
    }
    out.push_str(&source[from..]);
    Cow::Owned(out)
}

/// The host as it is on the wire: punycode for what is not ASCII.
fn host_of(href: &str) -> Option<String> {
    let url = Url::parse(href.replace("&amp;", "&").trim()).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.host_str().map(str::to_owned))?
}

/// The host that the text of a link seems to name: `https://bank.example/…`, `www.bank.example`, `bank.example`.
fn host_like(text: &str) -> Option<String> {
    text.split(|c: char| c.is_whitespace() || !c.is_alphanumeric() && !".:/-_~%@?=#[]".contains(c) && c.is_ascii())
        .filter(|word| word.contains(['.', '。', '．', '｡']))
        .take(WORDS)
        .find_map(host_of_word)
}

fn host_of_word(word: &str) -> Option<String> {
    let lower = word.trim_matches(['.', ':', '/', '-', '?', '[', ']']).to_lowercase();
    let has_scheme = lower.contains("://");
    // An address is no host, and a file is none either.
    if !has_scheme && (lower.contains('@') || FILES.iter().any(|file| lower.ends_with(file))) {
        return None;
    }
    let url = Url::parse(&if has_scheme {
        lower.clone()
    } else {
        format!("http://{lower}")
    })
    .ok()?;
    match url.host()? {
        Host::Domain(domain) if domain.contains('.') && looks_like_domain(domain) => Some(domain.to_owned()),
        Host::Domain(_) => None,
        // `1.2` would be an address for a URL parser, for a reader it is a number.
        Host::Ipv4(address) => lower.contains(&address.to_string()).then(|| address.to_string()),
        Host::Ipv6(_) => url.host_str().map(str::to_owned),
    }
}

/// A last label of letters: `v1.2` and `a.` name no host.
fn looks_like_domain(domain: &str) -> bool {
    let last = domain.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    last.len() >= 2 && (last.starts_with("xn--") || last.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

fn same_site(shown: &str, real: &str) -> bool {
    let bare = |host: &str| {
        host.trim_end_matches('.')
            .trim_start_matches("www.")
            .to_ascii_lowercase()
    };
    bare(shown) == bare(real)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_real_host_is_shown_where_it_differs() {
        let source = "<a href=\"https://t.example/x\">https://bank.example</a>";
        let shown = show_real_hosts(source);
        assert_eq!(
            shown,
            "<a href=\"https://t.example/x\">https://bank.example [t.example]</a>"
        );
        assert_eq!(show_real_hosts(&shown), shown, "once is enough");
        for other in [
            "(Bank.Example)",
            "WWW.bank.example/login",
            "詳細はbank.exampleへ",
            "192.0.2.1",
        ] {
            let source = format!("<a href=https://t.example/>{other}</a>");
            assert_ne!(show_real_hosts(&source), source, "{other}");
        }
        for same in [
            "<a href=https://www.bank.example/login>bank.example</a>",
            "<a href=https://t.example/>here, version 1.2</a>",
            "<a href='mailto:a@t.example'>bank.example</a>",
            "<a href=https://t.example/>a@bank.example</a>",
            "<a href=https://t.example/>report.pdf</a>",
        ] {
            assert_eq!(show_real_hosts(same), same);
        }
    }
}
