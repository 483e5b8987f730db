//! The document around the pages. Written by hand: leptos's own hydration tags put the nonce where it can be read
//! (`crossorigin`), and this policy allows no inline script but the resources', which carry the nonce.

use crate::{
    app::App,
    context::{Assets, Viewer},
    offer::Offer,
    prefs::Prefs,
};
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// The whole document, for the page routes and for the fallback.
pub fn shell(assets: Assets) -> impl IntoView {
    let prefs = Prefs::of_page();
    let offer = Offer::of_page();
    let nonce = use_context::<Viewer>().map(|viewer| viewer.nonce).unwrap_or_default();
    let front = assets.front.map(|front| {
        view! {
            <link rel="preload" r#as="fetch" crossorigin="" href=front.wasm type="application/wasm" />
            <script type="module" nonce=nonce src=front.start_js></script>
        }
    });
    view! {
        <!DOCTYPE html>
        <html
            lang=prefs.lang.tag()
            data-theme=prefs.theme.as_str()
            data-zone=prefs.zone
            data-keys=if prefs.keys { "on" } else { "off" }
            data-portal=offer.portal.as_str()
            data-codes=offer.codes.then_some("on")
            data-contact=(!offer.contact.is_empty()).then_some(offer.contact)
            data-session=(!offer.session.is_empty()).then_some(offer.session)
            data-left=offer.left
            data-idle=offer.left.map(|_| offer.idle)
            data-read-only=offer.read_only.then_some("on")
            data-snapshots=offer.snapshots.then_some("on")
            data-news=(!offer.news.is_empty()).then_some(offer.news)
            data-staff=offer.staff.then_some("on")
            data-mail=offer.mail_fails.then_some("fails")
            data-drill=(!offer.drill.is_empty()).then_some(offer.drill)
        >
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="stylesheet" href=assets.css />
                {assets.icon.map(|icon| view! { <link rel="icon" href=icon /> })}
                {front}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
