use super::{Glyph, Icon, charset_menu::CharsetMenu};
use crate::{
    live,
    offer::Offer,
    pages::Mail,
    paths::{self, LetterId},
    prefs::use_words,
    written::written,
};
use api_types::{Body, Letter, LetterQuery, Neighbour};
use leptos::prelude::*;

/// What can be done with a letter; everything here is a link or a form, so it works without scripting.
#[component]
pub fn LetterTools(letter: Letter) -> impl IntoView {
    let mail = expect_context::<Mail>();
    let words = use_words();
    let w = &words.letter;
    let query = mail.query.get_untracked();
    let (mailbox, id) = (letter.mailbox.id.clone(), letter.message.id.clone());
    let neighbour = {
        let (mailbox, list) = (mailbox.clone(), query.list.clone());
        move |to: Option<Neighbour>, rel: &'static str, label: &'static str, glyph: Glyph| match to {
            Some(to) => {
                let href = paths::letter(
                    to.mailbox.as_ref().unwrap_or(&mailbox),
                    &to.id,
                    &LetterQuery {
                        list: list.clone(),
                        ..LetterQuery::default()
                    },
                );
                view! {
                    <a class="tool" href=href rel=rel aria-label=label title=label>
                        <Icon glyph />
                    </a>
                }
                .into_any()
            }
            None => view! { <span class="tool off"></span> }.into_any(),
        }
    };
    let mark = {
        let back = paths::list_query(&query.list);
        let unread = letter.message.unread;
        let marked = LetterId::from(&letter);
        let shown_unread = {
            let marked = marked.clone();
            Memo::new(move |_| mail.marks.unread(live::Part::Letter, &marked, unread))
        };
        let submit = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            if shown_unread.get_untracked() {
                live::mark_read(mail, marked.clone());
            } else {
                live::mark_unread(mail, marked.clone());
            }
        };
        let action = move || {
            if shown_unread.get() {
                "/api/mark_opened"
            } else {
                "/api/mark_unread"
            }
        };
        view! {
            <form method="post" action=action on:submit=submit>
                <input type="hidden" name="mailbox" value=mailbox.0.clone() />
                <input type="hidden" name="message" value=id.0.clone() />
                <input type="hidden" name="back" value=back />
                <button type="submit" class="tool">
                    {move || if shown_unread.get() { w.mark_read } else { w.mark_unread }}
                </button>
            </form>
        }
    };
    let shown = |change: &dyn Fn(&mut LetterQuery)| {
        let mut query = query.clone();
        change(&mut query);
        paths::letter(&mailbox, &id, &query)
    };
    let headers = view! {
        <a href=shown(
            &|query| query.headers = !query.headers,
        )>{if query.headers { w.fewer_headers } else { w.all_headers }}</a>
    };
    let other_view = match &letter.message.body {
        Body::Text { has_html: true, .. } => Some((shown(&|query| query.text = false), w.as_html)),
        Body::Html { has_text: true, .. } => Some((shown(&|query| query.text = true), w.as_text)),
        _ => None,
    };
    let other_view = other_view.map(|(href, label)| view! { <a href=href>{label}</a> });
    let charset = query.charset.as_deref();
    let own_tab = match &letter.message.body {
        Body::Html { .. } => Some(paths::body(&mailbox, &id, "html", charset)),
        Body::Text { .. } => Some(paths::body(&mailbox, &id, "text", charset)),
        Body::Empty | Body::Unshown(_) => None,
    };
    let own_tab = own_tab.map(|href| view! { <a href=href target="_blank" rel="noopener">{w.own_tab}</a> });
    let charset_menu = own_tab.is_some().then(|| {
        let menu = CharsetMenu {
            mailbox: mailbox.clone(),
            message: id.clone(),
            query: query.clone(),
            words: w,
        };
        written(move |pen| menu.write(pen))
    });
    let can_mark = !Offer::of_page().read_only
        && letter.mailbox.id.snapshot().is_none()
        && !live::is_read_at_server(&letter.message);
    let source = paths::source(&mailbox, &id);
    let back_to = match &query.list.search {
        Some(search) => (words.list.results)(search.text.trim()),
        None => words.mailbox(&letter.mailbox),
    };
    view! {
        <div class="tools" role="group" aria-label=w.tools>
            <a class="tool back" href=move || mail.list_path()>
                {(w.back)(&back_to)}
            </a>
            {neighbour(letter.previous, "prev", w.previous, Glyph::Previous)}
            {neighbour(letter.next, "next", w.next, Glyph::Next)}
            <span class="grow"></span>
            {can_mark.then_some(mark)}
            <details class="menu more">
                <summary class="tool">{w.more}</summary>
                <div class="menu-body">
                    {headers} {other_view} {charset_menu} <a href=source rel="external" download="">
                        {w.source}
                    </a> {own_tab} <PrintButton />
                </div>
            </details>
        </div>
    }
    .into_any()
}

/// Only there when it can work: printing needs scripting.
#[component]
fn PrintButton() -> impl IntoView {
    let awake = RwSignal::new(false);
    Effect::new(move |_| awake.set(true));
    let print = |_| {
        let _ = window().print();
    };
    move || {
        awake.get().then(|| {
            view! {
                <button type="button" on:click=print>
                    {use_words().letter.print}
                </button>
            }
        })
    }
}
