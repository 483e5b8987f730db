// Processor time of an answer, against that of a bare server over the same Maildir.
import { bare } from "./limits.mjs";
import { atRest, cpuTime } from "./measure.mjs";
import { alone, compared } from "./table.mjs";

const REQUESTS = 300;
const BARE_REQUESTS = 3_000;
const LIST = 15;
const LETTER = 30;

export async function cost({ maildir }, ours, tools, work) {
  const limits = await bare(tools, maildir, work, ["list", "msg"], BARE_REQUESTS);
  const questions = [
    ["processor time: list page", ours.page, "list", LIST],
    ["processor time: list, as data only", ours.list, "list", LIST],
    ["processor time: HTML letter + its frame", ours.html, "msg", LETTER],
  ];
  for (const [name, ask, like, bar] of questions) {
    await atRest(ours.portal);
    const before = cpuTime(ours.portal.pid);
    for (let left = REQUESTS; left > 0; left--) await ask();
    const spent = (cpuTime(ours.portal.pid) - before) / REQUESTS;
    if (limits) compared(name, spent, limits[like], { bar, note: `theirs: bare /${like}` });
    else alone(name, spent, { note: "no bare server to compare with" });
  }
}
