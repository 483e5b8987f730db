// From the hand to the letter's text on the screen, in a real browser: ours and Roundcube's, in turn, each in a fresh window.
import path from "node:path";
import { byKey, byMouse, byScript, byTap } from "./gestures.mjs";
import { ourList, theirList } from "./lists.mjs";
import { HTML_LETTER, TEXT_LETTER } from "./mailbox.mjs";
import { p50 } from "./measure.mjs";

const LETTERS = { HTML: { subject: HTML_LETTER, html: true }, text: { subject: TEXT_LETTER, html: false } };
const MANNERS = {
  mouse: { gesture: byMouse },
  tap: { gesture: byTap, options: { hasTouch: true } },
  key: { gesture: byKey, alone: "ours alone: Roundcube's arrow keys open whatever they pass" },
  script: { gesture: byScript },
};

/** Each measure has `name`, `alone` where Roundcube has nothing like it, and `run(times)` for the medians `{ours, theirs}` in ms. */
export function clicks(browser, portal, other) {
  return Object.entries(LETTERS).flatMap(([kind, letter]) => Object.entries(MANNERS).map(([manner, { gesture, options, alone }]) => {
    const name = `${kind} letter on screen, by ${manner}`;
    const run = async (times) => {
      const found = { ours: [], theirs: [] };
      for (let done = 0; done < times; done++) {
        const shot = (whose) => (done ? undefined : `${kind}-${manner}-${whose}`);
        found.ours.push(await took(await ourList(browser, portal, letter, options), gesture, shot("ours")));
        if (other && !alone) found.theirs.push(await took(await theirList(browser, other, letter, options), gesture, shot("theirs")));
      }
      return { ours: p50(found.ours), theirs: found.theirs.length ? p50(found.theirs) : undefined };
    };
    return { name, alone, run };
  }));
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
