use super::{
    elements::{self, focused_link, letter_of},
    keys::{Act, act},
    marking, searching, steps,
    travel::{self, Travel},
};
use crate::{pages::Mail, prefs::use_prefs};
use api_types::Role;
use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;

/// The id of the table of keys.
pub(crate) const HELP_ID: &str = "keys-help";

/// Listens to single keys, unless the person turned them off.
pub(super) fn listen(mail: Mail) {
    let on = use_prefs().keys;
    let owner = Owner::current();
    Effect::new(move |_| {
        if !on {
            return;
        }
        let after_go = StoredValue::new(false);
        let owner = owner.clone();
        let handle = window_event_listener(leptos::ev::keydown, move |event| {
            let was_go = after_go.get_value();
            if is_typing(&event) {
                return;
            }
            // Shift alone, on the way to a capital, is no answer to `g`.
            if event.key() == "Shift" {
                return;
            }
            let asked = act(&event.key(), was_go);
            after_go.set_value(asked == Some(Act::Go));
            let Some(asked) = asked else { return };
            event.prevent_default();
            match &owner {
                Some(owner) => owner.with(|| perform(mail, asked)),
                None => perform(mail, asked),
            }
        });
        on_cleanup(move || handle.remove());
    });
}

/// The key belongs to a text, to a conversion of the input method, to the browser, or to an open dialog.
fn is_typing(event: &KeyboardEvent) -> bool {
    // 229 is what an input method's key down reports in browsers that set `isComposing` too late.
    if event.is_composing() || event.key_code() == 229 || event.default_prevented() {
        return true;
    }
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return true;
    }
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| {
        target
            .closest("input, textarea, select, [contenteditable], dialog[open]")
            .ok()
            .flatten()
            .is_some()
    })
}

fn perform(mail: Mail, asked: Act) {
    let Some(travel) = mail.travel.get_value() else {
        return;
    };
    match asked {
        Act::Next => step(mail, travel, true),
        Act::Previous => step(mail, travel, false),
        Act::Open => {
            if let Some(letter) = focused_link().and_then(|link| letter_of(&link)) {
                travel.open(mail, &letter);
            }
        }
        Act::Back => travel.back(mail),
        Act::MarkUnread => marking::mark_shown_unread(mail),
        Act::Inbox => travel.mailbox(mail, Role::Inbox),
        Act::Sent => travel.mailbox(mail, Role::Sent),
        Act::Drafts => travel.mailbox(mail, Role::Drafts),
        Act::Trash => travel.mailbox(mail, Role::Trash),
        Act::Search => searching::enter(mail),
        Act::Help => {
            let dialog =
                elements::by_id(HELP_ID).and_then(|dialog| dialog.dyn_into::<web_sys::HtmlDialogElement>().ok());
            if let Some(dialog) = dialog {
                let _ = dialog.show_modal();
            }
        }
        Act::Go => {}
    }
}

/// In a letter: the next letter. In a list: the next row takes the focus.
fn step(mail: Mail, travel: Travel, forward: bool) {
    if let Some(letter) = mail.place.with_untracked(|place| place.letter().cloned()) {
        let beside = travel::beside(mail, &letter)
            .or_else(|| Some(travel::said_beside(&mail.letter.get_untracked().flatten()?.ok()?)));
        let to = beside.and_then(|(previous, next)| if forward { next } else { previous });
        if let Some(to) = to {
            travel.open(mail, &to);
        }
        return;
    }
    steps::step(mail, forward);
}
