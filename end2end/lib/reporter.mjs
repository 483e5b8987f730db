// A reporter for the runner of node: a line of JSON for each test, and how it ended, and a last one when all were run.
export default async function* reporter(events) {
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const { name, skip, todo, details } = data;
    yield `${JSON.stringify({ name, isSuite: details?.type === "suite", skip: skip ?? null, todo: todo ?? null })}\n`;
  }
  yield `${JSON.stringify({ end: true })}\n`;
}
