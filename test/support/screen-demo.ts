/**
 * The screen with made-up samples, to look at it: bun test/support/screen-demo.ts [tasks] [interval ms].
 * DEMO=bare shows a kernel without delay accounting and an imperfect sample.
 */
import screen from "../../outputs/screen/index.ts";
import { openTerminal } from "../../src/host/screen/terminal.ts";
import { connectDatagrams } from "../../src/kernel/unix-datagrams.ts";
import { createFormat } from "../../src/model/text/format.ts";
import { utcTime } from "./utc-time.ts";
import type { OutputContext } from "../../src/model/output.ts";
import type { Sample, TaskDelta, TaskInfo } from "../../src/model/sample.ts";
import { DEFAULT_SCREEN } from "../../src/model/options/screen-settings.ts";
import { DEFAULT_VIEW } from "../../src/model/view/view.ts";
import { makeSample, makeTask, row } from "./samples.ts";

const taskCount = Number(process.argv[2] ?? 300);
const intervalMs = Number(process.argv[3] ?? 1000);
const bare = process.env["DEMO"] === "bare";

const COMMANDS: readonly (readonly string[])[] = [
  ["/usr/lib/postgresql/15/bin/postgres", "-D", "/var/lib/postgresql/15/main"],
  ["fio", "--name=rd20", "--filename=/data/rd.dat", "--rate=20m"],
  ["/usr/bin/rsync", "-a", "--delete", "/srv/www/", "backup::www/current/"],
  ["日本語プロセス", "--漢字", "漢字漢字漢字漢字漢字漢字漢字漢字漢字"],
  ["evil\x1b[31mred\x1b[2J", "rtl\u202eabc", "new\nline"],
  ["emoji 👨‍👩‍👧 🇩🇪 ☺️", "é\u0301"],
];

const tasks: readonly TaskInfo[] = Array.from({ length: taskCount }, (_, i) => {
  const cmdline = COMMANDS[i]!;
  return i < COMMANDS.length
    ? makeTask({ tid: 31_000 + i, comm: cmdline[0]!.slice(-15), cmdline })
    : makeTask({
        tid: 2 + i,
        comm: `kworker/u8:${i}`,
        isKernelThread: true,
      });
});
const MIB = 1024 * 1024;

function nextSample(seq: number): Sample {
  const rows: TaskDelta[] = tasks.map((task, i) => {
    const wave = Math.max(0, Math.sin(seq / (3 + i) + i));
    const readBytes =
      i < 6 ? Math.round(((wave * MIB) / 1024) * 40) * 1024 * (i % 3) : 0;
    return row({
      tid: task.tid,
      task,
      elapsedNs: intervalMs * 1e6,
      readBytes,
      writeBytes: i < 6 ? Math.round(wave * 1e6 * 10 ** (i % 4)) : 0,
      ioWaitNs: bare ? null : i < 6 ? wave * 1e9 * (i / 6) : 0,
      swapWaitNs: bare ? null : 0,
    });
  });
  if (seq % 3 === 0)
    rows.push(
      row({
        tid: 40_000 + seq,
        comm: "dd",
        cmdline: ["dd", "if=/dev/zero", "of=/data/x", "bs=1M"],
        writeBytes: 64 * MIB,
        born: true,
        exit: { code: 0, signal: seq % 2 === 0 ? 9 : 0 },
      }),
    );
  return makeSample({
    seq,
    timeMs: Date.now(),
    intervalNs: intervalMs * 1e6,
    threads: rows,
    origin: { delayAccounting: !bare },
    health: bare ? { denied: 12, lostExits: 1 } : {},
    host: {
      diskReadBytes: 30 * MIB,
      diskWriteBytes: Math.round(MIB * 9 * Math.random()),
      pressure: { someRatio: 0.123, fullRatio: 0.04 },
    },
  });
}

const ended = Promise.withResolvers<void>();
using terminal = openTerminal({
  onInterrupt: ended.resolve,
  onHangup: ended.resolve,
});
const output = screen.create({ graph: undefined });
const writer = Bun.stdout.writer();
const ctx: OutputContext = {
  async print(text) {
    writer.write(text);
    await writer.flush();
  },
  connectDatagrams,
  warn: (text) => terminal.message(text),
  stop: ended.resolve,
  signal: new AbortController().signal,
  format: createFormat({ kilobytes: false, localTime: utcTime }),
  terminal,
  controls: null,
  run: {
    version: "demo",
    origin: "live",
    intervalMs,
    view: DEFAULT_VIEW,
    screen: DEFAULT_SCREEN,
    colorLevel: process.env["NO_COLOR"] ? 0 : 2,
  },
};
await output.open?.(ctx);
let seq = 0;
const timer = setInterval(() => {
  void output.write(nextSample(++seq), ctx);
}, intervalMs);
await ended.promise;
clearInterval(timer);
await output.close?.(
  { reason: "quit", samples: seq, durationNs: 0, host: null },
  ctx,
);
