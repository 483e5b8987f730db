// Opens every message of a corpus in the portal, over plain HTTP: the letter's page, its body documents, its first file, its
// source. Nothing may panic, hang or answer 5xx. FUMIBAKO_CORPORA names a folder of .eml and .mbox files; nothing of it is kept.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { campus } from "./lib/campus.mjs";
import { allLetters, client, readThrough } from "./lib/http.mjs";
import { Maildir } from "./lib/mail.mjs";
import { scratch, serve } from "./lib/server.mjs";

const PARALLEL = 4;
const counts = { letters: 0, answers: 0, html: 0, files: 0, refused: 0, slowest: 0 };
const failures = [];

async function ask(who, address, accepted = [200]) {
  try {
    const answer = await who.get(address, { timeout: 20_000 });
    counts.answers++;
    if (answer.took > counts.slowest) [counts.slowest, counts.slowestAt] = [answer.took, address];
    if (!accepted.includes(answer.status)) failures.push(`${answer.status} ${address}`);
    return answer;
  } catch (error) {
    failures.push(`${error.message} ${address}`);
  }
}

async function open(who, address) {
  counts.letters++;
  const letter = await ask(who, address);
  const text = letter?.text() ?? "";
  if (!/<article/.test(text)) failures.push(`no letter in ${address}`);
  if (/<iframe/.test(text)) counts.html++;
  for (const view of ["text", "html"]) await ask(who, `${address}/body?view=${view}`, [200, 404]);
  await ask(who, `${address}?view=text&headers=1&charset=iso-2022-jp`);
  await ask(who, `${address}/source`);
  const parts = [...new Set([...text.matchAll(/href="(\/m\/[^"]+\/part\/\d+)"/g)].map(([, part]) => part))];
  for (const part of parts.slice(0, 20)) await ask(who, part), counts.files++;
  if (parts.length > 1) await ask(who, `${address}/parts.zip`, [200, 413]);
}

async function readAll(args, name, expected) {
  const portal = await serve(args);
  try {
    const who = await client(portal);
    const inbox = await who.inbox();
    if (expected) await readThrough(who, inbox, expected);
    const all = await allLetters(who, inbox);
    if (expected && all.length !== expected) failures.push(`${name}: ${all.length} letters listed, ${expected} expected`);
    if (all.length === 0) {
      // What cannot be read says so; a list that is empty in silence would hide mail.
      const says = (await who.get(inbox)).text().match(/data-source="saved"/);
      if (says) {
        counts.refused++;
        console.log(`${name}: refused, and the page says so`);
      } else failures.push(`${name}: no letter listed`);
    }
    const queue = [...all];
    await Promise.all(Array.from({ length: PARALLEL }, async () => {
      for (let next; (next = queue.pop()); ) await open(who, next);
    }));
    if (/panicked/.test(portal.log())) failures.push(`${name}: panicked: ${portal.log().match(/.*panicked.*/)[0]}`);
  } finally {
    await portal.stop();
  }
}

const open_ = path.resolve(fileURLToPath(new URL(".", import.meta.url)), "../../shared/corpora/open");
const corpora = process.env.FUMIBAKO_CORPORA ?? (existsSync(open_) ? open_ : null);
const began = performance.now();
if (corpora) {
  const home = await scratch("fumibako-corpus");
  try {
    const files = readdirSync(corpora, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => path.join(one.parentPath ?? one.path, one.name));
    const spool = new Maildir(path.join(home.folder, "Maildir"));
    const boxes = files.filter((file) => file.endsWith(".mbox"));
    for (const file of files.filter((file) => !boxes.includes(file))) spool.add(readFileSync(file), { flags: "S" });
    await readAll(["--maildir", spool.root], "the corpus", spool.count());
    mkdirSync(path.join(home.folder, "boxes"));
    for (const [number, file] of boxes.entries()) {
      const copy = path.join(home.folder, "boxes", String(number));
      copyFileSync(file, copy);
      await readAll(["--mbox", copy], path.relative(corpora, file));
    }
  } finally {
    await home.remove();
  }
} else {
  console.log("No corpus: FUMIBAKO_CORPORA is not set. Our own letters are opened instead.");
  const own = await campus();
  try {
    await readAll(["--maildir", own.spool.root], "our own letters", own.total);
  } finally {
    await own.remove();
  }
}
const { slowest, slowestAt, ...numbers } = counts;
console.log(`corpus: ${Object.entries(numbers).map(([name, count]) => `${count} ${name}`).join(", ")}; slowest answer ${Math.round(slowest)} ms${slowest > 1000 ? ` (${slowestAt})` : ""}; ${Math.round((performance.now() - began) / 1000)} s`);
if (failures.length > 0) {
  console.error(failures.slice(0, 50).join("\n"));
  console.error(`${failures.length} failures`);
  process.exitCode = 1;
}
