use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305, XNonce};
use std::io;

/// The name of a message's file: the keyed hash of its bytes.
pub(super) type Name = [u8; 32];
/// What one piece of a file is encrypted under, beside the key.
pub(super) type Nonce = [u8; NONCE];
pub(super) const NONCE: usize = 24;
/// What encryption adds to a piece, in bytes.
pub(super) const TAG: usize = 16;
/// The place of a file's tail; its blocks are counted from 0.
pub(super) const TAIL: u64 = u64::MAX;

/// What is made of an account's key: one key for each use, so that none says anything of another.
pub(super) struct Keys {
    name: [u8; 32],
    nonce: [u8; 32],
    cipher: XChaCha20Poly1305,
    mark: [u8; 16],
}

impl Keys {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        let of = |context: &str| blake3::derive_key(context, key);
        let mut mark = [0; 16];
        mark.copy_from_slice(&of("fumibako 2026 saved messages: which key")[..16]);
        Self {
            name: of("fumibako 2026 saved messages: names"),
            nonce: of("fumibako 2026 saved messages: nonces"),
            cipher: XChaCha20Poly1305::new(&of("fumibako 2026 saved messages: content").into()),
            mark,
        }
    }

    /// Tells this key from others, and nothing of it.
    pub(super) fn mark(&self) -> &[u8] {
        &self.mark
    }

    /// Hashes a message's bytes to its name. Keyed, so that nobody can ask the directory whether it holds a letter they know.
    pub(super) fn naming(&self) -> blake3::Hasher {
        blake3::Hasher::new_keyed(&self.name)
    }

    /// Encrypts a piece where it is and puts its tag behind it.
    ///
    /// Nothing here is random. The nonce is the keyed hash of the piece's place and of its bytes, as they are encrypted: of the
    /// compressed ones, since another zstd makes other bytes of the same message, which a nonce made of the message's hash
    /// alone would encrypt under the same nonce; and a message that comes in pieces has its hash only at the end. Two different
    /// pieces have the same nonce only if 192 bits of a keyed hash collide. Equal pieces at the same place give equal bytes,
    /// which says that they are equal and nothing else; that two messages are equal, a store that keeps one file for both
    /// cannot hide anyway.
    pub(super) fn seal(&self, place: u64, piece: &mut Vec<u8>) -> io::Result<Nonce> {
        let mut hasher = blake3::Hasher::new_keyed(&self.nonce);
        hasher.update(&place.to_le_bytes()).update(piece);
        let mut nonce = [0; NONCE];
        nonce.copy_from_slice(&hasher.finalize().as_bytes()[..NONCE]);
        self.cipher
            .encrypt_in_place(&XNonce::from(nonce), &place.to_le_bytes(), piece)
            .map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(nonce)
    }

    /// Decrypts a piece where it is; `InvalidData` if it is not what was sealed for this place under this nonce.
    pub(super) fn open(&self, place: u64, nonce: &Nonce, piece: &mut Vec<u8>) -> io::Result<()> {
        self.cipher
            .decrypt_in_place(&XNonce::from(*nonce), &place.to_le_bytes(), piece)
            .map_err(|_| damaged("does not decrypt"))
    }
}

/// A file is not what we wrote.
pub(super) fn damaged(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
