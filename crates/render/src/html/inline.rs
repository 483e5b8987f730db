//! Images of the message itself, put into the document.

use super::{
    scan::{Piece, attributes, pieces},
    urls,
};
use crate::{limits::INLINED, skeleton::Skeleton, structure::Structure};
use std::{
    collections::HashMap,
    sync::atomic::{AtomicUsize, Ordering},
};

/// The `data:` URLs of the images that a document asks for, by Content-ID.
#[derive(Debug, Default)]
pub(crate) struct Images {
    urls: HashMap<String, String>,
    /// Bytes that may still be written: an image may be shown many times.
    room: AtomicUsize,
}

impl Images {
    /// The raster images among the parts that the document names (RFC 2392), as long as there is room.
    pub(crate) fn of(source: &str, skeleton: &Skeleton, structure: &Structure) -> Self {
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
            let Some(part) = structure
                .parts
                .iter()
                .find(|part| part.content_id.as_deref() == Some(id.as_str()))
            else {
                continue;
            };
            let size = usize::try_from(part.decoded_size).unwrap_or(usize::MAX);
            if part.estimated || size > room {
                continue;
            }
            if let Some(url) = urls::data_url(&part.decoded(skeleton)) {
                room -= size;
                found.insert(id, url);
            }
        }
        Self {
            urls: found,
            room: AtomicUsize::new(INLINED / 3 * 4),
        }
    }

    /// The image, as long as there is room in the document.
    pub(super) fn find(&self, id: &str) -> Option<String> {
        let url = self.urls.get(id)?;
        self.room
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |room| room.checked_sub(url.len()))
            .ok()?;
        Some(url.clone())
    }
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
