//! `/m/{mailbox}/export?format=mbox|zip`: a whole mailbox to take along, made while it is sent, also while the spool does not answer.
//! What comes from a kept copy, and what could not be had, is told at its end.

use super::{
    error, file,
    streamed::{self, Sink},
};
use crate::{
    mbox_writer::{Quoted, from_line},
    middleware::{account::SignedIn, viewer},
    state::AppState,
    zip_names,
};
use api_types::MailboxId;
use app::{wording::Dates, words::Words};
use axum::{
    Extension,
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};
use bytes::Bytes;
use data_encoding::BASE64;
use futures::StreamExt;
use mailroom::{Clock, Download, ExportPlan, Exported, Reader};
use serde::Deserialize;
use std::{
    fmt::Write as _,
    io::{self, Write},
};
use tokio::runtime::Handle;
use zip::{ZipWriter, write::SimpleFileOptions};

/// In which form.
#[derive(Deserialize)]
pub struct ExportQuery {
    #[serde(default)]
    format: String,
}

/// Sends the mailbox.
pub async fn get(
    State(app): State<AppState>,
    Extension(person): Extension<SignedIn>,
    Path(mailbox): Path<String>,
    Query(query): Query<ExportQuery>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let is_zip = match query.format.as_str() {
        "zip" => true,
        "mbox" | "" => false,
        _ => return error::page(&app, &headers, StatusCode::BAD_REQUEST),
    };
    let mailbox = MailboxId(mailbox);
    let planned = match app.mailroom().reader(&person.account) {
        Ok(reader) => reader.export_plan(&mailbox).await.map(|plan| (reader, plan)),
        Err(error) => Err(error),
    };
    let (reader, plan) = match planned {
        Ok(planned) => planned,
        Err(error) => return error::mailroom(&app, &headers, &error),
    };
    let name = format!("{}.{}", plan.name, if is_zip { "zip" } else { "mbox" });
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        let (prefs, now) = (viewer::prefs(&headers, app.settings()), app.clock().now());
        let export = Export {
            reader,
            mailbox,
            plan,
            words: prefs.lang.words(),
            dates: Dates::new(&prefs, now),
            now,
            runtime: Handle::current(),
        };
        streamed::written(move |sink| if is_zip { export.zip(sink) } else { export.mbox(sink) })
    };
    file::saved(body, &name)
}

struct Export {
    reader: Reader,
    mailbox: MailboxId,
    plan: ExportPlan,
    words: &'static Words,
    dates: Dates,
    /// In seconds.
    now: i64,
    runtime: Handle,
}

/// What is told at the end.
#[derive(Default)]
struct Told {
    whole: usize,
    copies: usize,
    missing: String,
}

impl Export {
    fn mbox(&self, mut sink: Sink) -> io::Result<()> {
        let mut told = Told::default();
        let mut put = |received: i64, pieces: &mut dyn Iterator<Item = io::Result<Bytes>>| -> io::Result<()> {
            let (mut quoted, mut out) = (Quoted::default(), from_line(received).into_bytes());
            for piece in pieces {
                quoted.feed(&piece?, &mut out);
                sink.write_all(&out)?;
                out.clear();
            }
            quoted.finish(&mut out);
            sink.write_all(&out)
        };
        for message in self.messages() {
            if let Some(download) = told.of(&message) {
                put(message.received, &mut self.pieces(download))?;
            }
        }
        if let Some(text) = told.text(self.words) {
            // RFC 2047 §2; it is short.
            let subject = BASE64.encode(self.words.export.title.as_bytes());
            let note = format!(
                "From: Fumibako <>\nSubject: =?utf-8?B?{subject}?=\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}"
            );
            put(self.now, &mut std::iter::once(Ok(note.into())))?;
        }
        sink.flush()
    }

    fn zip(&self, sink: Sink) -> io::Result<()> {
        let mut told = Told::default();
        // A mailbox may hold more than 4 GiB.
        let options = SimpleFileOptions::default().large_file(true);
        let mut zip = ZipWriter::new_stream(sink);
        for message in self.messages() {
            let Some(download) = told.of(&message) else {
                continue;
            };
            let day = message.when.rfc3339.get(..10).unwrap_or_default();
            zip.start_file(
                zip_names::safe(&format!("{day} {} {}.eml", message.subject, message.id.0)),
                options,
            )?;
            for piece in self.pieces(download) {
                zip.write_all(&piece?)?;
            }
        }
        if let Some(text) = told.text(self.words) {
            zip.start_file("README.txt", options)?;
            zip.write_all(text.as_bytes())?;
        }
        zip.finish()?.into_inner().flush()
    }

    fn messages(&self) -> impl Iterator<Item = Exported> {
        let mut messages = self.reader.export(&self.mailbox, &self.plan, &self.dates);
        std::iter::from_fn(move || self.runtime.block_on(messages.next()))
    }

    fn pieces(&self, download: &Download) -> impl Iterator<Item = io::Result<Bytes>> {
        let mut pieces = download.stream(0..download.len);
        std::iter::from_fn(move || self.runtime.block_on(pieces.next())).map(|piece| piece.map_err(io::Error::other))
    }
}

impl Told {
    /// The bytes of a message, if there are any; notes which there were.
    fn of<'a>(&mut self, message: &'a Exported) -> Option<&'a Download> {
        match &message.download {
            Ok(download) => {
                self.whole += 1;
                self.copies += usize::from(download.is_copy());
                Some(download)
            }
            Err(_) => {
                let _ = writeln!(
                    self.missing,
                    "{}  {}",
                    message.when.full,
                    message.subject.replace(['\r', '\n'], " ")
                );
                None
            }
        }
    }

    /// `None` if everything is there as it lies in the spool.
    fn text(&self, words: &Words) -> Option<String> {
        if self.copies == 0 && self.missing.is_empty() {
            return None;
        }
        let w = &words.export;
        let mut text = format!("{}\n", (w.copies)(&self.copies.to_string(), &self.whole.to_string()));
        if !self.missing.is_empty() {
            let _ = write!(text, "\n{}\n\n{}", w.missing, self.missing);
        }
        Some(text)
    }
}
