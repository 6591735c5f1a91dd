/** What README and the manual tell to type, typed: on the built program, beside a dd that writes. */
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { lackOf, needing } from "../support/needs.ts";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BINARY,
  ensureBinary,
  runBinary,
  startBinary,
} from "../support/binary.ts";
import { eventually } from "../support/eventually.ts";
import { parseLines } from "../support/json-run.ts";
import { manualText } from "../support/manual.ts";
import {
  codeBlocks,
  codeSpans,
  iotopArguments,
} from "../support/markdown-text.ts";
import { diskFolder } from "../support/workload.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/taskstats-client.ts";

/** More than the programs that a test starts may take, each. */
setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const manual = manualText();
const spans = codeSpans(manual);
const scripts = codeBlocks(manual, "sh");

const NO_JQ = lackOf("jq");

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "iotop-manual-"))));
afterAll(() => rmSync(folder, { recursive: true }));

/** A dd that writes 64 KiB to a disk whenever iotop has printed something, until iotop has ended. */
async function runBesideDd(
  args: readonly string[],
  { lines, file }: { readonly lines: number; readonly file?: string },
) {
  using disk = diskFolder();
  const dd = Bun.spawn(
    [
      "dd",
      `of=${join(disk.path, "written")}`,
      "bs=64k",
      "iflag=fullblock",
      "oflag=dsync",
      "status=none",
    ],
    { stdin: "pipe" },
  );
  await using running = startBinary(args, { cwd: folder });
  const printed = () => {
    const path = file === undefined ? null : join(folder, file);
    const text =
      path === null
        ? running.stdout
        : existsSync(path)
          ? readFileSync(path, "utf8")
          : "";
    return text.split("\n").length - 1;
  };
  await eventually(
    () => {
      void dd.stdin.write(new Uint8Array(64 << 10));
      void dd.stdin.flush();
      return printed();
    },
    (count) => count >= lines,
  );
  running.kill("SIGTERM");
  const outcome = await running.exited;
  await dd.stdin.end();
  await dd.exited;
  expect(outcome.status).toBe(0);
  return outcome;
}

