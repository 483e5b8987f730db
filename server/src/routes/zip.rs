//! `/m/{mailbox}/{message}/parts.zip`: every attachment in one file, made while it is sent.

use super::{
    error, file,
    streamed::{self, Sink},
};
use crate::{middleware::account::SignedIn, state::AppState, zip_names};
use api_types::{MailboxId, MessageId};
use axum::{
    Extension,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};
use futures::StreamExt;
use mailroom::Download;
use std::io::{self, Write};
use tokio::runtime::Handle;
use zip::{ZipWriter, write::SimpleFileOptions};

/// Sends the zip.
pub async fn get(
    State(app): State<AppState>,
    Extension(person): Extension<SignedIn>,
    Path((mailbox, message)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let found = match app.mailroom().reader(&person.account) {
        Ok(reader) => reader.attachments(&MailboxId(mailbox), &MessageId(message)).await,
        Err(error) => Err(error),
    };
    let downloads = match found {
        Ok(downloads) => downloads,
        Err(error) => return error::mailroom(&app, &headers, &error),
    };
    let limits = &app.settings().limits;
    let bytes: u64 = downloads.iter().map(|download| download.len).sum();
    if downloads.is_empty() {
        return error::mailroom(&app, &headers, &mailroom::MailroomError::NotFound);
    }
    if downloads.len() > limits.zip_entries || bytes > limits.zip_bytes {
        return error::page(&app, &headers, StatusCode::PAYLOAD_TOO_LARGE);
    }
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        let runtime = Handle::current();
        streamed::written(move |sink| write_zip(&runtime, &downloads, sink))
    };
    file::saved(body, "attachments.zip")
}

fn write_zip(runtime: &Handle, downloads: &[Download], sink: Sink) -> io::Result<()> {
    let mut zip = ZipWriter::new_stream(sink);
    let names = zip_names::unique(downloads.iter().map(|download| download.name.as_str()));
    for (download, name) in downloads.iter().zip(names) {
        zip.start_file(name, SimpleFileOptions::default())?;
        let mut bytes = download.stream(0..download.len);
        while let Some(chunk) = runtime.block_on(bytes.next()) {
            zip.write_all(&chunk.map_err(io::Error::other)?)?;
        }
    }
    zip.finish()?.into_inner().flush()
}
