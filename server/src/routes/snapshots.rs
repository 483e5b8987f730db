//! `/snapshots`: the dated copies of a person's mail, to choose from. Made here and without scripting, so that the browser's half carries
//! nothing of it.

use super::{
    error::{self, escape},
    sheet::{self, Sheet},
};
use crate::{
    middleware::{account::SignedIn, viewer},
    state::AppState,
};
use api_types::{SnapshotLine, SnapshotList};
use app::{paths, wording::Dates, words::Words};
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
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
    let sheet = Sheet {
        title: words.snapshots.title,
        head: "",
        onward: ("/", words.snapshots.back),
        kind: "snapshots",
        main: &main(words, &list),
        says_what_goes_on: false,
    };
    let mut response = sheet::send(&app, &prefs, &sheet);
    *response.status_mut() = status;
    response
}

fn main(words: &Words, list: &SnapshotList) -> String {
    let w = &words.snapshots;
    let lines: String = list.lines.iter().map(|copy| line(words, copy)).collect();
    let trouble = match list.trouble {
        Some(_) => format!("<p class=\"note\" role=\"status\">{}</p>", w.trouble),
        None if list.lines.is_empty() => format!("<p class=\"small\">{}</p>", w.none),
        None => String::new(),
    };
    format!(
        "<h1>{title}</h1><p>{lead}</p>{trouble}<ul class=\"card\">\
         <li><a href=\"/\"><span class=\"dot\" aria-hidden=\"true\"></span><strong>{live}</strong></a></li>{lines}</ul>",
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
