//! HTML mail, sanitised. The order is the design's: decode once (before), drop controls (before), pre-scan, ammonia with explicit
//! lists and own filters for URLs and CSS values, fixed template (after). The output of [`clean`] is final.

mod allow;
mod attributes;
mod css;
pub(crate) mod fallback;
pub(crate) mod inline;
pub(crate) mod prescan;
pub(crate) mod remote;
mod scan;
mod urls;

use crate::limits::CLEAN_HTML;
use ammonia::{Builder, UrlRelative};

use inline::Images;

/// The body of a document, sanitised; `None` if it grew beyond the limit.
///
/// `source` has passed [`prescan::is_simple`].
pub(crate) fn clean(source: &str, images: Images) -> Option<String> {
    let marked = urls::show_real_hosts(source);
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
        .attribute_filter(move |element, attribute, value| attributes::filter(element, attribute, value, &images));
    let cleaned = builder.clean(&marked).to_string();
    (cleaned.len() <= CLEAN_HTML).then_some(cleaned)
}
