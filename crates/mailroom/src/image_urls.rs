//! URLs of the images that a letter's frame loads by themselves. Its document is sandboxed: its requests carry no cookie, so the URL
//! itself is the right to the image (security.md 3.3), to that one and for some minutes.
//!
//! `{prefix}/{mailbox}/{message}/{part}?t={expires}.{token}`, the token being a tag and the sealed name of the account:
//!
//! - The tag is a keyed BLAKE3 hash of all that the URL grants: account, mailbox, message, part and end. Nobody makes one without the
//!   key, and one for a URL is one for no other.
//! - Whose mail it is must be known before anything is looked up, and names have no place in URLs, which proxies write down. To look a
//!   hash up among all accounts would have to list them, and a table in memory would be lost with the process. So the name travels
//!   in the token, hidden by a stream that a second key makes of the tag. That is a synthetic IV (Rogaway and Shrimpton 2006; RFC 5297
//!   is the same with AES): no nonce that could repeat, equal streams for equal content only, and a name that was tampered with does
//!   not give the tag it came with. It is filled up, so that its length tells next to nothing.
//!
//! Both keys are derived from the key of the ids, so URLs survive a restart and end with it.

use blake3::{Hash, Hasher};
use data_encoding::BASE64URL_NOPAD;

/// Seconds for which a URL is good: the browser loads the image at once, and may be asked to do so again while the letter is read.
pub(crate) const VALID: i64 = 600;
/// A name is filled up to a multiple of this, with its length before it.
const BLOCK: usize = 32;

/// Makes and checks the URLs of one portal.
#[derive(Clone)]
pub(crate) struct ImageUrls {
    prefix: String,
    tags: [u8; 32],
    streams: [u8; 32],
}

/// An image, as a URL names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ImagePlace<'a> {
    pub(crate) mailbox: &'a str,
    pub(crate) message: &'a str,
    pub(crate) part: u32,
}

impl ImageUrls {
    /// `prefix`: what stands before the ids, absolute and without a `/` at its end.
    pub(crate) fn new(id_key: &[u8; 32], prefix: String) -> Self {
        Self {
            prefix,
            tags: blake3::derive_key("fumibako 2026-03 tag of an image URL", id_key),
            streams: blake3::derive_key("fumibako 2026-03 account in an image URL", id_key),
        }
    }

    /// The URL of an image, good until `expires` seconds; `None` for an account whose name is too long for one.
    pub(crate) fn url(&self, account: &str, place: ImagePlace<'_>, expires: i64) -> Option<String> {
        let tag = self.tag(account, place, expires);
        let mut sealed = vec![u8::try_from(account.len()).ok()?];
        sealed.extend_from_slice(account.as_bytes());
        sealed.resize(sealed.len().next_multiple_of(BLOCK), 0);
        self.apply_stream(&tag, &mut sealed);
        let token = BASE64URL_NOPAD.encode(&[tag.as_bytes(), &sealed[..]].concat());
        let ImagePlace { mailbox, message, part } = place;
        Some(format!(
            "{}/{mailbox}/{message}/{part}?t={expires}.{token}",
            self.prefix
        ))
    }

    /// Whose image `t` gives the right to, if it is one of ours, for this image, and not past its end.
    pub(crate) fn account(&self, place: ImagePlace<'_>, t: &str, now: i64) -> Option<String> {
        let (expires, token) = t.split_once('.')?;
        let expires: i64 = expires.parse().ok()?;
        let token = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
        let (tag, sealed) = token.split_first_chunk::<32>()?;
        let tag = Hash::from_bytes(*tag);
        let mut name = sealed.to_vec();
        self.apply_stream(&tag, &mut name);
        let (length, name) = name.split_first()?;
        let (name, filling) = name.split_at_checked(usize::from(*length))?;
        let account = std::str::from_utf8(name).ok()?;
        // Two of blake3's hashes are compared in constant time.
        let genuine = self.tag(account, place, expires) == tag
            && filling.len() < BLOCK
            && sealed.len().is_multiple_of(BLOCK)
            && filling.iter().all(|byte| *byte == 0);
        (genuine && now <= expires).then(|| account.to_owned())
    }

