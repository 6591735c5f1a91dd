/**
 * One line of JSON for each sample, described in jsonl.schema.json. In a file the lines are a recording that can be
 * replayed.
 */
import { defineOutput, encodeRecord, toRecord } from "../src/model/index.ts";

export default defineOutput({
  api: 1,
  name: "jsonl",
  summary: "JSON lines for jq and log shippers, and for --replay",
  target: "file",
  owns: "stdout",
  options: {
    all: {
      type: "boolean",
      default: false,
      about: "list every task, not only those with I/O or waits",
    },
  },
  create: ({ all }) => ({
    write: (sample, ctx) => {
      const record = toRecord(sample, { all, view: ctx.run.view });
      return ctx.print(`${encodeRecord(record)}\n`);
    },
  }),
});
