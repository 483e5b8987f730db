// A Roundcube that the baseline's roundcube-up.sh has started on this machine: the same questions, asked its way.
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { get } from "../lib/http.mjs";
import { timed } from "./coded.mjs";
import { cpuTimeBelow, pause } from "./measure.mjs";

/** The folder that roundcube-up.sh was given. */
const ROOT = process.env.FUMIBAKO_ROUNDCUBE ?? "/tmp/rcbase";
const PORTS = path.join(ROOT, "etc/ports");
const PASSWORD = "benchpw";
const IDS = ["run/nginx.pid", "run/fpm.pid", "run/dovecot/master.pid"];

/** The Maildir of that many messages that it reads, when it is there and whole. */
export const maildirOf = (size) => {
  const home = path.join(ROOT, "mail", `u${size}`);
  return existsSync(path.join(home, ".done")) ? path.join(home, "Maildir") : null;
};

/** The sizes that it has. */
export const sizes = () => {
  const homes = existsSync(path.join(ROOT, "mail")) ? readdirSync(path.join(ROOT, "mail")) : [];
  return homes.map((home) => Number(home.match(/^u(\d+)$/)?.[1])).filter((size) => size && maildirOf(size)).sort((a, b) => a - b);
};

/** The running Roundcube, signed in as who has that many messages; or nothing. */
export async function roundcube(size) {
  if (!existsSync(PORTS)) return null;
  const origin = `http://127.0.0.1:${readFileSync(PORTS, "utf8").match(/^HTTP=(\d+)/m)[1]}`;
  const user = `u${size}`;
  const jar = new Map();
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  const ask = async (query, options = {}) => {
    const answer = await get(`${origin}/?${query}`, { timeout: 300_000, ...options, headers: { cookie: cookie(), ...options.headers } });
    for (const line of answer.headers["set-cookie"] ?? []) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      jar.set(name, value);
    }
    return answer;
  };
  const page = await ask("_task=login").catch(() => null);
  const token = page?.text().match(/name="_token" value="([^"]+)"/)?.[1];
  if (!token) return null;
  const form = new URLSearchParams({ _token: token, _task: "login", _action: "login", _timezone: "UTC", _url: "", _user: user, _pass: PASSWORD }).toString();
  const login = await ask("_task=login", { method: "POST", body: form, headers: { "content-type": "application/x-www-form-urlencoded", "content-length": form.length } });
  if (login.status !== 302) throw new Error(`Roundcube refused to sign ${user} in: ${login.status}`);
  const inbox = await ask("_task=mail&_mbox=INBOX");
  const remote = { "x-roundcube-request": inbox.text().match(/"request_token":"([^"]+)"/)[1], "x-requested-with": "XMLHttpRequest" };
  const took = timed(ask);
  const listed = (sort) => `_task=mail&_action=list&_layout=widescreen&_mbox=INBOX&_page=1&_sort=${sort}&_remote=1&_unlock=loading1`;
  const previewed = (uid) => `_task=mail&_mbox=INBOX&_uid=${uid}&_framed=1&_action=preview`;
  const searched = (word) => `_task=mail&_action=search&_interval=&_q=${word}&_headers=subject&_layout=widescreen&_filter=ALL&_scope=base&_mbox=INBOX&_remote=1&_unlock=loading2`;
  return {
    origin,
    user,
    password: PASSWORD,
    inboxPage: () => took("_task=mail&_mbox=INBOX", "messagelist"),
    /** In the order of arrival, as it does by itself. */
    list: (wanted = "add_message_row") => took(listed("_DESC"), wanted, remote),
    listByDate: () => took(listed("date_DESC"), "add_message_row", remote),
    html: () => took(previewed(size), "messagebody", remote),
    text: () => took(previewed(size - 3), "messagebody", remote),
    /** `wanted` stands in a subject that is found. */
    search: (word, wanted) => took(searched(word), wanted, remote),
    /** For a program that asks again and again. */
    listAddress: () => ({ url: `${origin}/?${listed("_DESC")}`, headers: { cookie: cookie(), ...remote } }),
    forget: () => forget(path.join(ROOT, "mail", user, "Maildir")),
    rest,
  };
}

/** Removes what Dovecot has written down about a Maildir. */
function forget(maildir) {
  for (const entry of readdirSync(maildir, { withFileTypes: true })) {
    const place = path.join(maildir, entry.name);
    if (entry.name.startsWith("dovecot")) rmSync(place, { recursive: true, force: true });
    else if (entry.isDirectory() && entry.name.startsWith(".")) forget(place);
  }
}

/** Waits until its processes have done what a program that has gone away asked of them. */
async function rest() {
  const roots = IDS.map((file) => Number(readFileSync(path.join(ROOT, file), "utf8")));
  for (let before = cpuTimeBelow(roots), left = 60; left > 0; left--) {
    await pause(500);
    const now = cpuTimeBelow(roots);
    if (now - before < 30) return;
    before = now;
  }
}
