//! `/m/{mailbox}/{message}/parts.zip`: every attachment in one file, made while it is sent.

use super::{
    error, file,
    part::FileQuery,
    streamed::{self, AT_ONCE, Sink},
};
use crate::{
    middleware::{account::SignedIn, viewer},
    state::AppState,
    zip_names,
    zip_writer::{Stamp, ZipWriter},
};
use api_types::{MailboxId, MessageId};
use app::wording::Dates;
use axum::{
    Extension,
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};
use futures::StreamExt;
use mailroom::{Clock, Download, Wording};
use std::io;
use tokio::runtime::Handle;

/// Sends the zip.
pub async fn get(
    State(app): State<AppState>,
    Extension(person): Extension<SignedIn>,
    Path((mailbox, message)): Path<(String, String)>,
    Query(query): Query<FileQuery>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let found = match app.mailroom().reader(&person.account) {
        Ok(reader) => {
            reader
                .attachments(&MailboxId(mailbox), &MessageId(message), query.of.as_deref())
                .await
        }
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
    let mut response = file::saved(Body::empty(), "attachments.zip");
    // All are of one letter.
    file::say_of(&app, &mut response, &downloads[0]);
    if method != Method::HEAD {
        let runtime = Handle::current();
        let now = app.clock().now();
        let dates = Dates::new(&viewer::prefs(&headers, app.settings()), now);
        let stamp = Stamp::told(&dates.moment(now).rfc3339);
        let scratch = app.mailroom().disk().to_owned();
        *response.body_mut() =
            streamed::written(move |sink| write_zip(&runtime, &downloads, stamp, ZipWriter::new(sink, scratch)));
    }
    response
}

fn write_zip(runtime: &Handle, downloads: &[Download], stamp: Stamp, mut zip: ZipWriter<Sink>) -> io::Result<()> {
    let names = zip_names::unique(downloads.iter().map(|download| download.name.as_str()));
    for (download, name) in downloads.iter().zip(names) {
        let mut bytes = download.stream(0..download.len);
        let mut chunks =
            std::iter::from_fn(|| runtime.block_on(bytes.next())).map(|chunk| chunk.map_err(io::Error::other));
        // Its length can stand before it.
        if download.len <= AT_ONCE {
            zip.whole(&name, stamp, &chunks.collect::<io::Result<Vec<_>>>()?)?;
        } else {
            zip.stream(&name, stamp, |out| chunks.try_for_each(|chunk| out.write_all(&chunk?)))?;
        }
    }
    zip.finish().map(drop)
}
