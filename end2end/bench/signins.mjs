// Five hundred people who sign in within a minute through the certified provider of npm, each from an address of their own; what the
// provider takes by itself is measured apart. And what it costs a request to know whose it is.
import { jar, throughOidc } from "../lib/jar.mjs";
import { campus } from "../lib/oidc.mjs";
import { get } from "../lib/http.mjs";
import { p50, pause } from "./measure.mjs";
import { alone, said } from "./table.mjs";

const PEOPLE = 500;
const WITHIN = 60_000;
const AT_ONCE = 8;
const REQUESTS = 1_000;
/** ms */
const BAR = 1_000;
const CHECK = 0.2;

const p95 = (values) => [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1];

export async function signins() {
  const site = await campus({ config: "pin_subject = false\n" });
  try {
    const { origin } = site.portal;
    const [ours, theirs] = [[], []];
    let failed = 0;
    const one = async (number) => {
      const spent = { ours: 0, theirs: 0 };
      const browser = jar({ timed: (url, took) => (spent[url.startsWith(origin) ? "ours" : "theirs"] += took) });
      const answer = await throughOidc(browser, origin, `many${number}`).catch((error) => ({ status: error.message }));
      if (answer.status !== 200) failed++;
      ours.push(spent.ours);
      theirs.push(spent.theirs);
    };
    const began = performance.now();
    let next = 0;
    const worker = async () => {
      while (next < PEOPLE) {
        const number = next++;
        // As they would come: evenly over the minute.
        await pause(Math.max(0, (number * WITHIN) / PEOPLE - (performance.now() - began)));
        await one(number);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const took = (performance.now() - began) / 1000;
    alone("sign-ins, our part, p95", p95(ours), { bar: BAR, note: `p50 ${p50(ours).toFixed(1)} ms, both callback and first page; the provider's own p50 ${p50(theirs).toFixed(0)} ms, p95 ${p95(theirs).toFixed(0)} ms` });
    said("sign-ins in a minute", `${PEOPLE} in ${took.toFixed(0)} s, ${failed} failed`);
    const who = jar();
    await throughOidc(who, origin, "u001");
    const cookie = [...who.cookies(origin)].map((pair) => pair.join("=")).join("; ");
    const times = { with: [], without: [] };
    for (let turn = 0; turn < REQUESTS; turn++) {
      times.with.push((await get(`${origin}/sign-in/once/none`, { method: "HEAD", headers: { cookie } })).took);
      times.without.push((await get(`${origin}/sign-in/once/none`, { method: "HEAD" })).took);
    }
    const cost = p95(times.with) - p95(times.without);
    alone("knowing whose a request is, p95", Math.max(0, cost), { bar: CHECK, note: `${p95(times.with).toFixed(2)} ms with a session, ${p95(times.without).toFixed(2)} ms without` });
  } finally {
    await site.stop();
  }
}
