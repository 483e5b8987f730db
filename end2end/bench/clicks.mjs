// From the hand to the letter's text on the screen, in a real browser: ours and Roundcube's, in turn, each in a fresh window.
import path from "node:path";
import { byKey, byMouse, byScript, byTap } from "./gestures.mjs";
import { ourList, theirList } from "./lists.mjs";
import { HTML_LETTER, TEXT_LETTER } from "./mailbox.mjs";
import { atRest, p50 } from "./measure.mjs";
import { barAt, compared } from "./table.mjs";

const TIMES = 5;
const BARS = [0.5, 0.5, 0.2];

const LETTERS = { HTML: { subject: HTML_LETTER, html: true }, text: { subject: TEXT_LETTER, html: false } };
const MANNERS = {
  mouse: { gesture: byMouse },
  tap: { gesture: byTap, options: { hasTouch: true } },
  key: { gesture: byKey, alone: "ours alone: Roundcube's arrow keys open whatever they pass" },
  script: { gesture: byScript },
};

export async function clicks(browser, { size }, portal, other) {
  for (const [kind, letter] of Object.entries(LETTERS)) {
    for (const [manner, { gesture, options, alone }] of Object.entries(MANNERS)) {
      await atRest(portal);
      const found = { ours: [], theirs: [] };
      for (let done = 0; done < TIMES; done++) {
        const shot = (whose) => (done ? undefined : `${kind}-${manner}-${whose}`);
        found.ours.push(await took(await ourList(browser, portal, letter, options), gesture, shot("ours")));
        if (other && !alone) found.theirs.push(await took(await theirList(browser, other, letter, options), gesture, shot("theirs")));
      }
      const theirs = found.theirs.length ? p50(found.theirs) : undefined;
      compared(`${kind} letter on screen, by ${manner}`, p50(found.ours), theirs, { bar: barAt(size, BARS), note: other && alone ? alone : "" });
    }
  }
}

/** One opening. With FUMIBAKO_SHOTS, a folder, the first of each series leaves a picture of the moment at which the clock stopped. */
async function took({ context, page, ...list }, gesture, shot) {
  const shots = process.env.FUMIBAKO_SHOTS;
  try {
    await gesture({ context, page, ...list });
    const clock = await page.waitForFunction(() => window.letterClock.took);
    if (shot && shots) await page.screenshot({ path: path.join(shots, `${shot}.png`) });
    return await clock.jsonValue();
  } finally {
    await context.close();
  }
}
