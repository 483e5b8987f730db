//! Images of the message itself: put into the document, or loaded by themselves where they do not fit.

use super::{
    locations,
    scan::{Piece, attributes, pieces},
    urls,
};
use crate::{
    limits::{INLINED, LINKED},
    skeleton::Skeleton,
    structure::Structure,
};
use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

/// The images that a document asks for, by Content-ID.
#[derive(Debug, Default)]
pub(crate) struct Images {
    found: HashMap<String, Image>,
    /// Bytes that may still be written: an image may be shown many times.
    room: AtomicUsize,
    /// Links that may still be written.
    links: AtomicUsize,
    linked: AtomicBool,
}

#[derive(Debug)]
struct Image {
    /// As a `data:` URL, if it fits.
    inlined: Option<String>,
    /// Where it is to be had by itself.
    link: Option<String>,
}

impl Images {
    /// The raster images among the parts that the document names (RFC 2392), as long as there is room.
    pub(crate) fn of(
        source: &str,
        skeleton: &Skeleton,
        structure: &Structure,
        link: &dyn Fn(u32) -> Option<String>,
    ) -> Self {
        let mut found = HashMap::new();
        let mut room = INLINED;
        for piece in pieces(source) {
            let Piece::Start { name, inside } = piece else { continue };
            if !name.eq_ignore_ascii_case("img") {
                continue;
            }
            let source = attributes(inside).find(|(attribute, _)| attribute.eq_ignore_ascii_case("src"));
            let Some(id) = source.and_then(|(_, value)| urls::content_id(value)) else {
                continue;
            };
            if found.contains_key(&id) {
                continue;
            }
            let named = structure
                .parts
                .iter()
                .find(|part| part.content_id.as_deref() == Some(id.as_str()));
            let Some(part) = named.or_else(|| structure.parts.get(locations::part(&id)?)) else {
                continue;
            };
            // By its first bytes, whatever it calls itself: SVG is none.
            if !part.raster {
                continue;
            }
            let size = usize::try_from(part.decoded_size).unwrap_or(usize::MAX);
            let is_at_hand = skeleton.has_all(part.kept.start, part.kept.end);
            let fits = is_at_hand && size <= room;
            let inlined = fits.then(|| urls::data_url(&part.decoded(skeleton))).flatten();
            if inlined.is_some() {
                room -= size;
            }
            let link = link(part.id);
            found.insert(id, Image { inlined, link });
        }
        Self {
            found,
            room: AtomicUsize::new(INLINED / 3 * 4),
            links: AtomicUsize::new(LINKED),
            linked: AtomicBool::new(false),
        }
    }

    /// The image, as long as there is room for it in the document; else where it is.
    pub(super) fn find(&self, id: &str) -> Option<String> {
        let image = self.found.get(id)?;
        if let Some(url) = &image.inlined
            && take(&self.room, url.len())
        {
            return Some(url.clone());
        }
        let link = image.link.as_ref().filter(|_| take(&self.links, 1))?;
        self.linked.store(true, Ordering::Relaxed);
        Some(link.clone())
    }

    /// Whether [`Images::find`] said of any where it is.
    pub(super) fn has_linked(&self) -> bool {
        self.linked.load(Ordering::Relaxed)
    }
}

/// Takes so much of what is left, if it is.
fn take(left: &AtomicUsize, wanted: usize) -> bool {
    let less = |left: usize| left.checked_sub(wanted);
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
}

/// `%40` for `@` and the like.
pub(super) fn percent_decoded(id: &str) -> String {
    let mut bytes = Vec::with_capacity(id.len());
    let mut rest = id.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match (first, code.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
