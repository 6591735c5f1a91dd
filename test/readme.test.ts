import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OUTPUTS } from "../outputs/index.ts";
import { DIALECTS, encodeLine } from "../outputs/statsd/lines.ts";
import {
  OPTION_LIST,
  dashed,
  offSpellings,
  spellings,
} from "../src/cli/options.ts";
import { parseCommandLine } from "../src/cli/settings.ts";
import { resolveOutputs } from "../src/host/resolve-outputs.ts";
import { COLUMNS } from "../src/model/columns.ts";
import { VERSION } from "../src/version.ts";
import { runBinary } from "./support/binary.ts";
import {
  HOW_TO_WRITE,
  JSON_KEYS,
  README,
  ROOT,
  renderReadme,
} from "./support/readme-tables.ts";
import {
  anchors,
  codeBlocks,
  codeSpans,
  iotopArguments,
  linkTargets,
} from "./support/readme-text.ts";

const readme = readFileSync(README, "utf8");
const spans = codeSpans(readme);
const scripts = codeBlocks(readme, "sh");

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "iotop-readme-"))));
afterAll(() => rmSync(folder, { recursive: true }));

test("the tables say what the code says", async () => {
  if ((await renderReadme(readme)) !== readme)
    throw new Error(`README.md differs from the code: run ${HOW_TO_WRITE}`);
});

