//! Accounts that `fumibako forget` forgets while the portal runs: it lets go of what it has open of them, and deletes what it may have
//! written since.

use crate::state::AppState;
use std::{collections::HashMap, time::Duration};

/// How often the database is asked: for so long something may be written again.
const PAUSE: Duration = Duration::from_secs(4);

/// Accounts, and when each was forgotten, in seconds.
pub type Forgotten = HashMap<String, i64>;

/// What was forgotten before anything is open.
pub async fn before(app: &AppState) -> Forgotten {
    match app.state().forgotten().await {
        Ok(forgotten) => forgotten.into_iter().collect(),
        Err(error) => {
            tracing::error!(%error, "it cannot be read who was forgotten");
            Forgotten::new()
        }
    }
}

/// Follows for as long as the process lives.
pub async fn keep_following(app: AppState, mut done: Forgotten) {
    let mut well = true;
    loop {
        tokio::time::sleep(PAUSE).await;
        let read = follow(&app, &mut done).await;
        if let (Err(error), true) = (&read, well) {
            tracing::error!(%error, "it cannot be read who was forgotten");
        }
        well = read.is_ok();
    }
}

/// Forgets whom others have forgotten since; `done` are those it need not.
///
/// # Errors
/// If the database cannot be read.
pub async fn follow(app: &AppState, done: &mut Forgotten) -> ::state::Result<()> {
    let forgotten = app.state().forgotten().await?;
    done.retain(|account, at| forgotten.iter().any(|(other, then)| other == account && then == at));
    for (account, at) in forgotten {
        if done.contains_key(&account) {
            continue;
        }
        match app.mailroom().erase(&account).await {
            Ok(()) => {
                tracing::info!(account, "forgotten");
                done.insert(account, at);
            }
            Err(error) => tracing::error!(%error, account, "what is kept of a forgotten account cannot be deleted"),
        }
    }
    Ok(())
}
