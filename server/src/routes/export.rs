//! Mail to take along: `/export` asks what and how, `/export/file` and `/m/{mailbox}/export` send it, made while it is sent, also while
//! the spool does not answer.

mod asked;
mod page;
mod rows;
mod running;
mod told;
mod writer;

pub use page::get as page;
pub use running::Running;

use super::{error, file, streamed};
use crate::{
    middleware::{account::SignedIn, viewer},
    state::AppState,
    words,
};
use api_types::{MailboxId, Source};
use app::{prefs::Lang, wording::Dates};
use asked::{Asked, Form};
use axum::{
    Extension,
    body::Body,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use mailroom::{Clock, ExportOf, ExportPlan, MailroomError};
use tokio::runtime::Handle;
use writer::Export;

/// What pages of all kinds say, and what an export says.
#[derive(Clone, Copy)]
struct Words {
    all: &'static app::words::Words,
    own: &'static words::Export,
}

impl Words {
    fn of(lang: Lang) -> Self {
        Self {
            all: lang.words(),
            own: &words::PageWords::of(lang).export,
        }
    }
}

/// Sends what the form of `/export` asks for.
pub async fn file(
    State(app): State<AppState>,
    Extension(person): Extension<SignedIn>,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
) -> Response {
    match Asked::read(query.as_deref().unwrap_or_default()) {
        Some(asked) => send(&app, &person, asked, &method, &headers).await,
        None => error::page(&app, &headers, StatusCode::BAD_REQUEST),
    }
}

/// Sends one mailbox.
pub async fn mailbox(
    State(app): State<AppState>,
    Extension(person): Extension<SignedIn>,
    Path(mailbox): Path<String>,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
) -> Response {
    match Asked::read(query.as_deref().unwrap_or_default()) {
        Some(asked) => {
            let of = ExportOf::Mailboxes(vec![MailboxId(mailbox)]);
            send(&app, &person, Asked { of, ..asked }, &method, &headers).await
        }
        None => error::page(&app, &headers, StatusCode::BAD_REQUEST),
    }
}

async fn send(app: &AppState, person: &SignedIn, asked: Asked, method: &Method, headers: &HeaderMap) -> Response {
    let prefs = viewer::prefs(headers, app.settings());
    let (words, now) = (Words::of(prefs.lang), app.clock().now());
    let dates = Dates::new(&prefs, now);
    let Some(between) = asked.between(&dates) else {
        return error::page(app, headers, StatusCode::BAD_REQUEST);
    };
    let planned = match app.mailroom().reader(&person.account) {
        Ok(reader) => reader.export_plan(&asked.of, &dates).await.map(|plan| (reader, plan)),
        Err(error) => Err(error),
    };
    let (reader, plan) = match planned {
        Ok((_, plan)) if plan.places.is_empty() => return error::mailroom(app, headers, &MailroomError::NotFound),
        Ok(planned) => planned,
        Err(error) => return error::mailroom(app, headers, &error),
    };
    let (name, label) = (file_name(&plan, asked.form, &words), plan.label.clone());
    let saved = |body| {
        let mut response = file::saved(body, &name);
        if let Some(label) = &label {
            let as_of = label.as_of.as_ref().map(|moment| moment.rfc3339.as_str());
            file::say(&mut response, label.source, as_of);
        }
        response
    };
    if method == Method::HEAD {
        return saved(Body::empty());
    }
    let Some(place) = app.exports().begin(&person.account) else {
        let mut response = error::notice(app, headers, StatusCode::TOO_MANY_REQUESTS, |_| words.own.busy, None);
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        return response;
    };
    let export = Export {
        reader,
        plan,
        between,
        form: asked.form,
        words,
        dates,
        now,
        runtime: Handle::current(),
        scratch: app.mailroom().disk().to_owned(),
    };
    let body = streamed::written(move |sink| {
        let _place = place;
        export.write(sink)
    });
    saved(body)
}

/// Says where it comes from and as of when, for whoever finds the file again.
fn file_name(plan: &ExportPlan, form: Form, words: &Words) -> String {
    let label = plan.label.as_ref();
    let at = label
        .and_then(|label| label.as_of.as_ref())
        .map(|at| at.rfc3339.as_str());
    // To the minute, without what file systems refuse.
    let at = at.and_then(|at| at.get(..16)).unwrap_or_default();
    let at = at.replace('T', " ").replace(':', "");
    let (what, of) = match (&plan.places[..], label.map(|label| label.source)) {
        // Its name has the date of the copy.
        ([place], Some(source)) if source.is_snapshot() => return format!("{}.{}", place.name, extension(form, true)),
        ([place], Some(Source::Live)) => (place.name.as_str(), words.own.name_live),
        ([place], _) => (place.name.as_str(), words.own.name_saved),
        // What it says of itself says it of each mailbox.
        _ => ("mail", ""),
    };
    let name: Vec<&str> = [what, &at, of].into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}.{}", name.join(" "), extension(form, plan.places.len() == 1))
}

fn extension(form: Form, is_one: bool) -> &'static str {
    match form {
        Form::Mbox if is_one => "mbox",
        _ => "zip",
    }
}
