use super::SignOut;
use crate::{pages::Mail, paths, prefs::use_words};
use leptos::prelude::*;

/// The person at the top right: settings and the way out.
#[component]
pub fn AccountMenu() -> impl IntoView {
    let mail = expect_context::<Mail>();
    let words = use_words();
    let person = move || {
        Suspend::new(async move {
            let person = mail.rail.await.map(|rail| rail.person).unwrap_or_default();
            view! {
                <summary aria-label=(words.frame.account_menu)(&person) title=person.clone()>
                    <span class="avatar" aria-hidden="true">{initial(&person)}</span>
                </summary>
                <div class="menu-body">
                    <p class="small">{person.clone()}</p>
                    <a href=paths::settings()>{words.frame.settings}</a>
                    <a href=paths::export() rel="external">
                        {words.frame.export}
                    </a>
                    <SignOut />
                </div>
            }
        })
    };
    view! {
        <details class="menu account">
            <Transition>{person}</Transition>
        </details>
    }
    .into_any()
}

/// What stands in the circle for a person.
pub fn initial(name: &str) -> String {
    name.trim()
        .chars()
        .find(|c| c.is_alphanumeric())
        .map(|c| c.to_uppercase().collect())
        .unwrap_or_default()
}
