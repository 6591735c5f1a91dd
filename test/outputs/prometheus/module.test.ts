// waits: it opens ports
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  createPrometheus,
  type PrometheusOptions,
} from "../../../outputs/prometheus/index.ts";
import type { Sample } from "../../../src/model/index.ts";
import { makeContext } from "../../support/context.ts";
import {
  parseExposition,
  valuesOf,
} from "../../support/servers/exposition-parser.ts";
import { makeSample, row } from "../../support/samples.ts";

setDefaultTimeout(120_000);

const DEFAULTS: PrometheusOptions = {
  group: "comm",
  "max-groups": 100,
  created: false,
  every: 15,
  "web-config": undefined,
};

async function open(values: Partial<PrometheusOptions> = {}, nowMs = () => 0) {
  const output = createPrometheus(
    { ...DEFAULTS, ...values },
    "127.0.0.1:0",
    nowMs,
  );
  const ctx = makeContext();
  await output.open?.(ctx);
  const place = /^listens on (.*)$/.exec(ctx.warned[0]!)![1]!;
  return {
    warned: ctx.warned,
    ask: (path = "/metrics", init: BunFetchRequestInit = {}) =>
      fetch(`http://${place}${path}`, init),
    write: (sample: Sample) => output.write(sample, ctx),
    [Symbol.asyncDispose]: async () =>
      output.close?.(
        { reason: "quit", samples: 0, durationNs: 0, host: null },
        ctx,
      ),
  };
}

const busy = (seq: number): Sample =>
  makeSample({
    seq,
    threads: ["a", "b", "c", "d"].map((comm, n) =>
      row({ tid: n + 1, comm, writeBytes: 10 * seq + n }),
    ),
  });

test("before the first sample, and when no more come, there are no metrics", async () => {
  let nowMs = 0;
  await using output = await open({}, () => nowMs);
  for (const path of ["/metrics", "/healthz"]) {
    const reply = await output.ask(path);
    expect([reply.status, await reply.text()]).toEqual([
      503,
      "the first sample is not complete yet\n",
    ]);
  }
  nowMs = 50_000;
  await output.write(busy(1));
  nowMs = 53_000;
  expect((await output.ask()).status).toBe(200);
  expect(await (await output.ask("/healthz")).text()).toBe("ok\n");
  nowMs = 53_001;
  const late = await output.ask();
  expect([late.status, await late.text()]).toEqual([
    503,
    "no sample for 3.0 s\n",
  ]);
  expect((await output.ask("/healthz")).status).toBe(503);
  await output.write(busy(2));
  expect((await output.ask()).status).toBe(200);
});

describe("a reply", () => {
  test.each([
    ["text/plain", "text/plain; version=0.0.4; charset=utf-8"],
    [
      "application/openmetrics-text;version=1.0.0",
      "application/openmetrics-text; version=1.0.0; charset=utf-8",
    ],
  ])("to who takes %s is that", async (accept, type) => {
    await using output = await open();
    await output.write(busy(1));
    const headers = { Accept: accept, "Accept-Encoding": "identity" };
    const plain = await output.ask("/metrics?a=b", { headers });
    expect(plain.headers.get("content-type")).toBe(type);
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(plain.headers.get("vary")).toBe("Accept, Accept-Encoding");
    const small = await output.ask("/metrics", {
      headers: { ...headers, "Accept-Encoding": "gzip" },
      decompress: false,
    });
    expect(small.headers.get("content-encoding")).toBe("gzip");
    const bytes = Bun.gunzipSync(await small.arrayBuffer());
    expect(Buffer.from(bytes).toString()).toBe(await plain.text());
  });

  test("to another path or method says what there is", async () => {
    await using output = await open();
    await output.write(busy(1));
    const elsewhere = await output.ask("/");
    expect([elsewhere.status, await elsewhere.text()]).toEqual([
      404,
      "see /metrics and /healthz\n",
    ]);
    const post = await output.ask("/metrics", { method: "POST" });
    expect([post.status, post.headers.get("allow")]).toEqual([
      405,
      "GET, HEAD",
    ]);
  });
});

test("a full table of names is told once", async () => {
  await using output = await open({ "max-groups": 1 });
  await output.write(busy(1));
  await output.write(busy(2));
  expect(output.warned.slice(1)).toEqual([
    "all 1 names (max-groups) are taken: other groups count as _other until they outweigh an idle group",
  ]);
});

test("32 scrapers beside samples: each body is of one sample, and none goes back", async () => {
  await using output = await open({ "max-groups": 2 });
  await output.write(busy(1));
  let isOver = false;
  let bodies = 0;
  const scrape = async () => {
    let before = 0n;
    while (!isOver) {
      // Sixteen at a time: others are refused, and ask again.
      const reply = await output
        .ask("/metrics", { headers: { Connection: "close" } })
        .catch(() => null);
      if (reply?.status !== 200) continue;
      const families = parseExposition(await reply.text());
      const of = (name: string) =>
        valuesOf(families, `iotop_${name}_write_bytes_total`);
      const total = BigInt(of("tasks").get("")!);
      const parts = [...of("group").values(), ...of("retired_groups").values()];
      expect(parts.map(BigInt).reduce((a, b) => a + b, 0n)).toBe(total);
      expect(total >= before).toBe(true);
      before = total;
      bodies++;
    }
  };
  const scrapers = Array.from({ length: 32 }, scrape);
  for (let seq = 2; seq <= 40; seq++) {
    await output.write(busy(seq));
    const target = bodies + 10;
    while (bodies < target) await Bun.sleep(1);
  }
  isOver = true;
  await Promise.all(scrapers);
  expect(bodies).toBeGreaterThan(300);
});
