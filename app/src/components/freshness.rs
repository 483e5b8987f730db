use crate::{live, pages::Mail, paths, prefs::use_words, words::Words};
use api_types::{Freshness as Age, Source};
use leptos::prelude::*;

/// Source and age of what is shown: the letter's when one is open, else the list's.
#[component]
pub fn Freshness() -> impl IntoView {
    let mail = expect_context::<Mail>();
    let words = use_words();
    let pill = move || {
        Suspend::new(async move {
            let letter = mail.letter.await.and_then(Result::ok).map(|letter| letter.freshness);
            let age = match letter {
                Some(age) => Some(age),
                None => mail.list.await.ok().map(|list| list.freshness),
            };
            age.map(|age| {
                let as_of = age.as_of.clone().unwrap_or_default();
                view! {
                    // A change here is no news to be read aloud.
                    <output
                        id="freshness"
                        class="pill"
                        aria-live="off"
                        aria-label=words.fresh.label
                        data-source=age.source.as_str()
                        data-as-of=as_of.rfc3339
                        title=as_of.full
                    >
                        <span class="dot" aria-hidden="true"></span>
                        <span class="text">{sentence(words, &age)}</span>
                    </output>
                }
            })
        })
    };
    // What it took is not known before it is there: the server writes it into the page at last, a script asks the browser.
    let step = |name: &'static str, label: &'static str| {
        view! {
            <dt>{label}</dt>
            <dd data-took=name></dd>
        }
    };
    let w = &words.took;
    view! {
        <details class="menu why" on:toggle=move |event| live::tell_took(mail, &event)>
            <summary title=w.title>
                <Transition>{pill}</Transition>
            </summary>
            <div class="menu-body">
                <p>{w.title}</p>
                <dl>
                    {step("auth", w.auth)} {step("queue", w.queue)} {step("spool", w.spool)} {step("parse", w.parse)}
                    {step("page", w.page)} {step("total", w.total)} {step("net", w.net)}
                </dl>
                <p class="small">{w.hint}</p>
                <a href=paths::status() rel="external">
                    {words.status.title}
                </a>
            </div>
        </details>
    }
    .into_any()
}

fn sentence(words: &Words, age: &Age) -> String {
    let when = age.as_of.as_ref().map(|moment| moment.short.as_str());
    match (age.source, when, age.spool_ms) {
        (Source::Live, _, Some(ms)) => (words.fresh.live_ms)(&crate::words::count(u64::from(ms))),
        (source, when, _) => words.source(source, when),
    }
}
