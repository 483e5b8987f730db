// Random numbers that can be had again: tests that choose at random say by which seed, and an environment variable repeats them.

/** Numbers from 0 to below 1 of that seed (Lehmer's). */
export function numbers(seed) {
  // None of its states is 0, or it would stay there.
  let state = (seed % 2147483646) + 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/** A seed: that of the variable, or another each time. It is printed with the variable's name. */
export function seed(variable) {
  const chosen = Number(process.env[variable] ?? Date.now() % 1_000_000);
  console.log(`seed: ${variable}=${chosen}`);
  return chosen;
}
