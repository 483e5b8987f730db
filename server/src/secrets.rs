//! Files that the configuration names beside itself: secrets, certificates, lists.

use crate::setup::SetupError;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// Where such files lie: beside the configuration, or where systemd puts credentials.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    beside: PathBuf,
    credentials: Option<PathBuf>,
}

impl Secrets {
    /// `beside`: the folder of the configuration; `credentials`: `$CREDENTIALS_DIRECTORY` (systemd.exec(5)).
    pub fn new(beside: PathBuf, credentials: Option<PathBuf>) -> Self {
        Self { beside, credentials }
    }

    fn place(&self, file: &Path) -> PathBuf {
        let credential = self.credentials.as_ref().map(|folder| folder.join(file));
        credential
            .filter(|place| file.is_relative() && place.exists())
            .unwrap_or_else(|| self.beside.join(file))
    }

    /// The bytes of a file.
    pub fn bytes(&self, file: &Path) -> Result<Vec<u8>, SetupError> {
        let place = self.place(file);
        fs::read(&place).map_err(|error| SetupError::Text(format!("cannot read {}: {error}", place.display())))
    }

    /// The text of a file.
    pub fn plain(&self, file: &Path) -> Result<String, SetupError> {
        let place = self.place(file);
        let text = String::from_utf8(self.bytes(file)?);
        text.map_err(|_| SetupError::Text(format!("{} is not text", place.display())))
    }

    /// A secret: one line, in a file that others cannot read.
    pub fn secret(&self, file: &Path) -> Result<String, SetupError> {
        let place = self.place(file);
        let secret = self.plain(file)?.trim_end_matches(['\r', '\n']).to_owned();
        let open = fs::metadata(&place).is_ok_and(|metadata| metadata.permissions().mode() & 0o007 != 0);
        let wrong = |text: &str| Err(SetupError::Text(format!("{} {text}", place.display())));
        if open {
            return wrong("can be read by everybody: chmod 640, or 600");
        }
        if secret.is_empty() || secret.contains(char::is_control) {
            return wrong("is not a secret in one line");
        }
        Ok(secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(place: &Path, text: &str, mode: u32) {
        fs::write(place, text).unwrap();
        fs::set_permissions(place, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_secret_is_a_line_that_others_cannot_read() {
        let dir = tempfile::tempdir().unwrap();
        let secrets = Secrets::new(dir.path().to_owned(), None);
        let place = dir.path().join("s");
        write(&place, "hush\n", 0o600);
        assert_eq!(secrets.secret(Path::new("s")).unwrap(), "hush");
        assert_eq!(secrets.secret(&place).unwrap(), "hush");
        for (text, mode) in [("hush\n", 0o644), ("\n", 0o600), ("a\nb\n", 0o600)] {
            write(&place, text, mode);
            assert!(secrets.secret(Path::new("s")).is_err(), "{text:?} {mode:o}");
        }
        assert!(secrets.secret(Path::new("none")).is_err());
    }

    #[test]
    fn a_credential_goes_before_a_file_beside_the_configuration() {
        let (beside, credentials) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let secrets = Secrets::new(beside.path().to_owned(), Some(credentials.path().to_owned()));
        write(&beside.path().join("s"), "beside", 0o600);
        assert_eq!(secrets.secret(Path::new("s")).unwrap(), "beside");
        write(&credentials.path().join("s"), "credential", 0o400);
        assert_eq!(secrets.secret(Path::new("s")).unwrap(), "credential");
    }
}
