//! `/status/incidents`: where staff tell everybody what is wrong, planned or over, as `fumibako incident` does. Without scripting. For who
//! is not staff there is no such page.

mod form;
mod typed;
mod view;

use super::{auth::transaction::parameter, error, pages, posted::Posted};
use crate::{
    admission,
    middleware::{
        account::{self, SignedIn},
        viewer,
    },
    random,
    state::AppState,
};
use ::state::{Incident, IncidentUpdate, Revised, Revision, StateError};
use axum::{
    Extension,
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use mailroom::Clock;
use typed::{Told, Typed, Wrong};
use view::StaffPage;

/// Lets staff pass. Others get what an address that leads nowhere gives them; who is not signed in may be staff.
pub async fn guard(State(app): State<AppState>, request: Request<Body>, next: Next) -> Response {
    let person = request.extensions().get::<SignedIn>();
    match person.map(|person| app.settings().is_staff(&person.account)) {
        Some(true) => next.run(request).await,
        None if !app.settings().staff.is_empty() => account::require(State(app), request, next).await,
        Some(false) | None => pages::render(State(app), request).await,
    }
}

/// All of them, and a form for a new one.
pub async fn list(
    State(app): State<AppState>,
    Extension(person): Extension<SignedIn>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let done = uri.query().and_then(|query| parameter(query, "done"));
    let prefs = viewer::prefs(&headers, app.settings());
    match incidents(&app).await {
        Ok(incidents) => {
            let page = StaffPage::new(&app, &person, &prefs);
            page.list(
                StatusCode::OK,
                &incidents,
                &Typed::new(random::short_id()),
                &[],
                done.as_deref(),
            )
        }
        Err(error) => error::incident(&app, &headers, &error.to_string()),
    }
}

/// One, and a form to tell more of it.
pub async fn one(
    State(app): State<AppState>,
    Extension(person): Extension<SignedIn>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let prefs = viewer::prefs(&headers, app.settings());
    match find(&app, &id).await {
        Ok(Some(incident)) => {
            let page = StaffPage::new(&app, &person, &prefs);
            let typed = Typed::of(&incident, &page.zone);
            page.one(StatusCode::OK, &incident, &typed, &[])
        }
        Ok(None) => error::page(&app, &headers, StatusCode::NOT_FOUND),
        Err(error) => error::incident(&app, &headers, &error.to_string()),
    }
}

/// Tells of a new one. It has the name that the form was given, so that a form that is sent twice tells once.
pub async fn open(
    State(app): State<AppState>,
    Extension(person): Extension<SignedIn>,
    headers: HeaderMap,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Response {
    if person.read_only {
        return error::page(&app, &headers, StatusCode::FORBIDDEN);
    }
    let prefs = viewer::prefs(&headers, app.settings());
    let page = StaffPage::new(&app, &person, &prefs);
    let typed = Typed::read(pairs);
    let again = async |status, wrong: &[Wrong]| {
        // The form must not be lost with the list.
        let incidents = incidents(&app).await.unwrap_or_default();
        page.list(status, &incidents, &typed, wrong, None)
    };
    let Told {
        severity,
        affects,
        from,
        until,
        texts: Some((text_ja, text_en)),
    } = (match typed.checked(&app.status().known_services(), &page.zone, page.words, false) {
        Ok(told) => told,
        Err(wrong) => return again(StatusCode::UNPROCESSABLE_ENTITY, &wrong).await,
    })
    else {
        return error::page(&app, &headers, StatusCode::BAD_REQUEST);
    };
    let now = app.clock().now();
    let incident = Incident {
        id: typed.id.clone(),
        opened: now,
        closed: None,
        severity,
        affects,
        scheduled_from: from,
        scheduled_until: until,
        updates: vec![IncidentUpdate {
            at: now,
            text_ja,
            text_en,
            by: person.account.clone(),
        }],
    };
    match app.state().open_incident(&incident).await {
        Ok(true) => {
            note(
                &app,
                &person,
                "incident opened",
                &format!("{} {}", incident.id, severity.word()),
            )
            .await;
            done(&app, "opened").await
        }
        // The answer to the first time was lost. What was corrected since is not told yet.
        Ok(false) => match find(&app, &incident.id).await {
            Ok(Some(told)) if !says_the_same(&told, &incident) => page.one(
                StatusCode::CONFLICT,
                &told,
                &typed.having_seen(&told),
                &[page.meanwhile()],
            ),
            _ => done(&app, "opened").await,
        },
        Err(error) => again(StatusCode::SERVICE_UNAVAILABLE, &[page.not_written(&error)]).await,
    }
}

/// Tells more of one, or that it is over.
pub async fn change(
    State(app): State<AppState>,
    Extension(person): Extension<SignedIn>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Response {
    if person.read_only {
        return error::page(&app, &headers, StatusCode::FORBIDDEN);
    }
    let prefs = viewer::prefs(&headers, app.settings());
    let page = StaffPage::new(&app, &person, &prefs);
    let closes = pairs.iter().any(|(name, value)| name == "do" && value == "close");
    let typed = Typed::read(pairs);
    let incident = match find(&app, &id).await {
        Ok(Some(incident)) => incident,
        Ok(None) => return error::page(&app, &headers, StatusCode::NOT_FOUND),
        Err(error) => return error::incident(&app, &headers, &error.to_string()),
    };
    // What it was about before may be no service here any more.
    let mut known = app.status().known_services();
    known.extend(incident.affects.iter().map(String::as_str));
    let told = match typed.checked(&known, &page.zone, page.words, closes) {
        Ok(told) => told,
        Err(wrong) => return page.one(StatusCode::UNPROCESSABLE_ENTITY, &incident, &typed, &wrong),
    };
    let Some(seen) = typed.seen() else {
        return error::page(&app, &headers, StatusCode::BAD_REQUEST);
    };
    let now = app.clock().now();
    let revision = Revision {
        severity: told.severity,
        affects: told.affects,
        scheduled_from: told.from,
        scheduled_until: told.until,
        closed: closes.then_some(now),
        told: told.texts.map(|(text_ja, text_en)| IncidentUpdate {
            at: now,
            text_ja,
            text_en,
            by: person.account.clone(),
        }),
    };
    match app.state().revise_incident(&id, seen, &revision).await {
        Ok(Revised::Done) => {
            let (event, word) = match closes {
                true => ("incident closed", "closed"),
                false => ("incident updated", "updated"),
            };
            note(&app, &person, event, &format!("{id} {}", revision.severity.word())).await;
            done(&app, word).await
        }
        Ok(Revised::Meanwhile) => match find(&app, &id).await {
            Ok(Some(now)) => page.one(
                StatusCode::CONFLICT,
                &now,
                &typed.told_after(&now, &page.zone),
                &[page.meanwhile()],
            ),
            _ => error::page(&app, &headers, StatusCode::NOT_FOUND),
        },
        Ok(Revised::Absent) => error::page(&app, &headers, StatusCode::NOT_FOUND),
        Err(error) => {
            let wrong = [page.not_written(&error)];
            page.one(StatusCode::SERVICE_UNAVAILABLE, &incident, &typed, &wrong)
        }
    }
}

/// But for when.
fn says_the_same(told: &Incident, sent: &Incident) -> bool {
    let said = |incident: &Incident| {
        let first = incident.updates.first();
        first.map(|update| (update.text_ja.clone(), update.text_en.clone()))
    };
    let about = |incident: &Incident| (incident.severity, incident.affects.clone());
    let planned = |incident: &Incident| (incident.scheduled_from, incident.scheduled_until);
    said(told) == said(sent) && about(told) == about(sent) && planned(told) == planned(sent)
}

async fn incidents(app: &AppState) -> Result<Vec<Incident>, StateError> {
    app.state().incidents(app.clock().now()).await
}

async fn find(app: &AppState, id: &str) -> Result<Option<Incident>, StateError> {
    let incidents = incidents(app).await?;
    Ok(incidents.into_iter().find(|incident| incident.id == id))
}

/// In the audit log, with who did it.
async fn note(app: &AppState, person: &SignedIn, event: &str, detail: &str) {
    let detail = format!("{detail} by {} on the page", person.account);
    admission::note(app, event, Some(&person.account), &detail).await;
}

/// Everybody reads it from now on, and not only when the news are read again.
async fn done(app: &AppState, what: &str) -> Response {
    if let Err(error) = app.status().read_incidents(app.state(), app.clock().now()).await {
        tracing::error!(%error, "incidents cannot be read");
    }
    let place = format!("{}?done={what}", app::paths::incidents());
    (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
}
