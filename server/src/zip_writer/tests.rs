use super::*;
use std::{
    fs::File,
    io::{Cursor, Read, Seek, SeekFrom},
    path::Path,
};
use tempfile::TempDir;
use zip::{DateTime, ZipArchive};

fn stamp() -> Stamp {
    Stamp::of("2026-11-29T03:01:07".parse().unwrap())
}

fn read(archive: &mut ZipArchive<impl Read + Seek>, at: usize) -> (String, Vec<u8>) {
    let mut file = archive.by_index(at).unwrap();
    let mut bytes = Vec::new();
    // The checksum is compared at the end.
    file.read_to_end(&mut bytes).unwrap();
    (file.name().to_owned(), bytes)
}

fn many(scratch: &Path, entries: u64) -> (Vec<u8>, usize) {
    let mut zip = ZipWriter::new(Vec::new(), scratch.to_owned());
    let mut in_memory = 0;
    for number in 0..entries {
        let bytes = number.to_string().into();
        zip.whole(&format!("2026-11-29 件名 {number}.eml"), stamp(), &[bytes])
            .unwrap();
        in_memory = in_memory.max(zip.directory.in_memory());
    }
    (zip.finish().unwrap(), in_memory)
}

#[test]
fn another_reader_finds_what_was_written() {
    let dir = TempDir::new().unwrap();
    let mut zip = ZipWriter::new(Vec::new(), dir.path().to_owned());
    zip.whole("一.eml", stamp(), &["one".into(), " piece".into()]).unwrap();
    zip.whole("none.eml", stamp(), &[]).unwrap();
    zip.stream(
        "box/INBOX.mbox",
        Stamp::of("1979-12-31T00:00:00".parse().unwrap()),
        |out| (0..1000).try_for_each(|_| out.write_all(b"coming ")),
    )
    .unwrap();
    let bytes = zip.finish().unwrap();
    let last = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    assert_eq!(
        bytes[last + 24..last + 28],
        7_000u32.to_le_bytes(),
        "for readers without zip64"
    );
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    assert_eq!(archive.len(), 3);
    assert_eq!(read(&mut archive, 0), ("一.eml".to_owned(), b"one piece".to_vec()));
    assert_eq!(read(&mut archive, 1), ("none.eml".to_owned(), Vec::new()));
    assert_eq!(
        read(&mut archive, 2),
        ("box/INBOX.mbox".to_owned(), b"coming ".repeat(1000))
    );
    let first = archive.by_index(0).unwrap();
    let minute = DateTime::from_date_and_time(2026, 11, 29, 3, 1, 6).unwrap();
    assert_eq!(
        (first.last_modified(), first.unix_mode()),
        (Some(minute), Some(0o100_644))
    );
    drop(first);
    assert_eq!(archive.by_index(2).unwrap().last_modified(), Some(DateTime::default()));
}

#[test]
fn nothing_in_it_is_no_error() {
    let zip = ZipWriter::new(Vec::new(), PathBuf::new()).finish().unwrap();
    assert_eq!(ZipArchive::new(Cursor::new(zip)).unwrap().len(), 0);
}

#[test]
fn more_entries_than_sixteen_bits_count_take_no_more_memory_and_leave_nothing_on_disk() {
    let dir = TempDir::new().unwrap();
    let (few, _) = many(dir.path(), 10);
    let (bytes, in_memory) = many(dir.path(), 70_000);
    assert!(few.len() < 2_000 && in_memory <= 2 * directory::AT_ONCE, "{in_memory}");
    assert_eq!(dir.path().read_dir().unwrap().count(), 0);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    assert_eq!(archive.len(), 70_000);
    for at in [0, 65_534, 65_535, 69_999] {
        let (name, bytes) = read(&mut archive, at);
        assert_eq!(
            (name, bytes),
            (format!("2026-11-29 件名 {at}.eml"), at.to_string().into_bytes())
        );
    }
}

#[test]
fn where_the_disk_takes_nothing_the_zip_is_whole_all_the_same() {
    let (bytes, in_memory) = many(Path::new("/nowhere"), 20_000);
    assert!(in_memory > directory::AT_ONCE);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    assert_eq!(
        (archive.len(), read(&mut archive, 19_999).1),
        (20_000, b"19999".to_vec())
    );
}

#[test]
fn an_entry_behind_four_gibibytes_is_found() {
    const FAR: u64 = 5 << 30;
    let dir = TempDir::new().unwrap();
    let mut file = File::create_new(dir.path().join("far.zip")).unwrap();
    file.seek(SeekFrom::Start(FAR)).unwrap();
    let mut zip = ZipWriter::new(&file, dir.path().to_owned());
    zip.at = FAR;
    zip.whole("far.eml", stamp(), &["far".into()]).unwrap();
    zip.stream("farther.eml", stamp(), |out| out.write_all(b"farther"))
        .unwrap();
    zip.finish().unwrap();
    let mut archive = ZipArchive::new(File::open(dir.path().join("far.zip")).unwrap()).unwrap();
    assert_eq!(read(&mut archive, 0).1, b"far");
    assert_eq!(read(&mut archive, 1).1, b"farther");
}

#[test]
fn what_breaks_off_is_told() {
    let dir = TempDir::new().unwrap();
    let mut zip = ZipWriter::new(Vec::new(), dir.path().to_owned());
    let broken = zip.stream("a", stamp(), |_| Err(io::ErrorKind::TimedOut.into()));
    assert_eq!(broken.unwrap_err().kind(), io::ErrorKind::TimedOut);
}
