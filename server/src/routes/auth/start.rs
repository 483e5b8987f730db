//! `GET /sign-in/start`: to the portal. `?public=1`: at a computer that others use. `?passive=1`: nobody is to be asked anything.

use super::transaction::{self, Browser, Transaction};
use crate::{
    admission::{self, Wish},
    auth::Portal,
    clock::SystemClock,
    in_passing,
    middleware::client,
    random,
    rates::{Kind, who},
    return_to,
    routes::{error, pages},
    state::AppState,
};
use axum::{
    extract::{Request, State},
    http::{Extensions, HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use mailroom::Clock;
use tower_sessions::Session;

/// Characters of an account's name that count.
const MOST_OF_A_NAME: usize = 64;

/// Begins a sign-in. A look ahead begins none.
pub async fn get(State(app): State<AppState>, session: Session, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let headers = &parts.headers;
    if parts.method != Method::GET || pages::is_prefetch(headers) {
        return StatusCode::NO_CONTENT.into_response();
    }
    // An image on another site's page is no person.
    if headers.get("sec-fetch-dest").is_some_and(|dest| dest != "document") {
        return error::page(&app, headers, StatusCode::FORBIDDEN);
    }
    let query = parts.uri.query().unwrap_or_default();
    let passive = transaction::parameter(query, "passive").is_some();
    let limited = limited(&app, Kind::Address, &parts.extensions, headers).or_else(|| {
        // What is no person's doing is not counted: each page of a browser that opens many has its own.
        let browser = transaction::browser(&app, headers).filter(|_| !passive)?;
        limited_as(&app, Kind::SignIn, &browser, headers)
    });
    if let Some(answer) = limited {
        return answer;
    }
    let wish = Wish {
        back: return_to::kept(headers),
        public: transaction::parameter(query, "public").as_deref() == Some("1"),
    };
    match app.auth().portal() {
        #[cfg(feature = "ldap")]
        Some(Portal::Ldap(_)) => (StatusCode::SEE_OTHER, [(header::LOCATION, app::paths::sign_in())]).into_response(),
        None => (StatusCode::SEE_OTHER, [(header::LOCATION, app::paths::sign_in())]).into_response(),
        Some(Portal::Proxy(proxy)) => {
            let said = said(headers);
            let peer = client::proxy(&parts.extensions);
            match proxy.identify(&peer, said.iter().copied()) {
                Ok(Some(identity)) => admission::admit(&app, &session, headers, identity, &wish).await,
                // It lets people through to here without having asked who they are.
                Ok(None) => {
                    let nobody = sso::SsoError::Denied("the proxy names nobody".to_owned());
                    admission::failed(&app, headers, &nobody).await
                }
                Err(error) => admission::failed(&app, headers, &error).await,
            }
        }
        Some(Portal::Oidc { provider, .. }) => match provider.begin(&random::bytes(), SystemClock.now()).await {
            Ok(begun) => {
                let state = begun.transaction.state().to_owned();
                let kept = Transaction {
                    wish,
                    oidc: Some(begun.transaction),
                };
                leave(&app, headers, &state, &kept, begun.url).await
            }
            Err(error) => {
                app.auth().note_up(!matches!(error, sso::SsoError::Unavailable(_)));
                admission::failed(&app, headers, &error).await
            }
        },
        Some(Portal::Cas { server, .. }) => {
            let state = random::token();
            let place = server.login_url(&state, passive);
            let mut response = leave(&app, headers, &state, &Transaction { wish, oidc: None }, place).await;
            if passive && let Ok(asked) = in_passing::asked(app.settings().is_https()).parse() {
                response.headers_mut().append(header::SET_COOKIE, asked);
            }
            response
        }
    }
}

/// Remembers what was begun, and goes.
async fn leave(app: &AppState, headers: &HeaderMap, state: &str, kept: &Transaction, place: String) -> Response {
    let browser = match Browser::of(app, headers) {
        Ok(browser) => browser,
        Err(error) => return error::incident(app, headers, &error.to_string()),
    };
    if let Err(cause) = transaction::keep(app, &browser, state, kept).await {
        return error::incident(app, headers, &cause);
    }
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response();
    response.headers_mut().append(header::SET_COOKIE, browser.cookie);
    response
}

/// All headers, as they came.
pub fn said(headers: &HeaderMap) -> Vec<(&str, &[u8])> {
    headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect()
}

/// The page that says when, if that address has to wait.
pub fn limited(app: &AppState, kind: Kind, extensions: &Extensions, headers: &HeaderMap) -> Option<Response> {
    let address = who(client::address(app, extensions, headers));
    limited_as(app, kind, &address, headers)
}

/// The same for anybody.
pub fn limited_as(app: &AppState, kind: Kind, who: &str, headers: &HeaderMap) -> Option<Response> {
    let seconds = app.rates().count(kind, who, SystemClock.now_ns() / 1_000_000).err()?;
    let words = |words: &app::words::Words| words.sign_in.too_many;
    let mut response = error::notice(app, headers, StatusCode::TOO_MANY_REQUESTS, words, None);
    response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    Some(response)
}

/// The same for who tries a secret for an account: from an address, for the account from there, and for the account from wherever.
pub fn limited_for(app: &AppState, account: &str, extensions: &Extensions, headers: &HeaderMap) -> Option<Response> {
    // No name of ours is longer, and what is counted is kept for a while.
    let account: String = account.chars().take(MOST_OF_A_NAME).collect();
    let from = who(client::address(app, extensions, headers));
    limited_as(app, Kind::SignIn, &from, headers)
        .or_else(|| limited_as(app, Kind::Secret, &format!("{account} {from}"), headers))
        .or_else(|| limited_as(app, Kind::Account, &account, headers))
}
