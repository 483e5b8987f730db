//! `POST /sign-in/password`: with a password that the campus directory checks. It is never kept, and never written down.

use super::start::limited_for;
use crate::{
    admission::{self, Wish},
    auth::Portal,
    return_to,
    routes::{error, posted::Posted},
    state::AppState,
};
use axum::{
    extract::State,
    http::{Extensions, HeaderMap, StatusCode},
    response::Response,
};
use serde::Deserialize;
use sso::SsoError;
use tower_sessions::Session;

/// What the form holds.
#[derive(Deserialize)]
pub struct PasswordForm {
    account: String,
    password: String,
    #[serde(default)]
    public: String,
}

/// Asks the directory and signs the person in.
pub async fn post(
    State(app): State<AppState>,
    session: Session,
    extensions: Extensions,
    headers: HeaderMap,
    Posted(form): Posted<PasswordForm>,
) -> Response {
    #[cfg(feature = "ldap")]
    if let Some(Portal::Ldap(directory)) = app.auth().portal() {
        let name = form.account.trim().to_lowercase();
        if let Some(answer) = limited_for(&app, &name, &extensions, &headers) {
            return answer;
        }
        let wish = Wish {
            back: return_to::kept(&headers),
            public: form.public == "1",
        };
        return match directory.sign_in(form.account.trim(), &form.password).await {
            Ok(identity) => {
                app.auth().note_up(true);
                admission::admit(&app, &session, &headers, identity, &wish).await
            }
            Err(SsoError::Denied(_)) => {
                let words = |words: &app::words::Words| words.sign_in.wrong_password;
                error::notice(&app, &headers, StatusCode::FORBIDDEN, words, None)
            }
            Err(error) => admission::failed(&app, &headers, &error).await,
        };
    }
    error::page(&app, &headers, StatusCode::NOT_FOUND)
}
