// The Maildir that is measured where Roundcube has none: made by the baseline's tools, else messages of our own with the same landmarks.
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, writeSync } from "node:fs";
import path from "node:path";
import { Maildir, attachment, message } from "../lib/mail.mjs";

export const HTML_LETTER = "Landmark HTML newsletter";
export const TEXT_LETTER = "Landmark plain text";

/** Fills `root` with so many messages; with the baseline's tools the very bytes that a Roundcube of its would read. */
export function fill(root, size, tools) {
  const maker = tools && path.join(tools, "mkmaildir.py");
  if (maker && existsSync(maker)) {
    const { status, stderr } = spawnSync("python3", [maker, root, String(size)], { encoding: "utf8" });
    if (status !== 0) throw new Error(`mkmaildir.py failed: ${stderr}`);
    return "made by the baseline's tools";
  }
  const spool = new Maildir(root);
  const start = Date.parse("2026-01-05T08:00:00+09:00");
  const sentence = "The committee met on Monday and read the minutes of the last meeting. ";
  for (let number = 1; number <= size; number++) {
    const date = new Date(start + number * 600_000);
    const text = `${sentence.repeat(10 + (number % 30))}\n`;
    const html = number % 2 ? undefined : `<div style="color:#223344">${`<p>${sentence}<b>${number}</b></p>`.repeat(20 + (number % 80))}</div>`;
    const files = number % 8 ? [] : [attachment({ name: "minutes.pdf", body: Buffer.alloc(20_000 + number, number) })];
    const subject = number === size ? HTML_LETTER : number === size - 3 ? TEXT_LETTER : `Message ${number} of the term`;
    spool.add(message({ subject, date, text, html, files }), { flags: number % 5 ? "S" : "", arrived: date });
  }
  return "messages of our own";
}

/** A message with one file of so many bytes, written without holding it. */
export function addLarge(root, bytes) {
  const spool = new Maildir(root);
  const place = spool.add(Buffer.from('From: a@campus.example\nSubject: Large\nDate: Mon, 02 Mar 2026 09:12:00 +0900\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nLarge.\n--b\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="large.bin"\n\n'), { flags: "S" });
  const file = openSync(place, "a");
  const line = `${Buffer.alloc(57, 0xa5).toString("base64")}\n`;
  const block = Buffer.from(line.repeat(1000));
  for (let written = 0; written < bytes; written += 57_000) writeSync(file, block);
  writeSync(file, "--b--\n");
  closeSync(file);
  return place;
}
