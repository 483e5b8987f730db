//! Messages that a mail server stored compressed (Dovecot's zlib plugin): known by their content, whatever their name says.

use std::io::{self, Read};

/// Bytes of an unpacked message. A server compresses what it accepted, so there is no more in an honest one.
const MOST: u64 = 256 << 20;
/// Memory for the window of one Zstandard frame, as a power of two: what every level up to 19 asks for at most.
const WINDOW_LOG: u32 = 23;

/// How a message is packed, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    /// RFC 1952 §2.3.1
    Gzip,
    /// RFC 8878 §3.1.1
    Zstandard,
}

impl Packing {
    pub(crate) fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, ..] => Some(Packing::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Packing::Zstandard),
            _ => None,
        }
    }
}

/// A message unpacked as far as it could be.
pub(crate) struct Unpacked {
    pub(crate) bytes: Vec<u8>,
    /// It ends before its end: damaged, cut short, or too large.
    pub(crate) partial: bool,
}

/// Unpacks a whole message. An error is one of reading; what is wrong with the bytes ends the message where it is met.
pub(crate) fn unpack(packing: Packing, packed: impl Read) -> io::Result<Unpacked> {
    let mut packed = Watched {
        inner: packed,
        error: None,
    };
    let mut bytes = Vec::new();
    let outcome = match packing {
        Packing::Gzip => read(flate2::read::MultiGzDecoder::new(&mut packed), &mut bytes),
        Packing::Zstandard => zstd::stream::read::Decoder::new(&mut packed).and_then(|mut decoder| {
            decoder.window_log_max(WINDOW_LOG)?;
            read(decoder, &mut bytes)
        }),
    };
    if let Some(error) = packed.error {
        return Err(error);
    }
    let partial = !matches!(outcome, Ok(true));
    Ok(Unpacked { bytes, partial })
}

/// Whether the end was reached.
fn read(decoder: impl Read, bytes: &mut Vec<u8>) -> io::Result<bool> {
    decoder.take(MOST + 1).read_to_end(bytes)?;
    let whole = bytes.len() as u64 <= MOST;
    bytes.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    Ok(whole)
}

/// Tells errors of the file from those of its content.
struct Watched<R> {
    inner: R,
    error: Option<io::Error>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buf).map_err(|error| {
            let again = io::Error::from(error.kind());
            self.error = Some(error);
            again
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    const TEXT: &[u8] = "Subject: 会議\n\n三号館です。\n".as_bytes();

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        out.write_all(text).unwrap();
        out.finish().unwrap()
    }

    fn unpacked(packed: &[u8]) -> (Vec<u8>, bool) {
        let unpacked = unpack(Packing::of(packed).unwrap(), packed).unwrap();
        (unpacked.bytes, unpacked.partial)
    }

    #[test]
    fn both_come_back_whole() {
        let zstandard = zstd::encode_all(TEXT, 3).unwrap();
        for packed in [gzip(TEXT), zstandard] {
            assert_eq!(unpacked(&packed), (TEXT.to_vec(), false));
        }
        assert_eq!(unpacked(&[gzip(b"A: b\n"), gzip(b"\nc\n")].concat()).0, b"A: b\n\nc\n");
        assert_eq!(Packing::of(b"Subject: x"), None);
    }

    #[test]
    fn what_is_cut_or_damaged_is_shown_as_far_as_it_goes() {
        let long: Vec<u8> = (0..50_000u32)
            .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
            .collect();
        for packed in [gzip(&long), zstd::encode_all(&long[..], 3).unwrap()] {
            let (bytes, partial) = unpacked(&packed[..packed.len() / 2]);
            assert!(partial && !bytes.is_empty() && long.starts_with(&bytes));
        }
        assert_eq!(unpacked(b"\x1f\x8b\x08\0"), (Vec::new(), true));
        assert_eq!(unpacked(b"\x28\xb5\x2f\xfd\xff\xff"), (Vec::new(), true));
    }

    #[test]
    fn an_error_of_the_file_is_no_damage() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::from_raw_os_error(5))
            }
        }
        let error = unpack(Packing::Gzip, Broken).err().unwrap();
        assert_eq!(error.raw_os_error(), Some(5));
    }
}
