//! Moving between letters and lists.

use super::elements;
use crate::{
    pages::Mail,
    paths::{self, LetterId},
};
use api_types::{Letter, LetterQuery, Role};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Letters before and after, by the list on the screen; `None` when the letter is not in it.
pub(super) fn beside(mail: Mail, letter: &LetterId) -> Option<(Option<LetterId>, Option<LetterId>)> {
    // Not the resource: read where a letter is made, it would have the letter wait whenever the list is read again.
    let (previous, next) = mail.shown.with_value(|list| {
        let list = list.as_ref()?;
        let at = letter.place_in(list)?;
        let on = |at: Option<usize>| Some(LetterId::of(list, list.rows.get(at?)?));
        Some((on(at.checked_sub(1)), on(at.checked_add(1))))
    })?;
    // At the ends of the page the letter itself knows further.
    let known = mail.letter.get_untracked().flatten().and_then(Result::ok);
    let known = known.filter(|known| known.message.id == letter.message);
    let (above, below) = known.as_ref().map(said_beside).unwrap_or_default();
    Some((previous.or(above), next.or(below)))
}

/// Letters before and after, as the letter itself says.
pub(super) fn said_beside(letter: &Letter) -> (Option<LetterId>, Option<LetterId>) {
    let [previous, next] =
        [&letter.previous, &letter.next].map(|to| Some(LetterId::beside(&letter.mailbox.id, to.clone()?)));
    (previous, next)
}

/// Keeps the router's way of going somewhere for handlers that run outside of components, and the open letter in sight.
pub(super) fn start(mail: Mail) {
    // Effects and handlers never run on the server, and the router's function must not leave its thread.
    if cfg!(feature = "ssr") {
        return;
    }
    let navigate = use_navigate();
    let go = StoredValue::new_local(move |path: &str| {
        navigate(
            path,
            NavigateOptions {
                scroll: false,
                ..NavigateOptions::default()
            },
        )
    });
    let travel = Travel(Callback::new(move |path: String| go.with_value(|go| go(&path))));
    mail.travel.set_value(Some(travel));

    // A letter starts at its top; its row is in sight.
    Effect::new(move |last: Option<()>| {
        let letter = mail.opened();
        if last.is_some()
            && let Some(letter) = letter
        {
            if let Some(read) = elements::by_id("read") {
                read.set_scroll_top(0);
            }
            if let Some(row) = elements::by_id(&letter.row_anchor()) {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                row.scroll_into_view_with_scroll_into_view_options(&options);
            }
        }
    });
}

/// Goes where a form leads, without loading another page.
pub(super) fn go(mail: Mail, event: &web_sys::Event, path: String) {
    if let Some(travel) = mail.travel.get_value() {
        event.prevent_default();
        travel.go(path);
    }
}

/// Goes to a path of ours.
#[derive(Clone, Copy)]
pub(crate) struct Travel(Callback<String>);

impl Travel {
    pub(super) fn go(&self, path: String) {
        self.0.run(path);
    }

    /// Opens a letter of the list on the screen, by key.
    pub(super) fn open(&self, mail: Mail, letter: &LetterId) {
        mail.focus.by_key();
        let list = mail.query.with_untracked(|query| query.list.clone());
        self.go(paths::letter(
            &letter.mailbox,
            &letter.message,
            &LetterQuery {
                list,
                ..LetterQuery::default()
            },
        ));
    }

    /// The list around the letter.
    pub(super) fn back(&self, mail: Mail) {
        if untrack(|| mail.reading()) {
            self.go(untrack(|| mail.list_path()));
        }
    }

    /// The mailbox of that role, if there is one.
    pub(super) fn mailbox(&self, mail: Mail, role: Role) {
        let rail = mail.rail.get_untracked().and_then(Result::ok);
        let line = rail.and_then(|rail| rail.mailboxes.into_iter().find(|line| line.mailbox.role == role));
        if let Some(line) = line {
            self.go(paths::mailbox(&line.mailbox.id));
        }
    }
}
