// A helper that was begun when the portal ended has the portal's sockets until its own program runs. On a slow machine the port was then
// still taken when the next portal wanted it.
import { strict as assert } from "node:assert";
import { test } from "node:test";
import { children, until } from "../lib/faults.mjs";
import { campus } from "../lib/outage.mjs";

test("a portal that was stopped is started on its port, although a helper of the first is still being started", { timeout: 120_000 }, async () => {
  const site = await campus({ letters: 1, mount: null });
  // Each program that the portal starts comes a second late.
  let portal = await site.start({ behind: ["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=execve", "-e", "inject=execve:delay_enter=1000000"] });
  try {
    const who = await site.signIn("tanaka");
    await who.inbox();
    const before = children(portal.pid);
    for (const pid of before) process.kill(pid, "SIGKILL");
    await until(() => children(portal.pid).some((pid) => !before.includes(pid)), "another helper begins");
    await portal.stop();
    portal = await site.start();
    assert.equal((await who.ask("/")).status, 303);
  } finally {
    await portal.stop();
    await site.stop();
  }
});
