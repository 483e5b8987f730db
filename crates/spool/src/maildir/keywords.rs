//! `dovecot-keywords`: `n name`, n = 0 to 25 for the letters a to z. Later keywords live in Dovecot's index alone.

use super::filename;

/// Names by letter.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Keywords([Option<String>; 26]);

impl Keywords {
    /// Understands what it can; the count tells how many lines it could not.
    pub(crate) fn parse(text: &[u8]) -> (Self, usize) {
        let mut keywords = Keywords::default();
        let mut bad = 0;
        for line in text.split(|b| *b == b'\n').filter(|line| !line.is_empty()) {
            match entry(line) {
                Some((index, name)) if index < 26 => {
                    if let Some(slot) = keywords.0.get_mut(index) {
                        *slot = Some(name);
                    }
                }
                Some(_) => {}
                None => bad += 1,
            }
        }
        (keywords, bad)
    }

    /// The name behind a letter.
    pub(crate) fn name(&self, letter: u8) -> Option<&str> {
        self.0.get(usize::from(letter.checked_sub(b'a')?))?.as_deref()
    }
}

fn entry(line: &[u8]) -> Option<(usize, String)> {
    let space = line.iter().position(|b| *b == b' ')?;
    let index = filename::number(line.get(..space)?)?;
    let name = String::from_utf8_lossy(line.get(space + 1..)?);
    (!name.is_empty()).then(|| {
        (
            usize::try_from(index).unwrap_or(usize::MAX),
            crate::names::printable(&name),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_have_names() {
        let (keywords, bad) = Keywords::parse("0 $Forwarded\n1 大事\nx\n30 later\n25 last".as_bytes());
        assert_eq!(bad, 1);
        assert_eq!(keywords.name(b'a'), Some("$Forwarded"));
        assert_eq!(keywords.name(b'b'), Some("大事"));
        assert_eq!(keywords.name(b'z'), Some("last"));
        assert_eq!(keywords.name(b'c'), None);
        assert_eq!(keywords.name(b'A'), None);
    }
}
