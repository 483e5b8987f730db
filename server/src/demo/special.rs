//! The letters that a look at the inbox should find: one of each kind, on top.

use super::{
    compose::{Letter, NameStyle, Part, date},
    encode::Charset,
    files,
    people::{
        COMMITTEE, COOP, GITLAB, LIBRARY, MEDIA_CENTER, NAKAMURA, POSTMASTER, Person, REGISTRAR, SATO, SEMINAR_LIST,
        STUDENT_OFFICE, TAKAHASHI, YAMAMOTO,
    },
    store::{Folder, Sink},
};
use std::io;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

pub(super) fn write(person: &Person, now: i64, sink: &mut Sink) -> io::Result<()> {
    let me = (person.display, person.address);
    let mut put = |folder, flags: &str, letter: Letter<'_>| sink.put(folder, letter.date, flags, &letter.bytes());
    let inbox = Folder::Inbox;
    put(inbox, "", network_stop(me, now - 3 * MINUTE))?;
    put(inbox, "S", seminar_reply(me, now - 32 * MINUTE)?)?;
    put(inbox, "", paper_draft(me, now - 47 * MINUTE))?;
    put(inbox, "S", registration(me, now - 74 * MINUTE))?;
    put(inbox, "", delayed(me, now - DAY - HOUR))?;
    put(inbox, "RS", minutes(me, now - DAY - 2 * HOUR)?)?;
    put(inbox, "S", pipeline(me, now - DAY - 3 * HOUR))?;
    put(inbox, "", invitation(me, now - DAY - 5 * HOUR))?;
    put(inbox, "S", newsletter(me, now - 2 * DAY))?;
    put(inbox, "S", failed(me, now - 3 * DAY))?;
    put(inbox, "S", due_books(me, now - 4 * DAY))?;
    put(inbox, "FS", forwarded(me, now - 4 * DAY - HOUR))?;
    put(inbox, "S", reviews(me, now - 5 * DAY))?;
    put(Folder::Named("Drafts"), "DS", draft(me, now - 5 * HOUR))?;
    put(Folder::Named("Drafts"), "DS", draft(me, now - 6 * DAY))?;
    put(Folder::Named("Junk"), "", spoofed(me, now - 9 * HOUR))
}

/// Stands in copies alone: somebody has deleted it since.
pub(super) fn write_deleted(person: &Person, at: i64, sink: &mut Sink) -> io::Result<()> {
    let me = (person.display, person.address);
    let text = "田中さん\n\n夏の集中講義の宿泊先と受付番号をお送りします。当日はこの番号を受付でお伝えください。\n\n受付番号: 4080-1129\n\n学生支援課\n";
    let letter = Letter::new(
        STUDENT_OFFICE,
        me,
        "集中講義の宿泊先と受付番号",
        at,
        Part::text(text, Charset::Utf8),
    );
    sink.put(Folder::Inbox, at, "S", &letter.bytes())
}

fn network_stop<'a>(me: (&'a str, &'a str), at: i64) -> Letter<'a> {
    let text = "各位\n\n下記の日程で全学ネットワークを停止します。停止中はメール、認証、無線 LAN を利用できません。\n\n\
        日時: 11月30日 (月) 2:00〜6:00\n対象: 全キャンパス\n\n詳しくは https://www.example.ac.jp/notice/1130 をご覧ください。\n\n\
        -- \n総合メディアセンター\ngsic-info@adm.example.ac.jp\n";
    let subject = "【重要】11月30日 全学ネットワーク停止のお知らせ";
    Letter::new(MEDIA_CENTER, me, subject, at, Part::text(text, Charset::Iso2022Jp)).charset(Charset::Iso2022Jp)
}

