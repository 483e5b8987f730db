//! `POST /sign-in/code`: with an emergency code, for the hours when the portal itself is the outage. Read-only, and written down.

use super::start::limited_for;
use crate::{
    admission::{self, Wish},
    clock::SystemClock,
    middleware::{
        account::{self, Entry},
        client,
    },
    return_to,
    routes::{error, posted::Posted},
    state::AppState,
};
use axum::{
    extract::State,
    http::{Extensions, HeaderMap, StatusCode},
    response::Response,
};
use mailroom::Clock;
use serde::Deserialize;
use tower_sessions::Session;

/// What the form holds.
#[derive(Deserialize)]
pub struct CodeForm {
    account: String,
    code: String,
    #[serde(default)]
    public: String,
}

/// Uses a code up and signs its person in.
pub async fn post(
    State(app): State<AppState>,
    session: Session,
    extensions: Extensions,
    headers: HeaderMap,
    Posted(form): Posted<CodeForm>,
) -> Response {
    let from = client::address(&app, &extensions, &headers);
    if !app.auth().takes_codes(Some(from)) {
        return error::page(&app, &headers, StatusCode::NOT_FOUND);
    }
    let name = form.account.trim().to_lowercase();
    if let Some(answer) = limited_for(&app, &name, &extensions, &headers) {
        return answer;
    }
    let id = match used(&app, &name, &form.code).await {
        Ok(Some(id)) => id,
        Ok(None) => {
            admission::note(&app, "emergency code refused", None, &from.to_string()).await;
            let words = |words: &app::words::Words| words.sign_in.wrong_code;
            return error::notice(&app, &headers, StatusCode::FORBIDDEN, words, None);
        }
        Err(error) => return error::incident(&app, &headers, &error.to_string()),
    };
    let public = form.public == "1";
    let entry = Entry {
        public,
        read_only: true,
        ..Entry::of(&name).from(&headers)
    };
    if let Err(error) = account::sign_in(&app, &session, entry).await {
        return error::incident(&app, &headers, &error.to_string());
    }
    admission::note(
        &app,
        "sign-in by emergency code",
        Some(&name),
        &format!("{id} from {from}"),
    )
    .await;
    let wish = Wish {
        back: return_to::kept(&headers),
        public,
    };
    admission::lead(&app, &wish)
}

/// The id of the code, which is used up with this. Where there is no such account or no code of it, as much work as for one.
async fn used(app: &AppState, account: &str, given: &str) -> Result<Option<String>, ::state::StateError> {
    let now = SystemClock.now();
    let codes = app.state().break_glass(Some(account)).await?;
    let codes = codes
        .into_iter()
        .filter(|code| code.used.is_none() && code.expires > now);
    let known = app.accounts().find(account).is_some();
    let mut hashes: Vec<(String, String)> = codes.map(|code| (code.id, code.hash)).collect();
    if hashes.is_empty() || !known {
        hashes = vec![(String::new(), DUMMY.to_owned())];
    }
    let given = given.to_owned();
    let found = tokio::task::spawn_blocking(move || {
        let mut matching = hashes
            .into_iter()
            .filter(|(_, hash)| sso::break_glass::verify(&given, hash));
        matching.next().map(|(id, _)| id)
    });
    match found.await.ok().flatten() {
        Some(id) if !id.is_empty() && app.state().use_break_glass(&id, now).await? => Ok(Some(id)),
        _ => Ok(None),
    }
}

/// The hash of nothing that anybody can type.
const DUMMY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
