//! `/snapshots`: the dated copies of a person's mail, to choose from. Made here and without scripting, so that the browser's half carries
//! nothing of it.

use super::error::{self, escape};
use crate::{
    assets,
    middleware::{account::SignedIn, notices, viewer},
    state::AppState,
};
use api_types::{SnapshotLine, SnapshotList};
use app::{paths, wording::Dates, words::Words};
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use mailroom::Clock;

/// Sends the page. Where no copy could be looked for it is none that could be empty.
pub async fn get(State(app): State<AppState>, Extension(person): Extension<SignedIn>, headers: HeaderMap) -> Response {
    let prefs = viewer::prefs(&headers, app.settings());
    let dates = Dates::new(&prefs, app.clock().now());
    let listed = match app.mailroom().reader(&person.account) {
        Ok(reader) => reader.snapshots(&dates).await,
        Err(error) => Err(error),
    };
    let list = match listed {
        Ok(list) => list,
        Err(error) => return error::mailroom(&app, &headers, &error),
    };
    let status = match list.lines.is_empty() && list.trouble.is_some() {
        true => StatusCode::SERVICE_UNAVAILABLE,
        false => StatusCode::OK,
    };
    let words = prefs.lang.words();
    let icon = assets::names().icon.as_deref();
    let icon = icon
        .map(|icon| format!("<link rel=\"icon\" href=\"{icon}\">"))
        .unwrap_or_default();
    let html = format!(
        "<!DOCTYPE html><html lang=\"{lang}\" data-theme=\"{theme}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><title>{title} — {site}</title>\
         <link rel=\"stylesheet\" href=\"{css}\">{icon}</head><body class=\"bare\">{notices}{body}</body></html>",
        lang = prefs.lang.tag(),
        theme = prefs.theme.as_str(),
        title = words.snapshots.title,
        site = escape(app.settings().site_name(prefs.lang)),
        css = assets::names().css,
        notices = notices::all(&app, &prefs),
        body = body(words, app.settings().site_name(prefs.lang), &list),
    );
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}

fn body(words: &Words, site: &str, list: &SnapshotList) -> String {
    let w = &words.snapshots;
    let lines: String = list.lines.iter().map(|copy| line(words, copy)).collect();
    let trouble = match list.trouble {
        Some(_) => format!("<p class=\"note\" role=\"status\">{}</p>", w.trouble),
        None if list.lines.is_empty() => format!("<p class=\"small\">{}</p>", w.none),
        None => String::new(),
    };
    format!(
        "<header class=\"top\"><a class=\"home\" href=\"/\"><span class=\"brand\"><span class=\"mark\" aria-hidden=\"true\"></span>\
         <span class=\"name\">{site}</span></span></a><span class=\"grow\"></span><a href=\"/\">{back}</a></header>\
         <main class=\"snapshots\"><h1>{title}</h1><p>{lead}</p>{trouble}<ul class=\"card\">\
         <li><a href=\"/\"><span class=\"dot\" aria-hidden=\"true\"></span><strong>{live}</strong></a></li>{lines}</ul></main>",
        site = escape(site),
        back = w.back,
        title = w.title,
        lead = w.lead,
        live = w.live,
    )
}

/// The date, which leads into the copy, and what the copy is.
fn line(words: &Words, copy: &SnapshotLine) -> String {
    let w = &words.snapshots;
    let when = match &copy.as_of {
        Some(at) => format!("<time datetime=\"{}\">{}</time>", escape(&at.rfc3339), escape(&at.full)),
        None => escape(&(w.named)(&copy.name)),
    };
    let (source, condition) = match copy.whole {
        true => ("snapshot", w.whole),
        false => ("unmarked", w.unmarked),
    };
    format!(
        "<li data-source=\"{source}\"><a href=\"{href}\"><span class=\"dot\" aria-hidden=\"true\"></span><strong>{when}</strong> \
         <span class=\"small\">{condition}</span></a></li>",
        href = escape(&paths::mailbox(&copy.inbox)),
    )
}
