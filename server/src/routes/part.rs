//! `/m/{mailbox}/{message}/part/{n}`: an attachment, streamed. `?view=1` shows a raster image by itself (security.md 3.4).

use super::{error, file};
use crate::{middleware::account::SignedIn, state::AppState};
use api_types::{MailboxId, MessageId};
use axum::{
    Extension,
    extract::{Path, Query, State},
    http::HeaderMap,
    response::Response,
};
use serde::Deserialize;

/// How a file is wanted.
#[derive(Debug, Default, Deserialize)]
pub struct FileQuery {
    /// `1`: shown by itself, where that is safe.
    #[serde(default)]
    pub view: String,
    /// Which letter it was shown with.
    pub of: Option<String>,
}

/// Sends the part.
pub async fn get(
    State(app): State<AppState>,
    Extension(person): Extension<SignedIn>,
    Path((mailbox, message, part)): Path<(String, String, String)>,
    Query(query): Query<FileQuery>,
    headers: HeaderMap,
) -> Response {
    // A part that is no number is a part that does not exist.
    let Ok(number) = part.parse::<u32>() else {
        return error::mailroom(&app, &headers, &mailroom::MailroomError::NotFound);
    };
    let found = match app.mailroom().reader(&person.account) {
        Ok(reader) => {
            reader
                .part(
                    &MailboxId(mailbox),
                    &MessageId(message.clone()),
                    number,
                    query.of.as_deref(),
                )
                .await
        }
        Err(error) => Err(error),
    };
    let download = match found {
        Ok(download) => download,
        Err(error) => return error::mailroom(&app, &headers, &error),
    };
    let identity = format!("{}\0{message}\0{number}", person.account);
    match download.image.filter(|_| query.view == "1") {
        Some(image) => file::send(&app, &headers, &download, &identity, image, None),
        None => {
            let disposition = Some(file::attachment_header(&download.name));
            file::send(
                &app,
                &headers,
                &download,
                &identity,
                "application/octet-stream",
                disposition,
            )
        }
    }
}
