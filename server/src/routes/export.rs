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
use api_types::{Freshness, MailboxId, Source};
use app::{prefs::Lang, wording::Dates};
use asked::{Asked, Form};
use axum::{
    Extension,
    body::Body,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use mailroom::{Clock, ExportOf, ExportPlan, MailroomError, Reader, Wording};
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
        Ok(reader) => plan(reader, &asked.of, &dates).await,
        Err(error) => Err(error),
    };
    let (reader, plan, label) = match planned {
        Ok(planned) => planned,
        Err(error) => return error::mailroom(app, headers, &error),
    };
    let name = file_name(&plan, label.as_ref(), asked.form, &words, &dates, now);
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

/// What there is to send and, of a single mailbox, as of when.
async fn plan(
    reader: Reader,
    of: &ExportOf,
    dates: &Dates,
) -> Result<(Reader, ExportPlan, Option<Freshness>), MailroomError> {
    let plan = reader.export_plan(of).await?;
    let label = match &plan.places[..] {
        [place] => Some(reader.export_label(place, dates).await?),
        [] => return Err(MailroomError::NotFound),
        _ => None,
    };
    Ok((reader, plan, label))
}

/// Says where it comes from and as of when, for whoever finds the file again.
fn file_name(
    plan: &ExportPlan,
    label: Option<&Freshness>,
    form: Form,
    words: &Words,
    dates: &Dates,
    now: i64,
) -> String {
    let what = match &plan.places[..] {
        [place] => place.name.as_str(),
        _ => "mail",
    };
    let as_of = label.and_then(|label| label.as_of.clone());
    let at = as_of.unwrap_or_else(|| dates.moment(now)).rfc3339;
    // To the minute, without what file systems refuse.
    let at = at.get(..16).unwrap_or_default().replace('T', " ").replace(':', "");
    let extension = match form {
        Form::Mbox if plan.places.len() == 1 => "mbox",
        _ => "zip",
    };
    match label {
        // Its name has the date of the copy.
        Some(label) if label.source.is_snapshot() => format!("{what}.{extension}"),
        Some(label) => {
            let of = match label.source {
                Source::Live => words.own.name_live,
                _ => words.own.name_saved,
            };
            format!("{what} {at} {of}.{extension}")
        }
        // What it says of itself says it of each mailbox.
        None => format!("{what} {at}.{extension}"),
    }
}
