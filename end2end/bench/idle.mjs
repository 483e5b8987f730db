// What a session that nobody uses at the moment costs in memory: many people, each signed in at many computers, through a proxy.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { get } from "../lib/http.mjs";
import { serve } from "../lib/server.mjs";
import { atRest, pause, resident } from "./measure.mjs";
import { freePort } from "./ports.mjs";
import { alone } from "./table.mjs";

const PEOPLE = 600;
/** What one person may have at most. */
const EACH = 20;
/** The heap has given back by then what it holds for a while, ms (`.cargo/config.toml`). */
const GIVEN_BACK = 10_000;
const AT_ONCE = 8;
/** KiB */
const BAR = 8;
const SECRET = "between the proxy and us";

export async function idle(folder) {
  const home = path.join(folder, "idle");
  for (let number = 0; number < PEOPLE; number++) for (const name of ["new", "cur", "tmp"]) mkdirSync(path.join(home, "mail", `person${number}`, name), { recursive: true });
  writeFileSync(path.join(home, "secret"), SECRET, { mode: 0o600 });
  const config = path.join(home, "fumibako.toml");
  writeFileSync(config, `[http]
public_url = "https://mail.campus.example"
trusted_proxies = ["127.0.0.1"]
[spool]
root = "${home}/mail/{account}"
[auth]
mode = "proxy"
[auth.proxy]
secret_file = "secret"
logout_url = "/out"
`);
  const listen = `127.0.0.1:${await freePort()}`;
  const portal = await serve(["--config", config], { data: path.join(home, "data"), listen, links: false });
  try {
    const signIn = async (number) => {
      const person = number % PEOPLE;
      const headers = { host: "mail.campus.example", "x-remote-user": `person${person}`, "x-portal-secret": SECRET, "x-forwarded-for": `198.51.${person >> 8}.${person & 255}` };
      const { status, headers: said } = await get(`http://${listen}/sign-in/start`, { headers });
      if (status !== 303 || !said["set-cookie"]?.some((line) => line.startsWith("__Host-sid="))) throw new Error(`no session: ${status}`);
    };
    let next = 0;
    const until = async (count) => {
      const worker = async () => {
        while (next < count) await signIn(next++);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      await atRest(portal);
      await pause(GIVEN_BACK);
      return resident(portal.pid);
    };
    // The first of each person warm up what there is once.
    const [before, after] = [await until(2 * PEOPLE), await until(EACH * PEOPLE)];
    const count = (EACH - 2) * PEOPLE;
    alone("memory for each idle session", ((after - before) * 1024) / count, { bar: BAR, unit: "KiB", note: `${count.toLocaleString("en")} more of them: ${before.toFixed(1)} to ${after.toFixed(1)} MiB` });
  } finally {
    await portal.stop();
  }
}
