// Whoever asks for a link without a name is the first person, however slowly the links of all are printed.
import { strict as assert } from "node:assert";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { serve } from "../lib/server.mjs";

test("a fresh link is the first person's, or that of whom it is asked for", { timeout: 30_000 }, async () => {
  process.env.FUMIBAKO_BIN = fileURLToPath(new URL("fixtures/slow-links.mjs", import.meta.url));
  for (const [name, token] of [[undefined, "c"], ["second", "b"]]) {
    const portal = await serve([]);
    try {
      assert.equal(new URL(await portal.freshLink(name)).pathname, `/sign-in/once/${token}`);
    } finally {
      await portal.stop();
    }
  }
});
