//! The embedded files: hashed names, compressed ahead (build.rs).

use app::context::{Assets, Front};
use std::sync::LazyLock;

/// A file in the binary.
#[derive(Debug)]
pub struct File {
    /// Path in the URL.
    pub path: &'static str,
    /// Media type.
    pub kind: &'static str,
    /// As it is.
    pub plain: &'static [u8],
    /// Brotli, where that is smaller.
    pub br: Option<&'static [u8]>,
    /// gzip, where that is smaller.
    pub gzip: Option<&'static [u8]>,
    /// The name has a hash in it, so it may be kept for ever.
    pub hashed: bool,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Every embedded file.
pub fn all() -> &'static [File] {
    FILES
}

/// Names for the pages.
pub fn names() -> &'static Assets {
    static NAMES: LazyLock<Assets> = LazyLock::new(|| Assets {
        css: CSS.to_owned(),
        front: START.zip(WASM).map(|(start, wasm)| Front {
            start_js: start.to_owned(),
            wasm: wasm.to_owned(),
        }),
        icon: FILES
            .iter()
            .find(|file| file.path == "/favicon.svg")
            .map(|file| file.path.to_owned()),
    });
    &NAMES
}

/// The browser's half is there; without it every page still works.
pub fn has_front() -> bool {
    START.is_some()
}