describe("what is named exists:", () => {
  test("targets of links", () => {
    const known = anchors(readme);
    const missing = linkTargets(readme).filter((target) => {
      if (target.startsWith("https://")) return false;
      if (target.startsWith("#")) return !known.includes(target.slice(1));
      return !existsSync(join(ROOT, target));
    });
    expect(missing).toEqual([]);
    expect(new Set(known).size).toBe(known.length);
  });

  test("files", () => {
    const paths = [...spans, ...scripts.join(" ").split(/\s+/)].filter((text) =>
      /^(?:(?:src|outputs|test|\.ci)(?:\/[\w.-]+)*|[\w.-]+\.(?:ts|json|md))$/.test(
        text,
      ),
    );
    expect(paths).toContain("build.ts");
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test("options", () => {
    const known = OPTION_LIST.flatMap(([name, def]) => [
      ...spellings(name, def).map(dashed),
      ...offSpellings(name, def).map(dashed),
    ]);
    const named = spans
      .flatMap((span) => span.split(", "))
      .flatMap((span) => /^--?[a-zA-Z][\w-]*/.exec(span) ?? [])
      // Joined short options are parsed with the commands.
      .filter((name) => name.startsWith("--") || name.length === 2);
    expect(named).toContain("--no-only");
    expect(
      named.filter((name) => !known.includes(name) && name !== "--no-"),
    ).toEqual([]);
  });

  test("stock outputs, each with an example", () => {
    const used = [...scripts.join("\n").matchAll(/--output ([a-z]+)/g)];
    const names = new Set(used.map(([, name]) => name!));
    // Text for pipes is what -b asks for.
    if (/iotop -b/.test(scripts.join("\n"))) names.add("batch");
    expect([...names].sort()).toEqual(Object.keys(OUTPUTS).sort());
  });

  test("keys and counters", () => {
    const ofKernel = COLUMNS.flatMap(({ source }) => source.split(/[ ,]+/));
    const known = new Set([...JSON_KEYS, ...ofKernel]);
    const named = spans.filter((span) => /^[a-z]+(?:_[a-z]+)+$/.test(span));
    expect(named).toContain("logical_read_bytes");
    expect(
      named.filter((name) => !known.has(name) && name !== "node_modules"),
    ).toEqual([]);
  });

  test("the version", () => {
    const changelog = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
    const [, newest] =
      /^## \[(\S+)\] - \d{4}-\d\d-\d\d$/m.exec(changelog) ?? [];
    expect(newest).toBe(VERSION);
  });
});

describe("is a command that iotop takes:", () => {
  const commands = [...scripts, ...spans].flatMap(iotopArguments);
  // Joined short options and options with their values stand in the text by themselves.
  const options = spans
    .flatMap((span) => span.split(", "))
    .filter((span) => /^(?:-[a-zA-Z][\w.]+|--[a-z]+ [^A-Z]+)$/.test(span))
    .map((span) => span.split(" "));

  test("there are many", () => expect(commands.length).toBeGreaterThan(20));

  test.each([...commands, ...options].map((args) => [args]))(
    "iotop %j",
    async (args) => {
      const request = parseCommandLine(args, {
        env: { TERM: "xterm" },
        stdoutIsTerminal: true,
        uidOfUser: () => 1000,
      });
      if (request.kind !== "run") return;
      const stock = request.settings.outputs.filter(({ isPath }) => !isPath);
      await resolveOutputs(stock, OUTPUTS, { stdoutIsTerminal: true });
    },
  );
});

/** Something for iotop to see: short programs that write, one after the other. */
async function writeForAWhile(): Promise<void> {
  const target = join(folder, "written");
  const dd = `dd if=/dev/zero of='${target}' bs=64k count=4 conv=fsync status=none`;
  await Bun.$`sh -c ${`for i in 1 2 3 4 5 6 7 8 9 10; do ${dd}; sleep 0.05; done`}`;
}

describe("on a recorded sample:", () => {
  let recording: string;

  beforeAll(async () => {
    recording = join(folder, "processes.jsonl");
    const args = ["-P", "-n", "2", "-d", "0.5"];
    const [outcome] = await Promise.all([
      runBinary([...args, "--output", `jsonl=${recording}`]),
      writeForAWhile(),
    ]);
    expect(outcome.status).toBe(0);
  });

  const filters = scripts
    .flatMap((script) => script.split("\n"))
    .filter((line) => /\| jq /.test(line))
    .map((line) => line.slice(line.indexOf("| jq ") + 2));

  test("there are filters", () => expect(filters.length).toBeGreaterThan(2));

  test.skipIf(Bun.which("jq") === null).each(filters)("%s", async (filter) => {
    const child = Bun.spawn(["sh", "-c", `${filter} < '${recording}'`], {
      stderr: "pipe",
    });
    const [output, errors] = await Promise.all([
      child.stdout.text(),
      child.stderr.text(),
      child.exited,
    ]);
    expect({ errors, status: child.exitCode }).toEqual({
      errors: "",
      status: 0,
    });
    // A filter that selects may rightly find nothing.
    if (!filter.includes("-r 'select(")) expect(output.trim()).not.toBe("");
  });
});

describe("a recording", () => {
  const commands = [...scripts, ...spans]
    .flatMap(iotopArguments)
    .filter((args) => args.includes("--replay"));

  beforeAll(async () => {
    const args = ["-n", "3", "-d", "0.3", "--output", "jsonl=io.jsonl"];
    const [outcome] = await Promise.all([
      runBinary(args, { cwd: folder }),
      writeForAWhile(),
    ]);
    expect(outcome.status).toBe(0);
    const lines = readFileSync(join(folder, "io.jsonl"));
    writeFileSync(join(folder, "io.jsonl.gz"), Bun.gzipSync(lines));
  });

  test("there are replays", () => expect(commands.length).toBeGreaterThan(2));

  // On a pipe the screen is batch text.
  test.each(commands.map((args) => [args]))("iotop %j", async (args) => {
    const outcome = await runBinary(args, { cwd: folder });
    expect(outcome.stdout).toContain("dd");
    expect(outcome.status).toBe(0);
  });
});

test("the names of the metrics are all that statsd gets", async () => {
  const received = new Set<string>();
  await using server = await Bun.udpSocket({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data(_, datagram) {
        for (const line of datagram.toString().split("\n"))
          received.add(line.replace(/:.*/, ""));
      },
    },
  }).then((socket) =>
    Object.assign(socket, {
      [Symbol.asyncDispose]: async () => socket.close(),
    }),
  );
  const target = `statsd=127.0.0.1:${server.port},host=HOST`;
  const [outcome] = await Promise.all([
    runBinary(["-n", "3", "-d", "0.3", "--output", target]),
    writeForAWhile(),
  ]);
  expect(outcome.status).toBe(0);
  const documented = new Set(
    spans
      .flatMap((span) => span.split(", "))
      .filter((span) => /^iotop\.HOST\.[\w.]+$/.test(span)),
  );
  const general = new Set(
    [...received].map((name) =>
      name.replace(/^(iotop\.HOST\.comm)\.[^.]+\./, "$1.NAME."),
    ),
  );
  expect([...general].filter((name) => !documented.has(name))).toEqual([]);
  const always = [...documented].filter((name) =>
    /\.(?:disk|tasks)\.(?!\w+_delay)/.test(name),
  );
  expect(always.length).toBeGreaterThan(5);
  expect(always.filter((name) => !general.has(name))).toEqual([]);
});

test.each([...DIALECTS])("a line for statsd with tags=%s", (dialect) => {
  const line = encodeLine(
    {
      scope: "group",
      field: "read_bytes",
      group: "mysqld",
      type: "c",
      value: 4096,
    },
    {
      dialect,
      prefix: "iotop",
      kind: "comm",
      host: dialect === "none" || dialect === "graphite" ? "web1" : null,
    },
  );
  expect(spans).toContain(dialect);
  expect(spans).toContain(line);
});

describe("the output of one's own", () => {
  const [source = ""] = codeBlocks(readme, "ts");
  let home: string;

  beforeAll(() => {
    // As root only where nobody else can write, all the way up.
    const base = process.geteuid!() === 0 ? "/root" : tmpdir();
    home = mkdtempSync(join(base, "iotop-readme-"));
    writeFileSync(join(home, "busiest.ts"), source);
  });
  afterAll(() => rmSync(home, { recursive: true }));

  test("runs as it stands in the text", async () => {
    const [outcome] = await Promise.all([
      runBinary(["-n", "2", "-d", "0.5", "--output", "./busiest.ts,rows=3"], {
        cwd: home,
      }),
      writeForAWhile(),
    ]);
    expect(outcome.stderr).not.toContain("busiest");
    expect(outcome.status).toBe(0);
    const lines = outcome.stdout.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(6);
    for (const line of lines) expect(line).toMatch(/^\d+ (\S+ [BKMG]\/s|\?) ./);
  });
});
