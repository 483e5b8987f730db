use crate::{
    api::{Failure, Wire, list_sessions},
    components::{Failed, PageTitle, SignOut, TopBar},
    live, paths,
    prefs::use_words,
};
use api_types::SessionLine;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Where the person is signed in, each with a way to end it. `?ended=1` after one was ended.
#[component]
pub fn SessionsPage() -> impl IntoView {
    let words = use_words();
    let w = &words.session;
    live::page_shown("content");
    let query = use_query_map();
    let ended = move || {
        (query.with(|query| query.get("ended")).as_deref() == Some("1"))
            .then(|| view! { <p class="note" role="status">{w.ended}</p> })
    };
    let sessions =
        Resource::<Result<Vec<SessionLine>, Failure>, Wire>::new_with_options(|| (), |()| list_sessions(), true);
    let list = move || {
        Suspend::new(async move {
            match sessions.await {
                Ok(lines) => {
                    view! { <ul class="sessions card">{lines.into_iter().map(line).collect_view()}</ul> }.into_any()
                }
                Err(failure) => view! { <Failed failure retry=paths::sessions().to_owned() silent=true /> }.into_any(),
            }
        })
    };
    view! {
        <PageTitle text=move || w.title.to_owned() />
        <div class="plain">
            <TopBar />
            <main id="content" tabindex="-1" class="settings">
                <h1>{w.title}</h1>
                {ended}
                <p>{w.lead}</p>
                <Suspense>{list}</Suspense>
                <div class="apart">
                    <a href=paths::settings()>{words.settings.title}</a>
                    <SignOut />
                </div>
            </main>
        </div>
    }
}

fn line(line: SessionLine) -> impl IntoView {
    let w = &use_words().session;
    let browser = if line.browser.is_empty() {
        w.some_browser.to_owned()
    } else {
        line.browser
    };
    let end = if line.this {
        view! { <span class="small">{w.this}</span> }.into_any()
    } else {
        view! {
            <form method="post" action=paths::end_session()>
                <input type="hidden" name="session" value=line.handle />
                <button type="submit" aria-label=(w.end_label)(&browser, &line.used.full)>
                    {w.end}
                </button>
            </form>
        }
        .into_any()
    };
    view! {
        <li>
            <div>
                <strong>{browser.clone()}</strong>
                <p class="small">{w.began} " " <time datetime=line.began.rfc3339>{line.began.full}</time></p>
                <p class="small">{w.used} " " <time datetime=line.used.rfc3339>{line.used.full}</time></p>
            </div>
            {end}
        </li>
    }
}
