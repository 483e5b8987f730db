use crate::{
    api::{Failure, Wire, list_mailboxes},
    components::{Failed, Go, PageTitle, TopBar},
    paths,
    prefs::use_words,
};
use api_types::ApiError;
use leptos::prelude::*;

/// Sends the person to their inbox, or to the sign-in page.
#[component]
pub fn Home() -> impl IntoView {
    let rail = Resource::<_, Wire>::new_with_options(|| (), |()| list_mailboxes(String::new()), false);
    let view = move || {
        Suspend::new(async move {
            // The inbox stands first (api-types, `Rail`).
            let inbox = rail.await.and_then(|rail| {
                rail.mailboxes
                    .into_iter()
                    .next()
                    .map(|line| line.mailbox.id)
                    .ok_or(Failure(ApiError::NotFound))
            });
            match inbox {
                Ok(inbox) => view! { <Go to=paths::mailbox(&inbox) /> }.into_any(),
                Err(failure) => {
                    view! { <Failed failure retry=paths::home().to_owned() on_retry=move || rail.refetch() /> }
                        .into_any()
                }
            }
        })
    };
    view! {
        <PageTitle text=|| use_words().frame.site.to_owned() />
        <div class="plain">
            <TopBar />
            <main id="content" tabindex="-1">
                <Suspense>{view}</Suspense>
            </main>
        </div>
    }
}
