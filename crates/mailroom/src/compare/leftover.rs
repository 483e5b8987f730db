//! What is said of messages that have none on the other side: who sent them, when, about what; and whether the other side has one that
//! is meant to be the same and is not.

use super::{
    CompareOptions, Difference, Finding, Letter, Totals,
    matching::{Matched, Single},
    normal::{BUFFER, Digest, digest},
    read,
    side::{Mail, Placed},
};
use render::Envelope;
use spool::{MessageFile, printable};
use std::collections::{HashMap, HashSet};

/// Of a header block, no more is read.
const HEAD: u64 = 256 << 10;

/// Both sides.
pub(super) struct Leftovers<'a> {
    pub(super) old: &'a Mail,
    pub(super) new: &'a Mail,
    pub(super) names: &'a [String],
    pub(super) unquote: bool,
}

impl Leftovers<'_> {
    /// Says everything, and counts what is missing, changed and new.
    pub(super) fn say(
        &self,
        matched: &Matched,
        options: CompareOptions,
        totals: &mut Totals,
        say: &mut dyn FnMut(Finding),
    ) {
        let mut changed: HashSet<u32> = HashSet::new();
        let mut candidates = self.candidates(matched);
        for single in &matched.missing {
            let Some((placed, file)) = opened(self.old, single.item) else {
                totals.missing += 1;
                say(Finding::Missing {
                    message: nameless(self.old, single.item),
                    copies: single.copies,
                });
                continue;
            };
            let envelope = envelope(&file);
            let now = identity(&envelope)
                .and_then(|identity| candidates.get_mut(&identity))
                .and_then(|items| {
                    closest(items, |item| {
                        self.new.mailbox_id(item) == self.old.mailbox_id(single.item)
                    })
                });
            let message = letter(self.old, placed, &file, envelope);
            match now.and_then(|now| self.difference(&file, now)) {
                Some((now, new, difference)) => {
                    changed.insert(now);
                    totals.changed += 1;
                    say(Finding::Changed {
                        old: message,
                        new,
                        difference,
                    });
                }
                None => {
                    totals.missing += 1;
                    let copies = single.copies;
                    say(Finding::Missing { message, copies });
                }
            }
        }
        for Single { item, copies } in matched.extra.iter().filter(|single| !changed.contains(&single.item)) {
            totals.extra += 1;
            let (message, copies) = (told(self.new, *item), *copies);
            say(Finding::Extra { message, copies });
        }
        self.say_moved(matched, options, say);
        if options.flags {
            for (old, new) in &matched.flags {
                let marks = |mail: &Mail, item: u32| {
                    mail.items
                        .get(item as usize)
                        .map(|placed| placed.item.marks)
                        .unwrap_or_default()
                };
                say(Finding::Flags {
                    message: told(self.new, *new),
                    old: marks(self.old, *old),
                    new: marks(self.new, *new),
                });
            }
        }
    }

    fn say_moved(&self, matched: &Matched, options: CompareOptions, say: &mut dyn FnMut(Finding)) {
        let name = |id: u32| self.names.get(id as usize).cloned().unwrap_or_default();
        for moved in &matched.moved {
            say(Finding::Moved {
                from: name(moved.from),
                to: name(moved.to),
                messages: moved.messages.len() as u64,
            });
            if !options.moved {
                continue;
            }
            for (old, new) in &moved.messages {
                say(Finding::MovedMessage {
                    old: told(self.old, *old),
                    to: name(moved.to),
                    file: nameless(self.new, *new).file,
                });
            }
        }
    }

    /// What the new side alone has, by what it is meant to be.
    fn candidates(&self, matched: &Matched) -> HashMap<[u8; 16], Vec<u32>> {
        let mut candidates: HashMap<[u8; 16], Vec<u32>> = HashMap::new();
        if matched.missing.is_empty() {
            return candidates;
        }
        for single in &matched.extra {
            let identity = opened(self.new, single.item).and_then(|(_, file)| identity(&envelope(&file)));
            if let Some(identity) = identity {
                candidates.entry(identity).or_default().push(single.item);
            }
        }
        candidates
    }

    /// `None` if one of them cannot be read any more.
    fn difference(&self, old: &MessageFile, now: u32) -> Option<(u32, Letter, Difference)> {
        let (placed, file) = opened(self.new, now)?;
        let mut buffer = vec![0; BUFFER];
        let mut digest = |file: &MessageFile| digest(file, self.unquote, &mut buffer).ok();
        let (a, b): (Digest, Digest) = (digest(old)?, digest(&file)?);
        let difference = Difference {
            headers: a.head != b.head,
            text: a.body != b.body,
        };
        let envelope = envelope(&file);
        Some((now, letter(self.new, placed, &file, envelope), difference))
    }
}

/// Takes one out: in the same mailbox, or else the first.
fn closest(items: &mut Vec<u32>, same_mailbox: impl Fn(u32) -> bool) -> Option<u32> {
    let at = items.iter().position(|item| same_mailbox(*item)).unwrap_or(0);
    (at < items.len()).then(|| items.remove(at))
}

fn opened(mail: &Mail, item: u32) -> Option<(&Placed, MessageFile)> {
    let placed = mail.items.get(item as usize)?;
    Some((placed, read::open(mail, placed).ok()?))
}

fn told(mail: &Mail, item: u32) -> Letter {
    match opened(mail, item) {
        Some((placed, file)) => letter(mail, placed, &file, envelope(&file)),
        None => nameless(mail, item),
    }
}

/// A message that was read and cannot be any more.
fn nameless(mail: &Mail, item: u32) -> Letter {
    let Some(placed) = mail.items.get(item as usize) else {
        return Letter::default();
    };
    Letter {
        mailbox: mail.mailbox_name(placed),
        file: mail.file(placed),
        ..Letter::default()
    }
}

fn envelope(file: &MessageFile) -> Envelope {
    let mut head = vec![0; usize::try_from(file.len().min(HEAD)).unwrap_or_default()];
    let mut filled = 0;
    while let Some(rest) = head.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read_at(filled as u64, rest) {
            Ok(got) if got > 0 => filled += got,
            _ => break,
        }
    }
    head.truncate(filled);
    let end = render::header_end(&head).unwrap_or(filled);
    render::envelope(head.get(..end).unwrap_or_default())
}

fn letter(mail: &Mail, placed: &Placed, file: &MessageFile, envelope: Envelope) -> Letter {
    let from = envelope.from.first().map(|from| match &from.name {
        Some(name) if !name.is_empty() => format!("{name} <{}>", from.address),
        _ => from.address.clone(),
    });
    Letter {
        mailbox: mail.mailbox_name(placed),
        file: mail.file(placed),
        date: envelope.date.or_else(|| Some(file.received())),
        from: printable(&from.unwrap_or_default()),
        subject: printable(&envelope.subject),
        message_id: envelope.message_id.as_deref().map(printable),
        bytes: file.len(),
    }
}

/// What a message is meant to be, whatever became of it: its Message-ID, or else who wrote it when about what. `None` if it says too
/// little of itself.
fn identity(envelope: &Envelope) -> Option<[u8; 16]> {
    let text = match (&envelope.message_id, envelope.date) {
        (Some(id), _) if !id.is_empty() => format!("id {id}"),
        (_, Some(date)) => {
            let from = envelope.from.first().map(|from| from.address.as_str());
            format!("at {date} {} {}", from.unwrap_or_default(), envelope.subject)
        }
        _ => return None,
    };
    let mut identity = [0; 16];
    blake3::Hasher::new()
        .update(text.as_bytes())
        .finalize_xof()
        .fill(&mut identity);
    Some(identity)
}
