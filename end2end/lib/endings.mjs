// What is undone however this process ends: well, by an error, or by a signal, as Ctrl-C is one. What began last is undone first, so that
// nothing is taken from under what still stands on it.
import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
let pending;

function undo() {
  for (let one; (one = pending.pop()); ) {
    try {
      one();
    } catch (error) {
      console.error(`not undone: ${error.message}`);
      process.exitCode ||= 1;
    }
  }
}

/** Has `one`, which does not wait, called at the end of this process; the answer takes that back. */
export function atEnd(one) {
  if (!pending) {
    pending = [];
    process.once("exit", undo);
    // Also when it has been told once: a second signal would end it in the middle.
    for (const signal of SIGNALS) process.on(signal, () => process.exit(128 + constants.signals[signal]));
  }
  pending.push(one);
  return () => {
    const at = pending.lastIndexOf(one);
    if (at >= 0) pending.splice(at, 1);
  };
}
