//! One file for each page.

mod home;
mod letter;
mod mail;
mod no_letter;
mod not_found;
mod settings;
mod sign_in;

pub(crate) use home::Home;
pub(crate) use letter::LetterPage;
pub(crate) use mail::{ListTitle, Mail, MailPage};
pub(crate) use no_letter::NoLetter;
pub(crate) use not_found::NotFound;
pub(crate) use settings::SettingsPage;
pub(crate) use sign_in::SignInPage;
