// A file of 200 MiB out of a letter: how long until it comes, and what it takes of memory.
import path from "node:path";
import { client, lettersIn } from "../lib/http.mjs";
import { serve } from "../lib/server.mjs";
import { addLarge } from "./mailbox.mjs";
import { forgetPeak, ms, peak, resident } from "./measure.mjs";
import { alone } from "./table.mjs";

const LARGE = 200 << 20;
const MEMORY = 4;

export async function download(folder) {
  const large = path.join(folder, "large");
  addLarge(large, LARGE);
  const portal = await serve(["--maildir", large]);
  try {
    const who = await client(portal);
    const place = lettersIn((await who.get(await who.inbox())).text())[0];
    const file = (await who.get(place)).text().match(/href="(\/m\/[^"]+\/part\/\d+)"/)[1];
    await who.get(file, { headers: { range: "bytes=0-99" } });
    const resting = resident(portal.pid);
    forgetPeak(portal.pid);
    const answer = await who.get(file, { timeout: 600_000 });
    const size = `download of ${Math.round(answer.bytes.length / 2 ** 20)} MiB`;
    alone(size, answer.took, { note: `first byte after ${ms(answer.firstByte)}` });
    alone(`${size}, memory`, peak(portal.pid) - resting, { bar: MEMORY, unit: "MiB" });
  } finally {
    await portal.stop();
  }
}
