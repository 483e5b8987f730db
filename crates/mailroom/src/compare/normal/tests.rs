use super::*;

fn of(text: &[u8], unquote: bool, step: usize) -> Digest {
    let mut normal = Normal::new(unquote);
    text.chunks(step.max(1)).for_each(|chunk| normal.push(chunk));
    normal.finish()
}

fn same(a: &[u8], b: &[u8]) -> bool {
    of(a, true, 1 << 20).whole == of(b, true, 1 << 20).whole
}

const PLAIN: &[u8] = b"From: a\nSubject: b\n c\n\nText\n\nFrom here\n";

#[test]
fn what_formats_change_does_not_count() {
    for other in [
        &b"From: a\r\nSubject: b\r\n c\r\n\r\nText\r\n\r\nFrom here\r\n"[..],
        b"From: a\nSubject: b\n c\n\nText\n\nFrom here",
        b"From: a\nSubject: b\n c\n\nText\n\nFrom here\n\n\n",
        b"From: a\nSubject: b\n c\n\nText\n\n>From here\n",
        b"From: a\nSubject: b\n c\n\nText\n\n>>From here\n",
        b"From x Sat Feb 29 12:34:56 2020\nFrom: a\nSubject: b\n c\n\nText\n\nFrom here\n",
        b"Status: RO\nFrom: a\nX-Status: A\nX-UID: 7\nX-Keywords: a\n b\nX-IMAPbase: 1 2\nX-IMAP: 1 2\nContent-Length: 9\nSubject: b\n c\n\nText\n\nFrom here\n",
    ] {
        assert!(same(PLAIN, other), "{}", String::from_utf8_lossy(other));
    }
    assert!(same(b"From: a\n", b"From: a\n\n"), "no body and an empty one");
    assert!(
        same(b"A: 1\rtest\r", b"A: 1\rtest\r\n"),
        "lines that end in CR alone, before and after an mbox"
    );
    assert!(same(b"A: 1\n\nend\n\r", b"A: 1\n\nend\n\r\n"), "CR alone at the end");
}

#[test]
fn everything_else_does() {
    for other in [
        &b"From: a\nSubject: b\n d\n\nText\n\nFrom here\n"[..],
        b"From: a\nSubject: b c\n\nText\n\nFrom here\n",
        b"From: a\nSubject: b\n c\n\nText\nFrom here\n",
        b"From: a\nSubject: b\n c\n\nText\n\n> From here\n",
        b"From: a\nSubject: b\n c\n\nText \n\nFrom here\n",
        b"From: a\nSubject: b\n c\n\nText\n\n",
        b"From: a\nSubject: b\n c\n\nText\n\nFrom here\nStatus: RO\n",
        b"",
    ] {
        assert!(!same(PLAIN, other), "{}", String::from_utf8_lossy(other));
    }
    // What stands on either side of the empty line cannot change sides.
    assert!(!same(b"A: 1\n\nB: 2\n", b"A: 1\nB: 2\n\n"));
}

#[test]
fn quotes_count_where_no_format_writes_them() {
    let quoted = b"A: 1\n\n>From here\n";
    let plain = b"A: 1\n\nFrom here\n";
    assert_eq!(of(quoted, true, 99), of(plain, true, 99));
    assert_ne!(of(quoted, false, 99), of(plain, false, 99));
}

#[test]
fn headers_and_text_are_told_apart() {
    let (a, b, c) = (
        of(b"A: 1\n\nx\n", false, 9),
        of(b"A: 1\n\ny\n", false, 9),
        of(b"A: 2\n\nx\n", false, 9),
    );
    assert!(a.head == b.head && a.body != b.body);
    assert!(a.head != c.head && a.body == c.body);
}

#[test]
fn it_does_not_matter_in_which_pieces_it_is_read() {
    let mut long = PLAIN.to_vec();
    long.extend_from_slice(&b">From ".repeat(30_000));
    long.extend_from_slice(b"\r\r\nend\r\n");
    for text in [PLAIN, &long] {
        let whole = of(text, true, 1 << 22);
        for step in [1, 2, 3, 7, 4096, LONGEST - 1, LONGEST, LONGEST + 1] {
            assert_eq!(of(text, true, step), whole, "{step}");
        }
    }
    // A line end that lies across two pieces of a line that is longer than the buffer.
    let crlf = [b"A: 1\r\n\r\n".to_vec(), vec![b'x'; LONGEST], b"\r\ny\r\n".to_vec()].concat();
    let lf = [b"A: 1\n\n".to_vec(), vec![b'x'; LONGEST], b"\ny\n".to_vec()].concat();
    for step in 1..40 {
        assert_eq!(of(&crlf, true, step), of(&lf, true, LONGEST), "{step}");
    }
}
