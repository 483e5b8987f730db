//! `POST /settings`: language, colours, zone and keys; works without scripting. Kept in cookies, so that every page knows them whoever
//! is signed in, and for the person, so that they are there in the next browser too ([`crate::preferences`]).

use super::{error, posted::Posted};
use crate::{
    middleware::account::{SignedIn, Unknown},
    preferences, return_to,
    state::AppState,
};
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

/// Sets the cookies and goes back. Of several values under one name the last counts: an unticked box sends only the hidden
/// field before it. What is absent stays as it was.
pub async fn post(
    State(app): State<AppState>,
    person: Option<Extension<SignedIn>>,
    unknown: Option<Extension<Unknown>>,
    headers: HeaderMap,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Response {
    let last = |name: &str| {
        pairs
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let back = return_to::checked(last("back").unwrap_or_default()).to_owned();
    let chosen: Vec<_> = preferences::NAMES
        .into_iter()
        .filter_map(|name| Some((name, last(name)?)))
        // `auto`, and anything not understood: back to what the browser says.
        .map(|(name, value)| (name, Some(value).filter(|value| preferences::is_valid(name, value))))
        .collect();
    if unknown.is_some() {
        return error::nobody_can_say(&app, &headers);
    }
    let lasting = person.as_ref().is_none_or(|person| !person.public);
    if let Some(Extension(person)) = person.filter(|person| !person.read_only) {
        preferences::keep(&app, &person.account, &chosen).await;
    }
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, back)]).into_response();
    for (name, value) in chosen {
        let line = preferences::cookie(name, value, lasting, app.settings().is_https());
        if let Ok(line) = line.parse() {
            response.headers_mut().append(header::SET_COOKIE, line);
        }
    }
    response
}