describe.concurrent("on a recorded sample:", () => {
  let recording: string;

  beforeAll(async () => {
    recording = join(folder, "processes.jsonl");
    const output = `jsonl=${recording}`;
    await runBesideDd(["-P", "--files", "-d", "0.2", "--output", output], {
      lines: 2,
      file: "processes.jsonl",
    });
  });

  const filters = scripts
    .flatMap((script) => script.split("\n"))
    .filter((line) => /\| jq /.test(line))
    .map((line) => ({
      filter: line.slice(line.indexOf("| jq ") + 2),
      isOfReport: line.includes("report,format=json"),
    }));

  test("there are filters", () => expect(filters.length).toBeGreaterThan(2));

  test.skipIf(NO_JQ !== null).each(filters)(
    needing("$filter", NO_JQ),
    async ({ filter, isOfReport }) => {
      const source = isOfReport
        ? `'${BINARY}' --replay '${recording}' --speed max --output report,format=json 2>/dev/null`
        : `cat '${recording}'`;
      const child = Bun.spawn(["sh", "-c", `${source} | ${filter}`], {
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
      // One that selects what is above a limit may rightly find nothing.
      if (!/\bselect\([^)]* > /.test(filter))
        expect(output.trim()).not.toBe("");
    },
  );
});

/** The same as if it had been recorded at 02:13, which the examples look for. */
function inTheNight(lines: string): string {
  const records = parseLines(lines);
  const beganMs = records[0]!.time_ms;
  const shiftMs = new Date(beganMs).setHours(2, 13, 10) - beganMs;
  return records
    .map((record) => {
      const timeMs = record.time_ms + shiftMs;
      const time = new Date(timeMs).toISOString();
      return `${JSON.stringify({ ...record, time, time_ms: timeMs })}\n`;
    })
    .join("");
}

describe.concurrent("a recording", () => {
  const commands = [...scripts, ...spans]
    .flatMap(iotopArguments)
    .filter((args) => args.includes("--replay"));

  beforeAll(async () => {
    const args = ["-d", "0.3", "--output", "jsonl=io.jsonl"];
    await runBesideDd(args, { lines: 3, file: "io.jsonl" });
    const lines = Buffer.from(
      inTheNight(readFileSync(join(folder, "io.jsonl"), "utf8")),
    );
    writeFileSync(join(folder, "io.jsonl"), lines);
    writeFileSync(join(folder, "io.jsonl.gz"), Bun.gzipSync(lines));
    mkdirSync(join(folder, "iotop"));
    writeFileSync(
      join(folder, "iotop", "io.jsonl"),
      lines.toString().replaceAll(/"host":"[^"]*"/g, `"host":"web1"`),
    );
  });

  test("there are replays", () => expect(commands.length).toBeGreaterThan(2));

  // On a pipe the screen is batch text.
  test.each(commands.map((args) => [args]))("iotop %j", async (args) => {
    const here = args.map((arg, at) => {
      // The recording is of now, and not of last night.
      if (args[at - 1] === "--from") return "-1h";
      if (args[at - 1] === "--to") return `@${Math.ceil(Date.now() / 1000)}`;
      return arg.replace(/^\/var\/log\//, "./");
    });
    const outcome = await runBinary(here, { cwd: folder });
    const hasNames = !args.some((arg) => arg.includes("group=unit"));
    const file = /^\w+=([^,]+)/.exec(args[args.indexOf("--output") + 1]!)?.[1];
    const text =
      file === undefined ? "" : readFileSync(join(folder, file), "utf8");
    expect(outcome.stdout + text).toContain(hasNames ? "dd" : "UNIT");
    expect(outcome.status).toBe(0);
  });
});

test.concurrent.skipIf(TASKSTATS_REFUSAL !== null)(
  needsTaskstats("the names of the metrics are all that statsd gets"),
  async () => {
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
    const besides = "jsonl=metrics.jsonl";
    await runBesideDd(["-d", "0.3", "--output", target, "--output", besides], {
      lines: 3,
      file: "metrics.jsonl",
    });
    const documented = new Set(
      spans
        .flatMap((span) => span.split(", "))
        .filter((span) => /^iotop\.HOST\.[\w.]+$/.test(span)),
    );
    const general = new Set(
      [...received].map((name) =>
        name.replace(/^(iotop\.HOST\.(?:comm|device))\.[^.]+\./, "$1.NAME."),
      ),
    );
    expect([...general].filter((name) => !documented.has(name))).toEqual([]);
    const always = [...documented].filter((name) =>
      /\.(?:disk|tasks)\.(?!\w+_delay)/.test(name),
    );
    expect(always.length).toBeGreaterThan(5);
    expect(always.filter((name) => !general.has(name))).toEqual([]);
  },
);

describe.concurrent("the output of one's own", () => {
  const [source = "", post = ""] = codeBlocks(manual, "ts");
  let home: string;

  beforeAll(() => {
    // As root only where nobody else can write, all the way up.
    const base = process.geteuid!() === 0 ? "/root" : tmpdir();
    home = mkdtempSync(join(base, "iotop-manual-"));
    writeFileSync(join(home, "busiest.ts"), source);
  });
  afterAll(() => rmSync(home, { recursive: true }));

  test("runs as it stands in the text", async () => {
    const module = join(home, "busiest.ts");
    const outcome = await runBesideDd(
      ["-d", "0.5", "--output", `${module},rows=3`],
      { lines: 4 },
    );
    expect(outcome.stderr).not.toContain("busiest");
    const lines = outcome.stdout.trimEnd().split("\n");
    for (const line of lines) expect(line).toMatch(/^\d+ [\d.]+ [BKMG] ./);
  });

  test("posts the lines that jsonl writes, also when the server was away", async () => {
    const module = join(home, "post.ts");
    writeFileSync(module, post);
    const bodies: string[] = [];
    let refusals = 2;
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      async fetch(request) {
        if (refusals-- > 0) return new Response("", { status: 502 });
        bodies.push(await request.text());
        return new Response("");
      },
    });
    try {
      const file = join(home, "lines.jsonl");
      const { status, stderr } = await runBinary([
        ...["--output", `${module}=${server.url}`, "--output", `jsonl=${file}`],
        ...["-d", "0.5", "-n", "10"],
      ]);
      expect(stderr).toContain("server answered 502: trying again");
      expect(status).toBe(0);
      const written = (text: string): number =>
        JSON.parse(text).total.write_bytes;
      const sum = (texts: readonly string[]): number =>
        texts.reduce((total, text) => total + written(text), 0);
      const lines = readFileSync(file, "utf8").trimEnd().split("\n");
      expect(bodies.length).toBeLessThan(lines.length);
      expect(sum(bodies)).toBe(sum(lines));
    } finally {
      await server.stop(true);
    }
  });
});
