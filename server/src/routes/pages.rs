//! The pages of `app`, rendered whole.

use super::{auth::transaction::parameter, error, status::since};
use crate::{
    browser::short_name,
    middleware::{
        account::{SignedIn, Unknown},
        notices::News,
        security_headers::Nonce,
        timing::Timing,
        viewer,
    },
    return_to,
    state::AppState,
};
use api_types::{ApiError, MailboxId, MessageId, SessionLine, SessionTime};
use app::{
    context::{Incidents, SessionList, Viewer, Visit},
    offer::{Offer, Portal},
    prefs::Prefs,
    wording::Dates,
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use mailroom::{Clock, MailroomError, Wording};
use std::sync::Arc;

/// Renders the page; a letter that it opens is remembered as read.
pub async fn render(State(app): State<AppState>, request: Request<Body>) -> Response {
    // The router of pages would resolve these, and show another page than the one that was asked for.
    if return_to::has_dots(request.uri().path()) {
        return error::page(&app, request.headers(), StatusCode::NOT_FOUND);
    }
    let opened = opened_letter(&request);
    let person = request.extensions().get::<SignedIn>().cloned();
    let back = wanted_afterwards(&app, &request);
    let visit = visit(&app, &request);
    if let (Some((mailbox, message)), Some(person)) = (opened, person.filter(|person| !person.read_only)) {
        // Before it is rendered, so that the page already shows it as read.
        note_opened(&app, &person, &mailbox, &message).await;
    }
    let handler = leptos_axum::render_app_async_stream_with_context(
        move || visit.clone().provide(),
        || app::shell(crate::assets::names().clone()),
    );
    let timing = request.extensions().get::<Timing>().cloned();
    let mut response = handler(request).await;
    if let Some(timing) = timing {
        response = timing.into_page(response, app.clock().ticks_us()).await;
    }
    if let Some(cookie) = back {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The cookie that keeps where a person goes after signing in, if the address of the sign-in page says so.
fn wanted_afterwards(app: &AppState, request: &Request<Body>) -> Option<HeaderValue> {
    if request.uri().path() != app::paths::sign_in() {
        return None;
    }
    let wanted = parameter(request.uri().query()?, "return_to")?;
    return_to::remember(&wanted, app.settings().is_https()).parse().ok()
}

fn offer(app: &AppState, person: Option<&SignedIn>, prefs: &Prefs) -> Offer {
    let now = app.clock().now();
    let status = app.status();
    let account = person.map(|person| person.account.as_str());
    let News { text, mail_fails } = News::of(app, account, prefs);
    Offer {
        portal: match app.auth().portal() {
            None => Portal::None,
            #[cfg(feature = "ldap")]
            Some(crate::auth::Portal::Ldap(_)) => Portal::Form,
            Some(_) if app.auth().is_up() => Portal::Up,
            Some(_) => Portal::Down,
        },
        codes: app.auth().takes_codes(None),
        contact: app.settings().ui.contact.clone().unwrap_or_default(),
        session: person.map(session_name).unwrap_or_default(),
        left: person.map(|person| person.ends - now),
        idle: person.map(|person| person.idle).unwrap_or_default(),
        read_only: person.is_some_and(|person| person.read_only),
        news: text,
        staff: account.is_some_and(|account| app.settings().is_staff(account)),
        mail_fails,
        drill: account
            .and_then(|account| status.drill_until(account, now))
            .map(|ends| since(&Dates::new(prefs, now), ends))
            .unwrap_or_default(),
        snapshots: person.is_some_and(|person| {
            let account = app.accounts().find(&person.account);
            account.is_some_and(|account| !account.snapshots.is_empty())
        }),
    }
}

/// Enough of the handle to tell one session from another.
fn session_name(person: &SignedIn) -> String {
    person.handle.chars().take(16).collect()
}

/// The person's sessions, when somebody asks.
fn sessions(app: &AppState, person: &SignedIn) -> SessionList {
    let (app, person) = (app.clone(), person.clone());
    SessionList(Arc::new(move |dates| {
        let (app, person) = (app.clone(), person.clone());
        Box::pin(async move {
            let rows = app.state().list_sessions(&person.account, app.clock().now()).await;
            let rows = rows.map_err(|error| {
                let incident = crate::random::short_id();
                tracing::error!(incident, %error, "sessions cannot be listed");
                ApiError::Internal { incident }
            })?;
            let line = |row: ::state::SessionRow| SessionLine {
                this: row.handle == person.handle,
                browser: row.user_agent.as_deref().map(short_name).unwrap_or_default(),
                began: dates.moment(row.created),
                used: dates.moment(row.last_seen),
                handle: row.handle,
            };
            Ok(rows.into_iter().map(line).collect())
        })
    }))
}

/// What `app` is given for this request; no `Writer`.
pub fn visit<B>(app: &AppState, request: &Request<B>) -> Visit {
    let person = request.extensions().get::<SignedIn>();
    let account = person.and_then(|person| app.accounts().find(&person.account));
    let prefs = viewer::prefs(request.headers(), app.settings());
    Visit {
        viewer: Viewer {
            prefs: prefs.clone(),
            account: person
                .and_then(|person| person.name.clone())
                .or(account.map(|account| account.display_name)),
            session: person.map(|person| SessionTime {
                session: session_name(person),
                seconds: person.ends - app.clock().now(),
                at_last: person.ends_at_last - app.clock().now(),
            }),
            offer: offer(app, person, &prefs),
            nonce: request
                .extensions()
                .get::<Nonce>()
                .map(|nonce| nonce.0.clone())
                .unwrap_or_default(),
            now_unix: app.clock().now(),
        },
        unknown: request.extensions().get::<Unknown>().is_some(),
        reader: person
            .and_then(|person| app.mailroom().reader(&person.account).ok())
            .map(|reader| match request.extensions().get::<Timing>() {
                Some(timing) => reader.timed(timing.took.clone()),
                None => reader,
            }),
        writer: None,
        api_call: false,
        incidents: Incidents(Arc::new(error::log)),
        sessions: person.map(|person| sessions(app, person)),
    }
}

/// The letter that this request opens: a person went to its page. Not a prefetch, not a frame, not another site's doing.
fn opened_letter<B>(request: &Request<B>) -> Option<(MailboxId, MessageId)> {
    let headers = request.headers();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let navigates = request.method() == Method::GET
        && text("sec-fetch-dest").is_none_or(|dest| dest == "document")
        && text("sec-fetch-site").is_none_or(|site| site != "cross-site")
        && !is_prefetch(headers);
    let mut segments = request.uri().path().strip_prefix("/m/")?.split('/');
    let (mailbox, message) = (segments.next()?, segments.next().filter(|message| !message.is_empty())?);
    (navigates && segments.next().is_none()).then(|| (mailbox.into(), message.into()))
}

/// The browser fetches ahead; nobody has looked yet.
pub fn is_prefetch(headers: &HeaderMap) -> bool {
    ["purpose", "sec-purpose", "x-moz"].iter().any(|name| {
        headers
            .get(*name)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.contains("prefetch"))
    })
}

async fn note_opened(app: &AppState, person: &SignedIn, mailbox: &MailboxId, message: &MessageId) {
    let noted = match app.mailroom().writer(&person.account) {
        Ok(writer) => writer.note_opened(mailbox, message).await,
        Err(error) => Err(error),
    };
    match noted {
        Ok(()) => {}
        // A letter that is not there is the page's to say.
        Err(
            MailroomError::NotFound | MailroomError::Gone | MailroomError::Moved { .. } | MailroomError::Unavailable(_),
        ) => {}
        Err(error) => tracing::warn!(cause = %error, "an opened letter could not be remembered"),
    }
}
