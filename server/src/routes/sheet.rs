//! The document around pages that are made here, without scripting: the status, the help, the staff's pages, exports, dated copies.

use super::error::escape;
use crate::{assets, middleware::notices, state::AppState};
use app::prefs::Prefs;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};

/// A page: its title, what else stands in its head, where the link at its top right leads and what that says, what kind of page it is for
/// the style, and its content. All but the title are HTML.
pub struct Sheet<'a> {
    pub title: &'a str,
    pub head: &'a str,
    pub onward: (&'a str, &'a str),
    pub kind: &'a str,
    pub main: &'a str,
    /// What goes on stands in its content.
    pub says_what_goes_on: bool,
}

/// Sends it.
pub fn send(app: &AppState, prefs: &Prefs, sheet: &Sheet<'_>) -> Response {
    let icon = assets::names().icon.as_deref();
    let icon = icon
        .map(|icon| format!("<link rel=\"icon\" href=\"{icon}\">"))
        .unwrap_or_default();
    let (place, label) = sheet.onward;
    let html = format!(
        "<!DOCTYPE html><html lang=\"{lang}\" data-theme=\"{theme}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><title>{title} · {site}</title>\
         <link rel=\"stylesheet\" href=\"{css}\">{icon}{head}</head><body class=\"bare\"><header class=\"top\"><a class=\"home\" href=\"/\">\
         <span class=\"brand\"><span class=\"mark\" aria-hidden=\"true\"></span><span class=\"name\">{site}</span></span></a><span class=\"grow\"></span>\
         <a href=\"{place}\">{label}</a></header>{notices}<main class=\"{kind}\">{main}</main></body></html>",
        lang = prefs.lang.tag(),
        theme = prefs.theme.as_str(),
        title = escape(sheet.title),
        site = escape(app.settings().site_name(prefs.lang)),
        css = assets::names().css,
        head = sheet.head,
        kind = sheet.kind,
        main = sheet.main,
        notices = match sheet.says_what_goes_on {
            true => notices::drill(app, prefs),
            false => notices::all(app, prefs),
        },
    );
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}
