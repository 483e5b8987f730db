//! Forms of the list.

use super::{elements, places, travel};
use crate::{pages::Mail, paths};
use api_types::ListQuery;
use leptos::prelude::*;

/// A form of the list leads to one of its days.
pub(crate) fn note_form(mail: Mail, event: &web_sys::SubmitEvent) {
    let Some(day) = elements::field(event, paths::DAY).filter(|day| !day.is_empty()) else {
        return;
    };
    let query = ListQuery {
        page: 1,
        day: Some(day),
        ..mail.query.with_untracked(|query| query.list.clone())
    };
    let mailbox = mail.place.with_untracked(|place| place.mailbox().cloned());
    let path = paths::list(&mailbox.unwrap_or_default(), &query);
    if path == untrack(|| mail.list_path()) {
        // The address stays, and so nothing else would happen.
        event.prevent_default();
        places::to_beginning(mail);
    } else {
        travel::go(mail, event, path);
    }
}
