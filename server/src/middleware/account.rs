//! Session → account. Routes for signed-in people find a [`SignedIn`] in the request, or send the person to sign in.

use super::{client, timing::Timing};
use crate::{
    auth::Portal,
    config::Session as Limits,
    in_passing, return_to,
    routes::{auth::start::said, error},
    state::AppState,
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use mailroom::Clock;
use sso::Identity;
use time::Duration;
use tower_sessions::{Expiry, Session, session::Error};

/// Key of the account's name in the session.
const ACCOUNT: &str = ::state::SESSION_ACCOUNT;
/// Key of the time of sign-in, in seconds.
const SINCE: &str = "since";
/// Key of the last time the person did something, in seconds.
const SEEN: &str = "seen";
/// Key of whether others use the computer.
const PUBLIC: &str = "public";
/// Key of whether nothing may be changed.
const READ_ONLY: &str = "read_only";
/// Key of the person's name, as the portal has it.
const NAME: &str = "name";
/// Key of the provider's token that says who is to be signed out.
const ID_TOKEN: &str = "id_token";
/// So many times in its idle time a session that is in use is written; an end that comes a little early matters to nobody.
const TOUCHES: i64 = 96;

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Name of the account.
    pub account: String,
    /// What the portal calls the person.
    pub name: Option<String>,
    /// Nothing may be changed.
    pub read_only: bool,
    /// Others use the computer.
    pub public: bool,
    /// When the session ends if nothing is done, in seconds.
    pub ends: i64,
    /// When it ends whatever is done, in seconds.
    pub ends_at_last: i64,
    /// Seconds without doing anything after which it ends.
    pub idle: i64,
    /// What the list of sessions calls this one.
    pub handle: String,
}

/// What a session begins with.
pub struct Entry<'a> {
    /// Whose mail.
    pub account: &'a str,
    /// Who vouched for it.
    pub identity: Option<&'a Identity>,
    /// Others use the computer.
    pub public: bool,
    /// Nothing may be changed.
    pub read_only: bool,
    /// What the browser calls itself.
    pub user_agent: Option<&'a str>,
}

impl<'a> Entry<'a> {
    /// One that nobody but this process vouches for.
    pub fn of(account: &'a str) -> Self {
        Self {
            account,
            identity: None,
            public: false,
            read_only: false,
            user_agent: None,
        }
    }

    /// From that browser.
    #[must_use]
    pub fn from(mut self, headers: &'a HeaderMap) -> Self {
        self.user_agent = headers.get(header::USER_AGENT).and_then(|name| name.to_str().ok());
        self
    }
}

/// Seconds without doing anything, and at most.
fn limits(limits: &Limits, public: bool) -> (i64, i64) {
    let (idle, at_last) = if public {
        (limits.public_idle_minutes, limits.public_absolute_minutes)
    } else {
        (limits.idle_minutes, limits.absolute_minutes)
    };
    (i64::from(idle) * 60, i64::from(at_last) * 60)
}

/// In the extensions of a request whose session could not be read: whoever asks may well be signed in.
#[derive(Clone, Copy, Debug)]
pub struct Unknown(());

/// Puts [`SignedIn`] into the request when there is a valid session.
pub async fn identify(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    if let Some(session) = parts.extensions.get::<Session>().cloned() {
        let began = app.clock().ticks_us();
        let known = signed_in(&app, &session, &parts).await;
        if let (Some(timing), Ok(Some(_))) = (parts.extensions.get::<Timing>(), &known) {
            timing.note_auth(app.clock().ticks_us().saturating_sub(began));
        }
        match known {
            Ok(Some(person)) => drop(parts.extensions.insert(person)),
            Ok(None) => {}
            Err(error) => {
                tracing::error!(%error, "the session cannot be read");
                parts.extensions.insert(Unknown(()));
            }
        }
    }
    next.run(Request::from_parts(parts, body)).await
}

async fn signed_in(app: &AppState, session: &Session, request: &Parts) -> Result<Option<SignedIn>, Error> {
    let Some(account) = session.get::<String>(ACCOUNT).await? else {
        return Ok(None);
    };
    let now = app.clock().now();
    let Some(since) = session.get::<i64>(SINCE).await? else {
        return Ok(None);
    };
    let seen: i64 = session.get(SEEN).await?.unwrap_or(since);
    let public = flag(session, PUBLIC).await;
    let (idle, at_last) = limits(&app.settings().session, public);
    if now - since >= at_last
        || now - seen >= idle
        || app.accounts().find(&account).is_none()
        || !still_says(app, session, request).await
    {
        let _ = session.flush().await;
        return Ok(None);
    }
    let touched = is_doing_something(request) && now - seen >= idle / TOUCHES;
    if touched {
        // Not of every request: it would have the session written and the cookie sent.
        session.set_expiry(expiry(idle, public));
        session.insert(SEEN, now).await?;
        session
            .insert(::state::SESSION_ENDS, (now + idle).min(since + at_last))
            .await?;
    }
    let ends_at_last = since + at_last;
    let ends = (if touched { now } else { seen } + idle).min(ends_at_last);
    Ok(Some(SignedIn {
        account,
        name: session.get(NAME).await.ok().flatten(),
        read_only: flag(session, READ_ONLY).await,
        public,
        ends,
        ends_at_last,
        idle,
        handle: session.id().map(|id| ::state::handle_of(&id)).unwrap_or_default(),
    }))
}

