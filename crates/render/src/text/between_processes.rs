//! Blocks on their way between processes: in a row, with beginnings and ends, since whoever made them may not be believed. What is
//! deeper than blocks are is refused before anything has to follow it down.

use super::{DEEPEST_QUOTE, Inline, TextBlock};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error, ser::SerializeSeq};

/// A signature may hold quotes, and a quote of a signature is none.
const DEEPEST: usize = DEEPEST_QUOTE + 2;

#[derive(Serialize)]
enum Given<'b> {
    Paragraph(&'b [Inline]),
    Quote(u32),
    Signature,
    End,
}

#[derive(Deserialize)]
enum Taken {
    Paragraph(Vec<Inline>),
    Quote(u32),
    Signature,
    End,
}

/// Of all of them together.
fn length(blocks: &[TextBlock]) -> usize {
    let of = |block: &TextBlock| match block {
        TextBlock::Paragraph(_) => 1,
        TextBlock::Quote { blocks, .. } | TextBlock::Signature(blocks) => 2 + length(blocks),
    };
    blocks.iter().map(of).sum()
}

pub(crate) fn serialize<S: Serializer>(blocks: &[TextBlock], serializer: S) -> Result<S::Ok, S::Error> {
    let mut row = serializer.serialize_seq(Some(length(blocks)))?;
    give(blocks, &mut row)?;
    row.end()
}

fn give<S: SerializeSeq>(blocks: &[TextBlock], row: &mut S) -> Result<(), S::Error> {
    for block in blocks {
        let (begin, inside) = match block {
            TextBlock::Paragraph(inlines) => {
                row.serialize_element(&Given::Paragraph(inlines))?;
                continue;
            }
            TextBlock::Quote { lines, blocks } => (Given::Quote(*lines), blocks),
            TextBlock::Signature(blocks) => (Given::Signature, blocks),
        };
        row.serialize_element(&begin)?;
        give(inside, row)?;
        row.serialize_element(&Given::End)?;
    }
    Ok(())
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<TextBlock>, D::Error> {
    let mut blocks = Vec::new();
    // What is open: how many lines a quote has, and what stood before it.
    let mut open: Vec<(Option<u32>, Vec<TextBlock>)> = Vec::new();
    for taken in Vec::<Taken>::deserialize(deserializer)? {
        match taken {
            Taken::Paragraph(inlines) => blocks.push(TextBlock::Paragraph(inlines)),
            Taken::Quote(_) | Taken::Signature if open.len() >= DEEPEST => return Err(D::Error::custom("too deep")),
            Taken::Quote(lines) => open.push((Some(lines), std::mem::take(&mut blocks))),
            Taken::Signature => open.push((None, std::mem::take(&mut blocks))),
            Taken::End => {
                let (lines, before) = open.pop().ok_or_else(|| D::Error::custom("an end of nothing"))?;
                let inside = std::mem::replace(&mut blocks, before);
                blocks.push(match lines {
                    Some(lines) => TextBlock::Quote { lines, blocks: inside },
                    None => TextBlock::Signature(inside),
                });
            }
        }
    }
    match open.is_empty() {
        true => Ok(blocks),
        false => Err(D::Error::custom("no end")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Flow, blocks};
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Carried(#[serde(with = "super")] Vec<TextBlock>);

    fn carried(blocks: Vec<TextBlock>) -> Vec<u8> {
        postcard::to_allocvec(&Carried(blocks)).unwrap()
    }

    #[test]
    fn blocks_arrive_as_they_were() {
        let deep = format!("{} deep\n", ">".repeat(DEEPEST_QUOTE + 4));
        for text in [
            "",
            "a\nb https://x.example/\n\nc",
            "a\n> b\n>> c\n> d\n\n> e\nf\n-- \nSato\n> odd\n",
            &deep,
            &format!("a\n-- \n{deep}"),
        ] {
            let blocks = blocks(text, Flow::Fixed);
            let again: Carried = postcard::from_bytes(&carried(blocks.clone())).unwrap();
            assert_eq!(again.0, blocks, "{text}");
        }
    }

    #[test]
    fn what_would_lead_down_without_end_or_makes_no_sense_is_refused() {
        let nested = |depth: usize| {
            (0..depth).fold(Vec::new(), |inside, _| {
                vec![TextBlock::Quote {
                    lines: 1,
                    blocks: inside,
                }]
            })
        };
        let read = |bytes: &[u8]| postcard::from_bytes::<Carried>(bytes);
        assert!(read(&carried(nested(DEEPEST))).is_ok());
        assert!(read(&carried(nested(DEEPEST + 1))).is_err());
        for row in [
            vec![Given::End],
            vec![Given::Quote(1)],
            vec![Given::Signature, Given::End, Given::End],
        ] {
            assert!(read(&postcard::to_allocvec(&row).unwrap()).is_err());
        }
    }
}
