use super::travel;
use crate::pages::Mail;
use api_types::MessageId;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The element of that id.
pub(super) fn by_id(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// The link of a row.
pub(super) fn row_link(message: &MessageId) -> Option<HtmlElement> {
    let row = by_id(&crate::paths::row_anchor(message))?;
    row.query_selector("a").ok().flatten()?.dyn_into().ok()
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

/// A row was clicked: by the keyboard when there was no button press (UI Events, `detail` is 0).
pub(crate) fn note_click(mail: Mail, event: &leptos::ev::MouseEvent) {
    super::cache::press(mail, event);
    if event.detail() == 0 {
        mail.by_key.set_value(true);
    }
}

/// The link back to the list: the focus goes to the row one came from.
pub(crate) fn note_back(mail: Mail, event: &leptos::ev::MouseEvent) {
    if event.detail() == 0 {
        travel::focus_row_later(mail.message());
    }
}

/// A letter opened by a key takes the focus to its heading, so that reading starts there.
pub(super) fn follow_key(mail: Mail) {
    Effect::new(move |_| {
        if mail.by_key.get_value() {
            mail.by_key.set_value(false);
            // Once the heading stands in the page.
            request_animation_frame(|| {
                if let Some(heading) = by_id("subject") {
                    let _ = heading.focus();
                }
            });
        }
    });
}
