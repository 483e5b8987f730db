//! `unpin`: lets go of whom an account belongs to at the portal.

use super::break_glass::note;
use crate::{
    admission::HANDED_OVER,
    cli::Source,
    setup::{Plan, SetupError},
};
use std::process::ExitCode;

pub(super) async fn run(account: &str, source: Source) -> Result<ExitCode, SetupError> {
    let state = Plan::new(&source)?.open_state().await?;
    let found = state.unpin(account).await? > 0;
    if found {
        note(&state, "unpinned", Some(account), "").await?;
        // Whoever is signed in to it now is the person it was taken from.
        let ended = state.delete_sessions_of(account).await?;
        // What is remembered of their mail goes when the next one comes.
        state.set_preference(account, HANDED_OVER, "yes").await?;
        eprintln!("{account} belongs to whoever signs in to it next; {ended} sessions have ended.");
    } else {
        eprintln!("{account} belonged to nobody.");
    }
    state.close().await;
    Ok(if found { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
