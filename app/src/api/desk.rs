//! What every server function does first and last: fetch what it may use, and say what went wrong.

use super::Failure;
use crate::context::{ApiCall, Incidents, SessionList, Unknown, Viewer};
use api_types::{ApiError, Cause, SessionLine, SessionTime};
use axum::http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use mailroom::{MailroomError, Reader, Writer};

/// What a read may use.
pub(super) fn reader() -> Result<Desk<Reader>, Failure> {
    Desk::take()
}

/// What a change may use.
pub(super) fn writer() -> Result<Desk<Writer>, Failure> {
    if is_read_only() {
        return Err(Call::current().fail(ApiError::BadRequest));
    }
    // A page, or a request that did not pass the origin check, has no writer and never reaches the mailroom.
    Desk::take()
}

/// Whether this session may change nothing.
pub(super) fn is_read_only() -> bool {
    use_context::<Viewer>().is_some_and(|viewer| viewer.offer.read_only)
}

/// How long the person stays signed in.
pub(super) fn session() -> Result<SessionTime, Failure> {
    let call = Call::current();
    let left = use_context::<Viewer>().and_then(|viewer| viewer.session);
    left.ok_or_else(|| call.fail(nobody()))
}

/// Where the person is signed in.
pub(super) async fn sessions() -> Result<Vec<SessionLine>, Failure> {
    let call = Call::current();
    let (list, viewer) = (use_context::<SessionList>(), use_context::<Viewer>());
    let (Some(list), Some(viewer)) = (list, viewer) else {
        return Err(call.fail(nobody()));
    };
    let dates = viewer.dates();
    (list.0)(dates).await.map_err(|error| call.fail(error))
}

/// Why there is no person.
fn nobody() -> ApiError {
    match use_context::<Unknown>() {
        Some(Unknown) => ApiError::Unavailable(Cause::Portal),
        None => ApiError::SignedOut,
    }
}

/// A handle on the person's mail, and the person.
pub(super) struct Desk<H> {
    pub(super) mail: H,
    pub(super) viewer: Viewer,
    call: Call,
}

impl<H: Clone + Send + Sync + 'static> Desk<H> {
    fn take() -> Result<Self, Failure> {
        let call = Call::current();
        match (use_context::<H>(), use_context::<Viewer>()) {
            (Some(mail), Some(viewer)) => Ok(Self { mail, viewer, call }),
            _ => Err(call.fail(nobody())),
        }
    }

    /// Turns the mailroom's error into what the person may know, and sets the status.
    pub(super) fn answer<T>(&self, result: Result<T, MailroomError>) -> Result<T, Failure> {
        result.map_err(|error| {
            let incident = || {
                self.call
                    .incidents
                    .as_ref()
                    .map(|log| (log.0)(&error))
                    .unwrap_or_default()
            };
            self.call.fail(error.to_api(incident))
        })
    }
}

/// Taken before the first `await`, so that nothing depends on the reactive owner afterwards.
struct Call {
    response: Option<ResponseOptions>,
    incidents: Option<Incidents>,
}

impl Call {
    fn current() -> Self {
        let response = use_context::<ApiCall>().and_then(|_| use_context::<ResponseOptions>());
        Self {
            response,
            incidents: use_context(),
        }
    }

    /// The status belongs to a call only: during a page the same `ResponseOptions` are the page's.
    fn fail(&self, error: ApiError) -> Failure {
        let failure = Failure(error);
        if let Some(response) = &self.response {
            set_status(response, &failure);
        }
        failure
    }
}

/// Gives the page being made the status of the error it shows.
pub fn set_page_status(failure: &Failure) {
    if let Some(response) = use_context::<ResponseOptions>() {
        set_status(&response, failure);
    }
}

fn set_status(response: &ResponseOptions, failure: &Failure) {
    response.set_status(StatusCode::from_u16(failure.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    if let ApiError::Unavailable(cause) = &failure.0 {
        let seconds = if matches!(cause, Cause::Slow | Cause::Busy) {
            "5"
        } else {
            "30"
        };
        response.insert_header(header::RETRY_AFTER, HeaderValue::from_static(seconds));
    }
}
