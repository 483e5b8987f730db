//! The file itself, written while it is sent. Of a mailbox no more is in memory than a few hundred rows of its list.

use super::{Form, Words, told::Told};
use crate::{
    mbox_writer::{Quoted, from_line},
    routes::streamed::{AT_ONCE, Sink},
    zip_names,
    zip_writer::{Stamp, ZipWriter},
};
use app::wording::Dates;
use bytes::Bytes;
use data_encoding::BASE64;
use futures::StreamExt;
use mailroom::{Download, ExportPlace, ExportPlan, Exported, MailroomError, Reader, Wording};
use std::{
    io::{self, Write},
    ops::Range,
    path::PathBuf,
};
use tokio::runtime::Handle;

/// Bytes of a subject in the name of a file; what tells the names apart stands after it.
const OF_SUBJECT: usize = 100;

/// What an export says of itself.
const README: &str = "README.txt";

/// See the module.
pub(super) struct Export {
    pub(super) reader: Reader,
    pub(super) plan: ExportPlan,
    /// In seconds.
    pub(super) between: Range<i64>,
    pub(super) form: Form,
    pub(super) words: Words,
    pub(super) dates: Dates,
    /// In seconds.
    pub(super) now: i64,
    pub(super) runtime: Handle,
    /// Where the end of a zip may lie until it is sent.
    pub(super) scratch: PathBuf,
}

/// What there is of a message.
enum Content<'a> {
    Here(&'a [Bytes]),
    Coming(&'a mut dyn Iterator<Item = io::Result<Bytes>>),
}

impl Export {
    /// Writes it, on a thread that may block.
    pub(super) fn write(&self, sink: Sink) -> io::Result<()> {
        match (self.form, &self.plan.places[..]) {
            (Form::Mbox, [place]) => self.one_mbox(place, sink),
            _ => self.zip(sink),
        }
    }

    fn one_mbox(&self, place: &ExportPlace, mut sink: Sink) -> io::Result<()> {
        let mut told = Told::default();
        self.mbox(place, &mut told, &mut sink)?;
        // A message that nobody sent stands in it only if there is something that must be known.
        if !told.is_plain() {
            // RFC 2047 §2; it is short.
            let subject = BASE64.encode(self.words.own.title.as_bytes());
            let note = format!(
                "From: Fumibako <>\nSubject: =?utf-8?B?{subject}?=\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{}",
                self.text(&told)
            );
            put(self.now, Content::Here(&[note.into()]), &mut sink)?;
        }
        sink.flush()
    }

    fn mbox(&self, place: &ExportPlace, told: &mut Told, out: &mut dyn Write) -> io::Result<()> {
        self.each(place, told, |message, content| put(message.received, content, out))
    }

    fn zip(&self, sink: Sink) -> io::Result<()> {
        let mut told = Told::default();
        let now = Stamp::told(&self.dates.moment(self.now).rfc3339);
        let mut zip = ZipWriter::new(sink, self.scratch.clone());
        let names = beside_readme(self.plan.places.iter().map(|place| place.name.as_str()));
        for (place, name) in self.plan.places.iter().zip(&names) {
            if self.form == Form::Mbox {
                zip.stream(&format!("{name}.mbox"), now, |out| self.mbox(place, &mut told, out))?;
                continue;
            }
            let folder = match self.plan.places.len() {
                1 => String::new(),
                _ => format!("{name}/"),
            };
            self.each(place, &mut told, |message, content| {
                let day = message.when.rfc3339.get(..10).unwrap_or_default();
                let subject = zip_names::beginning(&message.subject, OF_SUBJECT);
                let file = zip_names::safe(&format!("{day} {subject} {}.eml", message.id.0));
                let (file, stamp) = (format!("{folder}{file}"), Stamp::told(&message.when.rfc3339));
                match content {
                    Content::Here(pieces) => zip.whole(&file, stamp, pieces),
                    Content::Coming(pieces) => zip.stream(&file, stamp, |out| {
                        for piece in pieces {
                            out.write_all(&piece?)?;
                        }
                        Ok(())
                    }),
                }
            })?;
        }
        zip.whole(README, now, &[self.text(&told).into()])?;
        zip.finish().map(drop)
    }

    /// Goes through a mailbox, and notes what there was of it.
    fn each(
        &self,
        place: &ExportPlace,
        told: &mut Told,
        mut put: impl FnMut(&Exported, Content<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let name = self.words.all.mailbox(&place.reference);
        let label = match self.runtime.block_on(self.reader.export_label(place, &self.dates)) {
            Ok(label) => label,
            Err(error) => {
                told.missing_place(&name, &error, &self.words);
                return Ok(());
            }
        };
        let mut messages = self.reader.export(place, self.between.clone(), &self.dates);
        while let Some(message) = self.runtime.block_on(messages.next()) {
            let message = message.map_err(io::Error::other)?;
            match &message.download {
                Err(error) => told.missing(&message, error, &self.words),
                // One that breaks off ends the transfer; of the others only that one is missing.
                Ok(download) if download.len > AT_ONCE => {
                    let mut pieces = self.pieces(download).map(|piece| piece.map_err(io::Error::other));
                    put(&message, Content::Coming(&mut pieces))?;
                    told.whole(download.is_copy());
                }
                Ok(download) => match self.pieces(download).collect::<Result<Vec<Bytes>, _>>() {
                    Err(error) => told.missing(&message, &error, &self.words),
                    Ok(pieces) => {
                        put(&message, Content::Here(&pieces))?;
                        told.whole(download.is_copy());
                    }
                },
            }
        }
        told.place(&name, &label, &self.words);
        Ok(())
    }

    fn text(&self, told: &Told) -> String {
        let mut text = told.text(&self.words, &self.dates.moment(self.now).full);
        if self.plan.more {
            text.push('\n');
            text.push_str(self.words.own.more);
            text.push('\n');
        }
        text
    }

    fn pieces(&self, download: &Download) -> impl Iterator<Item = Result<Bytes, MailroomError>> {
        let mut pieces = download.stream(0..download.len);
        std::iter::from_fn(move || self.runtime.block_on(pieces.next()))
    }
}

/// What mailboxes are called in a zip: one may have the name of what the export says of itself.
fn beside_readme<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    zip_names::unique(std::iter::once(README).chain(names)).split_off(1)
}

/// One message of an mbox.
fn put(received: i64, content: Content<'_>, into: &mut dyn Write) -> io::Result<()> {
    let (mut quoted, mut out) = (Quoted::default(), from_line(received).into_bytes());
    let mut feed = |piece: &[u8]| {
        quoted.feed(piece, &mut out);
        let written = into.write_all(&out);
        out.clear();
        written
    };
    match content {
        Content::Here(pieces) => pieces.iter().try_for_each(|piece| feed(piece))?,
        Content::Coming(pieces) => {
            for piece in pieces {
                feed(&piece?)?;
            }
        }
    }
    quoted.finish(&mut out);
    into.write_all(&out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_mailbox_takes_the_name_of_what_the_export_says() {
        let names = beside_readme(["INBOX", "readme.TXT", "Sent"].into_iter());
        assert_eq!(names, ["INBOX", "readme (2).TXT", "Sent"]);
    }
}
