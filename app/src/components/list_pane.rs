use super::{Failed, ListHead, ListLoading, pager::Pager, rows::Rows};
use crate::{
    live,
    pages::{ListTitle, Mail},
    paths::ListId,
    prefs::use_words,
    words::{Notice, count},
    written::{written, written_then},
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
                        name: words.list_name(&list),
                        of: ListId::of(&list),
                        unread: list.unread,
                    }));
                    live::list_comes(mail, &list);
                    view! { <List list /> }.into_any()
                }
                Err(failure) => {
                    mail.shown.set_value(None);
                    let name = super::failed::notice(words, Some(mail), &failure.0).title.to_owned();
                    mail.list_title.set(Some(ListTitle {
                        name,
                        of: untrack(|| mail.list_id()),
                        unread: 0,
                    }));
                    let silent = mail.place.with_untracked(|place| place.letter().is_some());
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
            .with(|title| title.as_ref().map(|title| title.of.clone()));
        shown.is_some_and(|shown| mail.list_id() != shown)
    });
    view! {
        <section class="list" id="list" tabindex="-1" aria-label=words.frame.mail on:scroll=move |_| live::note_scroll(mail)>
            {move || away.get().then(ListLoading)}
            <div
                class="list-body"
                class:away=move || away.get()
                class:endless=move || mail.window.is_endless()
                on:pointerover=move |event| live::point_at(mail, &event)
                on:focusin=move |event| live::point_at(mail, &event)
                on:pointerdown=move |event| {
                    live::press(mail, &event);
                }
                on:click=move |event| live::note_click(mail, &event)
                on:submit=move |event| live::note_form(mail, &event)
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
    let pending = (list.freshness.pending > 0).then(|| {
        let say = match list.found {
            Some(_) => words.list.not_yet_found,
            None => words.list.pending,
        };
        view! { <p class="pending" role="status">{say(&count(list.freshness.pending))}</p> }
    });
    let behind = list.found.as_ref().and_then(|found| words.behind(found));
    let behind = behind.map(|behind| view! { <p class="pending">{behind}</p> });
    let body = if list.rows.is_empty() {
        let notice = match list.trouble {
            Some(cause) => words.cause(cause),
            None if list
                .query
                .search
                .as_ref()
                .is_some_and(|search| search.text.trim().is_empty()) =>
            {
                words.list.no_question
            }
            None if list.found.is_some() => words.list.not_found,
            None if list.query.unread => words.list.empty_unread,
            None => words.list.empty,
        };
        view! { <Nothing notice trouble=list.trouble.is_some() /> }.into_any()
    } else {
        let rows = Rows {
            current: mail.place.with_untracked(|place| place.letter().cloned()),
            turned: mail.marks.turned(&list),
            list: list.clone(),
            words,
        };
        let stands = move || live::list_stands(mail);
        written_then(mail.kept.get_value(), move |pen| rows.write(pen), stands)
    };
    let pager = Pager::new(&list, words).map(|pager| written(move |pen| pager.write(pen)));
    view! {
        <ListHead list />
        {notes}
        {pending}
        {behind}
        {body}
        {pager}
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
