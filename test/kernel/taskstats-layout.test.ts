// waits: it starts a compiler
/** Where the fields are: by the figures of the design, and by the compiler where linux/taskstats.h is installed. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { lackOf, needing } from "../support/needs.ts";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  taskstatsLayout,
  type TaskstatsField,
} from "../../src/kernel/taskstats-layout.ts";
import {
  COMMON_OFFSETS,
  STRUCT_BYTES,
  VERSION_15_OFFSETS,
} from "../support/taskstats-bytes.ts";

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
      const [offset, width] = (
        version === 15 ? VERSION_15_OFFSETS : COMMON_OFFSETS
      )[field];
      return [field, offset + width <= lengthBytes ? offset : null];
    }),
  );

describe("versions", () => {
  test.each([4, 8, 9, 10, 11, 12, 13, 14, 15, 16])(
    "%d has its fields where they should be",
    (version) => {
      const lengthBytes = STRUCT_BYTES[version] ?? 432;
      expect(offsetsOf(version, lengthBytes)).toEqual(
        expected(version, lengthBytes),
      );
    },
  );

  test("the process id came with version 12", () => {
    expect(taskstatsLayout(9, STRUCT_BYTES[9]!).ac_tgid).toBe(-1);
    expect(taskstatsLayout(14, STRUCT_BYTES[14]!).ac_tgid * 4).toBe(368);
  });

  test("15 and 16 are equally long and yet different", () => {
    expect(taskstatsLayout(15, 560).read_bytes * 4).toBe(296);
    expect(taskstatsLayout(16, 560).read_bytes * 4).toBe(248);
  });

  test("a later one that appended fields is read as far as it is known", () => {
    expect(offsetsOf(17, 4096)).toEqual(offsetsOf(16, 560));
  });

  test.each([0, 1, 2, 3])("%d is too old to be read", (version) => {
    expect(new Set(Object.values(taskstatsLayout(version, 560)))).toEqual(
      new Set([-1]),
    );
  });
});

test.each([14, 15])(
  "version %d: no field reaches behind the end",
  (version) => {
    for (
      let lengthBytes = 0;
      lengthBytes <= STRUCT_BYTES[version]!;
      lengthBytes++
    )
      expect(offsetsOf(version, lengthBytes)).toEqual(
        expected(version, lengthBytes),
      );
  },
);

const HEADER = "/usr/include/linux/taskstats.h";
const LACK = existsSync(HEADER) ? lackOf("gcc") : HEADER;

/** Version, size and offsets of the struct of a header, by the C compiler. */
function measure(header: string) {
  const folder = mkdtempSync(join(tmpdir(), "iotop-offsets-"));
  try {
    const program = `${header}
      #include <stddef.h>
      #include <stdio.h>
      int main(void) {
        printf("%d %zu\\n", TASKSTATS_VERSION, sizeof(struct taskstats));
        ${FIELDS.map(
          (name) =>
            `printf("${name} %zu\\n", offsetof(struct taskstats, ${name}));`,
        ).join("\n")}
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

  test("agrees at the version of the installed header", () => {
    const { version, sizeBytes, offsets } = measure(header());
    expect(version).toBeGreaterThanOrEqual(4);
    expect(offsetsOf(version, sizeBytes)).toEqual(offsets);
  });

  test("agrees on version 15 once the maxima and minima are put in", () => {
    // Takes any that the header has at its end out again, then puts them where version 15 had them.
    const changed = header()
      .replace(/^\s*__u64\s+\w+_delay_(?:max|min)\s*;.*$/gm, "")
      .replace(
        /^(\s*)__u64(\s+)(\w+_delay)_total\s*;/gm,
        "$&\n__u64 $3_max;\n__u64 $3_min;",
      )
      .replace(/(?<=#define\s+TASKSTATS_VERSION\s+)\d+/, "15");
    const { version, sizeBytes, offsets } = measure(changed);
    expect(version).toBe(15);
    expect(offsetsOf(15, sizeBytes)).toEqual(offsets);
  });
});
