/// Why nobody is signed in.
///
/// The words are for the log and the administrator; they hold no token and no value that a person could choose.
#[derive(Debug, thiserror::Error)]
pub enum SsoError {
    /// The provider does not answer, or what answers is not the provider. Worth trying again.
    #[error("the provider does not answer: {0}")]
    Unavailable(String),
    /// What came back is not the answer to what was asked, or not from whom it was asked: 400, and no session.
    #[error("not the answer to what was asked: {0}")]
    Invalid(&'static str),
    /// The provider says that the person was not signed in, or that the password is wrong.
    #[error("the provider signed nobody in: {0}")]
    Denied(String),
    /// Somebody is signed in, and may not enter here.
    #[error("signed in, but not let in: {0}")]
    NotAllowed(&'static str),
}

/// Why a setting is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {reason}")]
pub struct SettingsError {
    /// The setting, by its name in the configuration.
    pub setting: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

impl SettingsError {
    pub(crate) fn new(setting: &'static str, reason: impl Into<String>) -> Self {
        Self {
            setting,
            reason: reason.into(),
        }
    }
}
