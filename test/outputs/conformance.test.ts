// waits: it opens ports
/** Every output of the program, and the one that README.md shows, held to the contract. */
import { afterAll, setDefaultTimeout } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import statsd from "../../outputs/statsd/index.ts";
import { OUTPUTS } from "../../outputs/index.ts";
import type { OutputModule } from "../../src/model/index.ts";
import { readDocument } from "../support/documents/manual.ts";
import { codeBlocks } from "../support/documents/markdown-text.ts";
import { pageDataIn, totalIn, withoutCode } from "../support/page.ts";
import { openScraper } from "../support/servers/scraper.ts";
import { openStreamPeer } from "../support/servers/stream-peer.ts";
import { openUdpPeer } from "../support/servers/udp-peer.ts";
import { loadOutput, testOutput, type OutputTest } from "./conformance.ts";

setDefaultTimeout(120_000);

const kibibytes = (amount: string | undefined): number => Number(amount) * 1024;

const HOW: Readonly<Record<keyof typeof OUTPUTS, OutputTest>> = {
  screen: {
    exempt: {
      "merged samples make the same sums":
        "cells are moved and overwritten, so that no text holds a sum: its tests read it from a terminal",
    },
  },
  batch: {
    sums: {
      view: { accumulated: true, kilobytes: true },
      readBytes: (texts) =>
        kibibytes(/^Total DISK READ: +([\d.]+) K/m.exec(texts.at(-1)!)?.[1]),
    },
  },
  jsonl: {
    settings: ["all"],
    sums: {
      readBytes: (texts) =>
        texts
          .map((text) => JSON.parse(text).total.read_bytes as number)
          .reduce((a, b) => a + b),
    },
    refused: [
      { settings: ["cmdline=1k"] },
      { settings: ["cmdline=-1"] },
      { settings: ["cmdline=1048577"] },
    ],
  },
  csv: {
    settings: ["fields=seq+read_bytes"],
    sums: {
      readBytes: (texts) =>
        texts
          .join("")
          .trimEnd()
          .split("\n")
          .slice(1)
          .map((line) => Number(line.split(",")[1]))
          .reduce((a, b) => a + b),
    },
    refused: [
      { settings: ["fields=pids"] },
      { settings: ["fields=pid+pid"] },
      { settings: ["fields=pid+"] },
      { settings: ["shape=total", "fields=pid"] },
      { settings: ["fields=\x1b[2J"] },
    ],
  },
  report: {
    sums: {
      view: { kilobytes: true },
      readBytes: (texts) =>
        kibibytes(/^TOTAL +\d+ +\d+ +([\d.]+) K/m.exec(texts.join(""))?.[1]),
    },
  },
  html: {
    withoutCode,
    sums: {
      readBytes: (texts) => totalIn(pageDataIn(texts.at(-1)!), "read"),
    },
  },
  prometheus: {
    openPeer: openScraper,
    sums: {
      readBytes: (texts) =>
        Number(
          /^iotop_tasks_read_bytes_total (\d+)$/m.exec(texts.at(-1)!)?.[1],
        ),
    },
    refused: [
      { target: "" },
      { target: "9100" },
      { target: "host:9100" },
      { target: ":65536" },
      { target: ":1x" },
      { target: "[host]:1" },
      { target: "a\x1b[2J:1" },
      { target: "unix:" },
      { target: `unix:/${"a".repeat(107)}` },
    ],
  },
  statsd: {
    needs: { timestamps: ["tags=dogstatsd"] },
    openPeer: openUdpPeer,
    sums: {
      readBytes: (texts) =>
        [
          ...texts
            .join("\n")
            .matchAll(/^iotop\.db1\.tasks\.read_bytes:(\d+)\|c$/gm),
        ]
          .map(([, bytes]) => Number(bytes))
          .reduce((a, b) => a + b),
    },
    refused: [
      { settings: ["prefix=1x"] },
      { settings: ["framing=length"] },
      { settings: ["timestamps"] },
      { settings: ["timestamps", "tags=influx"] },
      { settings: ["prefix=two\nlines"] },
      { settings: ["prefix=a\x1b[2J"] },
      { settings: ["prefix=a\x9b2J"] },
      { settings: [`prefix=${"a".repeat(101)}`] },
      { target: "host:port" },
      { target: "host:65536" },
      { target: "a\x1b[2J:1" },
      { target: "" },
    ],
  },
};

for (const [name, { load }] of Object.entries(OUTPUTS)) {
  const { default: module } = (await load()) as { default: OutputModule };
  testOutput(module, HOW[name as keyof typeof OUTPUTS]);
}

// The same by a stream.
testOutput(
  { ...statsd, name: "statsd by TCP" },
  {
    openPeer: openStreamPeer,
    sums: HOW.statsd.sums!,
    needs: HOW.statsd.needs!,
  },
);

// A user's own, as README.md has it.
const folder = mkdtempSync(join(tmpdir(), "iotop-own-output-"));
afterAll(() => rmSync(folder, { recursive: true }));
const [example] = codeBlocks(readDocument("README.md"), "ts").filter((text) =>
  text.includes("defineOutput({"),
);
const file = join(folder, "busiest.ts");
writeFileSync(file, example!);
testOutput(await loadOutput(file), {
  settings: ["rows=3"],
  exempt: {
    "merged samples make the same sums":
      "it prints the busiest processes alone, and no sum",
  },
});
