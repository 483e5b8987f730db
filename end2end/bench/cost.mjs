// Processor time of an answer, against that of a bare server over the same Maildir, in turn: what the machine does besides meets both.
import { bare } from "./limits.mjs";
import { atRest, cpuTime, p50 } from "./measure.mjs";
import { alone, compared } from "./table.mjs";

const ROUNDS = 5;
const REQUESTS = 200;
/** More of them: the kernel counts in hundredths of a second. */
const BARE_REQUESTS = 2_000;
const LIST = 15;
const LETTER = 30;

export async function cost({ maildir }, ours, tools, work) {
  const questions = [
    ["processor time: list page", ours.page, "list", LIST],
    ["processor time: list, as data only", ours.list, "list", LIST],
    ["processor time: HTML letter + its frame", ours.html, "msg", LETTER],
  ];
  const other = await bare(tools, maildir, work);
  try {
    for (const [name, ask, like, bar] of questions) {
      const found = { ours: [], theirs: [] };
      await atRest(ours.portal);
      for (let round = 0; round < ROUNDS; round++) {
        found.ours.push(await spent(ours.portal.pid, REQUESTS, ask));
        if (other) found.theirs.push(await spent(other.pid, BARE_REQUESTS, () => other.ask(like)));
      }
      if (other) compared(name, p50(found.ours), p50(found.theirs), { bar, note: `theirs: bare /${like}; ${ROUNDS} rounds in turn` });
      else alone(name, p50(found.ours), { note: "no bare server to compare with" });
    }
  } finally {
    await other?.stop();
  }
}

/** Processor time of one of so many answers, ms. */
async function spent(pid, requests, ask) {
  const before = cpuTime(pid);
  for (let left = requests; left > 0; left--) await ask();
  return (cpuTime(pid) - before) / requests;
}
