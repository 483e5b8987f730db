//! Images that a document names by address although they came along (RFC 2557 §8): a part says with Content-Location which address
//! it stands for, and nothing is asked of anybody. Such a source becomes a `cid:` URL, and is treated like one from then on.

use crate::structure::{Part, Structure};
use std::collections::HashMap;
use url::Url;

/// What stands before a part's number. A Content-ID may be the same, and then means the image that its sender says: both are of the
/// message.
const ID: &str = "part.fumibako.";
/// Bytes of an address that is looked at: each image's is put together with that of the HTML.
const LONGEST: usize = 1_000;

/// The parts of a message that stand for addresses.
#[derive(Debug, Default)]
pub(crate) struct Locations {
    /// What addresses are relative to: that of the HTML itself.
    base: Option<Url>,
    parts: HashMap<String, u32>,
}

impl Locations {
    /// Those that the HTML in `html` may mean.
    pub(crate) fn of<'s>(html: &'s Part, structure: &'s Structure) -> Self {
        let location = |part: &'s Part| part.content_location.as_deref().filter(|it| it.len() <= LONGEST);
        let base = location(html).and_then(|base| Url::parse(base).ok());
        let mut found = Self {
            base,
            parts: HashMap::new(),
        };
        for part in structure.parts.iter().filter(|part| part.raster) {
            if let Some(location) = location(part) {
                let address = found.absolute(location);
                // As with Content-IDs, the first of two.
                found.parts.entry(address).or_insert(part.id);
            }
        }
        found
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The `cid:` URL for the source of an image, if a part stands for it.
    pub(super) fn cid(&self, source: &str) -> Option<String> {
        let source = source.trim();
        if source.len() > LONGEST {
            return None;
        }
        let part = self.parts.get(&self.absolute(source))?;
        Some(format!("cid:{ID}{part}"))
    }

    /// Without an address of its own the HTML and what it names are relative to the same unknown place, so they are compared as they
    /// are written (RFC 2557 §5).
    fn absolute(&self, address: &str) -> String {
        let url = match &self.base {
            Some(base) => base.join(address),
            None => Url::parse(address),
        };
        url.map_or_else(|_| address.to_owned(), String::from)
    }
}

/// The part that such a `cid:` URL means.
pub(super) fn part(id: &str) -> Option<usize> {
    id.strip_prefix(ID)?.parse().ok()
}
