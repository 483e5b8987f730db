//! Small complete pages for what went wrong outside the pages of `app`.

use crate::{middleware::security_headers::Class, middleware::viewer, random, return_to, state::AppState};
use api_types::{ApiError, Cause, LetterQuery};
use app::prefs::Lang;
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use mailroom::MailroomError;

/// The page for `status`.
pub fn page(app: &AppState, headers: &HeaderMap, status: StatusCode) -> Response {
    render(app, headers, status, None)
}

/// The page for a defect of ours; `cause` goes to the log under the id that the page shows.
pub fn incident(app: &AppState, headers: &HeaderMap, cause: &str) -> Response {
    let incident = random::short_id();
    tracing::error!(incident, cause, "incident");
    render(app, headers, StatusCode::INTERNAL_SERVER_ERROR, Some(&incident))
}

/// The page for a use case that failed. Moved messages are followed.
pub fn mailroom(app: &AppState, headers: &HeaderMap, error: &MailroomError) -> Response {
    match error.to_api(|| log(error)) {
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
            let mut response = page(app, headers, StatusCode::SERVICE_UNAVAILABLE);
            let seconds = if cause == Cause::Slow { "5" } else { "30" };
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static(seconds));
            response
        }
        ApiError::Internal { incident } => render(app, headers, StatusCode::INTERNAL_SERVER_ERROR, Some(&incident)),
        ApiError::Offline => page(app, headers, StatusCode::BAD_GATEWAY),
    }
}

/// Writes the cause of `error` to the log; the id it stands under.
pub fn log(error: &MailroomError) -> String {
    let incident = random::short_id();
    tracing::error!(incident, cause = %error, detail = ?error, "incident");
    incident
}

fn render(app: &AppState, headers: &HeaderMap, status: StatusCode, incident: Option<&str>) -> Response {
    let prefs = viewer::prefs(headers, app.settings());
    let (title, text, home) = words(prefs.lang, status);
    let site = match prefs.lang {
        Lang::Ja => &app.settings().ui.site_name_ja,
        Lang::En => &app.settings().ui.site_name_en,
    };
    let incident = incident
        .map(|id| format!("<p>ID: <code>{id}</code></p>"))
        .unwrap_or_default();
    let html = format!(
        "<!DOCTYPE html><html lang=\"{lang}\" data-theme=\"{theme}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><title>{title} · {site}</title><link rel=\"stylesheet\" \
         href=\"{css}\"></head><body class=\"bare\"><main class=\"problem\"><h1>{title}</h1><p>{text}</p>{incident}<p><a \
         href=\"{root}\">{home}</a></p></main></body></html>",
        lang = prefs.lang.tag(),
        theme = prefs.theme.as_str(),
        css = crate::assets::names().css,
        site = escape(site),
        root = return_to::checked("/"),
    );
    let mut response = (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
    response.extensions_mut().insert(Class::Document);
    response
}

/// Escapes text for HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn words(lang: Lang, status: StatusCode) -> (&'static str, &'static str, &'static str) {
    let ja = lang == Lang::Ja;
    let home = if ja { "受信箱へ" } else { "To the inbox" };
    let (title, text) = match (status, ja) {
        (StatusCode::NOT_FOUND, true) => ("見つかりません", "お探しのものはここにはありません。"),
        (StatusCode::NOT_FOUND, false) => ("Not found", "What you are looking for is not here."),
        (StatusCode::GONE, true) => ("もうありません", "このメールは移動または削除されました。"),
        (StatusCode::GONE, false) => ("Gone", "This message was moved or deleted meanwhile."),
        (StatusCode::SERVICE_UNAVAILABLE, true) => (
            "今は読めません",
            "メールの保管場所から応答がありません。しばらくしてからもう一度お試しください。",
        ),
        (StatusCode::SERVICE_UNAVAILABLE, false) => (
            "Not available now",
            "The mail store does not answer. Please try again in a moment.",
        ),
        (StatusCode::FORBIDDEN, true) => ("受け付けられません", "この操作は、このサイトのページからのみ行えます。"),
        (StatusCode::FORBIDDEN, false) => ("Refused", "This can only be done from a page of this site."),
        (StatusCode::PAYLOAD_TOO_LARGE, true) => ("大きすぎます", "一度に扱える大きさを超えています。"),
        (StatusCode::PAYLOAD_TOO_LARGE, false) => ("Too large", "This is more than can be handled at once."),
        (StatusCode::INTERNAL_SERVER_ERROR, true) => (
            "エラーが発生しました",
            "こちらの不具合です。続く場合は次の番号を添えてお知らせください。",
        ),
        (StatusCode::INTERNAL_SERVER_ERROR, false) => (
            "Something went wrong",
            "This is a defect of ours. If it goes on, please tell us this number.",
        ),
        (_, true) => ("受け付けられません", "この要求は処理できません。"),
        (_, false) => ("Refused", "This request cannot be answered."),
    };
    (title, text, home)
}
