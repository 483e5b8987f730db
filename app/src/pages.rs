//! One file for each page.

mod home;
mod mail;
mod not_found;
mod sessions;
mod settings;
mod sign_in;

pub(crate) use home::Home;
pub(crate) use mail::{ListTitle, Mail, MailPage};
pub(crate) use not_found::NotFound;
pub(crate) use sessions::SessionsPage;
pub(crate) use settings::SettingsPage;
pub(crate) use sign_in::SignInPage;
