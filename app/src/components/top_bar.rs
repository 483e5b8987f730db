use super::{Brand, Glyph, Icon, SearchBox};
use crate::{paths, prefs::use_words};
use leptos::prelude::*;

/// The bar at the top; with children it belongs to the mail page and has the button of the rail and
/// the search.
#[component]
pub fn TopBar(#[prop(optional)] children: Option<Children>) -> impl IntoView {
    let words = use_words();
    let rail = children.is_some().then(|| {
        view! {
            <button type="button" class="open-rail" popovertarget="rail" aria-label=words.frame.open_rail>
                <Icon glyph=Glyph::Menu />
            </button>
        }
    });
    let search = children.is_some().then(SearchBox);
    view! {
        <header class="top">
            {rail} <a class="home" href=paths::home() rel="external">
                <Brand />
            </a> {search} <span class="grow"></span> {children.map(|children| children())}
        </header>
    }
    .into_any()
}
