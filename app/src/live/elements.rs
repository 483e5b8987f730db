//! Finding what stands in the page.

use api_types::MessageId;
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

/// The link of the row of a message.
pub(super) fn row_link(message: &MessageId) -> Option<HtmlElement> {
    link_in(&*by_id(&crate::paths::row_anchor(message))?)
}

/// The link of a row that has the focus.
pub(super) fn focused_link() -> Option<Element> {
    document().active_element()?.closest(".rows a").ok().flatten()
}

/// The message of the row that has the focus.
pub(super) fn focused_row() -> Option<MessageId> {
    document().active_element()?.get_attribute("data-id").map(MessageId)
}

/// Subject and sender, as the row of that message shows them.
pub(crate) fn row_says(message: &MessageId) -> Option<(String, String)> {
    // On the server nothing is on its way: pages are sent when they are complete.
    if cfg!(feature = "ssr") {
        return None;
    }
    let row = by_id(&crate::paths::row_anchor(message))?;
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
