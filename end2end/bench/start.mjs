// Starting, with the index made before.
import { serve } from "../lib/server.mjs";
import { resident } from "./measure.mjs";
import { alone } from "./table.mjs";

const MEMORY = 64;

export async function start({ maildir, data, prepare }) {
  prepare();
  const began = performance.now();
  const portal = await serve(["--maildir", maildir], { data });
  try {
    alone("start to first link", performance.now() - began);
    alone("resident after start", resident(portal.pid), { bar: MEMORY, unit: "MiB" });
  } finally {
    await portal.stop();
  }
}
