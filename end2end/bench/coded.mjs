// The same questions as a browser asks them: with the codings that Chromium takes, so that every server may choose its best.

const AS_CHROMIUM = "gzip, deflate, br, zstd";

/**
 * `took(path, wanted)` gives how long the coded answer took. That `wanted` stands in it is looked up after the clock has stopped;
 * in a coding that is not readable here, once for each path, in the same answer without any.
 */
export function timed(ask) {
  const seen = new Set();
  const ways = (headers, coding) => ({ headers: { ...headers, "accept-encoding": coding } });
  return async (path, wanted, headers) => {
    const answer = await ask(path, ways(headers, AS_CHROMIUM));
    const plain = answer.readable || seen.has(path) ? answer : await ask(path, ways(headers, "identity"));
    if (answer.status !== 200 || (plain.readable && !plain.text().includes(wanted))) throw new Error(`${path} answered ${answer.status}, without ${wanted}`);
    seen.add(path);
    return answer.took;
  };
}
