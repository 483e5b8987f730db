// The spool hangs under load: how long pages take then, whether any fails, and how soon it is live again afterwards.
import { missing } from "../lib/hung.mjs";
import { attachment, message } from "../lib/mail.mjs";
import { campus, letters, source } from "../lib/outage.mjs";
import { p50 } from "./measure.mjs";
import { alone, said } from "./table.mjs";

const REQUESTS = 10_000;
const AT_ONCE = 32;
/** ms; a request may take so much longer than the deadline. */
const OVER = 200;
const DEADLINE = 800;
/** s */
const RECOVERY = 30;
/** Letters that were opened before. */
const OPENED = 20;

/** Times that each kind of page is asked for from a spool that has just begun to hang. */
const TURNS = 20;

const p95 = (values) => [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1];

export async function outage() {
  const lacking = missing();
  if (lacking) return said("outage", `not measured: ${lacking}`);
  const site = await campus({ deadline: DEADLINE });
  const date = new Date(Date.UTC(2026, 10, 20));
  const files = ["one.bin", "two.bin", "three.bin"].map((name) => attachment({ name, body: "file\n".repeat(500) }));
  site.spools.tanaka.add(message({ subject: "Files", date, text: "Files.\n", html: "<p>Files.</p>", files }), { arrived: date });
  const portal = await site.start();
  try {
    const [who, other] = [await site.signIn("tanaka"), await site.signIn("sato")];
    const [inbox, others] = [await who.inbox(), await other.inbox()];
    const live = async (person, place) => source((await person.ask(place)).text()) === "live";
    const until = async (holds) => {
      while (!(await holds())) await new Promise((soon) => setTimeout(soon, 100));
    };
    for (const [person, place] of [[who, inbox], [other, others]]) await until(() => live(person, place));
    const opened = letters((await who.ask(inbox)).text()).slice(0, OPENED);
    for (const letter of opened) await who.ask(letter);
    await new Promise((soon) => setTimeout(soon, 3_000));
    const pages = [inbox, ...opened, `${inbox}?page=1`, "/search?q=Letter"];
    const load = async (count) => {
      const times = [];
      let failed = 0;
      let next = 0;
      const worker = async () => {
        while (next < count) {
          const number = next++;
          const [person, place] = number % 8 === 7 ? [other, others] : [who, pages[number % pages.length]];
          const { status, took } = await person.ask(place);
          times.push(took);
          if (status !== 200) failed++;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      return { times, failed };
    };
    const healthy = await load(REQUESTS / 4);
    site.mount.hang();
    const hung = await load(REQUESTS);
    alone("hung: page p95 above healthy", Math.max(0, p95(hung.times) - p95(healthy.times)), { bar: DEADLINE, note: `healthy p50 ${p50(healthy.times).toFixed(0)}, p95 ${p95(healthy.times).toFixed(0)} ms; hung p50 ${p50(hung.times).toFixed(0)}, p95 ${p95(hung.times).toFixed(0)} ms` });
    alone("hung: the longest request", Math.max(...hung.times), { bar: DEADLINE + OVER });
    alone("hung: requests that failed", hung.failed, { bar: 0, unit: "B", note: `of ${REQUESTS.toLocaleString("en")}, ${AT_ONCE} at once: lists, search, kept letters` });
    const status = await who.ask("/status");
    alone("hung: status page", status.took, { bar: 100 });
    site.mount.answer();
    const back = performance.now();
    await until(() => live(who, inbox));
    await until(async () => (await who.ask(letters((await who.ask(inbox)).text())[40])).status === 200);
    alone("live again after", (performance.now() - back) / 1000, { bar: RECOVERY, unit: "s" });
    const [kept] = opened;
    const unkept = letters((await who.ask(inbox)).text())[45];
    const parts = [...(await who.ask(kept)).text().matchAll(/href="([^"]*\/part\/[^"]*)"/g)].map(([, href]) => href.replaceAll("&amp;", "&"));
    const places = [inbox, "/search?q=Letter", kept, `${kept}/body?view=html`, parts[0], `${kept}/parts.zip`, `${kept}/source`, unkept, `${unkept}/source`, "/export", "/snapshots", "/settings", "/sessions", "/help/client-timeout", "/status"];
    // Nothing is left alone yet: each finds out by itself.
    site.mount.hang();
    const slowest = Object.fromEntries(places.map((place) => [place, 0]));
    const every = [];
    const all = Array.from({ length: TURNS }, () => places).flat();
    await Promise.all(Array.from({ length: 4 }, async () => {
      for (let place; (place = all.shift()); ) {
        const { took } = await who.ask(place);
        every.push(took);
        slowest[place] = Math.max(slowest[place], took);
      }
    }));
    site.mount.answer();
    const [[place, longest]] = Object.entries(slowest).sort(([, a], [, b]) => b - a);
    alone("hung: the longest request of every kind of page", longest, { bar: DEADLINE + OVER, note: `${place.replace(/\/m\/.*?(\/(part|body|source|parts).*)?$/, "a letter or list$1")}; p95 of all ${p95(every).toFixed(0)} ms` });
  } finally {
    site.mount.answer();
    await portal.stop();
    await site.stop();
  }
}
