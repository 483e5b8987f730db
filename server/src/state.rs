//! What every handler can reach.

use crate::{
    auth::Auth, clock::SystemClock, links::OneTimeLinks, rates::Rates, routes::export::Running, settings::Settings,
    status::Status,
};
use mailroom::{Accounts, Mailroom};
use std::sync::Arc;

/// Shared by all handlers; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    settings: Settings,
    mailroom: Mailroom,
    accounts: Arc<dyn Accounts>,
    state: ::state::State,
    links: OneTimeLinks,
    auth: Auth,
    rates: Rates,
    status: Status,
    exports: Running,
}

impl AppState {
    /// Puts the parts together.
    pub fn new(
        settings: Settings,
        mailroom: Mailroom,
        accounts: Arc<dyn Accounts>,
        state: ::state::State,
        auth: Auth,
        status: Status,
    ) -> Self {
        Self(Arc::new(Inner {
            settings,
            mailroom,
            accounts,
            state,
            links: OneTimeLinks::default(),
            auth,
            rates: Rates::default(),
            status,
            exports: Running::default(),
        }))
    }

    /// How the portal was set up.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The use cases.
    pub fn mailroom(&self) -> &Mailroom {
        &self.0.mailroom
    }

    /// Who has mail here.
    pub fn accounts(&self) -> &dyn Accounts {
        &*self.0.accounts
    }

    /// Sessions and what else is precious.
    pub fn state(&self) -> &::state::State {
        &self.0.state
    }

    /// Sign-in links not used yet.
    pub fn links(&self) -> &OneTimeLinks {
        &self.0.links
    }

    /// How people sign in.
    pub fn auth(&self) -> &Auth {
        &self.0.auth
    }

    /// How often they may try.
    pub fn rates(&self) -> &Rates {
        &self.0.rates
    }

    /// How the services are.
    pub fn status(&self) -> &Status {
        &self.0.status
    }

    /// Exports under way.
    pub fn exports(&self) -> &Running {
        &self.0.exports
    }

    /// The clock.
    pub fn clock(&self) -> SystemClock {
        SystemClock
    }
}
