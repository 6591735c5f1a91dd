/** What of the built program's own code is resident. */
import { closeSync, openSync, readSync } from "node:fs";
import { beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { findBuiltInCode } from "../../src/kernel/memory.ts";
import { BINARY, ensureBinary } from "../support/binary.ts";
import { openLiveScreen } from "../support/screen/live-screen.ts";
import { lackOfRoot, needing } from "../support/needs.ts";

setDefaultTimeout(240_000);
beforeAll(ensureBinary);

const PAGE_BYTES = 4096;
/** Of an entry of /proc/PID/pagemap, in its upper half (admin-guide/mm/pagemap.rst). */
const PRESENT = 2 ** 31;
const OF_FILE = 2 ** 29;

test.skipIf(lackOfRoot !== null)(
  needing("nobody writes to it, so that it can be given back", lackOfRoot),
  async () => {
    await using screen = await openLiveScreen(["-d", "0.1"], {
      columns: 120,
      rows: 30,
    });
    await screen.until((shown) => shown.includes("COMMAND"));
    const { start, end } = findBuiltInCode(BINARY)!;
    expect(end - start).toBeGreaterThan(2 ** 20);
    const pages = new Uint32Array((2 * (end - start)) / PAGE_BYTES);
    const file = openSync(`/proc/${screen.session.pid}/pagemap`, "r");
    readSync(file, pages, 0, pages.byteLength, (start / PAGE_BYTES) * 8);
    closeSync(file);
    const present = [...pages.filter((_, i) => i % 2 === 1)].filter(
      (page) => page >= PRESENT,
    );
    expect(present.length).toBeGreaterThan(0);
    const written = present.filter(
      (page) => Math.floor(page / OF_FILE) % 2 === 0,
    );
    expect(written).toEqual([]);
    screen.type("q");
    expect(await screen.session.exited).toEqual({ status: 0, signal: null });
  },
);
