use rustix::fs::{CWD, Mode, mkfifoat};
use std::{fs::File, path::Path};

/// Work that has begun when the test says so and ends when the test says so: a pipe with a name.
pub struct Gate {
    directory: tempfile::TempDir,
}

impl Gate {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        mkfifoat(CWD, directory.path().join("gate"), Mode::RUSR | Mode::WUSR).unwrap();
        Self { directory }
    }

    /// A request that waits here, and is then answered with the words.
    pub fn request(&self) -> Vec<u8> {
        self.request_after("gate")
    }

    /// The same by another word.
    pub fn request_after(&self, word: &str) -> Vec<u8> {
        format!("{word} {}", self.directory.path().join("gate").display()).into_bytes()
    }

    /// Waits until the work has begun; dropping what is returned ends it.
    pub async fn begun(&self) -> File {
        let path = self.directory.path().join("gate");
        tokio::task::spawn_blocking(move || File::options().write(true).open(path).unwrap())
            .await
            .unwrap()
    }
}

/// The helper's side.
pub fn pass(path: &Path) -> Vec<u8> {
    std::io::copy(&mut File::open(path).unwrap(), &mut std::io::sink()).unwrap();
    b"passed".to_vec()
}
