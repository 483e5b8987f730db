//! What the running portal needs to know of its configuration and of how it was started.

use crate::{
    config::{Limits, Session, Ui, help::Help},
    networks::Networks,
};
use app::prefs::Lang;
use axum::http::HeaderValue;
use std::net::SocketAddr;

/// Fixed for the life of the process.
#[derive(Clone, Debug)]
pub struct Settings {
    origin: String,
    local: bool,
    /// Bounds on requests.
    pub limits: Limits,
    /// How long a sign-in lasts.
    pub session: Session,
    /// Names and defaults.
    pub ui: Ui,
    /// Proxies in front that are believed.
    pub trusted_proxies: Networks,
    /// What people set in their mail programs.
    pub help: Help,
    /// Accounts that tell everybody of incidents.
    pub staff: Vec<String>,
}

impl Settings {
    /// For one of the local forms: plain http on loopback, cookies without `__Host-` and Secure.
    pub fn local(address: SocketAddr, limits: Limits, session: Session, ui: Ui) -> Self {
        Self {
            origin: format!("http://{address}"),
            local: true,
            limits,
            session,
            ui,
            trusted_proxies: Networks::default(),
            help: Help::default(),
            staff: Vec::new(),
        }
    }

    /// Behind `https://…`.
    pub fn public(origin: String, limits: Limits, session: Session, ui: Ui) -> Self {
        Self {
            origin,
            local: false,
            limits,
            session,
            ui,
            trusted_proxies: Networks::default(),
            help: Help::default(),
            staff: Vec::new(),
        }
    }

    /// Believes what these proxies say of whom they speak for.
    #[must_use]
    pub fn behind(mut self, trusted_proxies: Networks) -> Self {
        self.trusted_proxies = trusted_proxies;
        self
    }

    /// Tells people what to set in their mail programs.
    #[must_use]
    pub fn helping(mut self, help: Help) -> Self {
        self.help = help;
        self
    }

    /// Has these accounts tell everybody of incidents.
    #[must_use]
    pub fn told_by(mut self, staff: Vec<String>) -> Self {
        self.staff = staff;
        self
    }

    /// Whether an account may tell everybody of incidents.
    pub fn is_staff(&self, account: &str) -> bool {
        self.staff.iter().any(|name| name == account)
    }

    /// What the site calls itself.
    pub fn site_name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ja => &self.ui.site_name_ja,
            Lang::En => &self.ui.site_name_en,
        }
    }

    /// Scheme, host and port as the browser sees them.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The browser speaks https to us.
    pub fn is_https(&self) -> bool {
        !self.local
    }

    /// Name of the session's cookie.
    pub fn cookie(&self) -> &'static str {
        if self.local { "sid" } else { "__Host-sid" }
    }

    /// A local portal answers to loopback names only: another site's name may have been pointed at this machine.
    pub fn answers_to_host(&self, host: Option<&HeaderValue>) -> bool {
        if !self.local {
            return true;
        }
        let Some(host) = host.and_then(|host| host.to_str().ok()) else {
            return true;
        };
        let name = host
            .rsplit_once(':')
            .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
        let name = name.map_or(host, |(name, _)| name);
        name == "localhost" || name == "[::1]" || name.parse().is_ok_and(|ip: std::net::Ipv4Addr| ip.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_portal_knows_its_own_names_only() {
        let settings = Settings::local(
            SocketAddr::from(([127, 0, 0, 1], 4080)),
            Limits::default(),
            Session::default(),
            Ui::default(),
        );
        let answers = |host: &'static str| settings.answers_to_host(Some(&HeaderValue::from_static(host)));
        for good in ["127.0.0.1:4080", "localhost:4080", "[::1]:4080", "[::1]", "127.0.0.1"] {
            assert!(answers(good), "{good}");
        }
        for bad in [
            "t.example:4080",
            "127.0.0.1.t.example",
            "localhost.t.example:4080",
            "10.0.0.1",
        ] {
            assert!(!answers(bad), "{bad}");
        }
    }
}
