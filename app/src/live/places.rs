//! Where each list was scrolled to. Back, Forward and a reload lead there again; a link leads to the top. The window keeps the
//! places, so that they outlive a page of another kind.

use super::{elements, steps, window};
use crate::pages::Mail;
use api_types::MessageList;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, PerformanceNavigation, Storage};

/// Before the address of a list in the storage of the window.
const PREFIX: &str = "at:";

/// Whether the history led to what is shown, and not a link.
#[derive(Clone, Copy)]
pub(crate) struct Places {
    returning: StoredValue<bool>,
    /// No page of another kind was shown before this one.
    first: StoredValue<bool>,
}

impl Places {
    /// Once, with the first page.
    pub(crate) fn watch() -> Self {
        let places = Self {
            returning: StoredValue::new(false),
            first: StoredValue::new(true),
        };
        if cfg!(not(feature = "ssr")) {
            let load = window()
                .performance()
                .map(|performance| performance.navigation().type_());
            let again = [
                PerformanceNavigation::TYPE_BACK_FORWARD,
                PerformanceNavigation::TYPE_RELOAD,
            ];
            places
                .returning
                .set_value(load.is_some_and(|load| again.contains(&load)));
            places.hear("popstate", true);
            places.hear("click", false);
            places.hear("keydown", false);
        }
        places
    }

    /// Whether this is the page that was loaded; asked once for each page.
    pub(super) fn is_first(self) -> bool {
        self.first.try_update_value(std::mem::take) == Some(true)
    }

    /// Before the router hears of the event, hence while it is still on its way down.
    fn hear(self, event: &str, returning: bool) {
        let heard = Closure::<dyn Fn(Event)>::new(move |_| {
            self.returning.try_set_value(returning);
        });
        let _ = window().add_event_listener_with_callback_and_bool(
            event,
            heard.as_ref().unchecked_ref::<js_sys::Function>(),
            true,
        );
        // As long as the window.
        heard.forget();
    }
}

/// The place that the list on its way shall have.
#[derive(Clone, Copy, Default)]
pub(crate) struct Wanted(StoredValue<Option<i32>>);

/// Once, with the mail page.
pub(super) fn keep(mail: Mail) {
    let Some(places) = use_context::<Places>() else { return };
    let list = Memo::new(move |_| (mail.list_id(), mail.query.with(|query| query.list.clone())));
    Effect::new(move |last: Option<()>| {
        // Read, not only tracked: a memo nobody reads does not wake.
        list.with(|_| ());
        let returning = places.returning.get_value();
        if returning || last.is_some() {
            let place = returning.then(|| recall(mail)).flatten();
            mail.wanted.0.set_value(Some(place.unwrap_or(0)));
        }
        if last.is_none() {
            // The first list may be there already.
            take(mail);
        }
    });
}

/// The list was scrolled. Not by the person while another is on its way: what is shown meanwhile is shorter.
pub(crate) fn note_scroll(mail: Mail) {
    if mail.wanted.0.with_value(Option::is_none)
        && is_shown(mail)
        && let (Some(list), Some(storage)) = (elements::by_id("list"), storage())
    {
        // Without room for it the list begins at its top.
        let _ = storage.set_item(&key(mail), &list.scroll_top().to_string());
    }
    window::follow(mail);
}

/// The list that was on its way stands in the page, or will before the next is painted.
pub(super) fn take(mail: Mail) {
    request_animation_frame(move || list_stands(mail));
}

/// The rows of the list have become what they are now.
pub(crate) fn list_stands(mail: Mail) {
    if is_shown(mail) {
        let wanted = mail.wanted.0.try_update_value(Option::take).flatten();
        window::settle(mail, wanted);
        steps::walk(mail);
    }
}

/// Whether the list on the screen is that of the URL. It may be on its way, and then another after it.
fn is_shown(mail: Mail) -> bool {
    let is = |shown: &Option<MessageList>| shown.as_ref().is_some_and(|list| mail.is_of_url(list));
    mail.shown.try_with_value(is) == Some(true)
}

/// The list is to be shown from its beginning, wherever it is scrolled to.
pub(super) fn to_beginning(mail: Mail) {
    mail.wanted.0.set_value(Some(0));
    window::begin(mail);
}

fn recall(mail: Mail) -> Option<i32> {
    storage()?.get_item(&key(mail)).ok().flatten()?.parse().ok()
}

fn key(mail: Mail) -> String {
    [PREFIX, &untrack(|| mail.list_path())].concat()
}

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}
