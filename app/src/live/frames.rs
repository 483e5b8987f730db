//! Which letters have a frame. A frame takes most of the time from a click to a HTML letter: it is another document, without an
//! origin, in a process of its own. So the letter that is likely to be opened gets its frame before it is.

use crate::paths::{self, LetterId};
use api_types::{Body, Letter};
use leptos::prelude::*;

/// Two places for frames, each with the path of its document: the letter shown last has one, a letter ahead the other. A frame
/// that moved in the page would load again, so it is the places that change their part.
#[derive(Clone, Copy, Default)]
pub(crate) struct Frames {
    places: [RwSignal<Option<String>>; 2],
    /// Which place the letter shown last has.
    shown: StoredValue<usize>,
    /// The document of the letter on the screen, if it is shown as HTML.
    open: RwSignal<Option<String>>,
}

impl Frames {
    /// The places.
    pub(crate) fn places(&self) -> [RwSignal<Option<String>>; 2] {
        self.places
    }

    /// Whether this is the document of the letter on the screen.
    pub(crate) fn is_open(&self, path: &str) -> bool {
        self.open.with(|open| open.as_deref() == Some(path))
    }

    /// The letter is on the screen now.
    pub(crate) fn show(&self, letter: &Letter, charset: Option<&str>) {
        let path = path(letter, charset);
        self.open.set(path.clone());
        let Some(path) = path else { return };
        match self.place_of(&path) {
            Some(place) => self.shown.set_value(place),
            None => self.places[self.shown.get_value()].set(Some(path)),
        }
    }

    /// The letter may be opened soon.
    pub(super) fn prepare(&self, letter: &Letter) {
        if let Some(path) = path(letter, None) {
            self.begin(path);
        }
    }

    /// The letter is being opened, and is HTML as far as its row knows: the frame need not wait for the rest of it.
    pub(super) fn expect(&self, letter: &LetterId) {
        self.begin(paths::body(&letter.mailbox, &letter.message, "html", None));
    }

    fn begin(&self, path: String) {
        if self.place_of(&path).is_none() {
            self.places[1 - self.shown.get_value()].set(Some(path));
        }
    }

    fn place_of(&self, path: &str) -> Option<usize> {
        let has = |place: &RwSignal<Option<String>>| place.with_untracked(|held| held.as_deref() == Some(path));
        self.places.iter().position(has)
    }
}

fn path(letter: &Letter, charset: Option<&str>) -> Option<String> {
    let html = matches!(letter.message.body, Body::Html { .. });
    html.then(|| paths::body(&letter.mailbox.id, &letter.message.id, "html", charset))
}

#[cfg(test)]
mod tests {
    use super::*;
    use api_types::{Freshness, MailboxRef, Message, Moment, Role, Source};

    fn held(frames: &Frames) -> [Option<String>; 2] {
        frames.places.map(|place| place.get_untracked())
    }

    fn letter(id: &str) -> Letter {
        let body = Body::Html {
            remote_images: 0,
            has_text: false,
        };
        Letter {
            mailbox: MailboxRef {
                id: "mb".into(),
                name: "INBOX".into(),
                role: Role::Inbox,
            },
            message: Message {
                id: id.into(),
                subject: String::new(),
                from: Vec::new(),
                sender: None,
                to: Vec::new(),
                cc: Vec::new(),
                reply_to: Vec::new(),
                date: Moment::default(),
                size: 0,
                unread: false,
                opened_here: false,
                flagged: false,
                body,
                attachments: Vec::new(),
                report: None,
                notes: Vec::new(),
                headers: Vec::new(),
                charset: None,
                encrypted: false,
                of: String::new(),
            },
            previous: None,
            next: None,
            freshness: Freshness {
                source: Source::Live,
                as_of: None,
                spool_ms: None,
                pending: 0,
            },
        }
    }

    #[test]
    fn a_frame_keeps_its_place_when_its_letter_is_opened() {
        let owner = Owner::new();
        owner.with(|| {
            let frames = Frames::default();
            frames.show(&letter("a"), None);
            frames.prepare(&letter("b"));
            let [a, b] = held(&frames);
            assert_ne!(a, b);
            frames.show(&letter("b"), None);
            assert_eq!(held(&frames), [a.clone(), b.clone()], "nothing is loaded again");
            frames.prepare(&letter("c"));
            let [c, still_b] = held(&frames);
            assert_eq!(still_b, b, "the open letter keeps its frame");
            assert_ne!(c, a, "the one before gave its place");
            frames.show(&letter("d"), None);
            let [still_c, d] = held(&frames);
            assert_eq!(still_c, c);
            assert!(d.is_some_and(|path| path.contains("/d/")));
        });
    }
}