async fn flag(session: &Session, key: &str) -> bool {
    session.get(key).await.ok().flatten().unwrap_or(false)
}

/// At a computer that others use the cookie goes when the browser is closed; the record says when it ends.
fn expiry(idle: i64, public: bool) -> Option<Expiry> {
    Some(if public {
        Expiry::OnSessionEnd
    } else {
        Expiry::OnInactivity(Duration::seconds(idle))
    })
}

/// A page that looks for new mail by itself is not a person who does something. Where scripting runs it tells when there is one, by a
/// POST.
fn is_doing_something(request: &Parts) -> bool {
    request.method == Method::POST || !request.uri.path().starts_with("/api/")
}

/// Behind a proxy that signs people in, each request must be of the person whose session it is (security.md 9.4).
async fn still_says(app: &AppState, session: &Session, request: &Parts) -> bool {
    let Some(Portal::Proxy(proxy)) = app.auth().portal() else {
        return true;
    };
    let Ok(Some(begun_for)) = session.get::<String>(::state::SESSION_SUBJECT).await else {
        // A link or a code led in.
        return true;
    };
    let peer = client::proxy(&request.extensions);
    let said = said(&request.headers);
    match proxy.identify(&peer, said.iter().copied()) {
        Ok(Some(identity)) => identity.subject == begun_for,
        Ok(None) => false,
        Err(error) => {
            tracing::warn!(%error, "the proxy's headers are not believed");
            false
        }
    }
}

/// Starts a new session; whatever session there was before is gone, so an id known beforehand is worth nothing. (`flush` alone
/// would keep the id.)
pub async fn sign_in(app: &AppState, session: &Session, entry: Entry<'_>) -> Result<(), Error> {
    session.clear().await;
    session.cycle_id().await?;
    let (idle, at_last) = limits(&app.settings().session, entry.public);
    session.set_expiry(expiry(idle, entry.public));
    let now = app.clock().now();
    session.insert(::state::SESSION_ENDS, now + idle.min(at_last)).await?;
    session.insert(ACCOUNT, entry.account).await?;
    session.insert(SINCE, now).await?;
    session.insert(SEEN, now).await?;
    for (key, holds) in [(PUBLIC, entry.public), (READ_ONLY, entry.read_only)] {
        if holds {
            session.insert(key, true).await?;
        }
    }
    let ticket = entry.identity.and_then(|identity| {
        let ticket = identity.ticket.as_ref()?;
        Some(::state::ticket_entry(&identity.issuer, ticket))
    });
    let vouched = entry.identity.map(|identity| {
        [
            (::state::SESSION_ISSUER, Some(&identity.issuer)),
            (::state::SESSION_SUBJECT, Some(&identity.subject)),
            (::state::SESSION_SID, identity.sid.as_ref()),
            (::state::SESSION_TICKET, ticket.as_ref()),
            (ID_TOKEN, identity.id_token.as_ref()),
            (NAME, identity.name.as_ref()),
        ]
    });
    for (key, value) in vouched.into_iter().flatten() {
        if let Some(value) = value {
            session.insert(key, value).await?;
        }
    }
    if let Some(name) = entry.user_agent {
        let name: String = name.chars().take(MOST_OF_A_NAME).collect();
        session.insert(::state::SESSION_USER_AGENT, name).await?;
    }
    // Here and not only after the answer, which could then not say what is wrong.
    session.save().await
}

/// Characters kept of what a browser calls itself.
const MOST_OF_A_NAME: usize = 300;

/// The provider's token of a session.
pub async fn id_token(session: &Session) -> Option<String> {
    session.get(ID_TOKEN).await.ok().flatten()
}

/// For pages and files: whoever is not signed in is sent to the sign-in page and comes back afterwards.
pub async fn require(State(app): State<AppState>, request: Request, next: Next) -> Response {
    if request.extensions().get::<SignedIn>().is_some() {
        return next.run(request).await;
    }
    if request.extensions().get::<Unknown>().is_some() {
        return error::nobody_can_say(&app, request.headers());
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let wanted = request.uri().path_and_query().map_or("/", |path| path.as_str());
    // Frames and files are not pages to come back to.
    let is_page = request
        .headers()
        .get("sec-fetch-dest")
        .is_none_or(|dest| dest == "document");
    let (place, cookie) = match is_page {
        true => in_passing::way_in(&app, request.headers(), wanted),
        false => (return_to::sign_in_path(wanted), None),
    };
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response();
    if is_page && let Ok(back) = return_to::remember(wanted, app.settings().is_https()).parse() {
        response.headers_mut().append(header::SET_COOKIE, back);
    }
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
