/** What README and the manual say of metrics and of outputs of one's own, on the built program beside a dd that writes. */
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import {
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BINARY, ensureBinary, runBinary } from "../support/binary.ts";
import { manualText, readDocument } from "../support/documents/manual.ts";
import { codeBlocks, codeSpans } from "../support/documents/markdown-text.ts";
import { runBesideDd } from "../support/runs/beside-dd.ts";
import {
  TASKSTATS_REFUSAL,
  needsTaskstats,
} from "../support/machine/taskstats-client.ts";

/** More than the programs that a test starts may take, each. */
setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const manual = manualText();
const spans = codeSpans(manual);

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "iotop-manual-"))));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(["README.md", "src/manual/install.md"])(
  "the file is as large as %s says",
  (path) => {
    const [, size] = /about (\d+) MB, because/.exec(readDocument(path))!;
    expect(Math.abs(statSync(BINARY).size / 1e6 - Number(size))).toBeLessThan(
      5,
    );
  },
);

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
      cwd: folder,
      lines: 3,
      linesIn: join(folder, "metrics.jsonl"),
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
      { cwd: folder, lines: 4 },
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
