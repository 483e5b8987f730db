use super::{Brand, Glyph, Icon, SearchBox, drill_line::drill_line};
use crate::{offer::Offer, paths, prefs::use_words};
use leptos::prelude::*;

/// The bar at the top; with children it belongs to the mail page and has the button of the rail and the search. Other pages say below it
/// that an outage is rehearsed and what goes on; the mail page says so among its notices.
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
    let notices = children.is_none().then(|| {
        let drill = drill_line(words, &Offer::of_page().drill);
        view! { <div class="notices" role="status">{drill} {super::news()}</div> }
    });
    view! {
        <header class="top">
            {rail} <a class="home" href=paths::home() rel="external">
                <Brand />
            </a> {search} <span class="grow"></span> {children.map(|children| children())}
        </header>
        {notices}
    }
    .into_any()
}
