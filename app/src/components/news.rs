use crate::{offer::Offer, paths, prefs::use_words};
use leptos::prelude::*;

/// What staff say of an incident that goes on, or which mail server does not answer, wherever one is.
pub(crate) fn news() -> Option<impl IntoView> {
    let Offer { news, mail_fails, .. } = Offer::of_page();
    let words = &use_words().status;
    (!news.is_empty()).then(|| {
        let help =
            mail_fails.then(|| view! { <a href=paths::client_timeout() rel="external">{words.client_timeout}</a> });
        view! {
            <div class="notice">
                <span>{news}</span>
                <a href=paths::status() rel="external">{words.title}</a>
                {help}
            </div>
        }
    })
}
