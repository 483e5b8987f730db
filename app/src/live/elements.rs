//! Finding what stands in the page.

use crate::paths::{LetterId, Place};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// The element of that id.
pub(super) fn by_id(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// The link of a row.
pub(super) fn link_in(row: &Element) -> Option<HtmlElement> {
    row.query_selector("a").ok().flatten()?.dyn_into().ok()
}

/// The link of the row of a letter.
pub(super) fn row_link(letter: &LetterId) -> Option<HtmlElement> {
    link_in(&*by_id(&letter.row_anchor())?)
}

/// The link of the row that the element is in.
pub(super) fn link_around(element: &Element) -> Option<Element> {
    element.closest(".rows a").ok().flatten()
}

/// The link of a row that has the focus.
pub(super) fn focused_link() -> Option<Element> {
    link_around(&document().active_element()?)
}

/// The letter of the link of a row.
pub(super) fn letter_of(link: &Element) -> Option<LetterId> {
    let path = link.get_attribute("href")?;
    match Place::of(path.split('?').next()?) {
        Place::Letter(letter) => Some(letter),
        _ => None,
    }
}

/// Subject and sender, as the row of that letter shows them.
pub(crate) fn row_says(letter: &LetterId) -> Option<(String, String)> {
    // On the server nothing is on its way: pages are sent when they are complete.
    if cfg!(feature = "ssr") {
        return None;
    }
    let row = by_id(&letter.row_anchor())?;
    let text = |of: &str| {
        row.query_selector(of)
            .ok()
            .flatten()
            .and_then(|part| part.text_content())
    };
    Some((text(".subject")?, text(".from")?))
}

/// What a form that is being submitted has in a field.
pub(super) fn field(event: &web_sys::SubmitEvent, name: &str) -> Option<String> {
    let form: web_sys::HtmlFormElement = event.target()?.dyn_into().ok()?;
    let field = form.elements().named_item(name)?;
    Some(field.dyn_into::<web_sys::HtmlInputElement>().ok()?.value())
}

/// The first element that the selector means.
pub(super) fn first(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}
