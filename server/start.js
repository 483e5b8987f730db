// The first script of a page: starts the browser's half. The build puts the hashed names in.
import init from "GLUE";

// The page library writes its own markup through templates, and a browser with Trusted Types asks this for each such text. Markup
// that cannot act goes through; anything else is refused by its absence, and so reported. There is nothing for scripts or for
// addresses of scripts: none is made from text. References to characters could hide a word, and our markup needs none.
const ACTS = /<(?:script|iframe|frame|object|embed|base|meta|link)|[\s"'/]on[a-z]+\s*=|srcdoc|javascript:|&(?:#|colon|tab|newline)/i;
globalThis.trustedTypes?.createPolicy("default", { createHTML: (markup) => (ACTS.test(markup) ? null : markup) });

await init({ module_or_path: "WASM" });
