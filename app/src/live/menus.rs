use super::elements;
use crate::pages::Mail;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, Node};

/// Menus are `details` and the drawer is a popover: they open without scripting, and close by themselves with it.
pub(super) fn close_by_themselves(mail: Mail) {
    Effect::new(move |_| {
        let click = window_event_listener(leptos::ev::click, |event| close_others(&event));
        let key = window_event_listener(leptos::ev::keydown, |event| {
            if event.key() == "Escape"
                && let Some(menu) = document().query_selector("details.menu[open]").ok().flatten()
            {
                let _ = menu.remove_attribute("open");
                if let Some(summary) = summary(&menu) {
                    let _ = summary.focus();
                }
            }
        });
        on_cleanup(move || {
            click.remove();
            key.remove();
        });
    });
    Effect::new(move |last: Option<()>| {
        mail.place.track();
        mail.query.track();
        if last.is_some() {
            close_all(None);
            close_drawer();
        }
    });
}

fn close_others(event: &Event) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    if let Some(link) = target
        .as_ref()
        .and_then(|target| target.closest("#rail a").ok().flatten())
    {
        close_drawer();
        // It leads nowhere else, so nothing else would happen.
        if link.get_attribute("aria-current").as_deref() == Some("page")
            && let Some(list) = elements::by_id("list")
        {
            list.set_scroll_top(0);
        }
    }
    close_all(target.as_ref());
}

fn close_drawer() {
    if let Some(rail) = elements::by_id("rail") {
        // An error says that it was not open.
        let _ = rail.hide_popover();
    }
}

/// Closes every menu but the one around `keep`.
fn close_all(keep: Option<&Element>) {
    let Ok(menus) = document().query_selector_all("details.menu[open]") else {
        return;
    };
    for at in 0..menus.length() {
        let Some(menu) = menus.item(at) else { continue };
        let keep = keep.map(|el| -> &Node { el });
        if !menu.contains(keep) || keep.is_none() {
            // What is hidden cannot keep the focus.
            let focused = document().active_element();
            if menu.contains(focused.as_deref())
                && let Some(summary) = summary(&menu)
            {
                let _ = summary.focus();
            }
            let _ = menu.unchecked_ref::<Element>().remove_attribute("open");
        }
    }
}

/// What opens and closes the menu.
fn summary(menu: &Node) -> Option<HtmlElement> {
    menu.dyn_ref::<Element>()?.first_element_child()?.dyn_into().ok()
}
