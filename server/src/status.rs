//! How the services are: looks at each of them for as long as the process lives, and what they come to.
//!
//! [`Status`] is asked by pages ([`Status::snapshot`]), which never waits for a network or the database: what it says is in memory. The
//! looks are made by tasks of `serve` ([`start`]), and the days they come to are written now and then (`keeping.rs`). A database
//! that is away costs the days of before a restart, and has the incidents told with their age.
//!
//! To add a service: its name in [`OWN_SERVICES`], its kind in `board.rs`, what looks at it in `own.rs`, its name in the catalogues.

mod board;
mod days;
mod drills;
mod incidents;
mod keeping;
mod looking;
mod own;
mod targets;
pub mod typed;
mod watched;

pub use board::{Board, Day, STRIP, Service, ServiceKind};
pub use incidents::{IncidentView, Incidents, Phase, Told};
pub use looking::{start, stop};

use crate::{
    config::Config,
    secrets::Secrets,
    setup::SetupError,
    status::{keeping::Kept, targets::Asked, watched::Watched},
};
use jiff::tz::TimeZone;
use probe::Settings;
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// The campus portal.
pub const PORTAL: &str = "portal";
/// Our own database.
pub const STATE: &str = "state";
/// Mail at rest.
pub const SPOOL: &str = "spool";
/// The portal's own pages: nothing looks at them, for whoever reads the status sees them, but incidents may be about them.
pub const WEB: &str = "web";
/// Names that no target may have.
pub const OWN_SERVICES: &[&str] = &[PORTAL, STATE, SPOOL, WEB];

/// See the module.
pub struct Status {
    services: Vec<Watched>,
    asked: Vec<Asked>,
    interval: Duration,
    zone: TimeZone,
    kept: Mutex<Kept>,
}

impl Status {
    /// Nothing is looked at yet. `portal`: whether there is a campus portal that can be asked.
    ///
    /// # Errors
    /// If a target cannot be looked at as it is configured, or one of its files cannot be read.
    pub fn new(config: &Config, secrets: &Secrets, portal: bool) -> Result<Self, SetupError> {
        let zone = TimeZone::get(&config.ui.default_timezone).unwrap_or(TimeZone::UTC);
        let probe = &config.probe;
        let interval = Duration::from_secs(probe.interval.into());
        let settings = Settings {
            slow_over: Duration::from_millis(probe.slow_ms.into()),
            // A look may take half a minute, and the next comes an interval after its end.
            stale_after: u64::from(probe.interval) * 3 + 60,
            ..Settings::default()
        };
        let mut services = vec![Watched::new(SPOOL, ServiceKind::Spool, settings)];
        let mut asked = Vec::new();
        for target in &probe.targets {
            asked.push(Asked::new(target, services.len(), secrets)?);
            services.push(Watched::new(&target.name, target.kind.into(), settings));
        }
        if portal {
            services.push(Watched::new(PORTAL, ServiceKind::Portal, own::of_portal(settings)));
        }
        services.push(Watched::new(STATE, ServiceKind::State, settings));
        Ok(Self {
            services,
            asked,
            interval,
            zone,
            kept: Mutex::default(),
        })
    }

    fn service(&self, name: &str) -> Option<&Watched> {
        self.services.iter().find(|service| service.name() == name)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
