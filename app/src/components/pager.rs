use super::{Glyph, Icon};
use crate::{paths, prefs::use_words, words::count};
use api_types::{ListQuery, MessageList};
use leptos::prelude::*;

/// Links to the other pages of the list; a page that does not exist leaves its place empty.
#[component]
pub fn Pager(list: MessageList) -> impl IntoView {
    let words = use_words();
    let w = &words.list;
    let (page, pages) = (list.query.page.max(1), list.pages.max(1));
    if pages == 1 {
        return ().into_any();
    }
    let link = |to: u32, exists: bool, rel: &'static str, label: &'static str, glyph: Glyph| {
        if !exists {
            return view! { <span class="off"></span> }.into_any();
        }
        let href = paths::mailbox(
            &list.mailbox.id,
            &ListQuery {
                page: to,
                ..list.query.clone()
            },
        );
        view! {
            <a href=href rel=rel aria-label=label title=label>
                <Icon glyph />
            </a>
        }
        .into_any()
    };
    let (back, on) = (page > 1, page < pages);
    view! {
        <nav class="pager" aria-label=w.pages>
            {link(1, back, "first", w.first, Glyph::First)}
            {link(page.saturating_sub(1), back, "prev", w.previous, Glyph::Previous)}
            <span>{(w.page_of)(&count(u64::from(page)), &count(u64::from(pages)))}</span>
            {link(page.saturating_add(1), on, "next", w.next, Glyph::Next)} {link(pages, on, "last", w.last, Glyph::Last)}
        </nav>
    }
    .into_any()
}
