// Sizes of the built files, compressed with brotli as they are served: `node end2end/sizes.mjs SITE/pkg`. Fails over the hard limit.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const KIB = 1024;
const FILES = [
  { name: "fumibako_bg.wasm", limit: 320, target: 256 },
  { name: "fumibako.js", limit: 16 },
  { name: "fumibako.css", limit: 24 },
];

for (const { name, limit, target } of FILES) {
  const file = path.join(process.argv[2], name);
  if (!existsSync(file)) continue;
  const bytes = readFileSync(file);
  const small = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  const kib = small.length / KIB;
  const verdict = kib > limit ? "TOO MUCH" : target && kib > target ? `over its target of ${target}` : "ok";
  console.log(`${name.padEnd(18)} ${(bytes.length / KIB).toFixed(1).padStart(8)} KiB, brotli ${kib.toFixed(1).padStart(6)} of ${limit} KiB  ${verdict}`);
  if (kib > limit) process.exitCode = 1;
}
