//! What is said on each page: that an outage is rehearsed with whoever asks, what staff tell of an incident that goes on, and which mail server
//! does not answer; also on a page that only says what went wrong, far from where it was known who asks. So whose request it is is kept
//! with it; pages of `app` have all of this from `app::offer`.

use super::account::SignedIn;
use crate::{
    routes::{error::escape, help::verdict::not_answering, status::since},
    state::AppState,
    words::PageWords,
};
use app::{paths, prefs::Prefs, wording::Dates};
use axum::{extract::Request, middleware::Next, response::Response};
use mailroom::Clock;

tokio::task_local! {
    static ACCOUNT: String;
    /// It is a frame of a page that says all this.
    static FRAMED: bool;
}

/// Remembers who asks while the request is answered.
pub async fn remember(request: Request, next: Next) -> Response {
    let person = request.extensions().get::<SignedIn>();
    let account = person.map(|person| person.account.clone());
    let dest = request.headers().get("sec-fetch-dest");
    let framed = dest.is_some_and(|dest| dest == "iframe");
    let answer = FRAMED.scope(framed, next.run(request));
    match account {
        Some(account) => ACCOUNT.scope(account, answer).await,
        None => answer.await,
    }
}

/// What is said of mail to everybody, and to `account` if a drill goes on with them.
pub struct News {
    /// In the person's language; empty if all is well.
    pub text: String,
    /// A mail server fails.
    pub mail_fails: bool,
}

impl News {
    /// What staff said last; else what fails, as looking at it tells.
    pub fn of(app: &AppState, account: Option<&str>, prefs: &Prefs) -> Self {
        let (now, status) = (app.clock().now(), app.status());
        let mut failing = status.failing_mail(now);
        if let Some(since) = account.and_then(|account| status.imap_is_said_down(account, now)) {
            failing.retain(|(name, _)| *name != "imap");
            failing.insert(0, ("imap", Some(since)));
        }
        let mut text = status.news(now, prefs.lang);
        let mail_fails = !failing.is_empty();
        if text.is_empty() && mail_fails {
            let (help, dates) = (&PageWords::of(prefs.lang).help, Dates::new(prefs, now));
            text = not_answering(failing.into_iter(), help, prefs.lang.words(), &dates).unwrap_or_default();
        }
        Self { text, mail_fails }
    }
}

/// All of it, in HTML; nothing in a frame.
pub fn all(app: &AppState, prefs: &Prefs) -> String {
    if FRAMED.try_with(|framed| *framed).unwrap_or_default() {
        return String::new();
    }
    [drill(app, prefs), news(app, prefs)].concat()
}

/// The line of a drill; empty where none goes on with whoever asks. For pages that say themselves what goes on.
pub fn drill(app: &AppState, prefs: &Prefs) -> String {
    let now = app.clock().now();
    let ends = ACCOUNT.try_with(|account| app.status().drill_until(account, now));
    let line = |ends| {
        let until = since(&Dates::new(prefs, now), ends);
        let words = (prefs.lang.words().fresh.drill)(&until);
        format!(
            "<div class=\"notice\" role=\"status\"><strong>{}</strong></div>",
            escape(&words)
        )
    };
    ends.ok().flatten().map(line).unwrap_or_default()
}

/// As `app::components::news` has it.
fn news(app: &AppState, prefs: &Prefs) -> String {
    let account = ACCOUNT.try_with(String::clone).ok();
    let News { text, mail_fails } = News::of(app, account.as_deref(), prefs);
    if text.is_empty() {
        return text;
    }
    let words = &prefs.lang.words().status;
    let link = |place: &str, label: &str| format!("<a href=\"{place}\">{}</a>", escape(label));
    let help = match mail_fails {
        true => link(paths::client_timeout(), words.client_timeout),
        false => String::new(),
    };
    format!(
        "<div class=\"notice\" role=\"status\"><span>{}</span>{}{help}</div>",
        escape(&text),
        link(paths::status(), words.title),
    )
}
