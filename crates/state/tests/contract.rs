//! What every backend of the state must do. Each test is run against each backend: a new one is a line in `backends`.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

#[path = "contract/accounts.rs"]
mod accounts;
#[path = "contract/drills.rs"]
mod drills;
#[path = "contract/forgotten.rs"]
mod forgotten;
#[path = "contract/sessions.rs"]
mod sessions;
#[path = "contract/sign_in.rs"]
mod sign_in;
#[path = "contract/status.rs"]
mod status;

use state::State;
use std::{future::Future, path::Path, pin::Pin};
use tempfile::TempDir;

/// Makes a state, or opens again the one made in that directory before.
type Open = for<'a> fn(&'a Path) -> Pin<Box<dyn Future<Output = State> + 'a>>;

fn backends() -> [(&'static str, Open); 1] {
    [("sqlite", |directory| {
        Box::pin(async move {
            let path = directory.join("state.sqlite");
            State::migrate(&path).await.unwrap();
            State::open(&path).await.unwrap()
        })
    })]
}

/// A backend with nothing in it yet.
struct World {
    name: &'static str,
    directory: TempDir,
    open: Open,
}

impl World {
    fn all() -> impl Iterator<Item = Self> {
        backends().into_iter().map(|(name, open)| Self {
            name,
            directory: tempfile::tempdir().unwrap(),
            open,
        })
    }

    async fn open(&self) -> State {
        (self.open)(self.directory.path()).await
    }
}
