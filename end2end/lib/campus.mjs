// One mailbox that most tests read: one letter of each kind, and enough others for three pages. Written here, word for word.
import path from "node:path";
import { Maildir, attachment, message, multipart, part } from "./mail.mjs";
import { scratch } from "./server.mjs";

const hex = (text) => Buffer.from(text, "hex");
/** 「これは本文です。表示できますか。能力とソフト。」 with the letters whose second byte is a backslash in Shift_JIS. */
export const JAPANESE = "これは本文です。表示できますか。能力とソフト。";
export const ENCODED = {
  shift_jis: hex("82b182ea82cd967b95b682c582b78142955c8ea682c582ab82dc82b782a98142945c97cd82c6835c8374836781420a"),
  "euc-jp": hex("a4b3a4eca4cfcbdccab8a4c7a4b9a1a3c9bdbca8a4c7a4ada4dea4b9a4aba1a3c7bdcecfa4c8a5bda5d5a5c8a1a30a"),
  "iso-2022-jp": hex("1b24422433246c244f4b5c4a38244724392123493d3c282447242d245e2439242b2123473d4e4f2448253d2555254821231b28420a"),
};

export const PIXEL = hex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc0000003010100c9fe92ef0000000049454e44ae426082");
export const REPORT = Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * 31) & 0xff));

const QUOTED = Array.from({ length: 12 }, (_, line) => `> Quoted line ${line + 1} of the earlier letter`).join("\n");
export const PLAIN_TEXT = `Dear Reader,

the timetable is at https://timetable.campus.example/spring?week=2 and more at <https://www.campus.example/a_(b)>.
Write to mailto:help@campus.example if <b>tags</b> & signs look odd.

${QUOTED}

Best regards
-- 
Aoki Hana
Registrar's office
`;

export const HTML = `<html><head><style>p { color: red }</style></head><body>
<h1 style="color:#123456;font-size:28px">Welcome week</h1>
<p style="background-color:#ffeecc;padding:12px">Registration opens <b>on Monday</b>.</p>
<p><img src="https://t.example/pixel.gif" width="1" height="1" alt=""><img src="http://t.example/banner.png" alt="Banner"></p>
<p><img src="cid:logo@campus.example" alt="Logo"></p>
<p><a href="https://www.campus.example/welcome">Programme</a></p>
<table width="600"><tr><td>Mon</td><td>Tue</td></tr></table>
</body></html>`;

const statusPart = (recipients) => {
  const blocks = ["Reporting-MTA: dns; mx1.campus.example\nArrival-Date: Mon, 2 Mar 2026 09:12:00 +0900\n", ...recipients];
  return part({ type: "message/delivery-status", body: blocks.join("\n"), headers: { "Content-Transfer-Encoding": "7bit" } });
};

const report = (recipients) =>
  multipart("report; report-type=delivery-status", [
    part({ body: "This is the mail system. Your message could not be delivered.\n" }),
    statusPart(recipients),
    part({ type: "text/rfc822-headers", body: "From: reader@campus.example\nTo: gone@other.example\nSubject: Minutes\n" }),
  ], "=_report_1");

