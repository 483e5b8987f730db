// What measuring needs: the machine, medians, the costs of a process as the kernel counts them.
import { cpus, loadavg, totalmem } from "node:os";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

/** The middle one; of an even number, halfway between the two in the middle. */
export const p50 = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.floor(sorted.length / 2)]) / 2;
};
export const ms = (value) => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ms`;

/** One line about the machine, with a fixed piece of work timed, by which a noisy moment is recognised. */
export function machine() {
  const spin = () => {
    const began = performance.now();
    let sum = 0;
    for (let at = 0; at < 20_000_000; at++) sum += at % 7;
    return performance.now() - began + (sum < 0 ? 1 : 0);
  };
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB; load ${loadavg()[0].toFixed(2)}; calibration loop ${ms(p50([spin(), spin(), spin()]))}`;
}

const status = (pid, field) => Number(readFileSync(`/proc/${pid}/status`, "utf8").match(new RegExp(`^${field}:\\s+(\\d+) kB`, "m"))[1]) / 1024;
/** Resident memory, MiB. */
export const resident = (pid) => status(pid, "VmRSS");
/** The most it was since `forgetPeak`, MiB. */
export const peak = (pid) => status(pid, "VmHWM");
export const forgetPeak = (pid) => writeFileSync(`/proc/${pid}/clear_refs`, "5");

/** User and system time so far, in ms (the kernel counts in hundredths of a second). */
export function cpuTime(pid) {
  const fields = stat(pid);
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The fields of /proc/PID/stat behind the name, which may hold anything. */
function stat(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** The same of processes with all below them, and of those that have ended there. */
export function cpuTimeBelow(roots) {
  const times = new Map();
  const parents = new Map();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number)) {
    try {
      const fields = stat(pid);
      parents.set(pid, Number(fields[1]));
      times.set(pid, fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * 10, 0));
    } catch {
      // It has ended meanwhile.
    }
  }
  const below = (pid) => roots.includes(pid) || (parents.has(pid) && below(parents.get(pid)));
  return [...times].reduce((sum, [pid, time]) => sum + (below(pid) ? time : 0), 0);
}

export const pause = (time) => new Promise((over) => setTimeout(over, time));

/** Looked at so often, and still for so many looks: longer than anything that a portal does at intervals of its own. */
const LOOK = 100;
const STILL = 5;

/** Waits until the process uses no processor time any more, so that what it began by itself is not measured. */
export async function atRest({ pid }, patience = 30_000) {
  const until = performance.now() + patience;
  for (let before = cpuTime(pid), still = 0; still < STILL; ) {
    if (performance.now() > until) return console.log(`The portal was still busy after ${ms(patience)}.`);
    await pause(LOOK);
    const spent = cpuTime(pid);
    still = spent === before ? still + 1 : 0;
    before = spent;
  }
}

/** Runs `one` `times` times after a few runs that do not count; what it gives are milliseconds. */
export async function series(times, one) {
  for (let warm = 0; warm < Math.min(5, times); warm++) await one();
  const found = [];
  for (let turn = 0; turn < times; turn++) found.push(await one());
  return found;
}
