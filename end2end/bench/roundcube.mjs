// A Roundcube that the baseline's roundcube-up.sh has started on this machine: the same questions, asked its way.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { get } from "../lib/http.mjs";
import { timed } from "./coded.mjs";
import { SIZE } from "./mailbox.mjs";

/** The running Roundcube, or nothing. FUMIBAKO_ROUNDCUBE is the folder that roundcube-up.sh was given. */
export async function roundcube() {
  const ports = path.join(process.env.FUMIBAKO_ROUNDCUBE ?? "/tmp/rcbase", "etc/ports");
  if (!existsSync(ports)) return null;
  const origin = `http://127.0.0.1:${readFileSync(ports, "utf8").match(/^HTTP=(\d+)/m)[1]}`;
  const jar = new Map();
  const ask = async (query, options = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await get(`${origin}/?${query}`, { ...options, headers: { cookie, ...options.headers } });
    for (const line of answer.headers["set-cookie"] ?? []) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      jar.set(name, value);
    }
    return answer;
  };
  const page = await ask("_task=login").catch(() => null);
  const token = page?.text().match(/name="_token" value="([^"]+)"/)?.[1];
  if (!token) return null;
  const form = new URLSearchParams({ _token: token, _task: "login", _action: "login", _timezone: "UTC", _url: "", _user: `u${SIZE}`, _pass: "benchpw" }).toString();
  const login = await ask("_task=login", { method: "POST", body: form, headers: { "content-type": "application/x-www-form-urlencoded", "content-length": form.length } });
  if (login.status !== 302) throw new Error(`Roundcube refused to sign in: ${login.status}`);
  const inbox = await ask("_task=mail&_mbox=INBOX");
  const remote = { "x-roundcube-request": inbox.text().match(/"request_token":"([^"]+)"/)[1], "x-requested-with": "XMLHttpRequest" };
  const took = timed(ask);
  return {
    origin,
    inboxPage: () => took("_task=mail&_mbox=INBOX", "messagelist"),
    list: () => took("_task=mail&_action=list&_layout=widescreen&_mbox=INBOX&_page=1&_sort=_DESC&_remote=1&_unlock=loading1", "add_message_row", remote),
    html: () => took(`_task=mail&_mbox=INBOX&_uid=${SIZE}&_framed=1&_action=preview`, "messagebody", remote),
    text: () => took(`_task=mail&_mbox=INBOX&_uid=${SIZE - 3}&_framed=1&_action=preview`, "messagebody", remote),
    user: `u${SIZE}`,
    password: "benchpw",
  };
}
