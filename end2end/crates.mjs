// `make test` calls this: the tests of the crates, by cargo. They say what they did not try, and where CI is set that has failed.
import { judge, said } from "./lib/skips.mjs";
import { told } from "./lib/told.mjs";

const { status, text } = await told(process.env.CARGO ?? "cargo", ["test", "--locked", "--workspace", "--exclude", "hydrate", ...process.argv.slice(2)]);
const wrong = judge(said(text));
process.exitCode = status !== 0 || wrong > 0 ? 1 : 0;
