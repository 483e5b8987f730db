//! The box that searches.

use super::{elements, focus, travel};
use crate::{pages::Mail, paths};
use api_types::{ListQuery, MailboxId, Search};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, SubmitEvent};

/// The id of the box.
pub(crate) const SEARCH: &str = "search";

/// Leads to what the box asks for. Enter that ends a conversion of the input method submits nothing, so it never comes here.
pub(crate) fn search(mail: Mail, event: &SubmitEvent) {
    let Some(text) = elements::field(event, "q") else {
        return;
    };
    if text.trim().is_empty() {
        event.prevent_default();
        return;
    }
    // Who narrowed a search to a mailbox goes on in it.
    let within = mail
        .query
        .with_untracked(|query| query.list.search.as_ref().and_then(|search| search.within.clone()));
    let within = within.or_else(|| {
        let key = mail.snapshot.get_untracked()?;
        Some(MailboxId::default().of_snapshot(&key))
    });
    let query = ListQuery {
        search: Some(Search { text, within }),
        ..ListQuery::default()
    };
    travel::go(mail, event, paths::list(&MailboxId::default(), &query));
    // The keyboard of a phone goes, and the keys of the list work; the heading of what was found gets the focus.
    if let Some(field) = elements::by_id(SEARCH) {
        focus::leave(mail, &field);
    }
}

/// The key for it. On a phone the box is on its own page.
pub(super) fn enter(mail: Mail) {
    if !focus_box()
        && let Some(travel) = mail.travel.get_value()
    {
        let path = mail.snapshot.with_untracked(|key| paths::search_in(key.as_deref()));
        travel.go(path);
    }
}

/// Says whether the box can be seen.
fn focus_box() -> bool {
    let Some(field) = elements::by_id(SEARCH).filter(|field| field.offset_parent().is_some()) else {
        return false;
    };
    let _ = field.focus();
    field.unchecked_ref::<HtmlInputElement>().select();
    true
}

fn has_text() -> bool {
    elements::by_id(SEARCH).is_some_and(|field| !field.unchecked_ref::<HtmlInputElement>().value().is_empty())
}

/// Where nothing is asked yet, the box has the focus.
pub(super) fn invite(mail: Mail) {
    Effect::new(move |last: Option<bool>| {
        let asks = |search: &Search| search.text.trim().is_empty();
        let asked = mail.searching() && mail.query.with(|query| query.list.search.as_ref().is_some_and(asks));
        if asked && last == Some(false) {
            request_animation_frame(|| {
                // Who has typed already may have gone on, and the focus with them.
                if !has_text() {
                    focus_box();
                }
            });
        }
        asked
    });
}
