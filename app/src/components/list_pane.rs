use super::{Failed, ListHead, ListLoading, Pager, rows::Rows};
use crate::{
    live,
    pages::{ListTitle, Mail},
    prefs::use_words,
    words::{Notice, count},
    written::written_unless,
};
use api_types::MessageList;
use leptos::prelude::*;

/// The list: head, rows, pages.
#[component]
pub fn ListPane() -> impl IntoView {
    let mail = expect_context::<Mail>();
    let words = use_words();
    let view = move || {
        Suspend::new(async move {
            match mail.list.await {
                Ok(list) => {
                    mail.list_title.set(Some(ListTitle {
                        name: words.mailbox(&list.mailbox),
                        mailbox: list.mailbox.id.clone(),
                        unread: list.unread,
                    }));
                    live::list_comes(mail, &list);
                    view! { <List list /> }.into_any()
                }
                Err(failure) => {
                    mail.shown.set_value(None);
                    let name = words.error(&failure.0).title.to_owned();
                    mail.list_title.set(Some(ListTitle {
                        name,
                        mailbox: mail.mailbox_now(),
                        unread: 0,
                    }));
                    let silent = mail.place.with_untracked(|place| place.message().is_some());
                    view! { <Failed failure retry=mail.list_path() on_retry=move || mail.list.refetch() silent /> }
                        .into_any()
                }
            }
        })
    };
    // The same mailbox, read again, keeps its rows until the new ones are there; those of another one are not shown meanwhile.
    let away = Memo::new(move |_| {
        let shown = mail
            .list_title
            .with(|title| title.as_ref().map(|title| title.mailbox.clone()));
        shown.is_some_and(|shown| mail.place.with(|place| place.mailbox() != Some(&shown)))
    });
    view! {
        <section class="list" id="list" aria-label=words.frame.mail on:scroll=move |_| live::note_scroll(mail)>
            {move || away.get().then(ListLoading)}
            <div
                class="list-body"
                class:away=move || away.get()
                on:pointerover=move |event| live::point_at(mail, &event)
                on:focusin=move |event| live::point_at(mail, &event)
                on:pointerdown=move |event| {
                    live::press(mail, &event);
                }
                on:click=move |event| live::note_click(mail, &event)
            >
                <Transition>{view}</Transition>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn List(list: MessageList) -> impl IntoView {
    let mail = expect_context::<Mail>();
    let words = use_words();
    let notes = (!list.notes.is_empty()).then(|| {
        let notes = list
            .notes
            .iter()
            .map(|note| view! { <li>{words.defect(note)}</li> })
            .collect_view();
        view! { <ul class="notes">{notes}</ul> }
    });
    let pending = (list.freshness.pending > 0)
        .then(|| view! { <p class="pending" role="status">{(words.list.pending)(&count(list.freshness.pending))}</p> });
    let body = if list.rows.is_empty() {
        let notice = match list.trouble {
            Some(cause) => words.cause(cause),
            None if list.query.unread => words.list.empty_unread,
            None => words.list.empty,
        };
        view! { <Nothing notice trouble=list.trouble.is_some() /> }.into_any()
    } else {
        let rows = Rows {
            current: mail.place.with_untracked(|place| place.message().cloned()),
            turned: mail.marks.turned(&list),
            list: list.clone(),
            words,
        };
        written_unless(mail.kept.get_value(), move |pen| rows.write(pen))
    };
    view! {
        <ListHead list=list.clone() />
        {notes}
        {pending}
        {body}
        <Pager list=list />
    }
    .into_any()
}

#[component]
fn Nothing(notice: Notice, trouble: bool) -> impl IntoView {
    let mail = expect_context::<Mail>();
    let words = use_words();
    let again = trouble.then(|| {
        let click = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            mail.list.refetch();
        };
        view! {
            <p>
                <a class="button" href=mail.list_path() rel="external" on:click=click>
                    {words.errors.retry}
                </a>
            </p>
        }
    });
    view! {
        <div class="empty">
            <p>
                <strong>{notice.title}</strong>
            </p>
            <p>{notice.text}</p>
            {again}
        </div>
    }
    .into_any()
}
