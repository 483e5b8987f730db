// Sixteen who ask at once, on the cores that the servers have too: ours and Roundcube's, in turn, with the same coding.
import { atRest, p50 } from "./measure.mjs";
import { alone, barAt, compared, said } from "./table.mjs";
import { hasWrk, wrk } from "./wrk.mjs";

const TURNS = 3;
/** Theirs takes seconds for sixteen lists of a large mailbox. */
const SECONDS = { small: 5, large: 10 };
const RATE = [10, 15, 100];

export async function load({ size }, ours, other) {
  if (!hasWrk()) return said("list requests/s, 16 at once", "wrk is not installed");
  const at = (path) => ({ url: `${ours.portal.origin}${path}`, headers: { cookie: ours.who.cookie, "accept-language": "en" } });
  const seconds = size < 50_000 ? SECONDS.small : SECONDS.large;
  const found = { data: [], page: [], theirs: [] };
  for (let turn = 0; turn < TURNS; turn++) {
    await atRest(ours.portal);
    found.data.push(await wrk(at(ours.data), seconds));
    found.page.push(await wrk(at(ours.inbox), seconds));
    if (!other) continue;
    found.theirs.push(await wrk(other.listAddress(), seconds));
    await other.rest();
  }
  const middle = (runs, what) => (runs.length ? p50(runs.map((one) => one[what])) : undefined);
  const rate = { bar: barAt(size, RATE), least: true, unit: "/s" };
  compared("list requests/s, 16 at once, data", middle(found.data, "rate"), middle(found.theirs, "rate"), rate);
  compared("list requests/s, 16 at once, whole page", middle(found.page, "rate"), middle(found.theirs, "rate"), rate);
  for (const [what, runs] of [["data", found.data], ["whole page", found.page]]) {
    const spread = p50(runs.map((one) => one.p99 / one.p50));
    alone(`p99/p50, 16 at once, ${what}`, spread, { bar: 3, unit: "×", note: `p50 ${middle(runs, "p50").toFixed(2)} ms, p99 ${middle(runs, "p99").toFixed(2)} ms` });
  }
  if (other) alone("p99/p50, 16 at once, theirs", p50(found.theirs.map((one) => one.p99 / one.p50)), { unit: "×" });
}
