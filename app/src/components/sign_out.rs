use crate::{paths, prefs::use_words};
use leptos::prelude::*;

/// Ends the session.
#[component]
pub fn SignOut() -> impl IntoView {
    view! {
        <form method="post" action=paths::sign_out()>
            <button type="submit">{use_words().frame.sign_out}</button>
        </form>
    }
}
