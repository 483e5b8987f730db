//! `/m/{mailbox}/{message}/source`: the message as it lies in the spool. `?view=1` shows it as text.

use super::{error, file, part::FileQuery};
use crate::{middleware::account::SignedIn, middleware::security_headers::Class, plain, state::AppState};
use api_types::{MailboxId, MessageId};
use axum::{
    Extension,
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use futures::StreamExt;

/// Sends the message.
pub async fn get(
    State(app): State<AppState>,
    Extension(person): Extension<SignedIn>,
    Path((mailbox, message)): Path<(String, String)>,
    Query(query): Query<FileQuery>,
    headers: HeaderMap,
) -> Response {
    let found = match app.mailroom().reader(&person.account) {
        Ok(reader) => reader.source(&MailboxId(mailbox), &MessageId(message.clone())).await,
        Err(error) => Err(error),
    };
    let download = match found {
        Ok(download) => download,
        Err(error) => return error::mailroom(&app, &headers, &error),
    };
    if query.view != "1" {
        let identity = format!("{}\0{message}\0source", person.account);
        let disposition = Some(file::attachment_header(&download.name));
        return file::send(&app, &headers, &download, &identity, "text/plain", disposition);
    }
    let mut response = Response::new(Body::empty());
    file::say_of(&app, &mut response, &download);
    let mut visible = plain::Visible::default();
    let text = download
        .stream(0..download.len)
        .map(move |chunk| chunk.map(|bytes| visible.push(&bytes)));
    *response.body_mut() = Body::from_stream(text);
    response.extensions_mut().insert(Class::Attachment);
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}