fn seminar_reply<'a>(me: (&'a str, &'a str), at: i64) -> io::Result<Letter<'a>> {
    let quoted: String = (1..=24)
        .map(|line| format!("> {line}. 図 3.{line} の説明について確認してください。\n"))
        .collect();
    let text = format!(
        "ありがとうございます。3 章の図 3.4 ですが、縦軸の単位が ms ではなく µs になっていました。修正版を添付します。\n\n\
         輪講は予定どおり金曜 13:20 から、西 8 号館 E 棟 1001 で行います。IMAP がまた遅いようなので、このメールはブラウザから送って\
         います。\n\n{} {} <{}>:\n{quoted}\n佐藤\n",
        date(at - DAY),
        me.0,
        me.1
    );
    let content = Part::multipart(
        "mixed",
        vec![
            Part::text(&text, Charset::Utf8),
            Part::file(
                "輪講_第3章_修正版.pdf",
                "application/pdf",
                &files::pdf("Chapter 3", 900_000),
                NameStyle::Standard,
            ),
            Part::file(
                "計測結果.xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                &files::xlsx()?,
                NameStyle::EncodedWord,
            ),
            Part::file(
                "図3.4.png",
                "image/png",
                &files::png(96, [39, 75, 128], [232, 238, 248]),
                NameStyle::Standard,
            ),
        ],
    );
    let mut letter = Letter::new(SATO, me, "Re: 輪講の資料について", at, content);
    letter.cc.push(SEMINAR_LIST);
    letter.references.push("rinko-0@cs.example.ac.jp".to_owned());
    Ok(letter)
}

fn paper_draft<'a>(me: (&'a str, &'a str), at: i64) -> Letter<'a> {
    let text = "Hi,\n\nthe draft of the NFS latency paper is at https://git.cs.example.ac.jp/papers/nfs-latency. Please send comments by \
        Friday; section 4 needs most of them.\n\nThe numbers in table 2 are from the old spool server. I will replace them tonight.\n\n\
        Best,\nKenji\n";
    Letter::new(
        NAKAMURA,
        me,
        "Draft of the NFS latency paper — comments by Friday",
        at,
        Part::text(text, Charset::Utf8),
    )
}

fn registration<'a>(me: (&'a str, &'a str), at: i64) -> Letter<'a> {
    let text = "学生各位\n\n履修修正の受付は 12月1日 (火) 9:00 から 12月4日 (金) 17:00 までです。期間を過ぎた修正は受け付けません。\n\n教務課\n";
    let content = Part::text(text, Charset::ShiftJis);
    Letter::new(REGISTRAR, me, "後期科目の履修修正期間について", at, content).charset(Charset::ShiftJis)
}

fn report(at: i64, text: &str, action: &str, recipient: &str, status: &str, diagnostic: &str, subject: &str) -> Part {
    let retry = if action == "delayed" {
        format!("Will-Retry-Until: {}\n", date(at + 4 * DAY))
    } else {
        String::new()
    };
    let fields = format!(
        "Reporting-MTA: dns; mx1.example.ac.jp\nArrival-Date: {}\n\nFinal-Recipient: rfc822; {recipient}\nAction: {action}\n\
         Status: {status}\nDiagnostic-Code: {diagnostic}\n{retry}",
        date(at - 4 * HOUR)
    );
    let original = format!(
        "From: me@example.ac.jp\nTo: {recipient}\nSubject: {subject}\nDate: {}\n",
        date(at - 4 * HOUR)
    );
    Part::multipart(
        "report; report-type=delivery-status",
        vec![
            Part::text(text, Charset::Utf8),
            Part::plain("message/delivery-status", &fields),
            Part::plain("text/rfc822-headers", &original),
        ],
    )
}

fn delayed<'a>(me: (&'a str, &'a str), at: i64) -> Letter<'a> {
    let text = "これは配送遅延の通知です。まだ失敗ではありません。メールを送り直す必要はありません。\n\n\
        The mail system could not deliver your message for 4 hours. It will go on trying.\n";
    let diagnostic = "X-Postfix; connect to mx.partner.example[198.51.100.7]:25: Connection timed out";
    let content = report(
        at,
        text,
        "delayed",
        "shimizu@partner.example",
        "4.4.1",
        diagnostic,
        "meeting",
    );
    Letter::new(
        POSTMASTER,
        me,
        "Delivery delayed: 配送が遅れています (まだ失敗ではありません)",
        at,
        content,
    )
    .header("Auto-Submitted: auto-replied")
}

