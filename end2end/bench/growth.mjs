// What a hundred times more messages cost: the same questions to the portals of the largest and of the smallest mailbox, in turn.
import { atRest, ms, p50, series } from "./measure.mjs";
import { alone } from "./table.mjs";

const TURNS = 5;
const EACH = 20;
const BAR = 1.5;

export async function growth(small, large) {
  const portals = [];
  try {
    for (const account of [small, large]) portals.push(await account.open());
    for (const [name, what] of [["list page", "page"], ["list, as data only", "list"], ["HTML letter + its frame", "html"], ["poll", "poll"]]) {
      const found = [[], []];
      for (let turn = 0; turn < TURNS; turn++) {
        for (const [at, one] of portals.entries()) {
          await atRest(one.portal);
          found[at].push(...(await series(EACH, one[what])));
        }
      }
      const [few, many] = found.map(p50);
      alone(`growth of ${name}`, many / few, { bar: BAR, unit: "×", note: `${ms(few)} at ${small.size.toLocaleString("en")}, ${ms(many)} at ${large.size.toLocaleString("en")}` });
    }
  } finally {
    for (const { portal } of portals) await portal.stop();
  }
}
