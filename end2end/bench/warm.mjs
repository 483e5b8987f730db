// One request at a time, with everything read and in memory: ours and Roundcube's, in turn.
import { atRest, p50, series } from "./measure.mjs";
import { barAt, compared, said } from "./table.mjs";

const TURNS = 3;
const EACH = 20;
/** Of theirs, where each takes long. */
const EACH_LARGE = 7;
const LIST = [0.2, 0.1, 0.02];
const HTML = [0.2, 0.1, 0.0125];
const SEARCH = [0.2, 0.1, 0.05];

export async function warm({ size }, ours, other) {
  const figures = {
    "list page (theirs: page + list)": [ours.page, async () => (await other.inboxPage()) + (await other.list()), LIST],
    "list, as data only": [ours.list, () => other.list(), LIST],
    "HTML letter + its frame": [ours.html, () => other.html(), HTML],
    "text letter": [ours.text, () => other.text(), HTML],
  };
  if (ours.search) {
    figures["subject search, 10 hits"] = [() => ours.search("zephyrine", "ephyrine"), () => other.search("zephyrine", "ephyrine"), SEARCH];
    figures["subject search, 2 % hits"] = [() => ours.search("budget", "udget"), () => other.search("budget", "udget"), SEARCH];
  }
  for (const [name, [mine, theirs, bars]] of Object.entries(figures)) {
    const theirTimes = size < 50_000 ? EACH : EACH_LARGE;
    const found = { ours: [], theirs: [] };
    for (let turn = 0; turn < TURNS; turn++) {
      await atRest(ours.portal);
      found.ours.push(...(await series(EACH, mine)));
      if (other) found.theirs.push(...(await series(theirTimes, theirs)));
    }
    compared(name, p50(found.ours), other ? p50(found.theirs) : undefined, { bar: barAt(size, bars) });
  }
  if (!ours.search) said("subject search", "no search in this build");
}
