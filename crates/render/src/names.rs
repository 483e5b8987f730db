//! Names of attachments, for the eye and for a disk.

use crate::{clean, icon};
use unicode_normalization::UnicodeNormalization;

/// Bytes of a name, which is what most disks take.
const NAME: usize = 255;
/// Names that mean devices on Windows, whatever their extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "clock$", "conin$"];

/// The declared name, made safe: no folders, no tricks with direction, no reserved names; `None` if nothing is left.
pub(crate) fn file_name(declared: &str) -> Option<String> {
    let last = declared.rsplit(['/', '\\']).next().unwrap_or(declared);
    let composed: String = clean::line(last).nfc().collect();
    let safe: String = composed
        .chars()
        .map(|c| {
            if matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|') {
                '_'
            } else {
                c
            }
        })
        .collect();
    let name = safe
        .trim_matches(|c: char| c == ' ')
        .trim_end_matches(['.', ' ', '\u{3000}']);
    if name.is_empty() || name.chars().all(|c| c == '.') {
        return None;
    }
    let name = shorten(name);
    Some(if is_device(&name) { format!("_{name}") } else { name })
}

/// A name for a part that has none.
pub(crate) fn invented(number: u32, content_type: &str) -> String {
    format!("attachment-{number}.{}", icon::extension_of_type(content_type))
}

fn shorten(name: &str) -> String {
    if name.len() <= NAME {
        return name.to_owned();
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 16 => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    format!("{}{extension}", clean::cut(stem, NAME - extension.len()))
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim().to_ascii_lowercase();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix)
            .is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    DEVICES.contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

/// The extension, in capitals, at most five letters; empty without one.
pub(crate) fn extension(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension))
            if !stem.is_empty()
                && (1..=5).contains(&extension.len())
                && extension.chars().all(|c| c.is_ascii_alphanumeric()) =>
        {
            extension.to_ascii_uppercase()
        }
        _ => String::new(),
    }
}

/// The two forms of a name in Content-Disposition: ASCII for old programs, and percent-encoded UTF-8 (RFC 8187).
pub fn disposition_file_name(name: &str) -> (String, String) {
    let ascii: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%' | ';') || c == ' ' {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut encoded = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        // attr-char of RFC 8187 §3.2.1
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    (ascii, encoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_readable() {
        for (declared, name) in [
            ("../../x", Some("x")),
            (r"C:\Users\a\報告.docx", Some("報告.docx")),
            ("invoice\u{202e}gpj.exe", Some("invoicegpj.exe")),
            ("con.txt", Some("_con.txt")),
            ("COM1", Some("_COM1")),
            ("a.txt. . ", Some("a.txt")),
            ("..", None),
            ("  ", None),
            ("a<b>.html", Some("a_b_.html")),
            ("か\u{3099}.txt", Some("が.txt")),
        ] {
            assert_eq!(file_name(declared).as_deref(), name, "{declared}");
        }
        let long = file_name(&format!("{}.pdf", "会".repeat(200))).unwrap();
        assert!(long.len() <= 255 && long.ends_with(".pdf"));
        assert_eq!(extension("a.tar.gz"), "GZ");
        assert_eq!(extension(".bashrc"), "");
    }

    #[test]
    fn a_header_can_hold_the_name() {
        let (ascii, encoded) = disposition_file_name("会 \"x\".txt");
        assert_eq!(ascii, "_ _x_.txt");
        assert_eq!(encoded, "%E4%BC%9A%20%22x%22.txt");
    }
}
