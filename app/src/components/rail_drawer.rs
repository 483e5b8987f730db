use super::rail_lines::RailLines;
use crate::{live::Part, offer::Offer, pages::Mail, prefs::use_words, written::written};
use leptos::prelude::*;

/// The mailboxes. A popover, so that it is a drawer on narrow screens without scripting; wide screens show it always.
#[component]
pub fn RailDrawer() -> impl IntoView {
    let mail = expect_context::<Mail>();
    let words = use_words();
    let current = Memo::new(move |_| mail.mailbox());
    let snapshots = Offer::of_page().snapshots;
    let lines = move || {
        Suspend::new(async move {
            let rail = mail.rail.await.ok()?;
            if cfg!(not(feature = "ssr")) {
                mail.rail_shown.set_value(Some(rail.clone()));
            }
            // Read here, not in a closure of their own: one of those would be made anew with each answer, and take the focus away.
            let lines = rail.mailboxes.into_iter().map(|mut line| {
                line.unread = mail.marks.unread_left(Part::Rail, &line.mailbox.id, line.unread);
                line
            });
            let lines = RailLines {
                lines: lines.collect(),
                words,
                current: current.get(),
                snapshots,
                copies: rail.copies,
            };
            Some(written(move |pen| lines.write(pen)))
        })
    };
    view! {
        <nav id="rail" class="rail" popover="auto" aria-label=words.frame.rail>
            <Transition>{lines}</Transition>
        </nav>
    }
    .into_any()
}
