// The file system under one Maildir stops for both portals, and each is asked the same: a list, a letter that was opened before, and,
// while sixteen lists are waited for, the page to sign in by.
import { get } from "../lib/http.mjs";
import { missing, mounted } from "../lib/hung.mjs";
import { compared, said } from "./table.mjs";

const AT_ONCE = 16;
const UNTIL_ALL_WAIT = 5_000;

/** How long it took, whatever came of it. */
async function took(ask) {
  const began = performance.now();
  const failed = await ask().then(() => false, () => true);
  return { ms: performance.now() - began, failed };
}

async function hung(list, letter, signIn, mount) {
  // What was opened before the file system stops.
  await list();
  await letter();
  mount.hang();
  try {
    const [listed, opened] = await Promise.all([took(list), took(letter)]);
    const waiting = Array.from({ length: AT_ONCE }, () => took(list));
    await new Promise((soon) => setTimeout(soon, UNTIL_ALL_WAIT));
    const other = await took(signIn);
    mount.answer();
    await Promise.all(waiting);
    return { listed, opened, other, after: await took(list) };
  } finally {
    mount.answer();
  }
}

export async function hang(mail, other) {
  const lacking = missing();
  if (lacking) return said("hang", `not measured: ${lacking}`);
  const mount = await mounted(mail.maildir, mail.maildir);
  try {
    const theirs = other && (await hung(other.list, other.text, () => get(`${other.origin}/?_task=login`, { timeout: 300_000 }), mount));
    const { portal, list, text } = await mail.open();
    try {
      const ours = await hung(list, text, () => get(`${portal.origin}/sign-in`), mount);
      const outcome = (one) => (one.failed ? "without what was asked for" : "with what was asked for");
      for (const [part, name] of [["listed", "a list"], ["opened", "a letter opened before"], ["other", `the sign-in page while ${AT_ONCE} wait`], ["after", "a list after its return"]]) {
        const note = `ours ${outcome(ours[part])}${theirs ? `, theirs ${outcome(theirs[part])}` : ""}`;
        compared(`hung file system: ${name}`, ours[part].ms, theirs?.[part].ms, { note });
      }
    } finally {
      await portal.stop();
    }
  } finally {
    await mount.remove();
  }
}