/** The letters with names, oldest first. */
export const letters = () => ({
  plain: message({ subject: "Timetable for spring", text: PLAIN_TEXT, headers: { Cc: "Second <second@campus.example>", "Reply-To": "desk@campus.example", "X-Long-Word": "a".repeat(300) } }),
  html: message({
    subject: "Welcome week",
    from: '"Welcome, Team" <welcome@campus.example>',
    content: multipart("related", [
      multipart("alternative", [part({ body: "Registration opens on Monday.\n" }), part({ type: "text/html; charset=utf-8", body: HTML })]),
      part({ type: "image/png", body: PIXEL, headers: { "Content-ID": "<logo@campus.example>", "Content-Disposition": "inline; filename=logo.png" } }),
    ]),
  }),
  files: message({
    subject: "Papers for the meeting",
    text: "Three files are attached.\n",
    files: [
      attachment({ name: "report.pdf", type: "application/pdf", body: REPORT }),
      attachment({ name: "見積書（最終）.xlsx", type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body: Buffer.from("not really a sheet") }),
      attachment({ name: "photo.png", type: "image/png", body: PIXEL }),
      attachment({ name: "../../notes.txt", type: "text/plain", body: Buffer.from("first line\n") }),
      attachment({ name: "page.html", type: "text/html", body: Buffer.from("<script>x()</script>") }),
    ],
  }),
  failed: message({ subject: "Undelivered Mail Returned to Sender", from: "MAILER-DAEMON@mx1.campus.example", content: report(["Final-Recipient: rfc822; gone@other.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n"]) }),
  delayed: message({ subject: "Delayed Mail (still being retried)", from: "MAILER-DAEMON@mx1.campus.example", content: report(["Final-Recipient: rfc822; slow@other.example\nAction: delayed\nStatus: 4.4.1\nDiagnostic-Code: X-Postfix; connect to mx.other.example: Connection timed out\nWill-Retry-Until: Sat, 7 Mar 2026 09:12:00 +0900\n"]) }),
  iso2022: message({ headers: { Subject: "=?iso-2022-jp?B?GyRCN29MPiROM05HJxsoQg==?=" }, content: Buffer.concat([Buffer.from("Content-Type: text/plain; charset=iso-2022-jp\nContent-Transfer-Encoding: 7bit\n\n"), ENCODED["iso-2022-jp"]]) }),
  mislabelled: message({ subject: "Which encoding", content: Buffer.concat([Buffer.from("Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\n"), ENCODED.shift_jis]) }),
  hostile: message({ subject: "<script>x()</script> & “quotes”", from: '"it-desk@campus.example" <a@t.example>', text: "a@a.co?]<img/src=\"x\"/onerror=x()>\n[<script>x()</script>] https://ok.example/?q=<b>&r=\"x\"\n" }),
  nosubject: message({ text: "No subject at all.\n" }),
  empty: message({ subject: "Nothing inside", text: "" }),
});

const BULK = 112;

/** Builds the mailbox; `places` has the path of every letter with a name. */
export async function campus() {
  const home = await scratch("fumibako-campus");
  const spool = new Maildir(path.join(home.folder, "Maildir"));
  const start = Date.parse("2026-01-05T08:00:00+09:00");
  for (let number = 1; number <= BULK; number++) {
    const date = new Date(start + number * 3_600_000);
    const subject = `Notice ${String(number).padStart(3, "0")} ${number % 2 ? "seminar" : "library"}`;
    const from = number % 3 ? "Library <library@campus.example>" : "Dean's office <dean@campus.example>";
    const text = `Body of notice ${number}.\n${"words ".repeat(number)}\n`;
    spool.add(message({ subject, from, date, text }), { flags: number % 4 === 0 ? "" : number % 10 === 1 ? "FS" : "S", arrived: date });
  }
  const places = {};
  let day = Date.parse("2026-03-02T09:00:00+09:00");
  for (const [name, content] of Object.entries(letters())) {
    const date = new Date((day += 86_400_000));
    const dated = Buffer.from(content.toString("latin1").replace(/^Date: .*$/m, `Date: ${date.toUTCString().replace("GMT", "+0000")}`), "latin1");
    places[name] = spool.add(dated, { flags: "", arrived: date });
  }
  spool.makeMailbox("Sent").makeMailbox("Drafts").makeMailbox("Trash").makeMailbox("研究室/輪講");
  spool.add(message({ subject: "Reading group", text: "Chapter 3.\n" }), { mailbox: "研究室/輪講", flags: "" });
  spool.add(message({ subject: "A sent letter", to: "Tanaka <tanaka@other.example>", text: "Hello.\n" }), { mailbox: "Sent", flags: "S" });
  const named = Object.keys(places).length;
  return { ...home, spool, places, total: BULK + named, unread: BULK / 4 + named };
}
