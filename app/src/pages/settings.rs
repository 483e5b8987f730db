use crate::{
    components::{PageTitle, SignOut, TopBar},
    live,
    offer::Offer,
    paths,
    prefs::{Lang, Theme, use_prefs, use_words},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Zones offered; the person's own is added when it is another.
const ZONES: [&str; 18] = [
    "Asia/Tokyo",
    "Asia/Seoul",
    "Asia/Shanghai",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Bangkok",
    "Asia/Kolkata",
    "Asia/Dubai",
    "Europe/Istanbul",
    "Europe/Berlin",
    "Europe/London",
    "America/Sao_Paulo",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "Australia/Sydney",
    "UTC",
];

/// Preferences. The form goes to the process, which keeps them in cookies (`lang`, `theme`, `tz`, `keys`) and returns here
/// with `?saved=1`.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let words = use_words();
    live::page_shown("content");
    let w = &words.settings;
    let prefs = use_prefs();
    let query = use_query_map();
    let saved = move || {
        (query.with(|query| query.get("saved")).as_deref() == Some("1"))
            .then(|| view! { <p class="note" role="status">{w.saved}</p> })
    };
    let languages = Lang::ALL
        .map(|lang| {
            view! {
                <option value=lang.tag() lang=lang.tag() selected=lang == prefs.lang>
                    {lang.words().lang_name}
                </option>
            }
        })
        .into_iter()
        .collect_view();
    let themes = Theme::ALL
        .into_iter()
        .zip(w.themes)
        .map(|(theme, name)| view! { <option value=theme.as_str() selected=theme == prefs.theme>{name}</option> })
        .collect_view();
    let own = (!ZONES.contains(&prefs.zone.as_str())).then(|| prefs.zone.clone());
    let zones = own
        .into_iter()
        .chain(ZONES.map(str::to_owned))
        .map(|zone| {
            let selected = zone == prefs.zone;
            view! { <option value=zone.clone() selected=selected>{zone.replace('_', " ")}</option> }
        })
        .collect_view();
    let staff = Offer::of_page()
        .staff
        .then(|| view! { <a href=paths::incidents() rel="external">{words.status.incidents}</a> });
    view! {
        <PageTitle text=move || w.title.to_owned() />
        <div class="plain">
            <TopBar />
            <main id="content" tabindex="-1" class="settings">
                <h1>{w.title}</h1>
                {saved}
                <form method="post" action=paths::settings() class="card">
                    <input type="hidden" name="back" value="/settings?saved=1" />
                    <label for="lang">{w.language}</label>
                    <select id="lang" name="lang">{languages}</select>
                    <label for="theme">{w.theme}</label>
                    <select id="theme" name="theme">{themes}</select>
                    <label for="tz">{w.zone}</label>
                    <select id="tz" name="tz">{zones}</select>
                    <div class="check">
                        // Sent when the box is empty; a ticked box sends its value after it, and the last one counts.
                        <input type="hidden" name="keys" value="off" />
                        <input
                            type="checkbox"
                            id="keys"
                            name="keys"
                            value="on"
                            checked=prefs.keys
                            aria-describedby="keys-hint"
                        />
                        <label for="keys">{w.keys}</label>
                    </div>
                    <p id="keys-hint" class="small">{w.keys_hint}</p>
                    <button type="submit" class="primary">{w.save}</button>
                </form>
                <div class="apart">
                    <a href=paths::home() rel="external">{words.errors.to_inbox}</a>
                    <a href=paths::sessions()>{words.session.title}</a>
                    {staff}
                    <SignOut />
                </div>
            </main>
        </div>
    }
}
