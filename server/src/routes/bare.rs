//! Pages of ours outside those of `app`: a head, a bar with the way back, and what is to be said; without scripting.

use super::error::escape;
use crate::{assets, settings::Settings};
use app::prefs::Prefs;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};

/// A page; `body` is HTML.
pub fn page(settings: &Settings, prefs: &Prefs, title: &str, body: &str) -> Response {
    let words = prefs.lang.words();
    let icon = assets::names().icon.as_deref();
    // Without one, browsers ask for an address that is not there.
    let icon = icon
        .map(|icon| format!("<link rel=\"icon\" href=\"{icon}\">"))
        .unwrap_or_default();
    let html = format!(
        "<!DOCTYPE html><html lang=\"{lang}\" data-theme=\"{theme}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><title>{title} · {site}</title>\
         <link rel=\"stylesheet\" href=\"{css}\">{icon}</head><body class=\"bare\"><header class=\"top\"><a class=\"home\" href=\"/\">\
         <span class=\"brand\"><span class=\"mark\" aria-hidden=\"true\"></span><span class=\"name\">{site}</span></span></a>\
         <span class=\"grow\"></span><a href=\"/\">{open}</a></header>{body}</body></html>",
        lang = prefs.lang.tag(),
        theme = prefs.theme.as_str(),
        title = escape(title),
        site = escape(settings.site_name(prefs.lang)),
        css = assets::names().css,
        open = words.status.open_mail,
    );
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}
