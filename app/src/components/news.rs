use crate::{offer::Offer, paths, prefs::use_words};
use leptos::prelude::*;

/// What staff say of an incident that goes on, wherever one is.
pub(crate) fn news() -> Option<impl IntoView> {
    let news = Offer::of_page().news;
    (!news.is_empty()).then(|| {
        view! {
            <div class="notice">
                <span>{news}</span>
                <a href=paths::status() rel="external">{use_words().status.title}</a>
            </div>
        }
    })
}
