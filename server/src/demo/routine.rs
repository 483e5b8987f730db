//! Everyday mail, in quantity: lists with long threads, notices, code review, courses.

use super::{
    compose::{Letter, NameStyle, Part},
    encode::Charset,
    files,
    people::{
        GITLAB, LIBRARY, MEDIA_CENTER, Mailbox, NAKAMURA, Person, REGISTRAR, SATO, SEMINAR_LIST, STUDENT_OFFICE,
        YAMAMOTO,
    },
    rng::Rng,
    store::{Folder, Sink},
};
use std::io;

const DAY: i64 = 24 * 3600;
/// Two years of mail.
const SPAN: u64 = 2 * 365 * 24 * 3600;

const LAB: Folder = Folder::Named("研究室");
const SEMINAR: Folder = Folder::Named("研究室.輪講");
const COURSES: Folder = Folder::Named("授業");
const OFFICE: Folder = Folder::Named("学生課からのお知らせ");

/// A kind of everyday mail: where it goes, who sends it, what it says.
struct Kind {
    folder: Folder,
    from: &'static [Mailbox],
    subjects: &'static [&'static str],
    texts: &'static [&'static str],
    /// How often, beside the others.
    weight: u64,
}

const KINDS: &[Kind] = &[
    Kind {
        folder: Folder::Inbox,
        from: &[MEDIA_CENTER, REGISTRAR, LIBRARY],
        subjects: &[
            "システム保守のお知らせ",
            "証明書自動発行機の休止について",
            "図書館の開館時間の変更",
            "無線 LAN の更新作業",
            "パスワードの有効期限について",
        ],
        texts: &[
            "下記のとおり作業を行います。ご不便をおかけしますが、ご理解をお願いします。\n\n日時: 土曜 22:00〜24:00\n対象: 全学\n",
            "期間中は窓口での手続きをご利用ください。ご不明の点は担当までお問い合わせください。\n",
        ],
        weight: 5,
    },
    Kind {
        folder: Folder::Inbox,
        from: &[GITLAB],
        subjects: &[
            "spool | Merge request !318: Read the stamp before the list",
            "spool | Issue #97 closed",
            "portal | Pipeline failed for main",
            "papers | New comment on !12",
        ],
        texts: &[
            "A new comment was added:\n\nLooks good to me. Please rename the field and merge.\n\nhttps://git.cs.example.ac.jp/\n",
            "The pipeline failed in stage `test`. Two jobs of fourteen did not pass.\n\nhttps://git.cs.example.ac.jp/\n",
        ],
        weight: 4,
    },
    Kind {
        folder: Folder::Inbox,
        from: &[SATO, YAMAMOTO, NAKAMURA],
        subjects: &[
            "明日の打合せ",
            "Re: 実験装置の予約",
            "Lunch on Thursday?",
            "論文の図について",
            "Re: Re: 発表練習",
            "Slides for Monday",
        ],
        texts: &[
            "了解しました。13 時に研究室に行きます。\n",
            "Thank you, that works for me. See you there.\n",
            "図 2 の凡例が本文と合っていないようです。確認をお願いします。\n\n> 図を差し替えました。\n> 見ておいてください。\n",
        ],
        weight: 5,
    },
    Kind {
        folder: LAB,
        from: &[NAKAMURA, SATO, YAMAMOTO],
        subjects: &[
            "研究室ミーティングの日程",
            "計算機の更新",
            "Group meeting notes",
            "鍵の返却について",
            "物品購入の申請",
        ],
        texts: &[
            "今週のミーティングは金曜に変更します。資料は前日までに共有してください。\n",
            "The new node has 64 cores. Ask me for an account.\n",
        ],
        weight: 4,
    },
    Kind {
        folder: COURSES,
        from: &[REGISTRAR, NAKAMURA],
        subjects: &[
            "【分散システム】第 5 回 レポート課題",
            "【線形代数】休講のお知らせ",
            "[Operating Systems] Assignment 3",
            "【情報理論】教室の変更",
        ],
        texts: &[
            "課題の提出期限は来週の月曜 23:59 です。LMS から提出してください。\n",
            "The assignment is on the course page. Work in pairs.\n",
        ],
        weight: 3,
    },
    Kind {
        folder: OFFICE,
        from: &[STUDENT_OFFICE],
        subjects: &[
            "奨学金の募集について",
            "健康診断の日程",
            "留学説明会のご案内",
            "学生証の更新手続き",
            "落とし物のお知らせ",
        ],
        texts: &["対象の学生は期日までに手続きを行ってください。\n\n学生課 窓口 (平日 9:00〜17:00)\n"],
        weight: 3,
    },
    Kind {
        folder: Folder::Named("Archive"),
        from: &[LIBRARY, MEDIA_CENTER, SATO],
        subjects: &["返却のお礼", "利用者講習会の記録", "去年の資料", "Old minutes"],
        texts: &["保存用にお送りします。\n", "For the record.\n"],
        weight: 2,
    },
];

