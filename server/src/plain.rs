//! Raw bytes as text a person can look at: UTF-8 as it is, every other byte as `\xNN`, controls as their pictures, so that
//! nothing is hidden and nothing acts on the reader's terminal or browser.

use std::fmt::Write;

/// Carries the unfinished character from one chunk to the next.
#[derive(Debug, Default)]
pub struct Visible {
    rest: Vec<u8>,
}

impl Visible {
    /// The text of the next chunk.
    pub fn push(&mut self, chunk: &[u8]) -> String {
        let mut bytes = std::mem::take(&mut self.rest);
        bytes.extend_from_slice(chunk);
        let mut out = String::with_capacity(bytes.len() + 16);
        let mut chunks = bytes.utf8_chunks().peekable();
        while let Some(part) = chunks.next() {
            part.valid().chars().for_each(|c| push_char(&mut out, c));
            // Bytes at the very end may be the start of a character that goes on in the next chunk.
            if chunks.peek().is_none() && could_go_on(part.invalid()) {
                self.rest = part.invalid().to_vec();
            } else {
                part.invalid().iter().for_each(|byte| {
                    let _ = write!(out, "\\x{byte:02X}");
                });
            }
        }
        out
    }
}

fn could_go_on(invalid: &[u8]) -> bool {
    !invalid.is_empty() && std::str::from_utf8(invalid).is_err_and(|error| error.error_len().is_none())
}

fn push_char(out: &mut String, c: char) {
    match c {
        '\n' | '\t' => out.push(c),
        '\r' => {}
        '\0'..='\u{1f}' => out.push(char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}')),
        '\u{7f}' => out.push('\u{2421}'),
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_seen_however_it_is_cut() {
        let bytes = "件名: \u{1b}$B\r\n"
            .bytes()
            .chain([0x83, 0x65, 0xff])
            .collect::<Vec<_>>();
        let expected = "件名: ␛$B\n\\x83e\\xFF";
        for cut in 0..bytes.len() {
            let mut visible = Visible::default();
            let text = visible.push(&bytes[..cut]) + &visible.push(&bytes[cut..]);
            assert_eq!(text, expected, "cut at {cut}");
        }
    }
}
