//! `/m/{mailbox}/{message}/parts.zip`: every attachment in one file, made while it is sent.

use super::{error, file::attachment_header};
use crate::{middleware::account::SignedIn, middleware::security_headers::Class, state::AppState, zip_names};
use api_types::{MailboxId, MessageId};
use axum::{
    Extension,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::{StreamExt, stream};
use mailroom::Download;
use std::io::{self, Write};
use tokio::{runtime::Handle, sync::mpsc};
use zip::{ZipWriter, write::SimpleFileOptions};

/// Chunks on their way to a slow reader.
const CHUNKS_AHEAD: usize = 4;
const CHUNK: usize = 64 << 10;

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
        stream_zip(downloads)
    };
    let mut response = body.into_response();
    response.extensions_mut().insert(Class::Attachment);
    let out = response.headers_mut();
    out.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/octet-stream"),
    );
    out.insert(header::CONTENT_DISPOSITION, attachment_header("attachments.zip"));
    response
}

fn stream_zip(downloads: Vec<Download>) -> Body {
    let (sender, receiver) = mpsc::channel::<io::Result<Bytes>>(CHUNKS_AHEAD);
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        let sink = Sink {
            sender: sender.clone(),
            buffer: Vec::with_capacity(CHUNK),
        };
        if let Err(error) = write_zip(&runtime, &downloads, sink) {
            // An error in the stream breaks the transfer off, so nobody takes half a zip for a whole one.
            let _ = sender.blocking_send(Err(error));
        }
    });
    Body::from_stream(stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|chunk| (chunk, receiver))
    }))
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

/// Passes what is written on to the reader, in chunks.
struct Sink {
    sender: mpsc::Sender<io::Result<Bytes>>,
    buffer: Vec<u8>,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let chunk = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK)).into();
        self.sender
            .blocking_send(Ok(chunk))
            .map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}
