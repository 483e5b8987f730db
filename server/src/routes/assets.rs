//! Embedded files, in the best form the browser takes.

use crate::{
    assets::File,
    middleware::{compress::accepts, security_headers::Class},
};
use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};

/// Sends `file`.
pub fn send(file: &'static File, headers: &HeaderMap) -> Response {
    let accepts = |coding| accepts(headers, coding);
    let (bytes, coding) = match (file.br, file.gzip) {
        (Some(br), _) if accepts("br") => (br, Some("br")),
        (_, Some(gzip)) if accepts("gzip") => (gzip, Some("gzip")),
        _ => (file.plain, None),
    };
    let mut response = bytes.into_response();
    response
        .extensions_mut()
        .insert(if file.hashed { Class::Asset } else { Class::Fixed });
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}
