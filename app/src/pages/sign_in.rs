use crate::{
    components::{Brand, PageTitle, news},
    offer::{Offer, Portal},
    paths,
    prefs::{Lang, use_prefs, use_words},
    words::Notice,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// How to sign in. `?state=out` after signing out here and at the portal, `ended` after signing out where there is nothing else to end,
/// `out-here` if the portal was not told, `used` after a link that does not work (any
/// more); `?return_to=` is kept by the process.
#[component]
pub fn SignInPage() -> impl IntoView {
    let words = use_words();
    let w = &words.sign_in;
    let offer = Offer::of_page();
    let query = use_query_map();
    let portal = offer.portal;
    let notice = move || {
        let notice = match query.with(|query| query.get("state")).as_deref() {
            Some("out") => Some(w.out),
            Some("ended") if portal == Portal::None => Some(w.again),
            Some("ended") => Some(w.ended),
            Some("out-here") => Some(w.out_here),
            Some("used") => Some(w.used),
            _ if query.with(|query| query.get("return_to")).is_some() && portal != Portal::None => Some(w.to_go_on),
            _ => None,
        };
        notice.map(said)
    };
    let contact =
        (!offer.contact.is_empty()).then(|| view! { <p class="small contact">{(w.contact)(&offer.contact)}</p> });
    view! {
        <PageTitle text=move || w.title.to_owned() />
        <main id="content" class="sign-in">
            {news()}
            <div class="card">
                <Brand />
                <h1>{w.title}</h1>
                {notice}
                {ways(&offer)}
                {contact}
                <div class="foot">
                    {state(&offer)} <a class="small" href=paths::status() rel="external">{words.status.title}</a> {languages()}
                </div>
            </div>
        </main>
    }
}

fn said(notice: Notice) -> impl IntoView {
    view! {
        <div class="note" role="status">
            <strong>{notice.title}</strong>
            <p>{notice.text}</p>
        </div>
    }
}

/// The ways in: the portal, or a link; and a code for when the portal is away.
fn ways(offer: &Offer) -> impl IntoView + use<> {
    let w = &use_words().sign_in;
    let code = offer.codes.then(|| code(offer.portal == Portal::Down));
    if offer.portal == Portal::None {
        return view! {
            <p>{w.lead}</p>
            <p class="small">{w.how}</p>
            {code}
        }
        .into_any();
    }
    let public = public("public");
    if offer.portal == Portal::Form {
        return view! {
            <form method="post" action=paths::sign_in_password() class="ways fields">
                <label for="name">{w.account}</label>
                <input id="name" name="account" autocomplete="username" autocapitalize="none" spellcheck="false" required=true />
                <label for="password">{w.password}</label>
                <input id="password" name="password" type="password" autocomplete="current-password" required=true />
                {public}
                <button type="submit" class="primary">{w.title}</button>
            </form>
            {code}
        }
        .into_any();
    }
    view! {
        <p>{w.lead_portal}</p>
        <form method="get" action=paths::sign_in_start() class="ways">
            <button type="submit" class="primary">{w.with_portal}</button>
            {public}
        </form>
        {code}
    }
    .into_any()
}

/// The choice for computers that others use; each form has its own.
fn public(id: &'static str) -> impl IntoView {
    let w = &use_words().sign_in;
    let hint = format!("{id}-hint");
    view! {
        <div class="check">
            <input type="checkbox" id=id name="public" value="1" aria-describedby=hint.clone() />
            <label for=id>{w.public}</label>
        </div>
        <p id=hint class="small">{w.public_hint}</p>
    }
}

fn code(open: bool) -> impl IntoView {
    let w = &use_words().sign_in;
    view! {
        <details open=open class="code">
            <summary>{w.without_portal}</summary>
            <form method="post" action=paths::sign_in_code() class="fields">
                <p class="small">{w.code_hint}</p>
                <label for="account">{w.account}</label>
                <input id="account" name="account" autocomplete="username" autocapitalize="none" spellcheck="false" required=true />
                <label for="code">{w.code}</label>
                <input id="code" name="code" autocomplete="one-time-code" autocapitalize="characters" spellcheck="false" required=true />
                {public("public-code")}
                <button type="submit">{w.title}</button>
            </form>
        </details>
    }
}

/// Whether the portal answers, as far as is known.
fn state(offer: &Offer) -> impl IntoView + use<> {
    let w = &use_words().sign_in;
    let (class, text) = match offer.portal {
        Portal::None | Portal::Form => return None,
        Portal::Up => ("dot good", w.portal_up),
        Portal::Down => ("dot bad", w.portal_away),
    };
    Some(view! {
        <p class="pill">
            <span class=class aria-hidden="true"></span>
            {text}
        </p>
    })
}

/// A form, because a link must not change a preference.
fn languages() -> impl IntoView {
    let now = use_prefs().lang;
    let buttons = Lang::ALL.map(|lang| {
        view! {
            <button
                type="submit"
                name="lang"
                value=lang.tag()
                lang=lang.tag()
                aria-current=(lang == now).then_some("true")
            >
                {lang.words().lang_name}
            </button>
        }
    });
    view! {
        <form method="post" action=paths::settings() class="languages" aria-label=use_words().sign_in.language>
            <input type="hidden" name="back" value=paths::sign_in() />
            {buttons}
        </form>
    }
}
