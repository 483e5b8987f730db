use crate::{
    components::{KeyHelp, SessionEnding, Toast},
    live::{Announcer, Places, Presence, Zone},
    pages::{Home, MailPage, NotFound, SessionsPage, SettingsPage, SignInPage},
    prefs::Prefs,
};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

/// The table of pages. Reading pages are `Async`: complete without scripting, with the right status.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let prefs = Prefs::of_page();
    provide_context(prefs.lang.words());
    provide_context(prefs);
    provide_context(Announcer::default());
    provide_context(Places::watch());
    provide_context(Zone::tell());
    provide_context(Presence::watch());
    view! {
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/") view=Home ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                <Route path=path!("/settings") view=SettingsPage ssr=SsrMode::Async />
                <Route path=path!("/sessions") view=SessionsPage ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=MailPage ssr=SsrMode::Async>
                    // All are the mail page itself: what stands in it follows the URL.
                    <Route path=path!("/m/:mailbox") view=|| () ssr=SsrMode::Async />
                    <Route path=path!("/m/:mailbox/:message") view=|| () ssr=SsrMode::Async />
                    <Route path=path!("/search") view=|| () ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
        <Toast />
        <SessionEnding />
        <KeyHelp />
    }
}
