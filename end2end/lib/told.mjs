// Runs a program whose words are shown as they come, and read.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { atEnd } from "./endings.mjs";

/** Its exit status (`null` if a signal ended it) and all that it said; `quiet` shows nothing. */
export async function told(program, args, { quiet = false, ...options } = {}) {
  const child = spawn(program, args, { ...options, stdio: ["inherit", "pipe", "pipe"] });
  // A terminal tells every process of Ctrl-C; whoever sends a signal to this one alone means that one too.
  const off = atEnd(() => child.kill("SIGTERM"));
  let text = "";
  for (const [from, to] of [[child.stdout, process.stdout], [child.stderr, process.stderr]]) {
    from.setEncoding("utf8").on("data", (some) => {
      text += some;
      if (!quiet) to.write(some);
    });
  }
  const [status] = await once(child, "close");
  off();
  return { status, text };
}
