/**
 * A program that writes into a store until it is killed: a line for every two minutes from 2026 on, each with its number
 * and of a length of its own. It prints the number of each line that is written. Its arguments are the folder, and the
 * number to begin with.
 */
import { writeSync } from "node:fs";
import { StoreFolder } from "../../src/host/store/folder.ts";
import { StoreSink } from "../../src/host/store/store-sink.ts";
import { makeSample } from "./samples.ts";

const [, , path = "", first = "1"] = process.argv;
const store = new StoreSink(
  new StoreFolder(path),
  {
    period: "10m",
    keepMs: Infinity,
    // So that some files are compressed before their time is over.
    mostBytes: 800_000,
    minFree: { bytes: 0, ratio: 0, text: "off" },
    isCompressed: true,
  },
  null,
);
await store.open({
  warn: (text) => {
    throw new Error(text);
  },
  signal: new AbortController().signal,
  onFull() {},
  onFreed() {},
});
for (let n = Number(first); ; n++) {
  const timeMs = Date.UTC(2026, 0, 1) + n * 120_000;
  await store.begin(makeSample({ seq: n, timeMs }));
  await store.write(`${n} ${"x".repeat((n % 10) * 10_000)}.\n`);
  writeSync(1, `${n}\n`);
}
