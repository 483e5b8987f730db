use crate::{
    api::Failure,
    components::{Failed, PageTitle, TopBar},
    paths,
    prefs::use_words,
};
use api_types::ApiError;
use leptos::prelude::*;

/// Any other URL.
#[component]
pub fn NotFound() -> impl IntoView {
    let words = use_words();
    view! {
        <PageTitle text=move || words.errors.not_found.title.to_owned() />
        <div class="plain">
            <TopBar />
            <main id="content" tabindex="-1">
                <Failed failure=Failure(ApiError::NotFound) retry=paths::home().to_owned() />
            </main>
        </div>
    }
}
