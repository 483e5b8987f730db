//! The one place that asks for random bytes.

use data_encoding::BASE32_NOPAD;

/// `N` bytes from the system's generator.
///
/// Without randomness no secret can be made, so the process must not go on.
#[expect(
    clippy::expect_used,
    reason = "going on without randomness would make secrets that can be guessed"
)]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

/// 128 bits as lower-case base32: nonces and one-time links.
pub fn token() -> String {
    BASE32_NOPAD.encode(&bytes::<16>()).to_ascii_lowercase()
}

/// Eight letters that name one incident or request in the log.
pub fn short_id() -> String {
    BASE32_NOPAD.encode(&bytes::<5>()).to_ascii_lowercase()
}
