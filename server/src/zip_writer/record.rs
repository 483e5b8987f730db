//! What is said of an entry, before it, after it and in the directory, and what ends the directory.

use super::Sum;
use jiff::civil::DateTime;

/// APPNOTE §4.4.3: readers must know zip64.
const NEEDED: u16 = 45;
/// APPNOTE §4.4.2: made on Unix, so that the mode below is believed.
const MADE_BY: u16 = 3 << 8 | NEEDED;
const UTF_8: u16 = 1 << 11;
const SIZES_FOLLOW: u16 = 1 << 3;
/// `-rw-r--r--`.
const MODE: u32 = 0o100_644 << 16;
/// A number of 32 bits that stands elsewhere with 64 (APPNOTE §4.5.3).
const ELSEWHERE: u32 = u32::MAX;
const ZIP64: u16 = 1;

/// When an entry was changed last, by the clock of whoever gets it, in steps of two seconds (APPNOTE §4.4.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    date: u16,
    time: u16,
}

impl Stamp {
    /// The time of day that stands in an RFC 3339 time, as it is told there.
    pub fn told(rfc3339: &str) -> Self {
        let civil = rfc3339.get(..19).and_then(|text| text.parse().ok());
        Self::of(civil.unwrap_or_default())
    }

    /// The years that can be told begin in 1980 and end in 2107; what is not in them becomes the first day.
    pub fn of(at: DateTime) -> Self {
        let part = |number: i8| u16::try_from(number).unwrap_or(0);
        match u16::try_from(i32::from(at.year()) - 1980) {
            Ok(year) if year < 128 => Self {
                date: year << 9 | part(at.month()) << 5 | part(at.day()),
                time: part(at.hour()) << 11 | part(at.minute()) << 5 | (part(at.second()) / 2),
            },
            _ => Self {
                date: 1 << 5 | 1,
                time: 0,
            },
        }
    }
}

/// One entry.
pub(super) struct Record<'a> {
    pub(super) name: &'a str,
    pub(super) stamp: Stamp,
    pub(super) offset: u64,
    /// Its length and checksum come after it.
    pub(super) follows: bool,
    /// Known of an entry that has been written.
    pub(super) sum: Option<Sum>,
}

impl Record<'_> {
    /// APPNOTE §4.3.7.
    pub(super) fn local(&self) -> Vec<u8> {
        let (crc, len) = self.sums();
        // Of what comes later nobody knows how long it will be.
        let wide = self.follows || is_long(len);
        let extra = match wide {
            true => zip64(&[len, len]),
            false => Vec::new(),
        };
        let mut out = b"PK\x03\x04".to_vec();
        out.extend(self.head(crc, narrow(len, wide)));
        out.extend(self.lengths(&extra));
        out.extend(self.name.as_bytes());
        out.extend(extra);
        out
    }

    /// APPNOTE §4.3.9, with lengths of 64 bits as its header has them (§4.3.9.2).
    pub(super) fn descriptor(&self) -> Vec<u8> {
        let (crc, len) = self.sums();
        let mut out = b"PK\x07\x08".to_vec();
        out.extend(crc.to_le_bytes());
        out.extend(len.to_le_bytes());
        out.extend(len.to_le_bytes());
        out
    }

    /// APPNOTE §4.3.12. By now all is known: what 32 bits hold stands in them, and readers that know no others find it.
    pub(super) fn central(&self) -> Vec<u8> {
        let (crc, len) = self.sums();
        let far = self.offset >= u64::from(ELSEWHERE);
        let mut wide = Vec::new();
        if is_long(len) {
            wide.extend([len, len]);
        }
        if far {
            wide.push(self.offset);
        }
        let extra = if wide.is_empty() { Vec::new() } else { zip64(&wide) };
        let mut out = b"PK\x01\x02".to_vec();
        out.extend(MADE_BY.to_le_bytes());
        out.extend(self.head(crc, narrow(len, is_long(len))));
        out.extend(self.lengths(&extra));
        // No comment, the first disk, no attributes of the inside.
        out.extend([0; 6]);
        out.extend(MODE.to_le_bytes());
        out.extend(narrow(self.offset, far).to_le_bytes());
        out.extend(self.name.as_bytes());
        out.extend(extra);
        out
    }

    /// What the two kinds of header have in common.
    fn head(&self, crc: u32, len: u32) -> Vec<u8> {
        let flags = UTF_8 | if self.follows { SIZES_FOLLOW } else { 0 };
        let stored = 0u16;
        let words = [NEEDED, flags, stored, self.stamp.time, self.stamp.date];
        let mut out: Vec<u8> = words.into_iter().flat_map(u16::to_le_bytes).collect();
        out.extend([crc, len, len].into_iter().flat_map(u32::to_le_bytes));
        out
    }

    fn lengths(&self, extra: &[u8]) -> impl Iterator<Item = u8> {
        [self.name.len(), extra.len()]
            .into_iter()
            .flat_map(|len| u16::try_from(len).unwrap_or(u16::MAX).to_le_bytes())
    }

    fn sums(&self) -> (u32, u64) {
        self.sum
            .as_ref()
            .map_or((0, 0), |sum| (sum.crc.clone().finalize(), sum.len))
    }
}

/// What ends a zip.
pub(super) struct End {
    pub(super) entries: u64,
    /// Where the directory begins.
    pub(super) offset: u64,
    pub(super) len: u64,
}

impl End {
    /// APPNOTE §4.3.14 to §4.3.16; readers look for the numbers of 64 bits only where those of fewer are full.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let many = self.entries >= u64::from(u16::MAX);
        let far = self.offset.max(self.len) >= u64::from(ELSEWHERE);
        let mut out = Vec::new();
        if many || far {
            out.extend(b"PK\x06\x06");
            out.extend(44u64.to_le_bytes());
            out.extend([MADE_BY, NEEDED].into_iter().flat_map(u16::to_le_bytes));
            out.extend([0; 8]);
            let numbers = [self.entries, self.entries, self.len, self.offset];
            out.extend(numbers.into_iter().flat_map(u64::to_le_bytes));
            out.extend(b"PK\x06\x07");
            out.extend(0u32.to_le_bytes());
            out.extend((self.offset + self.len).to_le_bytes());
            out.extend(1u32.to_le_bytes());
        }
        let entries = u16::try_from(self.entries).unwrap_or(u16::MAX);
        out.extend(b"PK\x05\x06");
        out.extend([0, 0, entries, entries].into_iter().flat_map(u16::to_le_bytes));
        out.extend(
            [self.len, self.offset]
                .into_iter()
                .flat_map(|number| narrow(number, false).to_le_bytes()),
        );
        out.extend(0u16.to_le_bytes());
        out
    }
}

fn is_long(len: u64) -> bool {
    len >= u64::from(ELSEWHERE)
}

fn zip64(numbers: &[u64]) -> Vec<u8> {
    let len = u16::try_from(numbers.len() * 8).unwrap_or(u16::MAX);
    let mut out: Vec<u8> = [ZIP64, len].into_iter().flat_map(u16::to_le_bytes).collect();
    out.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    out
}

fn narrow(number: u64, elsewhere: bool) -> u32 {
    match elsewhere {
        true => ELSEWHERE,
        false => u32::try_from(number).unwrap_or(ELSEWHERE),
    }
}
