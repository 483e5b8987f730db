use super::{Glyph, Icon};
use crate::{live, pages::Mail, paths, prefs::use_words};
use api_types::MailboxId;
use leptos::prelude::*;

/// One box for all mailboxes. A plain form; in the browser it leads there without loading another page.
#[component]
pub fn SearchBox() -> impl IntoView {
    let mail = expect_context::<Mail>();
    let w = &use_words().frame;
    let text = move || {
        mail.query
            .with(|query| query.list.search.as_ref().map(|search| search.text.clone()))
            .unwrap_or_default()
    };
    view! {
        <form class="search" role="search" action=paths::search() on:submit=move |event| live::search(mail, &event)>
            <Icon glyph=Glyph::Search />
            <input
                type="search"
                name="q"
                id=live::SEARCH
                value=text()
                prop:value=text
                maxlength=paths::LONGEST_SEARCH.to_string()
                placeholder=w.search_in
                aria-label=w.search
                enterkeyhint="search"
                autocomplete="off"
            />
            {move || in_snapshot(mail)}
            <kbd aria-hidden="true">"/"</kbd>
        </form>
    }
    .into_any()
}

/// Who reads a dated copy searches in it.
fn in_snapshot(mail: Mail) -> Option<impl IntoView> {
    let key = mail.snapshot.get()?;
    let all = MailboxId::default().of_snapshot(&key);
    Some(view! { <input type="hidden" name="in" value=all.0 /> })
}
