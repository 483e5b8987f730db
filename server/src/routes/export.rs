//! `/m/{mailbox}/export?format=mbox|zip`: a whole mailbox to take along, made while it is sent, also while the spool does not answer.
//! What comes from a kept copy, and what could not be had, is told at its end.

use super::{error, file::attachment_header, streamed::Sink};
use crate::{
    mbox_writer::{Quoted, from_line},
    middleware::{account::SignedIn, security_headers::Class, viewer},
    state::AppState,
    zip_names,
};
use api_types::MailboxId;
use app::{prefs::Prefs, wording::Dates, words::Words};
use axum::{
    Extension,
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use data_encoding::BASE64;
use futures::StreamExt;
use mailroom::{Clock, ExportPlan, Exported, Reader};
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
    let prefs = viewer::prefs(&headers, app.settings());
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        let export = Export {
            reader,
            mailbox,
            plan,
            words: prefs.lang.words(),
            told: Told::default(),
        };
        stream(export, &prefs, app.clock().now(), is_zip)
    };
    let mut response = body.into_response();
    response.extensions_mut().insert(Class::Attachment);
    let out = response.headers_mut();
    out.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/octet-stream"),
    );
    out.insert(header::CONTENT_DISPOSITION, attachment_header(&name));
    response
}

struct Export {
    reader: Reader,
    mailbox: MailboxId,
    plan: ExportPlan,
    words: &'static Words,
    told: Told,
}

/// What is told at the end.
#[derive(Default)]
struct Told {
    whole: usize,
    copies: usize,
    missing: String,
}

fn stream(export: Export, prefs: &Prefs, now: i64, is_zip: bool) -> Body {
    let dates = Dates::new(prefs, now);
    let (sink, body) = Sink::new();
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        let failed = sink.failure();
        let written = if is_zip {
            export.zip(&runtime, &dates, now, sink)
        } else {
            export.mbox(&runtime, &dates, now, sink)
        };
        // An error in the stream breaks the transfer off, so nobody takes half of it for the whole.
        if let Err(error) = written {
            failed.tell(error);
        }
    });
    body
}

impl Export {
    fn mbox(mut self, runtime: &Handle, dates: &Dates, now: i64, mut sink: Sink) -> io::Result<()> {
        let (reader, mailbox, plan) = (self.reader.clone(), self.mailbox.clone(), self.plan.clone());
        let mut messages = reader.export(&mailbox, &plan, dates);
        while let Some(message) = runtime.block_on(messages.next()) {
            let Some(download) = self.told.of(&message) else {
                continue;
            };
            sink.write_all(from_line(message.received).as_bytes())?;
            let (mut quoted, mut out) = (Quoted::default(), Vec::new());
            let mut bytes = download.stream(0..download.len);
            while let Some(chunk) = runtime.block_on(bytes.next()) {
                quoted.feed(&chunk.map_err(io::Error::other)?, &mut out);
                sink.write_all(&out)?;
                out.clear();
            }
            quoted.finish(&mut out);
            sink.write_all(&out)?;
        }
        if let Some(text) = self.told.text(self.words) {
            let title = self.words.export.title;
            // RFC 2047 §2; it is short.
            let subject = format!("=?utf-8?B?{}?=", BASE64.encode(title.as_bytes()));
            let head = format!(
                "From: Fumibako <>\nSubject: {subject}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
            );
            let mut out = from_line(now).into_bytes();
            let mut quoted = Quoted::default();
            quoted.feed(format!("{head}{text}").as_bytes(), &mut out);
            quoted.finish(&mut out);
            sink.write_all(&out)?;
        }
        sink.flush()
    }

    fn zip(mut self, runtime: &Handle, dates: &Dates, _now: i64, sink: Sink) -> io::Result<()> {
        // A mailbox may hold more than 4 GiB.
        let options = SimpleFileOptions::default().large_file(true);
        let mut zip = ZipWriter::new_stream(sink);
        let (reader, mailbox, plan) = (self.reader.clone(), self.mailbox.clone(), self.plan.clone());
        let mut messages = reader.export(&mailbox, &plan, dates);
        while let Some(message) = runtime.block_on(messages.next()) {
            let Some(download) = self.told.of(&message) else {
                continue;
            };
            let day = message.when.rfc3339.get(..10).unwrap_or_default();
            let name =
                zip_names::unique([format!("{day} {} {}.eml", message.subject, message.id.0).as_str()].into_iter());
            zip.start_file(name.concat(), options)?;
            let mut bytes = download.stream(0..download.len);
            while let Some(chunk) = runtime.block_on(bytes.next()) {
                zip.write_all(&chunk.map_err(io::Error::other)?)?;
            }
        }
        if let Some(text) = self.told.text(self.words) {
            zip.start_file("README.txt", options)?;
            zip.write_all(text.as_bytes())?;
        }
        zip.finish()?.into_inner().flush()
    }
}

impl Told {
    /// The bytes of a message, if there are any; notes which there were.
    fn of<'a>(&mut self, message: &'a Exported) -> Option<&'a mailroom::Download> {
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
