//! What an export says of itself: when it was made, as of when each mailbox is told, what comes from a copy, and what is missing.

use super::Words;
use api_types::{ApiError, Freshness, Source};
use app::words::count;
use mailroom::{Exported, MailroomError};
use std::fmt::Write;

/// Messages that are missing and named; of more their number is told.
const NAMED: usize = 10_000;

/// See the module.
#[derive(Default)]
pub(super) struct Told {
    whole: u64,
    copies: u64,
    missing: String,
    named: usize,
    unnamed: u64,
    places: String,
    /// A list did not come from the spool just now.
    stale: bool,
    of_this_place: u64,
}

impl Told {
    /// A message is there.
    pub(super) fn whole(&mut self, is_copy: bool) {
        self.whole += 1;
        self.of_this_place += 1;
        self.copies += u64::from(is_copy);
    }

    /// A message could not be read.
    pub(super) fn missing(&mut self, message: &Exported, error: &MailroomError, words: &Words) {
        if self.named >= NAMED {
            self.unnamed += 1;
            return;
        }
        self.named += 1;
        let _ = writeln!(
            self.missing,
            "{}  {}  ({})",
            message.when.full,
            one_line(&message.subject),
            why(error, words),
        );
    }

    /// A mailbox could not be read at all.
    pub(super) fn missing_place(&mut self, name: &str, error: &MailroomError, words: &Words) {
        let _ = writeln!(self.missing, "{}  ({})", one_line(name), why(error, words));
    }

    /// A mailbox has been gone through; `label` says where what is known of it comes from.
    pub(super) fn place(&mut self, name: &str, label: &Freshness, words: &Words) {
        let w = words.own;
        let number = count(std::mem::take(&mut self.of_this_place));
        let when = label.as_of.as_ref().map(|moment| moment.full.as_str());
        let line = match (label.source, when) {
            (Source::Live, Some(when)) => (w.live)(name, &number, when),
            (Source::Snapshot, Some(when)) => (w.snapshot)(name, &number, when),
            (Source::Unmarked, Some(when)) => (w.unmarked)(name, &number, when),
            (_, Some(when)) => (w.saved)(name, &number, when),
            (_, None) => (w.never)(name, &number),
        };
        self.stale |= !matches!(label.source, Source::Live | Source::Snapshot);
        let _ = writeln!(self.places, "{}", one_line(&line));
        if label.pending > 0 {
            self.stale = true;
            let _ = writeln!(self.places, "  {}", (w.pending)(&count(label.pending)));
        }
    }

    /// Whether everything is there as it lies in the spool.
    pub(super) fn is_plain(&self) -> bool {
        self.copies == 0 && self.missing.is_empty() && !self.stale
    }

    /// The whole of it; `made` is when.
    pub(super) fn text(&self, words: &Words, made: &str) -> String {
        let w = words.own;
        let mut text = format!("{}\n\n{}", (w.made)(made), self.places);
        if self.copies > 0 {
            let _ = write!(text, "\n{}\n", (w.copies)(&count(self.copies), &count(self.whole)));
        }
        if !self.missing.is_empty() {
            let _ = write!(text, "\n{}\n\n{}", w.missing, self.missing);
            if self.unnamed > 0 {
                let _ = writeln!(text, "{}", (w.unnamed)(&count(self.unnamed)));
            }
        }
        text
    }
}

/// What a person may know of it.
fn why(error: &MailroomError, words: &Words) -> &'static str {
    match error.to_api(String::new) {
        ApiError::Unavailable(cause) => words.all.cause(cause).title,
        ApiError::Gone | ApiError::NotFound | ApiError::Moved { .. } => words.all.errors.gone.title,
        _ => words.all.errors.internal.title,
    }
}

fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}
