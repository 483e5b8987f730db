//! `/image/{mailbox}/{message}/{part}?t=…`: an image of a letter that did not fit into the document of its frame (security.md 3.3).
//!
//! The frame is sandboxed, so its requests carry no cookie: the URL is signed, and what it says is all that is asked. It goes on
//! being good for its ten minutes when the session of the person who opened the letter ends. It cannot be otherwise without telling
//! the URL of one session from that of another, and would give nothing: who has it was given the letter, and the browser keeps the
//! image for as long (signing out has it thrown away).

use super::error;
use crate::{middleware::security_headers::Class, rates::Kind, state::AppState};
use api_types::{MailboxId, MessageId};
use axum::{
    body::Body,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use mailroom::{Clock, MailroomError};
use serde::Deserialize;

/// What the paths of such images begin with; a document's policy names it.
pub const PREFIX: &str = "/image";

/// What makes the URL good.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Right {
    t: String,
}

/// Sends the image.
pub async fn get(
    State(app): State<AppState>,
    place: Result<Path<(MailboxId, MessageId, u32)>, PathRejection>,
    right: Result<Query<Right>, QueryRejection>,
) -> Response {
    let granted = match (place, right) {
        (Ok(Path((mailbox, message, part))), Ok(Query(right))) => {
            app.mailroom().granted_image(mailbox, message, part, &right.t)
        }
        _ => None,
    };
    let Some(granted) = granted else {
        return nothing(StatusCode::NOT_FOUND, None);
    };
    // Reading the spool is what costs, and nobody gets as far as that without a URL that was given to them.
    let now_ms = app.clock().now_ns() / 1_000_000;
    if let Err(seconds) = app.rates().count(Kind::Image, granted.account(), now_ms) {
        return nothing(StatusCode::TOO_MANY_REQUESTS, Some(seconds));
    }
    match granted.download().await {
        Ok((download, media_type)) => {
            let mut response = Body::from_stream(download.stream(0..download.len)).into_response();
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
            headers.insert(header::CONTENT_LENGTH, download.len.into());
            response
        }
        Err(MailroomError::Unavailable(cause)) => {
            tracing::warn!(?cause, "mail cannot be read now");
            nothing(StatusCode::SERVICE_UNAVAILABLE, Some(5))
        }
        Err(MailroomError::NotFound | MailroomError::Gone | MailroomError::Moved { .. }) => {
            nothing(StatusCode::NOT_FOUND, None)
        }
        Err(error) => {
            error::log(&error);
            nothing(StatusCode::INTERNAL_SERVER_ERROR, None)
        }
    }
}

/// An answer without a word: it stands in for an image, so nobody would read one, and it must not tell what was wrong with a URL.
fn nothing(status: StatusCode, wait: Option<u32>) -> Response {
    let mut response = status.into_response();
    // Not to be kept like an image.
    response.extensions_mut().insert(Class::Data);
    if let Some(seconds) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}
