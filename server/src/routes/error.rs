//! Small complete pages for what went wrong outside the pages of `app`.

use crate::{
    middleware::{notices, security_headers::Class, viewer},
    random,
    state::AppState,
};
use api_types::{ApiError, Cause, LetterQuery};
use app::{
    prefs::{Lang, Prefs},
    words::{Notice, Words},
};
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use mailroom::MailroomError;

/// The page for `status`.
pub fn page(app: &AppState, headers: &HeaderMap, status: StatusCode) -> Response {
    render(app, headers, status, None, None)
}

/// The page for a defect of ours; `cause` goes to the log under the id that the page shows.
pub fn incident(app: &AppState, headers: &HeaderMap, cause: &str) -> Response {
    let incident = random::short_id();
    tracing::error!(incident, cause, "incident");
    render(app, headers, StatusCode::INTERNAL_SERVER_ERROR, None, Some(&incident))
}

/// A page that says something of the catalogue, under a number if there is one to ask by.
pub fn notice(
    app: &AppState,
    headers: &HeaderMap,
    status: StatusCode,
    which: impl Fn(&Words) -> Notice,
    incident: Option<&str>,
) -> Response {
    let prefs = viewer::prefs(headers, app.settings());
    let words = prefs.lang.words();
    let onward = (app::paths::sign_in(), words.errors.to_sign_in);
    write(app, &prefs, status, which(words), incident, onward)
}

/// The page for when the sessions cannot be read. Nobody is sent to sign in anew: they may well be signed in.
pub fn nobody_can_say(app: &AppState, headers: &HeaderMap) -> Response {
    let prefs = viewer::prefs(headers, app.settings());
    let errors = &prefs.lang.words().errors;
    let onward = (app::paths::home(), errors.to_inbox);
    let status = StatusCode::SERVICE_UNAVAILABLE;
    let mut response = write(app, &prefs, status, errors.no_sessions, None, onward);
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
    response
}

/// The page for a use case that failed.
pub fn mailroom(app: &AppState, headers: &HeaderMap, error: &MailroomError) -> Response {
    api(app, headers, error.to_api(|| log(error)))
}

/// The page for what a person may know of a failure. Moved messages are followed.
pub fn api(app: &AppState, headers: &HeaderMap, error: ApiError) -> Response {
    match error {
        ApiError::Moved { mailbox, message } => {
            let place = app::paths::letter(&mailbox, &message, &LetterQuery::default());
            (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
        }
        ApiError::NotFound => page(app, headers, StatusCode::NOT_FOUND),
        ApiError::Gone => page(app, headers, StatusCode::GONE),
        ApiError::SignedOut => page(app, headers, StatusCode::UNAUTHORIZED),
        ApiError::BadRequest => page(app, headers, StatusCode::BAD_REQUEST),
        ApiError::Unavailable(cause) => {
            tracing::warn!(?cause, "mail cannot be read now");
            let mut response = render(app, headers, StatusCode::SERVICE_UNAVAILABLE, Some(cause), None);
            let seconds = if matches!(cause, Cause::Slow | Cause::Busy) {
                "5"
            } else {
                "30"
            };
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static(seconds));
            response
        }
        ApiError::Internal { incident } => {
            render(app, headers, StatusCode::INTERNAL_SERVER_ERROR, None, Some(&incident))
        }
        ApiError::Offline => page(app, headers, StatusCode::BAD_GATEWAY),
    }
}

/// Writes the cause of `error` to the log; the id it stands under.
pub fn log(error: &MailroomError) -> String {
    let incident = random::short_id();
    tracing::error!(incident, cause = %error, detail = ?error, "incident");
    incident
}

fn render(
    app: &AppState,
    headers: &HeaderMap,
    status: StatusCode,
    cause: Option<Cause>,
    incident: Option<&str>,
) -> Response {
    let prefs = viewer::prefs(headers, app.settings());
    let (title, text) = words(prefs.lang, status, cause);
    let onward = (app::paths::home(), prefs.lang.words().errors.to_inbox);
    write(app, &prefs, status, Notice { title, text }, incident, onward)
}

/// `onward`: where a link leads, and what it says.
fn write(
    app: &AppState,
    prefs: &Prefs,
    status: StatusCode,
    Notice { title, text }: Notice,
    incident: Option<&str>,
    (place, label): (&str, &str),
) -> Response {
    let errors = &prefs.lang.words().errors;
    let contact = app.settings().ui.contact.as_deref().filter(|_| incident.is_some());
    let contact = contact
        .map(|contact| format!("<p>{}</p>", escape(contact)))
        .unwrap_or_default();
    let site = app.settings().site_name(prefs.lang);
    let incident = incident
        .map(|id| format!("<p>{}</p>", escape(&(errors.incident)(id))))
        .unwrap_or_default();
    // Without one, browsers ask for an address that is not there.
    let icon = crate::assets::names().icon.as_deref();
    let icon = icon
        .map(|icon| format!("<link rel=\"icon\" href=\"{icon}\">"))
        .unwrap_or_default();
    let html = format!(
        "<!DOCTYPE html><html lang=\"{lang}\" data-theme=\"{theme}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><title>{title} · {site}</title><link rel=\"stylesheet\" \
         href=\"{css}\">{icon}</head><body class=\"bare\">{notices}<main class=\"sign-in\"><div class=\"card\"><h1>{title}</h1><p>{text}</p>{incident}{contact}<p><a \
         class=\"button\" href=\"{place}\">{label}</a></p></div></main></body></html>",
        lang = prefs.lang.tag(),
        theme = prefs.theme.as_str(),
        css = crate::assets::names().css,
        site = escape(site),
        notices = notices::all(app, prefs),
    );
    let mut response = (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
    response.extensions_mut().insert(Class::Document);
    response
}

/// Escapes text for HTML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// From the catalogue; refusals that no page of `app` can meet have their own few words.
fn words(lang: Lang, status: StatusCode, cause: Option<Cause>) -> (&'static str, &'static str) {
    let errors = &lang.words().errors;
    let notice = match (status, cause) {
        (_, Some(Cause::Slow)) => &errors.causes.slow,
        (_, Some(Cause::Missing)) => &errors.causes.missing,
        (_, Some(Cause::Denied)) => &errors.causes.denied,
        (_, Some(Cause::Broken)) => &errors.causes.broken,
        (_, Some(Cause::WrongStore)) => &errors.causes.wrong_store,
        (_, Some(Cause::Unsupported)) => &errors.causes.unsupported,
        (_, Some(Cause::Portal)) => &errors.causes.portal,
        (_, Some(Cause::Unshown)) => &errors.causes.unshown,
        (_, Some(Cause::Busy)) => &errors.causes.busy,
        (StatusCode::NOT_FOUND, _) => &errors.not_found,
        (StatusCode::GONE, _) => &errors.gone,
        (StatusCode::UNAUTHORIZED, _) => &errors.signed_out,
        (StatusCode::INTERNAL_SERVER_ERROR, _) => &errors.internal,
        (StatusCode::FORBIDDEN, _) => {
            return match lang {
                Lang::Ja => ("受け付けられません", "この操作は、このサイトのページからのみ行えます。"),
                Lang::En => ("Refused", "This can only be done from a page of this site."),
            };
        }
        (StatusCode::PAYLOAD_TOO_LARGE, _) => {
            return match lang {
                Lang::Ja => ("大きすぎます", "一度に扱える大きさを超えています。"),
                Lang::En => ("Too large", "This is more than can be handled at once."),
            };
        }
        _ => &errors.bad_request,
    };
    (notice.title, notice.text)
}
