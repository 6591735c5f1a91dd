/** The program: the only file that acts when it is imported. It loads only what a run needs. */
import type { Request, Settings } from "./cli/settings.ts";
import type { ResolvedOutput } from "./host/outputs/resolve-outputs.ts";
import type { Sink } from "./host/sinks/sink.ts";
import type { OutputSpec } from "./output-options/output-spec.ts";
import type { Source } from "./sources/source.ts";
import { RELEASED, VERSION, versionText } from "./version.ts";

process.exit(await main(process.argv.slice(2)));

/** Resolves with the exit status. */
async function main(argv: readonly string[]): Promise<number> {
  try {
    return await answer(argv);
  } catch (error) {
    const { explainFailure } = await import("./host/errors/fatal-error.ts");
    const { printError } = await import("./host/run/messages.ts");
    const { text, status } = explainFailure(error);
    if (text !== null) printError(text);
    return status;
  }
}

/** Does what the command line asks for. @throws any error that prevents it */
async function answer(argv: readonly string[]): Promise<number> {
  // Handled before the command line is parsed, because parsing would take most of the time.
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-v"))
    return await printVersion();
  const [
    { parseCommandLine },
    { isatty },
    { uidOfUser },
    { openStdout },
    { readSettings },
  ] = await Promise.all([
    import("./cli/settings.ts"),
    import("node:tty"),
    import("./kernel/passwd.ts"),
    import("./host/sinks/sink.ts"),
    import("./host/screen/settings-file.ts"),
  ]);
  const stdoutIsTerminal = isatty(1);
  const stdout = openStdout(stdoutIsTerminal);
  const request = parseCommandLine(argv, {
    env: process.env,
    stdoutIsTerminal,
    uidOfUser,
    readSettings,
  });
  if (request.kind === "run")
    return await startRun(request.settings, stdout, stdoutIsTerminal);
  const { text, status = 0 } = await textFor(request, stdoutIsTerminal);
  await stdout.write(text);
  return status;
}

function loadOutputs() {
  return import("../outputs/index.ts");
}

type Question = Exclude<Request, { readonly kind: "run" }>;

/** What is printed for a request that takes no sample. */
async function textFor(
  request: Question,
  stdoutIsTerminal: boolean,
): Promise<{ readonly text: string; readonly status?: number }> {
  switch (request.kind) {
    case "version":
      return { text: versionText() };
    case "short-help": {
      const { shortHelp } = await import("./cli/short-help.ts");
      return { text: shortHelp(VERSION) };
    }
    case "man": {
      const { manPage } = await import("./manual/man-page.ts");
      return { text: manPage(VERSION, RELEASED) };
    }
    case "licenses": {
      const { LICENSES } = await import("./licenses/index.ts");
      return { text: LICENSES };
    }
    case "doctor": {
      const { diagnose } = await import("./doctor/index.ts");
      const { columns, rows } = process.stdout;
      const terminal = stdoutIsTerminal ? { columns, rows } : null;
      return await diagnose(terminal, process.env);
    }
    case "save": {
      const [{ printError }, { saveSettings }] = await Promise.all([
        import("./host/run/messages.ts"),
        import("./host/screen/settings-file.ts"),
      ]);
      const text = saveSettings(request);
      // If the file cannot be written, that is the one reason to say.
      if (request.notice !== null) printError(request.notice);
      return { text };
    }
    case "help":
    case "completions":
    case "list-outputs":
      return { text: await outputsTextFor(request, stdoutIsTerminal) };
    default: {
      const { loadPrinted } = await loadOutputs();
      const { printedText } = await loadPrinted();
      return { text: printedText(request.kind) };
    }
  }
}

/** What says something about every output, for which all of them have to be loaded. */
async function outputsTextFor(
  request: Question,
  stdoutIsTerminal: boolean,
): Promise<string> {
  const [
    { OUTPUTS },
    { describeOutputs, outputsTable },
    { helpText },
    { completionScript },
  ] = await Promise.all([
    loadOutputs(),
    import("./output-options/describe-outputs.ts"),
    import("./cli/help.ts"),
    import("./cli/completions/index.ts"),
  ]);
  const outputs = await describeOutputs(OUTPUTS);
  if (request.kind === "help") return helpText(VERSION, outputs);
  if (request.kind === "completions")
    return completionScript(request.shell, outputs);
  const columns = stdoutIsTerminal ? process.stdout.columns || null : null;
  return outputsTable(outputs, columns);
}

