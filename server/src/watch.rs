//! Whether the campus portal answers. One that is down when this process starts is asked again until it is there.

use crate::{
    auth::{Auth, Portal},
    clock::SystemClock,
    state::AppState,
};
use mailroom::Clock;
use sso::SsoError;
use std::time::Duration;

/// The first pause after no answer; each further one is twice as long, up to [`ONCE_A_MINUTE`].
const SOON: Duration = Duration::from_secs(1);
const ONCE_A_MINUTE: Duration = Duration::from_secs(60);

/// Asks for as long as the process lives, and says when the answer is another than before.
pub async fn keep_knowing_the_portal(app: AppState) {
    let mut pause = SOON;
    loop {
        let began = ticks();
        let Some(answer) = ask(app.auth()).await else { return };
        app.status()
            .note_portal(SystemClock.now(), ticks().saturating_sub(began), &answer);
        pause = match &answer {
            Ok(()) => ONCE_A_MINUTE,
            Err(_) => (pause * 2).min(ONCE_A_MINUTE),
        };
        if app.auth().note_up(answer.is_ok()) {
            match answer {
                Ok(()) => tracing::info!("the portal answers"),
                Err(error) => tracing::warn!(%error, "the portal does not answer; nobody can sign in through it"),
            }
        }
        tokio::time::sleep(pause).await;
    }
}

fn ticks() -> Duration {
    Duration::from_micros(SystemClock.ticks_us())
}

/// Whether [`ask`] asks somebody.
pub fn can_be_asked(auth: &Auth) -> bool {
    matches!(auth.portal(), Some(Portal::Oidc { .. } | Portal::Cas { .. }))
}

/// Nothing if there is nobody to ask.
pub async fn ask(auth: &Auth) -> Option<Result<(), SsoError>> {
    match auth.portal()? {
        Portal::Oidc { provider, .. } => {
            let answer = provider.probe(SystemClock.now()).await;
            auth.note_endpoints(provider.endpoints());
            Some(answer)
        }
        Portal::Cas { server, .. } => Some(server.probe().await),
        // Whether it answers is seen when somebody comes.
        #[cfg(feature = "ldap")]
        Portal::Ldap(_) => None,
        Portal::Proxy(_) => None,
    }
}
