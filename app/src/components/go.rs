use leptos::prelude::*;

/// Leaves for another page of ours: a redirect on the server, a replaced entry of the history in the browser.
#[component]
pub fn Go(to: String) -> impl IntoView {
    #[cfg(feature = "ssr")]
    leptos_axum::redirect(&to);
    #[cfg(not(feature = "ssr"))]
    {
        use leptos_router::{NavigateOptions, hooks::use_navigate};
        let navigate = use_navigate();
        let to = to.clone();
        // After this page is up: the router must not be asked from inside its own work.
        Effect::new(move |_| {
            navigate(
                &to,
                NavigateOptions {
                    replace: true,
                    ..NavigateOptions::default()
                },
            )
        });
    }
    view! { <p class="choose"><a href=to.clone()>{to.clone()}</a></p> }
}
