//! The pages of `app`, rendered whole.

use super::error;
use crate::{
    middleware::{account::SignedIn, security_headers::Nonce, viewer},
    return_to,
    state::AppState,
};
use api_types::{MailboxId, MessageId};
use app::context::{Incidents, Viewer, Visit};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};
use mailroom::{Clock, MailroomError};
use std::sync::Arc;

/// Renders the page; a letter that it opens is remembered as read.
pub async fn render(State(app): State<AppState>, request: Request<Body>) -> Response {
    // The router of pages would resolve these, and show another page than the one that was asked for.
    if return_to::has_dots(request.uri().path()) {
        return error::page(&app, request.headers(), StatusCode::NOT_FOUND);
    }
    let opened = opened_letter(&request);
    let person = request.extensions().get::<SignedIn>().cloned();
    let visit = visit(&app, &request);
    if let (Some((mailbox, message)), Some(person)) = (opened, person) {
        // Before it is rendered, so that the page already shows it as read.
        note_opened(&app, &person, &mailbox, &message).await;
    }
    let handler = leptos_axum::render_app_async_stream_with_context(
        move || visit.clone().provide(),
        || app::shell(crate::assets::names().clone()),
    );
    handler(request).await
}

/// What `app` is given for this request; no `Writer`.
pub fn visit<B>(app: &AppState, request: &Request<B>) -> Visit {
    let person = request.extensions().get::<SignedIn>();
    let account = person.and_then(|person| app.accounts().find(&person.account));
    Visit {
        viewer: Viewer {
            prefs: viewer::prefs(request.headers(), app.settings()),
            account: account.map(|account| account.display_name),
            nonce: request
                .extensions()
                .get::<Nonce>()
                .map(|nonce| nonce.0.clone())
                .unwrap_or_default(),
            now_unix: app.clock().now(),
        },
        reader: person.and_then(|person| app.mailroom().reader(&person.account).ok()),
        writer: None,
        api_call: false,
        incidents: Incidents(Arc::new(error::log)),
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
