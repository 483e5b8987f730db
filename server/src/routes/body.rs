//! `/m/{mailbox}/{message}/body`: the document in a letter's frame, and the only way on which HTML from mail reaches a
//! browser (security.md 3.2). Its policy is the same for every view: no script, no network, `data:` images only; and, where images of
//! the letter did not fit into it, those at `/image/` (`image.rs`).

use super::error;
use crate::{middleware::account::SignedIn, middleware::security_headers::Class, middleware::viewer, state::AppState};
use api_types::{MailboxId, MessageId};
use app::wording::body_words;
use axum::{
    Extension,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use mailroom::{BodyRequest, BodyView, MailroomError};
use serde::Deserialize;

/// Which form of the body.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct BodyQuery {
    view: String,
    charset: Option<String>,
}

/// Sends the document.
pub async fn get(
    State(app): State<AppState>,
    Extension(person): Extension<SignedIn>,
    Path((mailbox, message)): Path<(String, String)>,
    Query(query): Query<BodyQuery>,
    headers: HeaderMap,
) -> Response {
    if !is_for_a_frame(&headers) {
        return error::page(&app, &headers, StatusCode::FORBIDDEN);
    }
    let view = match query.view.as_str() {
        "text" => BodyView::Text,
        "remote" => BodyView::Remote,
        "html" | "" => BodyView::Html,
        _ => return error::mailroom(&app, &headers, &MailroomError::NotFound),
    };
    let words = body_words(viewer::prefs(&headers, app.settings()).lang);
    let request = BodyRequest {
        view,
        charset: query.charset,
        words,
    };
    let found = match app.mailroom().reader(&person.account) {
        Ok(reader) => reader.body(&MailboxId(mailbox), &MessageId(message), &request).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(document) => {
            let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
            let class = match document.links_images {
                true => Class::FrameWithImages,
                false => Class::Frame,
            };
            let mut response = (kind, document.html).into_response();
            response.extensions_mut().insert(class);
            response
        }
        Err(error) => {
            let mut response = error::mailroom(&app, &headers, &error);
            // The frame must be able to show the page that says why; it has no script, and the policy forbids any.
            response.extensions_mut().insert(Class::Frame);
            response
        }
    }
}

/// Browsers say what they want the document for; one that says nothing still gets the policy.
fn is_for_a_frame(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    text("sec-fetch-site").is_none_or(|site| site == "same-origin")
        && text("sec-fetch-dest").is_none_or(|dest| matches!(dest, "iframe" | "document"))
}
