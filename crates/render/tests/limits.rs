//! Class M of the design's vectors (`security.md` 13): messages made to be expensive. Each is read to the end; that it takes no
//! minutes is seen by whoever waits for this test.

use render::{BodyOptions, DefectKind, Options, Skeleton, SkeletonBuilder, View, body_document, message};

fn read(raw: &[u8]) -> View {
    let skeleton = Skeleton::whole(raw);
    body_document(&skeleton, &BodyOptions::default());
    message(
        &skeleton,
        &Options {
            all_headers: true,
            ..Options::default()
        },
    )
}

fn has(view: &View, kind: DefectKind) -> bool {
    view.defects.iter().any(|defect| defect.kind == kind)
}

#[test]
fn parts_in_parts_a_thousand_deep() {
    let mut raw = String::new();
    for depth in 0..1_000 {
        raw.push_str(&format!(
            "Content-Type: multipart/mixed; boundary=b{depth}x\n\n--b{depth}x\n"
        ));
    }
    raw.push_str("\ndeepest\n");
    let view = read(raw.as_bytes());
    assert!(has(&view, DefectKind::TooDeep), "{:?}", view.defects);
    assert!(view.structure.parts.len() <= 21);
}

#[test]
fn messages_in_messages_ten_thousand_deep() {
    let view = read(&b"Content-Type: message/rfc822\n\n".repeat(10_000));
    assert!(has(&view, DefectKind::TooDeep));
}

#[test]
fn twenty_thousand_parts() {
    let raw = format!(
        "Content-Type: multipart/mixed; boundary=b\n\n{}--b--\n",
        "--b\nContent-Type: x/y\n\nz\n".repeat(20_000)
    );
    let view = read(raw.as_bytes());
    assert_eq!(view.structure.parts.len(), 500);
    assert!(has(&view, DefectKind::TooManyParts));
}

#[test]
fn a_header_field_of_ten_megabytes() {
    let raw = format!("Subject: {}\nFrom: a@example.jp\n\nbody", "x".repeat(10 << 20));
    let view = read(raw.as_bytes());
    assert!(has(&view, DefectKind::HeaderTooLong));
    assert!(view.envelope.subject.len() <= 16 << 10);
}

/// What looks like the beginning of something makes a parser look ahead; doing so at each place is quadratic.
#[test]
fn fields_of_beginnings() {
    for piece in [
        "=?a?b?",
        "=?utf-8?B?",
        "\"",
        "(",
        "<",
        "a@b,",
        "\\",
        "=?utf-8?Q?a?= ",
        ";x*0*=",
        "; x=\"",
        "'",
        "\x1b$B",
    ] {
        let value = piece.repeat((64 << 10) / piece.len());
        for field in [
            "To",
            "Subject",
            "Content-Type",
            "Content-Disposition",
            "Received",
            "References",
            "X-Other",
            "Content-ID",
            "Date",
        ] {
            read(format!("{field}: {value}\n\nbody").as_bytes());
            read(
                format!("Content-Type: multipart/mixed; boundary=b\n\n--b\n{field}: {value}\n\nbody\n--b--\n")
                    .as_bytes(),
            );
        }
    }
}

#[test]
fn bodies_of_beginnings() {
    for piece in [
        "-", "--", "\n--", "\n\n", "=", "<", "<!--", "<a ", "<a b=\"", "&", "http://", "www.", ">", "> ", "\r", "\0",
        "\x1b$B", "あ", " \n", "-- \n",
    ] {
        let body = piece.repeat((128 << 10) / piece.len());
        for content_type in [
            "text/plain",
            "text/plain; format=flowed",
            "text/html",
            "multipart/mixed; boundary=b",
            "message/rfc822",
            "message/delivery-status",
        ] {
            read(format!("Content-Type: {content_type}\n\n{body}").as_bytes());
        }
    }
}

/// V-82
#[test]
fn a_base64_text_of_sixty_four_megabytes_is_kept_in_part() {
    let line = format!("{}\n", "QUJD".repeat(19));
    let head = b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n";
    let lines = (64 << 20) / line.len();
    let size = (head.len() + lines * line.len()) as u64;
    let mut builder = SkeletonBuilder::new(size);
    builder.feed(head);
    let piece = line.repeat(1_000);
    for _ in 0..lines / 1_000 {
        builder.feed(piece.as_bytes());
    }
    builder.feed(line.repeat(lines % 1_000).as_bytes());
    let skeleton = builder.finish();
    let view = message(&skeleton, &Options::default());
    assert!(has(&view, DefectKind::TextTooLong));
    let part = &view.structure.parts[0];
    assert_eq!(part.body, head.len() as u64..size);
    assert!(part.estimated && part.decoded_size > 40 << 20);
}

/// Of a large attachment the beginning is kept; where it lies in the file is known to the byte.
#[test]
fn a_large_attachment_in_the_middle_is_found_in_the_file() {
    for end in ["\n", "\r\n"] {
        let content: Vec<u8> = (0..6_u32 << 20).map(|number| (number % 251) as u8).collect();
        let encoded: String = data_encoding::BASE64
            .encode(&content)
            .as_bytes()
            .chunks(76)
            .map(|line| format!("{}{end}", String::from_utf8_lossy(line)))
            .collect();
        let before = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhello\n--b\n\
            Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
            .replace('\n', end);
        let after = "--b\nContent-Type: text/csv; name=c.csv\n\n1,2\n--b--\n".replace('\n', end);
        let file = format!("{before}{encoded}{after}");
        let mut builder = SkeletonBuilder::new(file.len() as u64);
        file.as_bytes().chunks(50_000).for_each(|piece| builder.feed(piece));
        let skeleton = builder.finish();
        let view = message(&skeleton, &Options::default());
        let names: Vec<_> = view
            .structure
            .parts
            .iter()
            .map(|part| part.file_name.as_str())
            .collect();
        assert_eq!(names[2..], ["a.pdf", "c.csv"]);
        let range = |part: &render::Part| part.body.start as usize..part.body.end as usize;
        let large = &view.structure.parts[2];
        let mut decoded = Vec::new();
        let mut decoder = render::PartDecoder::new(large.encoding);
        decoder.feed(&file.as_bytes()[range(large)], &mut decoded);
        decoder.finish(&mut decoded);
        assert!(decoded == content, "{} of {} bytes", decoded.len(), content.len());
        let off = large.decoded_size.abs_diff(content.len() as u64);
        assert!(
            large.estimated && off < 200_000,
            "{} is not about {}",
            large.decoded_size,
            content.len()
        );
        assert_eq!(&file[range(&view.structure.parts[3])], "1,2");
        assert!(view.defects.is_empty(), "{:?}", view.defects);
    }
}