/** Resolves with the exit status when the run has ended. @throws any error that prevents it */
async function startRun(
  settings: Settings,
  stdout: Sink,
  stdoutIsTerminal: boolean,
): Promise<number> {
  await makeRoomForFiles(settings.outputs);
  const [{ OUTPUTS }, { resolveOutputs }] = await Promise.all([
    loadOutputs(),
    import("./host/outputs/resolve-outputs.ts"),
  ]);
  const outputs = await resolveOutputs(settings.outputs, OUTPUTS, {
    stdoutIsTerminal,
    groupBy: settings.screen.groupBy,
  });
  if (outputs.some(({ folder }) => folder !== null)) {
    const { claimFolders } = await import("./host/store/folder.ts");
    await claimFolders(outputs);
  }
  // If stdout is closed, this fails before anything waits for a first sample.
  if (outputs.some(({ owns, file }) => owns !== undefined && file === null))
    await stdout.write("");
  const [
    { run },
    { systemClock },
    { localTime },
    { openTerminal },
    { printError },
    { savedSettings },
    { openTasks },
  ] = await Promise.all([
    import("./run.ts"),
    import("./kernel/clock.ts"),
    import("./kernel/local-time.ts"),
    import("./host/screen/terminal.ts"),
    import("./host/run/messages.ts"),
    import("./host/screen/settings-file.ts"),
    import("./host/tasks/task-control.ts"),
  ]);
  using source = await openSource(settings, outputs);
  // What runs once a second has to run for minutes before compiled code has paid for the compiler.
  Bun.unsafe.setJITPolicy(16);
  // Awaited here, because the source is closed when this function returns.
  return await run(settings, source, outputs, {
    version: VERSION,
    clock: systemClock,
    localTime,
    stdout,
    printError,
    openTerminal,
    openTasks: () => openTasks(settings.lock),
    savedSettings:
      settings.settingsPath === null
        ? null
        : savedSettings(settings.settingsPath),
    exit: (status) => process.exit(status),
  });
}

/**
 * A file on a disk that does not answer must not block the others: one thread for each file, one for look-ups of hosts,
 * and one to spare.
 */
async function makeRoomForFiles(outputs: readonly OutputSpec[]): Promise<void> {
  const targets = outputs.filter(({ target }) => target !== null).length;
  if (targets === 0) return;
  const { makeRoomForThreads } = await import("./kernel/thread-pool.ts");
  makeRoomForThreads(targets + 2);
}

/** @throws SinkError */
async function printVersion(): Promise<0> {
  const { openStdout } = await import("./host/sinks/sink.ts");
  await openStdout(false).write(versionText());
  return 0;
}

/** @throws when there is nothing to read: the kernel refuses, or the file is not a recording */
async function openSource(
  {
    source: spec,
    files: wantsFiles,
    screen: { groupBy },
  }: Pick<Settings, "source" | "files" | "screen">,
  outputs: readonly ResolvedOutput[],
): Promise<Source> {
  if (spec.kind === "replay") {
    const [{ findRecordings }, { openReplaySource }, { refuseInputAsOutput }] =
      await Promise.all([
        import("./sources/replay/recording-files.ts"),
        import("./sources/replay/replay.ts"),
        import("./host/files/input-as-output.ts"),
      ]);
    const files = findRecordings(spec.paths);
    const printing = outputs.filter((each) => each.file ?? each.owns);
    for (const { path } of files)
      refuseInputAsOutput(
        path,
        printing.map(({ file }) => file),
      );
    // They show tasks by their ids, which are those of one machine.
    const isOneHost = outputs.some(({ name }) =>
      ["screen", "batch"].includes(name),
    );
    const isAlone = outputs.length === 1;
    return openReplaySource({ ...spec, files, isOneHost, isAlone });
  }
  const { openLiveSource } = await import("./sources/live.ts");
  const load = async () =>
    (await import("./tracing/file-watch.ts")).openFileWatch;
  // Who does not ask for files pays nothing for them: not even this is read. On the screen a key may ask.
  const hasScreen = outputs.some(({ owns }) => owns === "terminal");
  const files = wantsFiles
    ? { open: await load() }
    : hasScreen
      ? { load }
      : null;
  const isRecorded = outputs.some(({ name }) => name === "jsonl");
  const [{ groupKindOf }, { isOfCgroups }] = await Promise.all([
    import("./model/groups/group-name.ts"),
    import("./model/groups/group-disks.ts"),
  ]);
  const isByCgroup = isOfCgroups(groupKindOf(groupBy));
  const cgroups =
    isRecorded && isByCgroup ? "always" : hasScreen ? "asked" : null;
  return openLiveSource({ ...spec, files, cgroups });
}
