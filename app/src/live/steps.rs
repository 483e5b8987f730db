//! From row to row by key. Who is faster than the list leads beyond the rows that stand in the page: those steps are made when the
//! rows come.

use super::{
    anchor,
    elements::{by_id, focused_link, link_in},
    window,
};
use crate::pages::Mail;
use api_types::PAGE;
use leptos::prelude::*;
use web_sys::Element;

/// Steps that are still to be made.
#[derive(Clone, Copy, Default)]
pub(crate) struct Steps {
    /// Down, or up where it is negative; and the id of the row that had the focus then, if one had.
    owed: StoredValue<(i32, Option<String>)>,
}

/// Once, with the mail page.
pub(super) fn start(mail: Mail) {
    Effect::new(move |_| {
        // In another list, and behind a letter that was opened, they mean nothing.
        mail.place.track();
        mail.query.track();
        mail.steps.owed.set_value((0, None));
    });
}

/// Moves the focus to the next row, or to the one before.
pub(super) fn step(mail: Mail, forward: bool) {
    let most = PAGE as i32;
    let here = focused_row().map(|row| row.id());
    mail.steps.owed.update_value(|(owed, from)| {
        if *from != here {
            *owed = 0;
        }
        *owed = (*owed + if forward { 1 } else { -1 }).clamp(-most, most);
        *from = here;
    });
    walk(mail);
}

/// Makes the steps that are owed, as far as there are rows for them.
pub(super) fn walk(mail: Mail) {
    let (mut owed, from) = mail.steps.owed.get_value();
    let mut row = focused_row();
    if owed == 0 || row.as_ref().map(Element::id) != from {
        return;
    }
    if row.is_none() {
        row = first_in_sight();
        owed -= owed.signum();
    }
    let Some(mut row) = row else { return };
    while owed != 0 {
        let beside = match owed > 0 {
            true => row.next_element_sibling(),
            false => row.previous_element_sibling(),
        };
        match beside {
            Some(beside) => {
                row = beside;
                owed -= owed.signum();
            }
            None if is_last(&row, owed > 0) => owed = 0,
            None => break,
        }
    }
    mail.steps.owed.set_value((owed, Some(row.id())));
    if let Some(link) = link_in(&row) {
        let _ = link.focus();
    }
    if owed != 0 {
        window::follow(mail);
    }
}

fn focused_row() -> Option<Element> {
    focused_link()?.parent_element()
}

fn first_in_sight() -> Option<Element> {
    let below = by_id("list")?.get_bounding_client_rect().bottom();
    anchor::first_in_sight().filter(|row| row.get_bounding_client_rect().top() < below)
}

/// Whether the list ends with that row, and not only what of it stands in the page.
fn is_last(row: &Element, forward: bool) -> bool {
    let place = row.get_attribute("aria-posinset");
    match forward {
        true => place == row.get_attribute("aria-setsize"),
        false => place.as_deref() == Some("1"),
    }
}
