// Making the index of a whole account: how fast headers are read on one core, what the file takes, and the memory meanwhile.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { binary } from "../lib/server.mjs";
import { fill } from "./caches.mjs";
import { cpuTime } from "./measure.mjs";
import { alone, said } from "./table.mjs";

const RATE = 3_000;
const BYTES = 300;
const MEMORY = 300;
/** Memory and processor time are looked at so often, ms. */
const LOOK = 50;

export async function indexing({ size, maildir }, folder) {
  await fill(maildir);
  const data = path.join(folder, `indexing-${size}`);
  try {
    const { lines, memory, took, total } = await index(maildir, data);
    // What it says every two seconds: the last before the headers of the large mailbox are all read, and its texts begin.
    const last = lines.filter(({ done }, at) => done < size && (at === 0 || done > lines[at - 1].done)).at(-1);
    if (last) {
      // Of processor time: on a core that others use too, the clock tells of them.
      alone("headers indexed in a second of one core", last.done / (last.spent / 1000), { bar: RATE, least: true, unit: "/s", note: `${last.done.toLocaleString("en")} in ${(last.spent / 1000).toFixed(1)} s of ${(last.at / 1000).toFixed(1)} s` });
    } else {
      said("headers indexed in a second of one core", "too few messages to tell");
    }
    alone("headers and texts indexed on one core", total / (took / 1000), { unit: "/s" });
    alone("memory while indexing, at most", memory, { bar: MEMORY, unit: "MiB" });
    const { bytes, headers, search, texts } = sizeOf(path.join(data, "index"));
    const each = (part) => `${Math.round(part / total)} B`;
    if (headers) alone("index a message, names and headers", headers / total, { bar: BYTES, unit: "B", note: `search ${each(search)}, beginnings of texts ${each(texts)}` });
    alone("index a message, all of the file", bytes / total, { unit: "B", note: `${(bytes / 2 ** 20).toFixed(1)} MiB for ${total.toLocaleString("en")} messages` });
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

const PARTS = `SELECT
  (SELECT sum(pgsize) FROM dbstat WHERE name NOT LIKE 'search%'),
  (SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search%'),
  (SELECT sum(length(CAST(preview AS BLOB))) FROM message)`;

/** Bytes of the index; of its parts only where the program sqlite3 is there to tell. */
function sizeOf(folder) {
  const files = readdirSync(folder, { recursive: true }).map((name) => path.join(folder, name)).filter((place) => statSync(place).isFile());
  const bytes = files.reduce((sum, place) => sum + statSync(place).size, 0);
  const { status, stdout } = spawnSync("sqlite3", ["-readonly", files.find((place) => place.endsWith(".sqlite")), PARTS], { encoding: "utf8" });
  if (status !== 0) return { bytes };
  const [rest, search, texts] = stdout.trim().split("|").map(Number);
  return { bytes, headers: rest - texts, search, texts };
}

/** `lines`: how many headers were read at which moment, and at what cost (ms); `memory`: the most it held, MiB; `total`: messages in all mailboxes. */
async function index(maildir, data) {
  const began = performance.now();
  const child = spawn("taskset", ["-c", "0", binary(), "index", "--all", "--maildir", maildir, "--data", data], { stdio: ["ignore", "ignore", "pipe"] });
  const lines = [];
  let [spent, memory, total] = [0, 0, 0];
  child.stderr.setEncoding("utf8").on("data", (text) => {
    for (const [, done] of text.matchAll(/: (\d+)\/\d+ ·/g)) lines.push({ done: Number(done), at: performance.now() - began, spent });
    total = Number(text.match(/: (\d+) messages in /)?.[1] ?? total);
  });
  const timer = setInterval(() => {
    try {
      spent = cpuTime(child.pid);
      memory = Number(readFileSync(`/proc/${child.pid}/status`, "utf8").match(/^VmHWM:\s+(\d+) kB/m)[1]) / 1024;
    } catch {
      // It has just ended.
    }
  }, LOOK);
  const [code] = await once(child, "close");
  clearInterval(timer);
  if (code !== 0) throw new Error(`fumibako index ended with ${code}`);
  return { lines, memory, total, took: performance.now() - began };
}
