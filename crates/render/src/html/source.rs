//! The HTML of a message, decoded, cleaned, looked through and written again once, although its page and its frame both need it.

use super::{locations::Locations, prescan};
use crate::{clean, limits::HTML, skeleton::Skeleton, structure::Part};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bytes that are kept for the next to ask; what is larger is made anew.
const KEPT: usize = 1 << 20;

/// An HTML part made ready.
#[derive(Debug)]
pub(crate) struct Source {
    /// What it was read as, and how that went; its text is the one to show, without controls.
    pub(crate) decoded: crate::charset::Decoded,
    /// It is not longer than what is shown.
    pub(crate) whole: bool,
    /// Images elsewhere that it wants.
    pub(crate) remote_images: u32,
    /// As the parser may see it; `None` if it may not.
    pub(crate) prepared: Option<String>,
}

impl Source {
    fn of(part: &Part, skeleton: &Skeleton, read_as: Option<&str>) -> Self {
        let mut decoded = part.text(skeleton, read_as);
        let whole = decoded.text.len() <= HTML;
        if let std::borrow::Cow::Owned(cleaned) = clean::html_source(&decoded.text) {
            decoded.text = cleaned;
        }
        let locations = Locations::of(part, skeleton.structure());
        let (prepared, remote_images) = prescan::prepared(&decoded.text, &locations);
        Self {
            whole,
            remote_images,
            prepared,
            decoded,
        }
    }

    fn held(&self) -> usize {
        self.decoded.text.len() + self.prepared.as_ref().map_or(0, String::len)
    }
}

/// What was made ready for the page, until the frame takes it. A message has one HTML that is shown, so there is one.
#[derive(Debug, Default)]
pub(crate) struct Ready(Mutex<Option<Kept>>);

#[derive(Debug)]
struct Kept {
    part: u32,
    read_as: Option<String>,
    source: Arc<Source>,
}

impl Ready {
    /// Makes the part ready and keeps it for [`Ready::take`], unless it is large.
    pub(crate) fn make(&self, part: &Part, skeleton: &Skeleton, read_as: Option<&str>) -> Arc<Source> {
        let source = Arc::new(Source::of(part, skeleton, read_as));
        if source.held() <= KEPT {
            *self.kept() = Some(Kept {
                part: part.id,
                read_as: read_as.map(str::to_owned),
                source: Arc::clone(&source),
            });
        }
        source
    }

    /// What was made ready, and does not keep it any longer; makes it if it was not, or was read as another charset.
    pub(crate) fn take(&self, part: &Part, skeleton: &Skeleton, read_as: Option<&str>) -> Arc<Source> {
        let kept = self.kept().take();
        match kept {
            Some(kept) if kept.part == part.id && kept.read_as.as_deref() == read_as => kept.source,
            _ => Arc::new(Source::of(part, skeleton, read_as)),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Option<Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(skeleton: &Skeleton) -> &Part {
        &skeleton.structure().parts[0]
    }

    #[test]
    fn the_frame_gets_what_the_page_made_once() {
        let message = "Content-Type: text/html; charset=utf-8\n\n<p>\u{1b}é<img src=https://t.example/a></p>";
        let skeleton = Skeleton::whole(message.as_bytes());
        let ready = Ready::default();
        let made = ready.make(part(&skeleton), &skeleton, None);
        assert_eq!((made.remote_images, made.whole), (1, true));
        assert_eq!(made.decoded.text, "<p>é<img src=https://t.example/a></p>");
        assert!(Arc::ptr_eq(&made, &ready.take(part(&skeleton), &skeleton, None)));
        assert!(ready.kept().is_none(), "given away");
        assert!(!Arc::ptr_eq(&made, &ready.take(part(&skeleton), &skeleton, None)));
    }

    #[test]
    fn another_charset_is_another_source() {
        let skeleton = Skeleton::whole("Content-Type: text/html; charset=utf-8\n\n<p>é</p>".as_bytes());
        let ready = Ready::default();
        ready.make(part(&skeleton), &skeleton, None);
        let other = ready.take(part(&skeleton), &skeleton, Some("iso-8859-1"));
        assert_eq!(other.decoded.text, "<p>Ã©</p>");
    }

    #[test]
    fn what_is_large_is_not_kept() {
        let skeleton = Skeleton::whole(format!("Content-Type: text/html\n\n{}", "x".repeat(KEPT / 2 + 1)).as_bytes());
        let ready = Ready::default();
        assert!(ready.make(part(&skeleton), &skeleton, None).prepared.is_some());
        assert!(ready.kept().is_none());
    }
}
