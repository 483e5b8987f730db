// Runs a program whose words are shown as they come, and read.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { atEnd } from "./endings.mjs";

/** Its exit status (`null` if a signal ended it) and all that it said, its errors last; `quiet` shows nothing. */
export async function told(program, args, { quiet = false, ...options } = {}) {
  const child = spawn(program, args, { ...options, stdio: ["inherit", "pipe", "pipe"] });
  // A terminal tells every process of Ctrl-C; whoever sends a signal to this one alone means that one too.
  const off = atEnd(() => child.kill("SIGTERM"));
  // Apart: what one says in pieces, the other would fall between.
  const texts = [[child.stdout, process.stdout], [child.stderr, process.stderr]].map(([from, to]) => {
    const pieces = [];
    from.setEncoding("utf8").on("data", (some) => {
      pieces.push(some);
      if (!quiet) to.write(some);
    });
    return pieces;
  });
  const [status] = await once(child, "close");
  off();
  return { status, text: texts.map((pieces) => pieces.join("")).join("\n") };
}
