//! Messages one after the other in an mbox, quoted as mboxrd has it: one more `>` before each line of `>`s and `From `, so that nothing
//! is lost and a reader knows what to take away.

/// Quotes the bytes of one message as they come.
#[derive(Default)]
pub struct Quoted {
    /// What may still become a line that has to be quoted.
    begun: Vec<u8>,
    /// The line has been decided on.
    inside: bool,
    ends_in_newline: bool,
}

const FROM: &[u8] = b"From ";

/// The line before a message that arrived then, in seconds.
pub fn from_line(received: i64) -> String {
    let at = jiff::Timestamp::from_second(received).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let at = at.to_zoned(jiff::tz::TimeZone::UTC);
    // asctime (RFC 4155, appendix A).
    format!("From MAILER-DAEMON {}\n", at.strftime("%a %b %e %H:%M:%S %Y"))
}

impl Quoted {
    /// The next bytes, quoted.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        for &byte in bytes {
            if self.inside {
                out.push(byte);
                self.inside = byte != b'\n';
                continue;
            }
            self.begun.push(byte);
            match decided(&self.begun) {
                None => {}
                Some(quote) => {
                    if quote {
                        out.push(b'>');
                    }
                    out.append(&mut self.begun);
                    self.inside = byte != b'\n';
                }
            }
        }
        if let Some(last) = bytes.last() {
            self.ends_in_newline = *last == b'\n';
        }
    }

    /// The end of the message, and the empty line after it.
    pub fn finish(mut self, out: &mut Vec<u8>) {
        out.append(&mut self.begun);
        if !self.ends_in_newline {
            out.push(b'\n');
        }
        out.push(b'\n');
    }
}

/// Whether a line that begins so has to be quoted; `None` as long as that is open.
fn decided(begun: &[u8]) -> Option<bool> {
    let rest = begun.iter().position(|byte| *byte != b'>').map(|at| &begun[at..])?;
    if rest.len() >= FROM.len() {
        return Some(rest.starts_with(FROM));
    }
    (!FROM.starts_with(rest)).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str, piece: usize) -> String {
        let mut quoted = Quoted::default();
        let mut out = Vec::new();
        for piece in text.as_bytes().chunks(piece) {
            quoted.feed(piece, &mut out);
        }
        quoted.finish(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_that_begin_a_message_are_quoted_however_they_come() {
        let text = "From: a\nSubject: b\n\nFrom me\n>From you\n>>From them\nFromage\n> From\n>\n\nFro";
        let wanted = "From: a\nSubject: b\n\n>From me\n>>From you\n>>>From them\nFromage\n> From\n>\n\nFro\n\n";
        for piece in 1..text.len() {
            assert_eq!(quoted(text, piece), wanted, "{piece}");
        }
        assert_eq!(quoted("", 1), "\n\n");
        assert_eq!(quoted("a\n", 1), "a\n\n");
    }

    #[test]
    fn the_line_before_has_the_date_of_asctime() {
        assert_eq!(
            from_line(1_795_000_001),
            "From MAILER-DAEMON Wed Nov 18 11:06:41 2026\n"
        );
        assert_eq!(from_line(0), "From MAILER-DAEMON Thu Jan  1 00:00:00 1970\n");
    }
}