    fn tag(&self, account: &str, place: ImagePlace<'_>, expires: i64) -> Hash {
        let ImagePlace { mailbox, message, part } = place;
        let mut hasher = Hasher::new_keyed(&self.tags);
        for field in [account, mailbox, message] {
            // Lengths keep ("ab", "c") and ("a", "bc") apart.
            hasher.update(&(field.len() as u64).to_le_bytes());
            hasher.update(field.as_bytes());
        }
        hasher.update(&part.to_le_bytes());
        hasher.update(&expires.to_le_bytes());
        hasher.finalize()
    }

    /// Hides the bytes, or shows them again.
    fn apply_stream(&self, tag: &Hash, bytes: &mut [u8]) {
        let mut stream = vec![0; bytes.len()];
        Hasher::new_keyed(&self.streams)
            .update(tag.as_bytes())
            .finalize_xof()
            .fill(&mut stream);
        for (byte, mask) in bytes.iter_mut().zip(stream) {
            *byte ^= mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: ImagePlace<'_> = ImagePlace {
        mailbox: "aaaaaaaaaaaaaaaa",
        message: "bbbbbbbbbbbbbbbb",
        part: 3,
    };

    fn urls(key: u8) -> ImageUrls {
        ImageUrls::new(&[key; 32], "https://mail.example/image".to_owned())
    }

    fn t(url: &str) -> &str {
        url.split_once("?t=").unwrap().1
    }

    #[test]
    fn a_url_is_good_for_its_image_until_its_end() {
        let url = urls(7).url("tanaka", PLACE, 1_000).unwrap();
        let before = "https://mail.example/image/aaaaaaaaaaaaaaaa/bbbbbbbbbbbbbbbb/3?t=1000.";
        assert!(url.starts_with(before), "{url}");
        let good = |urls: &ImageUrls, place, now| urls.account(place, t(&url), now);
        assert_eq!(good(&urls(7), PLACE, 1_000).as_deref(), Some("tanaka"));
        assert_eq!(good(&urls(7), PLACE, 1_001), None, "its end");
        assert_eq!(good(&urls(8), PLACE, 1_000), None, "another portal");
        for other in [
            ImagePlace { part: 4, ..PLACE },
            ImagePlace {
                mailbox: "aaaaaaaaaaaaaaab",
                ..PLACE
            },
            ImagePlace {
                message: "bbbbbbbbbbbbbbba",
                ..PLACE
            },
            // The same letters, cut elsewhere.
            ImagePlace {
                mailbox: "aaaaaaaaaaaaaaaab",
                message: "bbbbbbbbbbbbbbb",
                ..PLACE
            },
        ] {
            assert_eq!(good(&urls(7), other, 1_000), None, "{other:?}");
        }
    }

    #[test]
    fn nothing_of_it_can_be_changed() {
        let urls = urls(7);
        let url = urls.url("tanaka", PLACE, 1_000).unwrap();
        let (expires, token) = t(&url).split_once('.').unwrap();
        let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).unwrap();
        for at in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[at / 8] ^= 1 << (at % 8);
            let changed = format!("{expires}.{}", BASE64URL_NOPAD.encode(&changed));
            assert_eq!(urls.account(PLACE, &changed, 0), None, "bit {at}");
        }
        for other in [
            format!("1001.{token}"),
            format!("9{expires}.{token}"),
            format!("{expires}.{}", &token[..token.len() - 1]),
            format!("{expires}.{}", &token[..43]),
            format!("{expires}.{token}="),
            format!("{expires}."),
            format!("{expires}{token}"),
            format!(".{token}"),
            ".".to_owned(),
            String::new(),
        ] {
            assert_eq!(urls.account(PLACE, &other, 0), None, "{other}");
        }
    }

    #[test]
    fn a_name_is_not_to_be_seen() {
        let urls = urls(7);
        let token = |account: &str, expires| {
            let url = urls.url(account, PLACE, expires).unwrap();
            BASE64URL_NOPAD
                .decode(t(&url).split_once('.').unwrap().1.as_bytes())
                .unwrap()
        };
        let (first, second) = (token("tanaka", 1_000), token("tanaka", 1_001));
        assert_eq!(first, token("tanaka", 1_000));
        let equal = first.iter().zip(&second).filter(|(a, b)| a == b).count();
        assert!(equal < 8, "{equal} equal bytes");
        assert_eq!(first.len(), token("a", 1_000).len(), "its length neither");
        let long = "a".repeat(255);
        let url = urls.url(&long, PLACE, 1_000).unwrap();
        assert_eq!(urls.account(PLACE, t(&url), 0), Some(long));
        assert_eq!(urls.url(&"a".repeat(256), PLACE, 1_000), None);
    }
}
