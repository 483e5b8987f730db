//! HTML mail, sanitised. The order is the design's: decode once and drop controls (before), write the source again so that it reads
//! in one way only, weigh it, ammonia with explicit lists and own filters for URLs and CSS values until nothing changes, fixed
//! template (after). The output of [`clean`] is final.

mod allow;
mod attributes;
mod css;
pub(crate) mod fallback;
pub(crate) mod inline;
mod locations;
pub(crate) mod prescan;
mod references;
mod remote;
mod rewrite;
mod scan;
pub(crate) mod source;
mod urls;

use crate::limits::CLEAN_HTML;
use ammonia::{Builder, UrlRelative};
use inline::Images;
use std::{
    borrow::Cow,
    sync::{Arc, LazyLock},
};

/// Passes until the markup must be stable. Two are usual: one to clean, one to see that nothing changes.
const PASSES: usize = 6;

/// What [`clean`] makes.
pub(crate) struct Clean {
    /// Final.
    pub(crate) html: String,
    /// Images of the message are loaded by themselves.
    pub(crate) links_images: bool,
}

/// The body of a document, sanitised, from a source that [`prescan::prepared`] let pass; `None` if it is beyond the limits or
/// would not come to rest.
pub(crate) fn clean(prepared: &str, images: impl FnOnce(&str) -> Images) -> Option<Clean> {
    static PLAIN: LazyLock<Builder<'static>> = LazyLock::new(|| sanitiser(None));
    let mut html = at_rest(&PLAIN, prepared)?;
    let mut links_images = false;
    if html.contains("cid:") {
        // Attributes alone change here.
        let images = Arc::new(images(&html));
        html = printed(&self::sanitiser(Some(Arc::clone(&images))), &html)?;
        links_images = images.has_linked();
    }
    Some(Clean { html, links_images })
}

/// Where an element goes and its content stays, the tree may be one that no markup makes, and a browser would build another
/// from what is printed. So the sanitiser runs until its output is its own input. The marks at links go in on the way, since in
/// clean markup every link has its end, and the sanitiser has the last word: what comes out is marked and clean.
fn at_rest(sanitiser: &Builder<'_>, source: &str) -> Option<String> {
    // The output that was found flat and without a link to mark, if the last one was.
    let mut good: Option<String> = None;
    let mut marked: Option<String> = None;
    for _ in 0..PASSES {
        let html = good.as_deref().or(marked.as_deref()).unwrap_or(source);
        let cleaned = printed(sanitiser, html)?;
        if good.as_ref() == Some(&cleaned) {
            return good;
        }
        if cleaned.len() > CLEAN_HTML || !prescan::is_flat(&cleaned) {
            return None;
        }
        match urls::show_real_hosts(&cleaned) {
            Cow::Owned(with_marks) => (good, marked) = (None, Some(with_marks)),
            // Of a source that was clean already.
            Cow::Borrowed(_) if cleaned == html => return Some(cleaned),
            Cow::Borrowed(_) => good = Some(cleaned),
        }
    }
    None
}

/// What the sanitiser leaves of the source, in one buffer. Marks at links make it a little longer than it was.
fn printed(sanitiser: &Builder<'_>, source: &str) -> Option<String> {
    let mut html = Vec::with_capacity(source.len() + source.len() / 4);
    sanitiser.clean(source).write_to(&mut html).ok()?;
    String::from_utf8(html).ok()
}

fn sanitiser(images: Option<Arc<Images>>) -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .tags(allow::ELEMENTS.into_iter().collect())
        .clean_content_tags(allow::REMOVED_WITH_CONTENT.into_iter().collect())
        .tag_attributes(allow::tag_attributes())
        .generic_attributes(allow::ATTRIBUTES.into_iter().collect())
        .url_schemes(["http", "https", "mailto", "tel", "cid", "data"].into())
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .set_tag_attribute_value("a", "target", "_blank")
        .strip_comments(true)
        .attribute_filter(move |element, attribute, value| {
            attributes::filter(element, attribute, value, images.as_deref())
        });
    builder
}
