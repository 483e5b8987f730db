//! From what the portal says to a session: the rule, the pin, the audit log. Whatever fails, nobody's mail is shown, and the page says
//! the same for every reason; the log has which it was.

use crate::{
    clock::SystemClock,
    in_passing,
    middleware::account::{self, Entry},
    preferences, random, return_to,
    routes::error,
    state::AppState,
};
use ::state::{AuditLine, Pinned};
use axum::{
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use mailroom::Clock;
use serde::{Deserialize, Serialize};
use sso::{Identity, SsoError};
use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};
use tokio::sync::Semaphore;
use tower_sessions::Session;

/// So long a sign-in waits for the spool, or for the name service.
const PATIENCE: Duration = Duration::from_millis(800);
const ASKED_AT_ONCE: usize = 8;

/// What the person wished for when they began.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Wish {
    /// The page they wanted.
    pub back: String,
    /// Others use this computer.
    pub public: bool,
}

/// Signs the person in and sends them where they wanted, or says that there is no mailbox for them.
pub async fn admit(
    app: &AppState,
    session: &Session,
    headers: &HeaderMap,
    identity: Identity,
    wish: &Wish,
) -> Response {
    let account = match account_of(app, &identity).await {
        Ok(account) => account,
        Err(Refused::Nobody(why)) => return refuse(app, headers, &identity.issuer, why).await,
        Err(Refused::Broken(cause)) => return error::incident(app, headers, &cause),
    };
    let entry = Entry {
        identity: Some(&identity),
        public: wish.public,
        ..Entry::of(&account).from(headers)
    };
    if let Err(error) = account::sign_in(app, session, entry).await {
        return error::incident(app, headers, &error.to_string());
    }
    note(app, "sign-in", Some(&account), &identity.issuer).await;
    let mut response = lead(app, wish);
    for cookie in preferences::of(app, &account, headers, wish.public).await {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Sends whoever has signed in where they wanted. At a computer that others use, nobody is signed in there in passing afterwards.
pub fn lead(app: &AppState, wish: &Wish) -> Response {
    let mut response = return_to::lead(&wish.back);
    if wish.public
        && let Ok(line) = in_passing::not_again(app.settings().is_https()).parse()
    {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
    response
}

enum Refused {
    Nobody(&'static str),
    /// Something of ours does not work: what, for the log.
    Broken(String),
}

fn broken(error: impl std::fmt::Display) -> Refused {
    Refused::Broken(error.to_string())
}

async fn account_of(app: &AppState, identity: &Identity) -> Result<String, Refused> {
    let name = app.auth().rule().account(&identity.login);
    let name = name.map_err(|refusal| {
        tracing::info!(%refusal, "a name is refused");
        Refused::Nobody("rule")
    })?;
    if app.accounts().find(&name).is_none() {
        return Err(Refused::Nobody("no such account"));
    }
    if is_of_the_system(&name, app.auth().min_uid).await {
        return Err(Refused::Nobody("account of the system"));
    }
    // A spool that does not answer keeps nobody out.
    if !app.mailroom().has_index(&name) && app.mailroom().lacks_mail(&name, PATIENCE).await {
        return Err(Refused::Nobody("no mail of that name"));
    }
    let owner = identity.owner.as_deref().map(str::parse::<u32>).transpose();
    let owner = owner.map_err(|_| Refused::Nobody("the owner is no uid"))?;
    if owner.is_some_and(|uid| uid < app.auth().min_uid) {
        return Err(Refused::Nobody("the owner is an account of the system"));
    }
    if app.auth().pin {
        let (issuer, subject) = (&identity.issuer, &identity.subject);
        let pinned = app.state().pin(issuer, subject, &name, SystemClock.now()).await;
        match pinned.map_err(broken)? {
            Pinned::Known => {}
            Pinned::New => take_over(app, &name).await?,
            Pinned::ToAnother => return Err(Refused::Nobody("pinned to another subject")),
            Pinned::Elsewhere => return Err(Refused::Nobody("the subject is pinned to another account")),
        }
    }
    if let Some(uid) = owner {
        owned(app, &name, uid).await?;
    }
    Ok(name)
}

/// Kept with an account that belongs to whoever signs in to it next.
pub const HANDED_OVER: &str = "handed_over";

/// What is remembered of the mail of somebody who had the account before is not the person's.
async fn take_over(app: &AppState, name: &str) -> Result<(), Refused> {
    let state = app.state();
    if state.preference(name, HANDED_OVER).await.map_err(broken)?.as_deref() == Some("yes") {
        app.mailroom().erase(name).await.map_err(broken)?;
        state.set_preference(name, HANDED_OVER, "").await.map_err(broken)?;
    }
    Ok(())
}

/// What is remembered of another owner's mail is not the person's.
async fn owned(app: &AppState, name: &str, uid: u32) -> Result<(), Refused> {
    let before = app.accounts().is_owned_by(name, uid);
    if before == Some(uid) {
        return Ok(());
    }
    app.state().set_owner(name, uid).await.map_err(broken)?;
    if before.is_some() {
        tracing::warn!(
            account = name,
            "its files have another owner now: what was remembered of them is removed"
        );
        app.mailroom().erase(name).await.map_err(broken)?;
    } else {
        app.mailroom().forget(name);
    }
    Ok(())
}

/// Whether the machine itself has an account of that name for a service (`daemon`, `www-data`).
async fn is_of_the_system(name: &str, min_uid: u32) -> bool {
    let name = name.to_owned();
    // Those stand in a file, and are told at once; for others the name service may ask the network.
    let uid = asked(move || uzers::get_user_by_name(&name).map(|user| user.uid())).await;
    matches!(uid, Some(Some(uid)) if uid < min_uid)
}

/// What may not answer for long is asked by few threads at once, and not waited for: nothing then.
async fn asked<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    static ASKING: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(ASKED_AT_ONCE)));
    let wait = async {
        let place = Arc::clone(&ASKING).acquire_owned().await.ok()?;
        let asked = tokio::task::spawn_blocking(move || {
            let answer = work();
            drop(place);
            answer
        });
        asked.await.ok()
    };
    tokio::time::timeout(PATIENCE, wait).await.ok().flatten()
}

/// The page for whoever has no mailbox here.
async fn refuse(app: &AppState, headers: &HeaderMap, issuer: &str, why: &'static str) -> Response {
    let reference = random::short_id();
    tracing::warn!(reference, issuer, why, "nobody here");
    note(app, "refused", None, &format!("{reference}: {why}, {issuer}")).await;
    error::notice(
        app,
        headers,
        StatusCode::FORBIDDEN,
        |words| words.sign_in.refused,
        Some(&reference),
    )
}

/// The page for a sign-in that did not come to an end.
pub async fn failed(app: &AppState, headers: &HeaderMap, error: &SsoError) -> Response {
    match error {
        SsoError::Unavailable(cause) => {
            tracing::warn!(cause, "the portal does not answer");
            error::notice(
                app,
                headers,
                StatusCode::SERVICE_UNAVAILABLE,
                |words| words.sign_in.portal_down,
                None,
            )
        }
        SsoError::Invalid(why) => {
            tracing::warn!(why, "a sign-in is not the answer to what was asked");
            again(app, headers)
        }
        SsoError::Denied(why) => {
            tracing::info!(why, "the portal did not sign the person in");
            error::notice(app, headers, StatusCode::FORBIDDEN, |words| words.sign_in.denied, None)
        }
        SsoError::NotAllowed(why) => refuse(app, headers, "portal", why).await,
    }
}

/// The page for what was not begun in this browser, is over, or was used.
fn again(app: &AppState, headers: &HeaderMap) -> Response {
    error::notice(
        app,
        headers,
        StatusCode::BAD_REQUEST,
        |words| words.sign_in.not_begun,
        None,
    )
}

/// It is over, or was not begun here. Whoever is signed in has come back to it by Back, and wants their mail.
pub fn over(app: &AppState, headers: &HeaderMap, signed_in: bool) -> Response {
    if signed_in {
        return return_to::lead("/");
    }
    again(app, headers)
}

/// A line in the audit log. Nobody is kept out because it cannot be written.
pub async fn note(app: &AppState, event: &str, account: Option<&str>, detail: &str) {
    let line = AuditLine {
        at: SystemClock.now(),
        event: event.to_owned(),
        account: account.map(str::to_owned),
        detail: detail.to_owned(),
    };
    if let Err(error) = app.state().note(&line).await {
        tracing::error!(%error, event, "the audit log cannot be written");
    }
}
