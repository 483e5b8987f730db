use crate::{
    components::{Brand, PageTitle},
    paths,
    prefs::{Lang, use_prefs, use_words},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// How to sign in. `?state=out` after signing out, `?state=used` after a link that does not work (any more).
#[component]
pub fn SignInPage() -> impl IntoView {
    let words = use_words();
    let now = use_prefs().lang;
    let query = use_query_map();
    let notice = move || match query.with(|query| query.get("state")).as_deref() {
        Some("out") => Some(words.sign_in.again),
        Some("used") => Some(words.sign_in.used),
        _ => None,
    };
    let notice = move || {
        notice().map(|notice| {
            view! {
                <div class="note" role="status">
                    <strong>{notice.title}</strong>
                    <p>{notice.text}</p>
                </div>
            }
        })
    };
    // A form, because a link must not change a preference.
    let languages = Lang::ALL.map(|lang| {
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
        <PageTitle text=move || words.sign_in.title.to_owned() />
        <main id="content" class="sign-in">
            <div class="card">
                <Brand />
                <h1>{words.sign_in.title}</h1>
                {notice}
                <p>{words.sign_in.lead}</p>
                <p class="small">{words.sign_in.how}</p>
                <form method="post" action=paths::settings() class="languages" aria-label=words.sign_in.language>
                    <input type="hidden" name="back" value=paths::sign_in() />
                    {languages}
                </form>
            </div>
        </main>
    }
}