fn failed<'a>(me: (&'a str, &'a str), at: i64) -> Letter<'a> {
    let text = "This is the mail system at host mx1.example.ac.jp.\n\nYour message could not be delivered. The address does not exist.\n";
    let diagnostic = "smtp; 550 5.1.1 <suzuki.old@m.example.ac.jp>: user unknown";
    let content = report(
        at,
        text,
        "failed",
        "suzuki.old@m.example.ac.jp",
        "5.1.1",
        diagnostic,
        "hello",
    );
    Letter::new(POSTMASTER, me, "Undelivered Mail Returned to Sender", at, content)
        .header("Auto-Submitted: auto-replied")
}

fn minutes<'a>(me: (&'a str, &'a str), at: i64) -> io::Result<Letter<'a>> {
    let text = "髙橋です。本日の打合せの議事録をお送りします。①〜③の宿題は来週までにお願いします。\n\n① 見積の再提出\n② 機材一覧の確認\n\
        ③ 日程の調整\n\n㈱サンプル 髙橋\n";
    let inside = files::zip(&[
        ("memo.txt", b"minutes\n"),
        ("photo.png", &files::png(24, [200, 64, 42], [255, 255, 255])),
    ])?;
    let content = Part::multipart(
        "mixed",
        vec![
            Part::text(text, Charset::ShiftJis),
            Part::file(
                "議事録（最終版）.zip",
                "application/zip",
                &inside,
                NameStyle::EncodedWord,
            ),
        ],
    );
    Ok(Letter::new(TAKAHASHI, me, "①㈱サンプルとの打合せ議事録", at, content).charset(Charset::ShiftJis))
}

fn pipeline<'a>(me: (&'a str, &'a str), at: i64) -> Letter<'a> {
    let text = "All 128 tests passed in 3 minutes 12 seconds.\n\nhttps://git.cs.example.ac.jp/spool/-/pipelines/4821\n";
    let html = "<p>All <b>128 tests</b> passed in 3 minutes 12 seconds.</p><p><a \
        href=\"https://git.cs.example.ac.jp/spool/-/pipelines/4821\">Pipeline #4821</a></p>";
    let content = Part::multipart(
        "alternative",
        vec![Part::text(text, Charset::Utf8), Part::html(html, Charset::Utf8)],
    );
    Letter::new(GITLAB, me, "spool | Pipeline #4821 passed", at, content).header("X-GitLab-Project: spool")
}

fn invitation<'a>(me: (&'a str, &'a str), at: i64) -> Letter<'a> {
    let text = "研究室ミーティングのご案内です。\n\n日時: 金曜 13:20〜15:00\n場所: 西 8 号館 E 棟 1001\n";
    let calendar = format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example//EN\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:lab-{at}@example.ac.jp\n\
         DTSTAMP:20261124T000000Z\nDTSTART;TZID=Asia/Tokyo:20261127T132000\nDTEND;TZID=Asia/Tokyo:20261127T150000\n\
         SUMMARY:Lab meeting\nLOCATION:W8E-1001\nORGANIZER:mailto:{}\nATTENDEE;RSVP=TRUE:mailto:{}\nEND:VEVENT\nEND:VCALENDAR\n",
        NAKAMURA.1, me.1
    );
    let content = Part::multipart(
        "alternative",
        vec![
            Part::text(text, Charset::EucJp),
            Part::plain(
                "text/calendar; charset=UTF-8; method=REQUEST; name=\"invite.ics\"",
                &calendar,
            ),
        ],
    );
    Letter::new(NAKAMURA, me, "招待: 研究室ミーティング (金曜 13:20)", at, content).charset(Charset::EucJp)
}

