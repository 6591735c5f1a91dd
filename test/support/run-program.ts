/**
 * The program as main.ts runs it, on a source that never ends and does not need a kernel: a sample every 5 ms.
 * For tests of pipes, signals and exit statuses.
 */
import { OUTPUTS } from "../../outputs/index.ts";
import { explainFailure } from "../../src/host/errors/fatal-error.ts";
import { parseCommandLine } from "../../src/cli/settings.ts";
import { printError } from "../../src/host/run/messages.ts";
import { openStdout } from "../../src/host/sinks/sink.ts";
import { resolveOutputs } from "../../src/host/outputs/resolve-outputs.ts";
import { openTasks } from "../../src/host/tasks/task-control.ts";
import { openTerminal } from "../../src/host/screen/terminal.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { run } from "../../src/run.ts";
import { FakeSource } from "./fake-source.ts";
import { makeSample, row } from "./samples.ts";
import { utcTime } from "./utc-time.ts";

const BUSY = makeSample({ threads: [row({ tid: 7, readBytes: 1024 })] });

try {
  const request = parseCommandLine(process.argv.slice(2), {
    env: process.env,
    stdoutIsTerminal: process.stdout.isTTY,
    uidOfUser: () => null,
    readSettings: () => ({ path: null, text: "", flaw: null }),
  });
  if (request.kind !== "run") throw new Error(request.kind);
  const { settings } = request;
  const outputs = await resolveOutputs(settings.outputs, OUTPUTS, {
    stdoutIsTerminal: process.stdout.isTTY,
    groupBy: settings.screen.groupBy,
    privileges: { uid: 1000, sudoUid: undefined, atSecure: false },
  });
  const source = new FakeSource({
    samples: [BUSY],
    endless: true,
    delayMs: 5,
  });
  const status = await run(settings, source, outputs, {
    version: "1.2.3",
    clock: systemClock,
    localTime: utcTime,
    stdout: openStdout(process.stdout.isTTY),
    printError,
    openTerminal,
    openTasks: () => openTasks(null),
    savedSettings: null,
    exit: (status) => process.exit(status),
  });
  process.exit(status);
} catch (error) {
  const { text, status } = explainFailure(error);
  if (text !== null) printError(text);
  process.exit(status);
}
