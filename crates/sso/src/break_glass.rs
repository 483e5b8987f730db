//! A code on paper, for the day on which nobody can sign in otherwise.
//!
//! It holds 160 random bits, so nobody guesses it; what is kept of it is a hash, so nobody reads it there.

use crate::SettingsError;
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::{PasswordHash, SaltString},
};

/// Crockford's: without I, L, O and U, which are read as 1, 1, 0 and V.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUP: usize = 4;

/// Writes random bytes as a code in groups, for [`verify`] to know again.
pub fn code(random: &[u8; 20]) -> String {
    let mut code = String::with_capacity(40);
    for (at, five) in random.chunks_exact(5).flat_map(letters).enumerate() {
        if at > 0 && at % GROUP == 0 {
            code.push('-');
        }
        code.push(char::from(five));
    }
    code
}

/// Eight letters of five bytes.
fn letters(bytes: &[u8]) -> [u8; 8] {
    let bits = bytes.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
    std::array::from_fn(|at| LETTERS[(bits >> (35 - 5 * at)) as usize & 31])
}

/// What to keep of a code, as a string in PHC form that holds the salt.
///
/// # Errors
/// None that is known of; the library has no other form.
pub fn hash(code: &str, salt: &[u8; 16]) -> Result<String, SettingsError> {
    let refused = |error: &dyn std::fmt::Display| SettingsError::new("break_glass", error.to_string());
    let salt = SaltString::encode_b64(salt).map_err(|error| refused(&error))?;
    // OWASP's first choice: 19 MiB, two passes, one lane.
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| refused(&error))?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password(normal(code).as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| refused(&error))
}

/// Whether this is the code that `phc` was made of, however it was typed. Takes as long as [`hash`], so not on a thread that
/// others wait for.
pub fn verify(code: &str, phc: &str) -> bool {
    let Ok(hash) = PasswordHash::new(phc) else {
        return false;
    };
    let code = normal(code);
    !code.is_empty() && Argon2::default().verify_password(code.as_bytes(), &hash).is_ok()
}

/// As it was printed, but for the groups: people add blanks, and read 0 and 1 as letters.
fn normal(code: &str) -> String {
    let kept = code.chars().filter(|c| !c.is_whitespace() && *c != '-');
    kept.map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        letter => letter,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_all_of_its_bytes_in_groups() {
        assert_eq!(code(&[0; 20]), "0000-0000-0000-0000-0000-0000-0000-0000");
        assert_eq!(code(&[255; 20]), "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ");
        let mut seen = std::collections::BTreeSet::new();
        for bit in 0..160 {
            let mut random = [0; 20];
            random[bit / 8] = 1 << (bit % 8);
            assert!(seen.insert(code(&random)), "bit {bit} is lost");
        }
    }

    #[test]
    fn a_code_is_known_again_however_it_is_typed() {
        let random = std::array::from_fn(|at| at as u8 * 13);
        let printed = code(&random);
        let kept = hash(&printed, &[7; 16]).unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(!kept.contains(&printed[..4]));
        let typed = printed
            .to_lowercase()
            .replace('-', " ")
            .replace('0', "o")
            .replace('1', "l");
        for same in [&printed, &typed, &format!(" {}\n", printed.replace('-', ""))] {
            assert!(verify(same, &kept), "{same}");
        }
        let mut other = random;
        other[19] ^= 1;
        for wrong in [&code(&other), "", "-", &printed[..printed.len() - 1]] {
            assert!(!verify(wrong, &kept), "{wrong}");
        }
        for nonsense in ["", "x", "$argon2id$", &printed] {
            assert!(!verify(&printed, nonsense), "{nonsense}");
        }
        assert_ne!(kept, hash(&printed, &[8; 16]).unwrap());
    }

    #[test]
    fn an_empty_code_opens_nothing_even_if_one_was_kept() {
        let kept = hash("", &[1; 16]).unwrap();
        assert!(!verify("", &kept));
        assert!(!verify(" - ", &kept));
    }
}