fn newsletter<'a>(me: (&'a str, &'a str), at: i64) -> Letter<'a> {
    let html = "<html><head><style>p { line-height: 1.6 }</style></head><body bgcolor=\"#f4f1ea\"><table width=\"100%\"><tr><td>\
        <img src=\"cid:logo@coop.example.ac.jp\" width=\"64\" height=\"64\" alt=\"生協\"><h1 style=\"color:#274b80\">秋の教科書フェア</h1>\
        <p style=\"background-color:#fff;padding:12px\">今週いっぱい、教科書が <b>15% 引き</b>です。</p>\
        <p><img src=\"https://img.coop.example.ac.jp/banner.jpg\" width=\"480\" alt=\"フェアの案内\"></p>\
        <p><img src=\"https://img.coop.example.ac.jp/books.jpg\" alt=\"教科書\"> <a href=\"https://coop.example.ac.jp/fair\">一覧を見る</a></p>\
        <img src=\"https://track.coop.example.ac.jp/open.gif?id=1\" width=\"1\" height=\"1\" alt=\"\"></td></tr></table></body></html>";
    let content = Part::multipart(
        "alternative",
        vec![
            Part::text(
                "秋の教科書フェア\n\n今週いっぱい、教科書が 15% 引きです。\nhttps://coop.example.ac.jp/fair\n",
                Charset::Utf8,
            ),
            Part::multipart(
                "related",
                vec![
                    Part::html(html, Charset::Utf8),
                    Part::inline_image(
                        "logo@coop.example.ac.jp",
                        &files::png(64, [200, 64, 42], [244, 180, 60]),
                    ),
                ],
            ),
        ],
    );
    Letter::new(COOP, me, "秋の教科書フェア — 今週いっぱい 15% 引き", at, content)
        .header("List-Unsubscribe: <https://coop.example.ac.jp/unsubscribe>")
}

fn due_books<'a>(me: (&'a str, &'a str), at: i64) -> Letter<'a> {
    let text = "以下の資料の返却期限が近づいています。\n\n1. オペレーティングシステムの概念\n2. 分散システム 原理とパラダイム\n3. 日本語組版の要件\n\n\
        期限: 11月27日 (金)\n延長は https://lib.example.ac.jp/mypage から。\n";
    Letter::new(
        LIBRARY,
        me,
        "貸出期限のお知らせ (3 冊)",
        at,
        Part::text(text, Charset::EucJp),
    )
    .charset(Charset::EucJp)
}

fn forwarded<'a>(me: (&'a str, &'a str), at: i64) -> Letter<'a> {
    let hotel = Letter::new(
        STUDENT_OFFICE,
        (YAMAMOTO.0, YAMAMOTO.1),
        "学会の宿泊先について",
        at - DAY,
        Part::text(
            "ホテルの申込の締切は 11月25日 です。人数を知らせてください。\n",
            Charset::Iso2022Jp,
        ),
    )
    .charset(Charset::Iso2022Jp);
    let content = Part::multipart(
        "mixed",
        vec![
            Part::text("転送します。ホテルの締切は明日です。\n\n山本\n", Charset::Utf8),
            Part::message(hotel.bytes()),
        ],
    );
    Letter::new(YAMAMOTO, me, "Fwd: 学会の宿泊先", at, content)
}

fn reviews<'a>(me: (&'a str, &'a str), at: i64) -> Letter<'a> {
    let text = "Dear authors,\n\nthe reviews of your submission #217 are available at https://conference.example.org/217. The response \
        period ends in seven days.\n\nThe program committee\n";
    Letter::new(
        COMMITTEE,
        me,
        "[USENIX] Your submission #217 — reviews available",
        at,
        Part::text(text, Charset::Utf8),
    )
}

fn draft<'a>(me: (&'a str, &'a str), at: i64) -> Letter<'a> {
    let text = "中村先生\n\n今週の進捗です。\n- 実験 2 をやり直しました\n- ";
    Letter::new(me, NAKAMURA, "進捗の報告 (下書き)", at, Part::text(text, Charset::Utf8))
}

fn spoofed<'a>(me: (&'a str, &'a str), at: i64) -> Letter<'a> {
    let html = "<p>Your mailbox is full. <a href=\"https://login.t.example/\">https://portal.example.ac.jp/</a></p>\
        <script>location='https://t.example'</script><form action=\"https://t.example\"><input type=\"password\"></form>";
    let from = ("it-desk@example.ac.jp", "a@t.example");
    Letter::new(
        from,
        me,
        "[URGENT] Mailbox quota exceeded",
        at,
        Part::html(html, Charset::Utf8),
    )
}
