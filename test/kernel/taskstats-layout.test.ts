// waits: it starts a compiler
/** Where the fields are: as the kernel declares them, and by the compiler where linux/taskstats.h is installed. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { lackOf, needing } from "../support/needs.ts";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  taskstatsLayout,
  type TaskstatsField,
} from "../../src/kernel/taskstats-layout.ts";
import { structOf, VERSIONS } from "../support/bytes/taskstats-struct.ts";

setDefaultTimeout(120_000);

const FIELDS = Object.keys(taskstatsLayout(0, 0)) as TaskstatsField[];

/** By the layout: byte offset, or null where the struct has no such field. */
function offsetsOf(version: number, lengthBytes: number) {
  const layout = taskstatsLayout(version, lengthBytes);
  return Object.fromEntries(
    FIELDS.map((field) => [
      field,
      layout[field] < 0 ? null : layout[field] * 4,
    ]),
  );
}

const expected = (version: number, lengthBytes: number) =>
  Object.fromEntries(
    FIELDS.map((field) => {
      const [offset, width] = structOf(version).fields.get(field) ?? [NaN, 0];
      return [field, offset + width <= lengthBytes ? offset : null];
    }),
  );

describe("versions", () => {
  test.each(VERSIONS)("%d has its fields where they should be", (version) => {
    const { lengthBytes } = structOf(version);
    expect(offsetsOf(version, lengthBytes)).toEqual(
      expected(version, lengthBytes),
    );
  });

  test.each([
    ...[[10, 352] as const, [11, 368] as const, [12, 400] as const],
    ...[[13, 416] as const, [14, 432] as const, [15, 560] as const],
    ...[[16, 560] as const, [17, 688] as const],
  ])("the struct of version %d has %d bytes", (version, lengthBytes) => {
    expect(structOf(version).lengthBytes).toBe(lengthBytes);
  });

  test("the process id came with version 12", () => {
    expect(taskstatsLayout(11, 368).ac_tgid).toBe(-1);
    expect(taskstatsLayout(11, 368).ac_tgetime).toBe(-1);
    expect(taskstatsLayout(12, 400).ac_tgid * 4).toBe(368);
    expect(taskstatsLayout(12, 400).ac_tgetime * 4).toBe(376);
  });

  test("15 and 16 are equally long and yet different", () => {
    expect(taskstatsLayout(15, 560).read_bytes * 4).toBe(296);
    expect(taskstatsLayout(16, 560).read_bytes * 4).toBe(248);
  });

  test("a later one that appended fields is read as far as it is known", () => {
    expect(offsetsOf(18, 4096)).toEqual(offsetsOf(16, 560));
  });

  test.each([0, 1, 2, 3])("%d is too old to be read", (version) => {
    expect(new Set(Object.values(taskstatsLayout(version, 560)))).toEqual(
      new Set([-1]),
    );
  });
});

test.each([11, 12, 14, 15])(
  "version %d: no field reaches behind the end",
  (version) => {
    for (
      let lengthBytes = 0;
      lengthBytes <= structOf(version).lengthBytes;
      lengthBytes++
    )
      expect(offsetsOf(version, lengthBytes)).toEqual(
        expected(version, lengthBytes),
      );
  },
);

const HEADER = "/usr/include/linux/taskstats.h";
const LACK = existsSync(HEADER) ? lackOf("gcc") : HEADER;

/** Version, size and offsets of all fields of the struct of a header, by the C compiler. */
function measure(header: string) {
  const [, declared] = /TASKSTATS_VERSION\s+(\d+)/.exec(header)!;
  const names = [...structOf(Number(declared)).fields.keys()].filter((name) =>
    new RegExp(`\\b${name}\\b`).test(header),
  );
  const folder = mkdtempSync(join(tmpdir(), "iotop-offsets-"));
  try {
    const program = `${header}
      #include <stddef.h>
      #include <stdio.h>
      int main(void) {
        printf("%d %zu\\n", TASKSTATS_VERSION, sizeof(struct taskstats));
        ${names
          .map(
            (name) =>
              `printf("${name} %zu\\n", offsetof(struct taskstats, ${name}));`,
          )
          .join("\n")}
      }`;
    const path = join(folder, "offsets");
    const compiler = Bun.spawnSync(["gcc", "-o", path, "-x", "c", "-"], {
      stdin: Buffer.from(program),
      stderr: "pipe",
    });
    if (compiler.exitCode !== 0) throw new Error(compiler.stderr.toString());
    const [first, ...lines] = Bun.spawnSync([path])
      .stdout.toString()
      .trim()
      .split("\n");
    const [version, sizeBytes] = first!.split(" ").map(Number);
    return {
      version: version!,
      sizeBytes: sizeBytes!,
      offsets: Object.fromEntries(
        lines.map((line) => {
          const [name, offset] = line.split(" ");
          return [name!, Number(offset)];
        }),
      ),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(LACK !== null)(needing("the compiler", LACK), () => {
  const header = () => readFileSync(HEADER, "utf8");

  /** What the decoder reads, and the whole struct that the other tests are made from. */
  function agree({ version, sizeBytes, offsets }: ReturnType<typeof measure>) {
    expect(offsetsOf(version, sizeBytes)).toEqual(
      Object.fromEntries(
        FIELDS.map((field) => [field, offsets[field] ?? null]),
      ),
    );
    const { fields } = structOf(version);
    expect(offsets).toEqual(
      Object.fromEntries(
        Object.keys(offsets).map((name) => [name, fields.get(name)![0]]),
      ),
    );
  }

  test("agrees at the version of the installed header", () => {
    const measured = measure(header());
    const { fields, lengthBytes } = structOf(measured.version);
    expect(measured.sizeBytes).toBe(lengthBytes);
    expect(Object.keys(measured.offsets)).toEqual([...fields.keys()]);
    agree(measured);
  });

  test("agrees on version 15 once the maxima and minima are put in", () => {
    // Takes any that the header has at its end out again, then puts them where version 15 had them.
    const changed = header()
      .replace(
        /^\s*(?:__u64|struct __kernel_timespec)\s+\w+_delay_(?:max|min|max_ts)\s*;.*$/gm,
        "",
      )
      .replace(
        /^(\s*)__u64(\s+)(\w+_delay)_total\s*;/gm,
        "$&\n__u64 $3_max;\n__u64 $3_min;",
      )
      .replace(/(?<=#define\s+TASKSTATS_VERSION\s+)\d+/, "15");
    const measured = measure(changed);
    expect(measured.version).toBe(15);
    agree(measured);
  });
});
