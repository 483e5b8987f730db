// wrk, which asks for one address on many connections for some seconds.
import { spawnSync } from "node:child_process";
import { run } from "../lib/dovecot.mjs";

/** Connections at once, and the threads of wrk that hold them. */
const CONNECTIONS = 16;
const THREADS = 2;

const UNITS = { us: 0.001, ms: 1, s: 1000, m: 60_000 };
const time = (text) => {
  const [, value, unit] = text.match(/^([\d.]+)(us|ms|s|m)$/);
  return Number(value) * UNITS[unit];
};

export const hasWrk = () => !spawnSync("wrk", ["-v"], { stdio: "ignore" }).error;

/** `{rate, p50, p99}`: requests a second, and milliseconds. */
export async function wrk({ url, headers }, seconds) {
  const all = Object.entries({ "accept-encoding": "gzip", ...headers }).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const out = await run("wrk", ["-t", String(THREADS), "-c", String(CONNECTIONS), "-d", `${seconds}s`, "--latency", "--timeout", "60s", ...all, url]);
  const bad = out.match(/Non-2xx or 3xx responses: \d+|Socket errors: .*/);
  if (bad) throw new Error(`${url}: ${bad[0]}`);
  if (/ 0 requests in /.test(` ${out}`)) throw new Error(`${url} answered nothing in ${seconds} s`);
  const latency = (part) => time(out.match(new RegExp(`^\\s+${part}%\\s+(\\S+)`, "m"))[1]);
  return { rate: Number(out.match(/^Requests\/sec:\s+([\d.]+)/m)[1]), p50: latency(50), p99: latency(99) };
}
