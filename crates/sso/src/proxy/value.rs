//! Values of headers as text.

use super::Encoding;

/// The text of a value; `None` if it is not in the encoding that it should be in.
pub(super) fn decode(value: &[u8], encoding: Encoding) -> Option<String> {
    match encoding {
        Encoding::Utf8 => std::str::from_utf8(value).ok().map(str::to_owned),
        Encoding::Latin1 => Some(value.iter().map(|byte| char::from(*byte)).collect()),
        Encoding::Percent => unescaped(value),
    }
}

fn unescaped(value: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.iter();
    while let Some(&byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(*rest.next()?).to_digit(16);
            bytes.push(u8::try_from(digit()? << 4 | digit()?).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// The values in a text, without those that are none. Apache writes `(null)` for a variable that is not set.
pub(super) fn split(text: &str, between: Option<char>) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if Some(c) == between {
            values.push(String::new());
            continue;
        }
        // Only what could be meant otherwise is escaped; another backslash is itself.
        let next = chars.clone().next();
        let c = if c == '\\' && next.is_some() && next == between {
            chars.next().unwrap_or(c)
        } else {
            c
        };
        if let Some(last) = values.last_mut() {
            last.push(c);
        }
    }
    let values = values.into_iter().map(|value| value.trim().to_owned());
    values.filter(|value| !value.is_empty() && value != "(null)").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_as_the_settings_say() {
        for (encoding, value, text) in [
            (Encoding::Utf8, "山田".as_bytes(), Some("山田")),
            (Encoding::Utf8, b"\xe9", None),
            (Encoding::Latin1, b"Andr\xe9", Some("André")),
            (Encoding::Percent, b"%E5%B1%B1 x", Some("山 x")),
            (Encoding::Percent, b"%e5%b1%b1", Some("山")),
            (Encoding::Percent, b"%E5", None),
            (Encoding::Percent, b"%+1", None),
            (Encoding::Percent, b"100%", None),
        ] {
            assert_eq!(decode(value, encoding).as_deref(), text, "{value:?}");
        }
    }

    #[test]
    fn values_are_split_where_no_backslash_stands() {
        let cases: [(&str, &[&str]); 9] = [
            ("a", &["a"]),
            ("a;b", &["a", "b"]),
            (r"a\;b;c", &["a;b", "c"]),
            (r"a\b", &[r"a\b"]),
            (r"a\", &[r"a\"]),
            (" a ; ", &["a"]),
            (";;", &[]),
            ("(null)", &[]),
            ("(null);a", &["a"]),
        ];
        for (text, values) in cases {
            assert_eq!(split(text, Some(';')), values, "{text}");
        }
        assert_eq!(split("a;b", None), ["a;b"], "without a separator it is all one value");
    }
}
