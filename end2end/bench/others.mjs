// What one person's mail that hangs costs everybody else, and what mail servers that hang cost those who read. The same load, in turn.
import { createServer } from "node:net";
import { cpSync } from "node:fs";
import path from "node:path";
import { missing, mounted } from "../lib/hung.mjs";
import { campus, letters, source } from "../lib/outage.mjs";
import { p50 } from "./measure.mjs";
import { alone, said } from "./table.mjs";

/** Figures come in turns, so that what else goes on here meets both alike. */
const TURNS = 6;
const REQUESTS = 300;
const BAR = 1.1;

const pause = (ms) => new Promise((soon) => setTimeout(soon, ms));
const until = async (holds) => {
  while (!(await holds())) await pause(100);
};

/** A person with a page of every kind. */
async function reader(site, name) {
  const who = await site.signIn(name);
  const inbox = await who.inbox();
  await until(async () => source((await who.ask(inbox)).text()) === "live");
  const opened = letters((await who.ask(inbox)).text()).slice(0, 10);
  for (const letter of opened) await who.ask(letter);
  return { ask: who.ask, pages: [inbox, ...opened, "/search?q=Letter"] };
}

async function times({ ask, pages }, count) {
  const taken = [];
  for (let number = 0; number < count; number++) {
    const { status, took } = await ask(pages[number % pages.length]);
    if (status !== 200) throw new Error(`${pages[number % pages.length]} answered ${status}`);
    taken.push(took);
  }
  return taken;
}

function judge(name, [healthy, hung]) {
  const ratio = p50(hung) / p50(healthy);
  alone(name, ratio, { bar: BAR, unit: "×", note: `p50 ${p50(healthy).toFixed(2)} → ${p50(hung).toFixed(2)} ms, ${healthy.length} each` });
}

/** One person's files hang, and they go on clicking. */
async function onePerson() {
  const mount = (behind, at) => {
    cpSync(path.join(behind, "sato"), path.join(at, "sato"), { recursive: true, preserveTimestamps: true });
    return mounted(path.join(behind, "tanaka"), path.join(at, "tanaka"));
  };
  const site = await campus({ mount });
  const portal = await site.start();
  try {
    const [victim, other] = [await reader(site, "tanaka"), await reader(site, "sato")];
    let goesOn = true;
    const clicking = Promise.all(
      Array.from({ length: 4 }, async (_, first) => {
        for (let number = first; goesOn; number++) {
          await victim.ask(victim.pages[number % victim.pages.length]);
          await pause(100);
        }
      }),
    );
    const taken = [[], []];
    for (let turn = 0; turn < TURNS; turn++) {
      const hangs = turn % 2;
      if (hangs) {
        site.mount.hang();
        await until(async () => source((await victim.ask(victim.pages[0])).text()) === "saved");
      } else {
        site.mount.answer();
        await until(async () => source((await victim.ask(victim.pages[0])).text()) === "live");
      }
      taken[hangs].push(...(await times(other, REQUESTS)));
    }
    goesOn = false;
    site.mount.answer();
    await clicking;
    judge("others while one person's mail hangs", taken);
  } finally {
    site.mount.answer();
    await portal.stop();
    await site.stop();
  }
}

/** Mail servers that greet, or take connections and say nothing, as a stopped one does. */
async function mailServers() {
  let silent = false;
  const greet = (text) => createServer((socket) => {
    socket.on("error", () => {});
    if (!silent) socket.write(text);
  });
  const servers = [["imap", greet("* OK ready\r\n")], ["pop3", greet("+OK ready\r\n")], ["smtp", greet("220 mail.campus.example ESMTP\r\n")]];
  for (const [, server] of servers) await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const targets = servers.map(([kind, server]) => `[[probe.target]]\nname = "${kind}"\nkind = "${kind}"\nhost = "127.0.0.1"\nport = ${server.address().port}\ntls = "none"\n`);
  const site = await campus({ more: `[probe]\ninterval = 5\n${targets.join("")}` });
  const portal = await site.start();
  try {
    const who = await reader(site, "tanaka");
    const taken = [[], []];
    for (let turn = 0; turn < TURNS; turn++) {
      silent = Boolean(turn % 2);
      taken[turn % 2].push(...(await times(who, REQUESTS)));
    }
    judge("reading while IMAP, POP and SMTP hang", taken);
  } finally {
    await portal.stop();
    await site.stop();
    for (const [, server] of servers) server.close();
  }
}

export async function others() {
  const lacking = missing();
  if (lacking) return said("others", `not measured: ${lacking}`);
  await onePerson();
  await mailServers();
}
