//! Where the focus is. What a person has focused stays focused as long as it is there; when it is gone, the focus goes to what came
//! in its place, and never back to the top of the page.

use super::{
    Places,
    elements::{by_id, first, focused_link, letter_of, row_link},
};
use crate::{
    pages::Mail,
    paths::{LetterId, ListId},
};
use api_types::{MessageList, MessageRow};
use leptos::prelude::*;
use web_sys::HtmlElement;

/// The heading of a letter.
pub(crate) const SUBJECT: &str = "subject";
/// The heading of a list.
pub(crate) const MAILBOX: &str = "mailbox";

/// What scrolls.
pub(super) const LIST: &str = "list";

/// What is known of the way here.
#[derive(Clone, Copy)]
pub(crate) struct Focus {
    /// The letter was opened by a key: the focus follows it.
    by_key: StoredValue<bool>,
    /// The person has gone somewhere since the page was loaded. Before that the focus is nobody's.
    moved: StoredValue<bool>,
}

impl Default for Focus {
    fn default() -> Self {
        Self {
            by_key: StoredValue::new(false),
            moved: StoredValue::new(false),
        }
    }
}

impl Focus {
    /// The letter that comes is opened by a key.
    pub(super) fn by_key(&self) {
        self.by_key.set_value(true);
    }
}

/// The person goes to another list by a form: its heading will have the focus, and until then that of the list that is shown.
pub(super) fn leave(mail: Mail, field: &HtmlElement) {
    mail.focus.moved.set_value(true);
    let _ = match by_id(MAILBOX) {
        Some(heading) => heading.focus(),
        None => field.blur(),
    };
}

/// Once, with the mail page.
pub(super) fn keep(mail: Mail) {
    Effect::new(move |last: Option<Option<LetterId>>| {
        mail.query.track();
        let open = mail.opened();
        let Some(last) = last else { return open };
        mail.focus.moved.set_value(true);
        match (last, &open) {
            // The letter was closed: its row is where the person left.
            (Some(left), None) => when_lost(move || row_link(&left).or_else(|| by_id(MAILBOX))),
            (last, Some(_)) if last != open => when_lost(|| first("[aria-busy] h1")),
            _ => {}
        }
        open
    });
}

/// A page of another kind came in the place of this one, or this one of that.
pub(crate) fn page_shown(main: &'static str) {
    let Some(places) = use_context::<Places>() else { return };
    Effect::new(move |_| {
        if places.is_first() {
            return;
        }
        if let Some(mail) = use_context::<Mail>() {
            mail.focus.moved.set_value(true);
        }
        when_lost(move || by_id(main));
    });
}

/// Something failed in the place where it should stand.
pub(crate) fn failure_shown() {
    let mail = use_context::<Mail>();
    Effect::new(move |_| {
        if mail.is_none_or(|mail| mail.focus.moved.get_value()) {
            when_lost(|| first(".failed :is(h1, h2)"));
        }
    });
}

/// The person asks for what failed again.
pub(crate) fn note_retry() {
    if let Some(mail) = use_context::<Mail>() {
        mail.focus.moved.set_value(true);
        // It is not yet known how it ends.
        mail.letter_title.set(None);
        when_lost(|| first("[aria-busy] h1"));
    }
}

/// A letter stands in the page. Opened by a key it takes the focus to its heading, so that reading starts there.
pub(super) fn letter_shown(mail: Mail) {
    Effect::new(move |_| {
        if mail.focus.by_key.get_value() {
            mail.focus.by_key.set_value(false);
            // Once the heading stands in the page.
            request_animation_frame(|| {
                if let Some(heading) = by_id(SUBJECT) {
                    let _ = heading.focus();
                }
            });
        } else if mail.focus.moved.get_value() {
            when_lost(|| by_id(SUBJECT));
        }
    });
}

/// A list is about to stand in the page, in place of the one in `mail.shown`.
pub(super) fn list_comes(mail: Mail, list: &MessageList) {
    let (other, at, scrolled) = mail.shown.with_value(|shown| {
        let Some(shown) = shown else {
            return (mail.focus.moved.get_value(), None, false);
        };
        let other = ListId::of(shown) != ListId::of(list) || shown.query != list.query;
        let focused = focused_link().and_then(|link| letter_of(&link));
        let at = focused.and_then(|letter| letter.place_in(shown));
        let stays = |row: &MessageRow| list.rows.iter().any(|other| other.id == row.id);
        let scrolled = shown.first != list.first || !shown.rows.iter().any(stays);
        (other, at, scrolled)
    });
    if untrack(|| mail.reading()) {
        if at.is_some() {
            // The row of the letter, which may leave the list while the letter is read.
            when_lost(|| by_id(SUBJECT));
        }
        return;
    }
    if scrolled && !other {
        if at.is_some() {
            // It was scrolled out of the piece that stands in the page: the list itself has the focus then, and its keys.
            when_lost(|| by_id(LIST));
        }
        return;
    }
    let at = at.filter(|_| !other);
    // The row that came in the place of the one that went.
    let row = at.zip(list.rows.len().checked_sub(1)).map(|(at, last)| at.min(last));
    let row = row.and_then(|at| list.rows.get(at)).map(|row| LetterId::of(list, row));
    let on_heading = document()
        .active_element()
        .is_some_and(|element| element.id() == MAILBOX);
    if other || on_heading || at.is_some() {
        when_lost(move || row.as_ref().and_then(row_link).or_else(|| by_id(MAILBOX)));
    }
}

/// Gives the focus to `to` if, once everything is painted, nothing has it: the browser takes it from what went when it paints.
fn when_lost(to: impl FnOnce() -> Option<HtmlElement> + 'static) {
    request_animation_frame(move || {
        request_animation_frame(move || {
            let lost = document()
                .active_element()
                .is_none_or(|element| element.tag_name() == "BODY");
            if lost && let Some(to) = to() {
                let _ = to.focus();
            }
        });
    });
}
