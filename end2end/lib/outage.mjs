// A portal over a spool that can be made to hang, or on whatever else is mounted. Two people, signed in by the header of a proxy.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { freePort } from "../bench/ports.mjs";
import { mounted } from "./hung.mjs";
import { get } from "./http.mjs";
import { Maildir, message } from "./mail.mjs";
import { scratch, serve } from "./server.mjs";

const HOST = "mail.campus.example";
const SECRET = "between the proxy and us";

/**
 * `letters` in each inbox of `people`; a page waits `deadline` ms for the spool. `mount(behind, at)` has what lies `behind` seen `at`, and
 * is to give something with `remove()`. `spool` and `more` are lines of the configuration: of its section `[spool]`, and after all.
 * `apart` are people of a second store on a mount of its own (`site.apart`); with `apartFirst` it comes first among the roots.
 */
export async function campus({ letters = 60, deadline = 300, mount: mountAt = mounted, people = ["tanaka", "sato"], apart = [], apartFirst = false, spool: keys = "", more = "" } = {}) {
  const home = await scratch("fumibako-outage");
  const behind = path.join(home.folder, "server");
  const at = mountAt ? path.join(home.folder, "mnt") : behind;
  const [behindApart, atApart] = [path.join(home.folder, "apart-server"), path.join(home.folder, "apart-mnt")];
  const spools = {};
  const everybody = [...people, ...apart];
  for (const person of everybody) {
    const spool = (spools[person] = new Maildir(path.join(apart.includes(person) ? behindApart : behind, person)));
    for (let number = 0; number < letters; number++) {
      const date = new Date(Date.UTC(2026, 10, 1) + number * 3_600_000);
      spool.add(message({ subject: `Letter ${number} of ${person}`, date, text: `Text ${number}.\n` }), { flags: "S", arrived: date });
    }
  }
  const mount = await mountAt?.(behind, at);
  const mountApart = apart.length > 0 ? await mountAt(behindApart, atApart) : null;
  const roots = [at, ...(mountApart ? [atApart] : [])].map((folder) => `"${folder}/{account}"`);
  if (apartFirst) roots.reverse();
  writeFileSync(path.join(home.folder, "secret"), SECRET, { mode: 0o600 });
  const file = path.join(home.folder, "fumibako.toml");
  writeFileSync(file, `[http]
public_url = "https://${HOST}"
trusted_proxies = ["127.0.0.1"]
[spool]
root = ${roots.length > 1 ? `[${roots.join(", ")}]` : roots[0]}
deadline_list = ${deadline}
deadline_body = ${deadline}
${keys}
[auth]
mode = "proxy"
[auth.proxy]
secret_file = "secret"
logout_url = "/out"
${more}
`);
  const data = path.join(home.folder, "data");
  mkdirSync(data);
  const listen = `127.0.0.1:${await freePort()}`;
  const start = (options) => serve(["--config", file], { data, listen, links: false, ...options });
  const origin = `http://${listen}`;
  /** A browser of that person. */
  const signIn = async (person) => {
    // Each from an address of their own: of one address so many sign in a minute, and no more.
    const at = everybody.indexOf(person);
    const who = { host: HOST, "x-forwarded-for": `192.0.${2 + (at >> 8)}.${at & 255}`, "x-remote-user": person, "x-portal-secret": SECRET, "accept-language": "en" };
    const { headers } = await get(`${origin}/sign-in/start`, { headers: who });
    const cookie = headers["set-cookie"].map((line) => line.split(";")[0]).find((pair) => pair.startsWith("__Host-sid="));
    const ask = (url) => get(`${origin}${url}`, { headers: { ...who, cookie } });
    return { ask, inbox: async () => (await ask("/")).headers.location };
  };
  return {
    ...home,
    file,
    data,
    behind,
    at,
    spools,
    mount,
    apart: { behind: behindApart, at: atApart, mount: mountApart },
    origin,
    start,
    signIn,
    async stop() {
      await mount?.remove();
      await mountApart?.remove();
      await home.remove();
    },
  };
}

/** What a portal's clock says, in ms; it goes on whether or not anything is asked of the spool. */
export const clock = async (site) => Date.parse(JSON.parse((await get(`${site.origin}/status.json`, { headers: { host: HOST } })).text()).at);

/** The source that a page names, and the time. */
export const source = (html) => html.match(/<output id="freshness"[^>]*data-source="(\w+)"/)?.[1];
/** As of when, in ms. */
export const asOf = (html) => Date.parse(html.match(/<output id="freshness"[^>]*data-as-of="([^"]+)"/)?.[1]);
/** The subjects of a list. */
export const subjects = (html) => [...html.matchAll(/<span class="subject">([^<]*)</g)].map(([, subject]) => subject);
/** The addresses of its letters. */
export const letters = (html) => [...html.matchAll(/<li id="r-[^>]*>.*?href="([^"]+)"/gs)].map(([, href]) => href);

/** Again and again until it holds; the run's own limit is the only clock. */
export async function until(holds) {
  while (!(await holds())) await new Promise((soon) => setTimeout(soon, 50));
}

/** The copies on local disk. */
export const kept = (folder) => readdirSync(folder, { recursive: true }).filter((name) => /\.saved\/[0-9a-f]\/[0-9a-f]\//.test(name));
