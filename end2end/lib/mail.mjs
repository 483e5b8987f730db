// Messages and mailboxes written by the tests themselves: RFC 5322 text, Maildir++ and mbox files.
import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync, readdirSync } from "node:fs";
import path from "node:path";

const CRLF = /\r?\n/g;
const bytes = (value) => (Buffer.isBuffer(value) ? value : Buffer.from(value, "utf8"));

/** RFC 2047 encoded word, where needed. */
export const word = (text) =>
  /^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString("base64")}?=`;

const lines76 = (base64) => base64.replace(/.{76}/g, "$&\n");

/** A leaf part: `{type, body, headers}`; text goes 8bit, everything else base64. */
export function part({ type = "text/plain; charset=utf-8", body = "", headers = {} }) {
  const encoded = !type.startsWith("text/") || headers["Content-Disposition"];
  const fields = { "Content-Type": type, ...headers };
  fields["Content-Transfer-Encoding"] ??= encoded ? "base64" : "8bit";
  const content = fields["Content-Transfer-Encoding"] === "base64" ? bytes(lines76(bytes(body).toString("base64"))) : bytes(body);
  return Buffer.concat([bytes(head(fields)), bytes("\n"), content]);
}

/** A multipart of finished parts (RFC 2046 §5.1). */
export function multipart(kind, parts, boundary = `=_${kind.replace(/\W/g, "")}_7f3a`) {
  const chunks = parts.flatMap((one) => [bytes(`--${boundary}\n`), one, bytes("\n")]);
  return Buffer.concat([bytes(`Content-Type: multipart/${kind}; boundary="${boundary}"\n\n`), ...chunks, bytes(`--${boundary}--\n`)]);
}

/** An attachment; the name travels as RFC 2231 when it is not ASCII. */
export function attachment({ name, type = "application/octet-stream", body, headers = {} }) {
  const ascii = /^[\x20-\x7e]*$/.test(name);
  const parameter = ascii ? `filename="${name}"` : `filename*=utf-8''${encodeURIComponent(name)}`;
  return part({ type, body, headers: { "Content-Disposition": `attachment; ${parameter}`, ...headers } });
}

const head = (fields) => Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`).join("");

let serial = 0;

/**
 * A whole message. `content` is a finished part (with its own header lines); else `text` and/or `html` and `files` make one.
 */
export function message({ from = "Aoki Hana <hana@campus.example>", to = "Reader <reader@campus.example>", subject, date = new Date("2026-03-02T09:12:00+09:00"), headers = {}, text, html, files = [], content }) {
  const body = content ?? written(text, html, files);
  const fields = {
    From: from,
    To: to,
    ...(subject === undefined ? {} : { Subject: word(subject) }),
    Date: date.toUTCString().replace("GMT", "+0000"),
    "Message-ID": `<${++serial}.e2e@campus.example>`,
    "MIME-Version": "1.0",
    ...headers,
  };
  return Buffer.concat([bytes(head(fields)), body]);
}

function written(text, html, files) {
  const readable = [
    ...(text === undefined ? [] : [part({ body: text })]),
    ...(html === undefined ? [] : [part({ type: "text/html; charset=utf-8", body: html })]),
  ];
  const inner = readable.length === 2 ? multipart("alternative", readable) : (readable[0] ?? part({ body: "" }));
  return files.length === 0 ? inner : multipart("mixed", [inner, ...files]);
}

/** A Maildir++ folder that grows under the reader's eyes. */
export class Maildir {
  constructor(root) {
    this.root = root;
    this.clock = 1_773_100_000;
    this.makeMailbox("");
  }

  folder(mailbox) {
    return mailbox ? path.join(this.root, `.${modifiedUtf7(mailbox).replaceAll("/", ".")}`) : this.root;
  }

  makeMailbox(mailbox) {
    for (const name of ["cur", "new", "tmp"]) mkdirSync(path.join(this.folder(mailbox), name), { recursive: true });
    if (mailbox) writeFileSync(path.join(this.folder(mailbox), "maildirfolder"), "");
    return this;
  }

  /** Delivers by tmp and rename; `flags: null` leaves it in `new/`. Returns the path. */
  add(content, { flags = null, mailbox = "", arrived, name } = {}) {
    const second = arrived ? Math.floor(arrived.getTime() / 1000) : ++this.clock;
    const base = name ?? `${second}.M${String(++serial).padStart(6, "0")}P1.e2e`;
    const folder = this.folder(mailbox);
    const written = path.join(folder, "tmp", base);
    writeFileSync(written, content);
    utimesSync(written, second, second);
    const place = flags === null ? path.join(folder, "new", base) : path.join(folder, "cur", `${base}:2,${flags}`);
    renameSync(written, place);
    return place;
  }

  /** What another mail program does on a flag change: a rename. Returns the new path. */
  setFlags(place, flags) {
    const base = path.basename(place).split(":2,")[0];
    const renamed = path.join(path.dirname(place), "../cur", `${base}:2,${flags}`);
    renameSync(place, renamed);
    return path.normalize(renamed);
  }

  remove(place) {
    rmSync(place);
  }

  count(mailbox = "") {
    return ["cur", "new"].flatMap((name) => readdirSync(path.join(this.folder(mailbox), name))).length;
  }
}

/** RFC 3501 §5.1.3 */
export function modifiedUtf7(name) {
  return name.replace(/&/g, "&-").replace(/[^\x20-\x7e]+/g, (run) => {
    const units = Buffer.from(run, "utf16le").swap16();
    return `&${units.toString("base64").replace(/=+$/, "").replaceAll("/", ",")}-`;
  });
}

/** An mboxrd file: every `>*From ` line of a body gets one more `>`. */
export function mbox(messages) {
  const one = (content) => {
    const quoted = content.toString("latin1").replace(CRLF, "\n").replace(/^(>*From )/gm, ">$1");
    return Buffer.from(`From e2e@campus.example Mon Mar  2 09:12:00 2026\n${quoted}\n`, "latin1");
  };
  return Buffer.concat(messages.map(one));
}
