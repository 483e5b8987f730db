//! Ids in URLs: keyed BLAKE3 of the raw mailbox path or base name, 80 bits, base32. So a link survives flag changes, a
//! deleted index and a restart, and tells nothing of the name it stands for.

use data_encoding::{Encoding, Specification};
use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

const ID_BYTES: usize = 10;

/// RFC 4648 §6 in lower case, without padding: 16 letters for 80 bits.
#[expect(clippy::expect_used, reason = "the specification is a constant")]
static BASE32: LazyLock<Encoding> = LazyLock::new(|| {
    let mut spec = Specification::new();
    spec.symbols.push_str("abcdefghijklmnopqrstuvwxyz234567");
    spec.encoding().expect("32 different symbols")
});

/// Makes the ids of one portal.
#[derive(Clone)]
pub(crate) struct IdMaker {
    key: [u8; 32],
}

impl IdMaker {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The id of the mailbox at `path`.
    pub(crate) fn mailbox(&self, account: &str, path: &[u8]) -> String {
        self.id(b"mailbox", account, path)
    }

    /// The id of the message with that base name.
    pub(crate) fn message(&self, account: &str, base: &[u8]) -> String {
        self.id(b"message", account, base)
    }

    /// The name of an account's index file, without its folder.
    pub(crate) fn account_file(&self, account: &str) -> String {
        self.hash(b"account", account, b"").to_hex().as_str()[..32].to_owned()
    }

    /// Where an account's index is below the folder of all.
    pub(crate) fn index_path(&self, index_dir: &Path, account: &str) -> PathBuf {
        let file = self.account_file(account);
        index_dir.join(&file[..2]).join(format!("{file}.sqlite"))
    }

    /// The key of a dated copy: `place` is where it stands.
    pub(crate) fn snapshot(&self, account: &str, place: &[u8]) -> String {
        self.id(b"snapshot", account, place)
    }

    /// The name of the index file of such a copy, without its folder.
    pub(crate) fn snapshot_file(&self, account: &str, made_of: &[u8]) -> String {
        self.hash(b"snapshot file", account, made_of).to_hex().as_str()[..32].to_owned()
    }

    /// Says which letter is meant, by what is known of its head.
    pub(crate) fn head(&self, account: &str, head: &[u8]) -> String {
        self.id(b"head", account, head)
    }

    /// The key of an account's kept messages: whoever has the files alone reads nothing.
    pub(crate) fn saved_key(&self, account: &str) -> [u8; 32] {
        *self.hash(b"saved messages", account, b"").as_bytes()
    }

    fn id(&self, kind: &[u8], account: &str, name: &[u8]) -> String {
        BASE32.encode(&self.hash(kind, account, name).as_bytes()[..ID_BYTES])
    }

    fn hash(&self, kind: &[u8], account: &str, name: &[u8]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        for field in [kind, account.as_bytes(), name] {
            // Lengths keep ("ab", "c") and ("a", "bc") apart.
            hasher.update(&(field.len() as u64).to_le_bytes());
            hasher.update(field);
        }
        hasher.finalize()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_sixteen_letters_and_depends_on_every_part() {
        let ids = IdMaker::new([7; 32]);
        let id = ids.mailbox("tanaka", b".A");
        assert_eq!(id.len(), 16);
        assert!(id.bytes().all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b)));
        assert_eq!(id, ids.mailbox("tanaka", b".A"));
        for other in [
            ids.mailbox("tanaka", b".B"),
            ids.mailbox("sato", b".A"),
            ids.message("tanaka", b".A"),
            ids.mailbox("tanaka.", b"A"),
            IdMaker::new([8; 32]).mailbox("tanaka", b".A"),
        ] {
            assert_ne!(id, other);
        }
    }
}
