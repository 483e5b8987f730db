use super::{Glyph, Icon};
use crate::{pages::Mail, paths, prefs::use_words};
use leptos::prelude::*;

/// The bar at the bottom of a phone: only what works.
#[component]
pub fn BottomBar() -> impl IntoView {
    let mail = expect_context::<Mail>();
    let words = use_words();
    let search = move || mail.snapshot.with(|key| paths::search_in(key.as_deref()));
    view! {
        <nav class="bottom" aria-label=words.frame.bottom_bar>
            <a href=move || mail.list_path() aria-current=move || (!mail.reading() && !mail.searching()).then_some("page")>
                <Icon glyph=Glyph::Inbox />
                {words.frame.mail}
            </a>
            <a href=search aria-current=move || mail.searching().then_some("page")>
                <Icon glyph=Glyph::Search />
                {words.frame.search}
            </a>
            <button type="button" popovertarget="rail">
                <Icon glyph=Glyph::Folder />
                {words.frame.rail}
            </button>
            <a href=paths::settings()>
                <Icon glyph=Glyph::Gear />
                {words.frame.settings}
            </a>
        </nav>
    }
    .into_any()
}
