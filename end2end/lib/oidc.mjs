// The certified provider of npm, and a portal that signs people in through it, both on loopback.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../bench/ports.mjs";
import { atEnd } from "./endings.mjs";
import { scratch, serve } from "./server.mjs";

const program = fileURLToPath(new URL("../peers/idp/oidc.mjs", import.meta.url));

/** Starts the provider; `log()` is what it printed. It forgets all sessions when it ends. */
export async function provider({ port, portal, keys }) {
  const env = { ...process.env, IDP_PORT: String(port), PORTAL: portal, ...(keys ? { IDP_KEYS: JSON.stringify(keys) } : {}) };
  const child = spawn(process.execPath, [program], { env, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  const endWithUs = () => child.kill();
  const leave = atEnd(endWithUs);
  child.stderr.setEncoding("utf8").on("data", (text) => (log += text));
  child.stdout.setEncoding("utf8").on("data", (text) => (log += text));
  const died = once(child, "exit").then(() => {
    throw new Error(`the provider ended:\n${log}`);
  });
  died.catch(() => {});
  while (!log.includes("ready")) await Promise.race([once(child.stdout, "data"), died]);
  return {
    issuer: `http://127.0.0.1:${port}`,
    pid: child.pid,
    log: () => log,
    async stop() {
      leave();
      child.kill();
      await died.catch(() => {});
    },
  };
}

/** A demo campus whose people sign in through the provider. `start()` starts the provider (again). */
export async function campus({ config = "", up = true, keys } = {}) {
  const home = await scratch("fumibako-oidc");
  const [port, idp] = [await freePort(), await freePort()];
  const portal = `http://127.0.0.1:${port}`;
  writeFileSync(path.join(home.folder, "secret"), "webmail-secret-for-tests-only\n", { mode: 0o600 });
  const file = path.join(home.folder, "fumibako.toml");
  writeFileSync(file, `[http]
trusted_proxies = ["127.0.0.1"]
[auth]
mode = "oidc"
[auth.oidc]
issuer = "http://127.0.0.1:${idp}"
client_id = "webmail"
client_secret_file = "secret"
scopes = ["openid", "profile", "email", "campus"]
required_claims = { groups = ["student", "staff"] }
[account]
strip_scope = ["example.ac.jp"]
${config}`);
  const site = { portal: null, provider: null, idp, home: home.folder, config: file };
  site.start = async (with_ = {}) => (site.provider = await provider({ port: idp, portal, keys, ...with_ }));
  if (up) await site.start();
  site.serve = async () => (site.portal = await serve(["--demo", "--config", file], { data: path.join(home.folder, "data"), listen: `127.0.0.1:${port}` }));
  await site.serve();
  site.stop = async () => {
    await site.portal.stop();
    await site.provider?.stop();
    await home.remove();
  };
  return site;
}
