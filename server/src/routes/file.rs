//! A file out of a letter: its headers, the range asked for, and its bytes as they come from the spool.

use super::{
    error,
    range::{Wanted, wanted},
};
use crate::{clock::rfc3339, middleware::security_headers::Class, state::AppState};
use api_types::Source;
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use mailroom::{Clock, Download};

/// `Content-Disposition: attachment` with a name for old and new readers (RFC 6266 §4.3, RFC 8187).
pub fn attachment_header(name: &str) -> HeaderValue {
    let (ascii, encoded) = mailroom::disposition_file_name(name);
    HeaderValue::from_str(&format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

/// Says where a file comes from and as of when, as a page's pill does; nothing to say of the time is said.
pub fn say(response: &mut Response, source: Source, as_of: Option<&str>) {
    let out = response.headers_mut();
    out.insert("x-fumibako-source", HeaderValue::from_static(source.as_str()));
    if let Some(as_of) = as_of.and_then(|as_of| as_of.parse().ok()) {
        out.insert("x-fumibako-as-of", as_of);
    }
}

/// The same of a file out of a letter. What comes from the spool is so now.
pub fn say_of(app: &AppState, response: &mut Response, download: &Download) {
    let (source, as_of) = download.told();
    let as_of = as_of.or((source == Source::Live).then(|| app.clock().now()));
    say(response, source, as_of.map(rfc3339).as_deref());
}

/// A file to be saved, of a length that is not known yet.
pub fn saved(body: Body, name: &str) -> Response {
    let mut response = body.into_response();
    response.extensions_mut().insert(Class::Attachment);
    let out = response.headers_mut();
    out.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/octet-stream"),
    );
    out.insert(header::CONTENT_DISPOSITION, attachment_header(name));
    response
}

/// Sends `download`. Without `disposition` it is shown by itself. `identity` is what makes the file this file.
pub fn send(
    app: &AppState,
    headers: &HeaderMap,
    download: &Download,
    identity: &str,
    content_type: &'static str,
    disposition: Option<HeaderValue>,
) -> Response {
    let tag = blake3::hash(format!("{identity}\0{}", download.len).as_bytes());
    let etag = format!("\"{}\"", &tag.to_hex()[..32]);
    let (status, range) = match wanted(headers, download.len, &etag) {
        Wanted::Whole => (StatusCode::OK, 0..download.len),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Wanted::Unsatisfiable => {
            let mut response = error::page(app, headers, StatusCode::RANGE_NOT_SATISFIABLE);
            if let Ok(value) = format!("bytes */{}", download.len).parse() {
                response.headers_mut().insert(header::CONTENT_RANGE, value);
            }
            return response;
        }
    };
    let mut response = Body::from_stream(download.stream(range.clone())).into_response();
    *response.status_mut() = status;
    say_of(app, &mut response, download);
    response.extensions_mut().insert(Class::Attachment);
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    out.insert(header::CONTENT_LENGTH, (range.end - range.start).into());
    out.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Ok(etag) = etag.parse() {
        out.insert(header::ETAG, etag);
    }
    if status == StatusCode::PARTIAL_CONTENT
        && let Ok(value) = format!("bytes {}-{}/{}", range.start, range.end - 1, download.len).parse()
    {
        out.insert(header::CONTENT_RANGE, value);
    }
    if let Some(disposition) = disposition {
        out.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
