//! The end of a file: what it holds, and whose it is.

use super::keys::{NONCE, Name, Nonce, damaged};
use std::io;

/// One piece of a message as it lies in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// With its tag, in bytes.
    pub(super) size: u32,
    pub(super) nonce: Nonce,
}

/// A message that has this content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) message: String,
    pub(super) delivered: i64,
    pub(super) saved_at: i64,
    pub(super) pinned: bool,
    pub(super) opened: bool,
}

/// What stands at a file's end, encrypted. It names its blocks by their nonces, which are hashes of them: a tail and the blocks
/// of another file, or blocks left out or in another order, do not go together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tail {
    pub(super) name: Name,
    /// Of the message, in bytes.
    pub(super) length: u64,
    pub(super) blocks: Vec<Block>,
    pub(super) owners: Vec<Owner>,
}

impl Tail {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(64 + self.blocks.len() * (4 + NONCE) + self.owners.len() * 64);
        out.extend_from_slice(&self.name);
        out.extend_from_slice(&self.length.to_le_bytes());
        out.extend_from_slice(&(self.blocks.len() as u64).to_le_bytes());
        for block in &self.blocks {
            out.extend_from_slice(&block.size.to_le_bytes());
            out.extend_from_slice(&block.nonce);
        }
        out.extend_from_slice(&(self.owners.len() as u64).to_le_bytes());
        for owner in &self.owners {
            out.extend_from_slice(&(owner.message.len() as u64).to_le_bytes());
            out.extend_from_slice(owner.message.as_bytes());
            out.extend_from_slice(&owner.delivered.to_le_bytes());
            out.extend_from_slice(&owner.saved_at.to_le_bytes());
            out.push(u8::from(owner.pinned) | u8::from(owner.opened) << 1);
        }
        out
    }

    pub(super) fn decode(bytes: &[u8]) -> io::Result<Self> {
        let mut rest = Rest(bytes);
        let name = rest.array()?;
        let length = rest.number()?;
        let mut blocks = Vec::new();
        for _ in 0..rest.number()? {
            blocks.push(Block {
                size: u32::from_le_bytes(rest.array()?),
                nonce: rest.array()?,
            });
        }
        let mut owners = Vec::new();
        for _ in 0..rest.number()? {
            let size = usize::try_from(rest.number()?).map_err(|_| damaged("has a bad tail"))?;
            let message = rest.take(size)?.to_vec();
            let message = String::from_utf8(message).map_err(|_| damaged("has a bad tail"))?;
            let delivered = i64::from_le_bytes(rest.array()?);
            let saved_at = i64::from_le_bytes(rest.array()?);
            let [marks] = rest.array()?;
            owners.push(Owner {
                message,
                delivered,
                saved_at,
                pinned: marks & 1 != 0,
                opened: marks & 2 != 0,
            });
        }
        Ok(Self {
            name,
            length,
            blocks,
            owners,
        })
    }
}

struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, size: usize) -> io::Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(size).ok_or_else(|| damaged("has a bad tail"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const SIZE: usize>(&mut self) -> io::Result<[u8; SIZE]> {
        self.take(SIZE)?.try_into().map_err(|_| damaged("has a bad tail"))
    }

    fn number(&mut self) -> io::Result<u64> {
        Ok(u64::from_le_bytes(self.array()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_off_or_made_up_is_refused_and_nothing_else() {
        let owner = |message: &str| Owner {
            message: message.into(),
            delivered: -1,
            saved_at: i64::MAX,
            pinned: true,
            opened: false,
        };
        let tail = Tail {
            name: [7; 32],
            length: 70_000,
            blocks: vec![
                Block {
                    size: 9,
                    nonce: [1; NONCE],
                },
                Block {
                    size: 8,
                    nonce: [2; NONCE],
                },
            ],
            owners: vec![owner("a"), owner("手紙")],
        };
        let bytes = tail.encode();
        assert_eq!(Tail::decode(&bytes).unwrap(), tail);
        for end in 0..bytes.len() {
            assert!(Tail::decode(&bytes[..end]).is_err(), "{end}");
        }
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            other[at] = 0xff;
            // It may be read as something, and must come to an end.
            let _ = Tail::decode(&other);
        }
    }
}
