// `make bench`: prints the machine and our figures; with FUMIBAKO_BASELINE (the baseline's tools) and its Roundcube running, the
// ratios to Roundcube and to a bare server, measured in turn in one run, at each size. Prints only; it judges nothing by its exit.
import path from "node:path";
import { startBrowser } from "../lib/browser.mjs";
import { scratch } from "../lib/server.mjs";
import { account } from "./account.mjs";
import { arrival, arrivalAlone, takeBack } from "./arrival.mjs";
import { choice } from "./choice.mjs";
import { clicks } from "./clicks.mjs";
import { cost } from "./cost.mjs";
import { download } from "./download.mjs";
import { first } from "./first.mjs";
import { growth } from "./growth.mjs";
import { hang } from "./hang.mjs";
import { idle } from "./idle.mjs";
import { indexing } from "./indexing.mjs";
import { load } from "./load.mjs";
import { fill } from "./mailbox.mjs";
import { machine } from "./measure.mjs";
import { outage } from "./outage.mjs";
import { others } from "./others.mjs";
import { readers } from "./readers.mjs";
import * as roundcube from "./roundcube.mjs";
import { signins } from "./signins.mjs";
import { start } from "./start.mjs";
import { heading, said } from "./table.mjs";
import { warm } from "./warm.mjs";

const SIZE = 1_000;

const asked = choice();
const tools = process.env.FUMIBAKO_BASELINE;
const theirSizes = tools ? roundcube.sizes() : [];
const sizes = asked.sizes.length ? asked.sizes : theirSizes.length ? theirSizes : [SIZE];
const home = await scratch("fumibako-bench");

/** The Maildir that Roundcube reads, where it has one: reading changes nothing in it. Else one of our own. */
function mailOf(size) {
  const theirs = theirSizes.includes(size) ? roundcube.maildirOf(size) : null;
  if (theirs) takeBack(theirs);
  const maildir = theirs ?? path.join(home.folder, `mail-${size}`);
  const made = theirs ? "Roundcube's own" : fill(maildir, size, tools);
  console.log(`Mail of ${size.toLocaleString("en")} messages: ${made}.`);
  return account(size, maildir, home.folder);
}

/** One section that cannot be measured does not take the others with it. */
async function attempt(name, measure) {
  if (!asked.has(name)) return;
  try {
    await measure();
  } catch (error) {
    said(name, `could not be measured: ${error.message}`);
    process.exitCode = 1;
  }
}

/** What wants a running portal that has read everything, in turn on one. */
async function warmSections(mail, other) {
  const sections = {
    warm: (ours) => warm(mail, ours, other),
    load: (ours) => load(mail, ours, other),
    arrival: (ours) => arrival(mail, ours, other),
    cost: (ours) => cost(mail, ours, tools, home.folder),
    // Last: each click signs in anew, and of a person's sessions only the newest stay.
    clicks: async (ours) => {
      const browser = await startBrowser();
      await clicks(browser, mail, ours.portal, other).finally(() => browser.close());
    },
  };
  const wanted = Object.keys(sections).filter(asked.has);
  if (wanted.length === 0 && !asked.has("first")) return null;
  const ours = await mail.open();
  try {
    const page = (await ours.who.get(ours.inbox)).text();
    for (const name of wanted) await attempt(name, () => sections[name](ours));
    return page;
  } finally {
    await ours.portal.stop();
  }
}

try {
  console.log(machine());
  const accounts = sizes.map(mailOf);
  for (const mail of accounts) {
    const { size } = mail;
    heading(`${size.toLocaleString("en")} messages`);
    const other = theirSizes.includes(size) ? await roundcube.roundcube(size) : null;
    if (!other) console.log(tools ? "No Roundcube answers (roundcube-up.sh): our figures only." : "FUMIBAKO_BASELINE is not set: our figures only, nothing to compare with.");
    const page = await warmSections(mail, other);
    if (other) await attempt("arrival", () => arrivalAlone(mail, other, home.folder));
    await attempt("hang", () => hang(mail, other));
    await attempt("start", () => start(mail));
    await attempt("first", () => first(mail, page, other, home.folder));
    await attempt("indexing", () => indexing(mail, home.folder));
    await attempt("readers", () => readers(mail, home.folder));
  }
  heading("ours alone");
  if (accounts.length > 1) await attempt("growth", () => growth(accounts[0], accounts.at(-1)));
  await attempt("download", () => download(home.folder));
  await attempt("signins", signins);
  await attempt("idle", () => idle(home.folder));
  await attempt("outage", outage);
  await attempt("others", others);
  console.log(`\n${machine()}`);
} finally {
  await home.remove();
}
