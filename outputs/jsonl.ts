/**
 * Lines of JSON: one for each sample, described in jsonl.schema.json, which in a file are a recording that can be
 * replayed; or one for each task, described in jsonl-task.schema.json, for log shippers.
 */
import {
  defineOutput,
  encodeRecord,
  taskLines,
  toRecord,
} from "../src/model/index.ts";

export default defineOutput({
  api: 1,
  name: "jsonl",
  summary: "JSON lines for jq and log shippers, and for --replay",
  target: "recording",
  owns: "stdout",
  options: {
    all: {
      type: "boolean",
      default: false,
      about: "list every task, not only those with I/O or waits",
    },
    shape: {
      type: "string",
      default: "sample",
      choices: ["sample", "task"],
      about: "one line for each sample, or short ones for each task",
    },
    cmdline: {
      type: "string",
      about:
        "command lines: on, off, or the number of bytes to cut them at (with shape=task 4096 unless set)",
    },
  },
  create({ all, shape, cmdline }) {
    const cmdlineBytes =
      cmdline === undefined ? {} : { cmdlineBytes: parseCmdline(cmdline) };
    return {
      write(sample, ctx) {
        const options = { all, view: ctx.run.view, ...cmdlineBytes };
        const lines =
          shape === "task"
            ? taskLines(sample, options)
            : [encodeRecord(toRecord(sample, options))];
        return ctx.print(`${lines.join("\n")}\n`);
      },
    };
  },
});

/** How many bytes of a command line are kept. @throws Error */
function parseCmdline(text: string): number {
  if (/^(?:on|yes|true)$/i.test(text)) return Infinity;
  if (/^(?:off|no|false)$/i.test(text)) return 0;
  const bytes = /^\d+$/.test(text) ? Number(text) : NaN;
  if (bytes <= 2 ** 20) return bytes;
  throw new Error(
    `cmdline=${text}: must be on, off, or a number of bytes up to ${2 ** 20}`,
  );
}
