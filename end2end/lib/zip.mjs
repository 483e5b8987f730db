// Reads a zip archive (APPNOTE 4.3): just enough for the tests, and strict about what it reads.
import { strict as assert } from "node:assert";
import zlib from "node:zlib";

/** `{name: bytes}` of every entry, checked against its size and checksum. */
export function unzip(bytes) {
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  assert.ok(end >= 0, "no end of central directory");
  const entries = {};
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    assert.equal(bytes.toString("latin1", at, at + 4), "PK\x01\x02");
    const [method, sum, packed, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 16), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24)];
    const [nameLength, extra, comment, local] = [bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)];
    const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    assert.ok(!(name in entries), `${name} is there twice`);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(start, start + packed);
    assert.ok(method === 0 || method === 8, `method ${method}`);
    entries[name] = method === 8 ? zlib.inflateRawSync(data) : Buffer.from(data);
    assert.equal(entries[name].length, size, name);
    // Not in every version of Node.js.
    if (zlib.crc32) assert.equal(zlib.crc32(entries[name]), sum, name);
    at += 46 + nameLength + extra + comment;
  }
  return entries;
}
