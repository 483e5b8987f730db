// What one more person who reads costs in memory, each with a mailbox of that size.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { lettersIn, readThrough } from "../lib/http.mjs";
import { binary } from "../lib/server.mjs";
import { atRest, pause, resident } from "./measure.mjs";
import { people } from "./people.mjs";
import { alone, barAt } from "./table.mjs";

const NAMES = ["first", "second", "third"];
/** Letters that each opens. */
const LETTERS = 5;
/** The heap has given back by then what it holds for a while, ms (`.cargo/config.toml`). */
const GIVEN_BACK = 10_000;
/** MiB at 1,000, 10,000 and 100,000 messages; none is set for the first. */
const BARS = [undefined, 1, 4];

export async function readers({ size, maildir }, folder) {
  const campus = people(path.join(folder, `readers-${size}`), Object.fromEntries(NAMES.map((name) => [name, maildir])));
  const made = spawnSync(binary(), ["index", "--all", "--config", campus.config, "--data", campus.data], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(`fumibako index failed:\n${made.stderr}`);
  const portal = await campus.serve();
  try {
    const after = [];
    for (const name of NAMES) {
      const who = await portal.signIn(name);
      const inbox = await who.inbox();
      await readThrough(who, inbox, size);
      for (const page of [1, 2, Math.floor(size / 50)]) await who.get(`${inbox}?page=${page}`);
      for (const letter of lettersIn((await who.get(inbox)).text()).slice(0, LETTERS)) {
        await who.get(letter);
        await who.get(`${letter}/body?view=html`);
      }
      await atRest(portal);
      await pause(GIVEN_BACK);
      after.push(resident(portal.pid));
    }
    const each = (after.at(-1) - after[0]) / (NAMES.length - 1);
    alone("memory for each further reader", each, { bar: barAt(size, BARS), unit: "MiB", note: `after each: ${after.map((value) => value.toFixed(1)).join(", ")} MiB` });
  } finally {
    await portal.stop();
  }
}
