use super::{SnapshotNotice, drill_line::drill_line};
use crate::{
    offer::Offer,
    pages::Mail,
    paths::{self, LetterId},
    prefs::use_words,
    words::Words,
};
use api_types::{Cause, LetterQuery, MessageList, SnapshotLine, Source};
use leptos::prelude::*;

/// The amber notices: that an outage is rehearsed, that nothing can be changed, and why the list is not live and what still works.
#[component]
pub fn StaleNotice() -> impl IntoView {
    let mail = expect_context::<Mail>();
    let words = use_words();
    let page = Offer::of_page();
    let drill_of_page = StoredValue::new(page.drill);
    let notice = move || {
        Suspend::new(async move {
            let list = mail.list.await;
            // A drill may have begun, or ended, since the page was made.
            let drill = match &list {
                Ok(list) => list.drill.as_ref().map(|until| until.short.clone()).unwrap_or_default(),
                Err(_) => drill_of_page.get_value(),
            };
            let drill = drill_line(words, &drill);
            let stale = list.ok().and_then(|list| stale(mail, list, words));
            view! { {drill} {stale} }
        })
    };
    let news = super::news();
    let read_only = page.read_only.then(|| {
        let notice = words.session.read_only;
        view! {
            <div class="notice">
                <strong>{notice.title}</strong>
                <span>{notice.text}</span>
            </div>
        }
    });
    view! {
        <div class="notices" role="status">
            {news} {read_only} <Transition>{notice}</Transition>
        </div>
    }
    .into_any()
}

fn stale(mail: Mail, list: MessageList, words: &'static Words) -> Option<AnyView> {
    if list.freshness.source.is_snapshot() {
        return Some(view! { <SnapshotNotice list /> }.into_any());
    }
    let cause = list.trouble.map(|cause| words.cause(cause));
    if cause.is_none() && list.freshness.source == Source::Live {
        return None;
    }
    // Without anything remembered there is no copy to speak of: the list says what is wrong.
    if list.freshness.as_of.is_none() && list.rows.is_empty() {
        return None;
    }
    let works = match (&list.freshness.as_of, cause) {
        (_, Some(cause)) if list.trouble == Some(Cause::Portal) => cause.text.to_owned(),
        (Some(when), _) => (words.fresh.still_works)(&when.short),
        (None, _) => words.fresh.still_works_undated.to_owned(),
    };
    Some(
        view! {
            <div class="notice">
                <strong>{cause.map_or(words.fresh.stale, |cause| cause.title)}</strong>
                <span>{works}</span>
                <a href=paths::status() rel="external">
                    {words.status.title}
                </a>
                {list.earlier.as_ref().map(|earlier| earlier_copy(mail, &list, earlier))}
                {export_link(&list)}
            </div>
        }
        .into_any(),
    )
}

/// To take along what the list shows.
pub(super) fn export_link(list: &MessageList) -> impl IntoView + use<> {
    view! {
        <a href=paths::export_of(&list.mailbox.id, &list.query) rel="external">
            {use_words().frame.export}
        </a>
    }
}

/// To what the page shows, as the newest complete copy has it: ids are the same there. A letter may be opened after the notice stands.
fn earlier_copy(mail: Mail, list: &MessageList, earlier: &SnapshotLine) -> Option<impl IntoView + use<>> {
    let w = &use_words().snapshots;
    let key = earlier.inbox.snapshot()?.to_owned();
    let when = earlier.as_of.as_ref()?.short.clone();
    let mailbox = match list.found {
        Some(_) => earlier.inbox.clone(),
        None => list.mailbox.id.of_snapshot(&key),
    };
    let letter = move || {
        mail.place.with(|place| {
            let LetterId { mailbox, message } = place.letter()?;
            let there = mailbox.of_snapshot(&key);
            Some(paths::letter(&there, message, &LetterQuery::default()))
        })
    };
    let label = move || {
        let of_letter = mail.reading();
        (if of_letter { w.this_letter } else { w.this_mailbox })(&when)
    };
    Some(view! {
        <a href=move || letter().unwrap_or_else(|| paths::mailbox(&mailbox)) rel="external">
            {label}
        </a>
    })
}