pub(super) fn write(person: &Person, now: i64, rng: &mut Rng, sink: &mut Sink) -> io::Result<()> {
    let me = (person.display, person.address);
    let total: u64 = KINDS.iter().map(|kind| kind.weight).sum();
    for number in 0..person.messages {
        let mut place = rng.below(total);
        let kind = KINDS.iter().find(|kind| {
            let here = place < kind.weight;
            place = place.saturating_sub(kind.weight);
            here
        });
        let Some(kind) = kind else { continue };
        // More of late than long ago.
        let age = rng.below(SPAN).min(rng.below(SPAN));
        let date = now - 6 * DAY - i64::try_from(age).unwrap_or(0);
        let letter = everyday(kind, me, number, date, rng);
        sink.put(kind.folder, date, flags(rng, age), &letter.bytes())?;
    }
    threads(me, person.messages / 8, now, rng, sink)?;
    sent(me, person.messages / 12, now, rng, sink)
}

fn flags(rng: &mut Rng, age: u64) -> &'static str {
    let fresh = age < 45 * 24 * 3600;
    match rng.below(40) {
        0..=3 if fresh => "",
        0 => "FS",
        1..=4 => "RS",
        _ => "S",
    }
}

fn charset(rng: &mut Rng, text: &str) -> Charset {
    if text.is_ascii() || rng.below(10) < 5 {
        return Charset::Utf8;
    }
    *rng.pick(&Charset::ALL)
}

fn everyday<'a>(kind: &Kind, me: (&'a str, &'a str), number: u64, date: i64, rng: &mut Rng) -> Letter<'a> {
    let subject = *rng.pick(kind.subjects);
    let text = format!("{}\n-- \n{}\n", rng.pick(kind.texts), kind.from[0].1);
    let charset = charset(rng, &text);
    let body = Part::text(&text, charset);
    let content = if rng.once_in(12) {
        let name = format!("資料_{number}.pdf");
        let style = if rng.once_in(2) {
            NameStyle::Standard
        } else {
            NameStyle::EncodedWord
        };
        Part::multipart(
            "mixed",
            vec![
                body,
                Part::file(&name, "application/pdf", &files::pdf("Handout", 4000), style),
            ],
        )
    } else if rng.once_in(10) {
        let html = format!(
            "<div style=\"font-size:14px\"><p>{}</p></div>",
            text.replace('\n', "<br>")
        );
        Part::multipart("alternative", vec![body, Part::html(&html, charset)])
    } else {
        body
    };
    let mut letter = Letter::new(*rng.pick(kind.from), me, subject, date, content).charset(charset);
    letter.id = format!("{number}.{}", letter.id);
    letter
}

/// Long threads on a mailing list, each answer quoting the one before.
fn threads(me: (&str, &str), messages: u64, now: i64, rng: &mut Rng, sink: &mut Sink) -> io::Result<()> {
    let topics = [
        "輪講の順番について",
        "第 3 章の担当",
        "Reading list for the winter",
        "次回の発表者",
        "会場の変更",
    ];
    let mut number = 1;
    while number < messages {
        let topic = *rng.pick(&topics);
        let mut date = now - 6 * DAY - i64::try_from(rng.below(SPAN / 2)).unwrap_or(0);
        let mut earlier = String::new();
        let mut references: Vec<String> = Vec::new();
        for depth in 0..2 + rng.below(14) {
            let from = *rng.pick(&[SATO, YAMAMOTO, NAKAMURA]);
            let said = *rng.pick(&[
                "賛成です。その順番でお願いします。",
                "I can take chapter 4.",
                "資料を更新しました。",
                "火曜は都合が悪いです。水曜ではどうでしょうか。",
            ]);
            let quoted: String = earlier.lines().take(60).map(|line| format!("> {line}\n")).collect();
            let text = format!("{said}\n\n{quoted}");
            let subject = format!("[rinko-ml:{number}] {}{topic}", if depth > 0 { "Re: " } else { "" });
            let charset = charset(rng, &text);
            let mut letter = Letter::new(
                from,
                (SEMINAR_LIST.0, SEMINAR_LIST.1),
                &subject,
                date,
                Part::text(&text, charset),
            )
            .charset(charset);
            letter.id = format!("rinko-{number}@cs.example.ac.jp");
            letter.references.clone_from(&references);
            letter
                .more
                .push(format!("List-Id: <{}>", SEMINAR_LIST.1.replace('@', ".")));
            letter.more.push(format!("X-Original-To: {}", me.1));
            sink.put(
                SEMINAR,
                date,
                flags(rng, u64::try_from(now - date).unwrap_or(0)),
                &letter.bytes(),
            )?;
            references.push(letter.id);
            earlier = text;
            date = (date + i64::try_from(rng.below(20 * 3600)).unwrap_or(0) + 600).min(now - DAY);
            number += 1;
        }
    }
    Ok(())
}

fn sent(me: (&str, &str), messages: u64, now: i64, rng: &mut Rng, sink: &mut Sink) -> io::Result<()> {
    for number in 0..messages {
        let to = *rng.pick(&[SATO, YAMAMOTO, NAKAMURA, REGISTRAR]);
        let subject = *rng.pick(&[
            "Re: 明日の打合せ",
            "進捗の報告",
            "Re: Slides for Monday",
            "質問: 履修登録について",
        ]);
        let date = now - 2 * DAY - i64::try_from(rng.below(SPAN)).unwrap_or(0);
        let text = *rng.pick(&[
            "ありがとうございます。承知しました。\n",
            "Thanks, I will have a look.\n",
        ]);
        let mut letter = Letter::new(me, to, subject, date, Part::text(text, Charset::Utf8));
        letter.id = format!("sent-{number}.{date}@example.ac.jp");
        sink.put(Folder::Named("Sent"), date, "S", &letter.bytes())?;
    }
    Ok(())
}
