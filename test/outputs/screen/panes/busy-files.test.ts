import { expect, test } from "bun:test";
import fc from "fast-check";
import { busyPane } from "../../../../outputs/screen/panes/busy-lines.ts";
import {
  BusyFilesWatch,
  type BusyFiles,
} from "../../../../outputs/screen/panes/busy-files.ts";
import type { FileDelta } from "../../../../src/model/files/file-delta.ts";
import { createFormat } from "../../../../src/model/text/format.ts";
import { DEFAULT_VIEW, type View } from "../../../../src/model/view/view.ts";
import {
  fileDelta,
  makeSample,
  processKeyOf,
  row,
} from "../../../support/samples.ts";
import { utcTime } from "../../../support/utc-time.ts";

const units = { kilobytes: false, si: false };
const format = createFormat({ ...units, localTime: utcTime });
const SUMS = { ...DEFAULT_VIEW, accumulated: true };
const sampleOf = (seq: number, files: readonly FileDelta[] | null) =>
  makeSample({
    seq,
    files,
    threads: [row({ tid: 42 }), row({ tid: 43 })],
    intervalNs: 1e9,
  });

/** A watch that begins with a sample without files. */
function watch(view: View = DEFAULT_VIEW, isRecorded = false) {
  const busy = new BusyFilesWatch();
  const control = isRecorded ? null : { want: () => null };
  let seq = 1;
  let shown = sampleOf(seq, null);
  const show = (as = view): BusyFiles => busy.follow(control, as, shown)!;
  show();
  return {
    show,
    /** Another sample comes, and is shown. */
    next(...files: readonly FileDelta[]): BusyFiles {
      shown = sampleOf(++seq, files);
      busy.take(shown);
      return show();
    },
    /** An earlier sample is shown. */
    back(files: readonly FileDelta[]): BusyFiles {
      shown = sampleOf(seq - 1, files);
      return show();
    },
  };
}

const textOf = (busy: BusyFiles, columns: number): readonly string[] => {
  const { titleParts, lines } = busyPane(busy, columns, format, units);
  const texts = lines.map((spans) => spans.map(({ text }) => text).join(""));
  return [titleParts.join(" | "), ...texts];
};

const MIB = 1024 ** 2;
const pool = fileDelta({ readBytes: 2 * MIB, writeBytes: MIB });
const other = { pid: 43, processKey: processKeyOf(43), comm: "cp" };

test("a file has one line whoever used it, with who did most", () => {
  const { next } = watch();
  const busy = next(
    fileDelta({ inode: 9, path: "/var/log/syslog", writeBytes: 512 }),
    pool,
    { ...pool, ...other, toDiskBytes: 4 * MIB },
  );
  expect(textOf(busy, 80)).toEqual([
    "busiest files | 2 in use",
    "  READ/s WRITE/s TO DISK  USED BY         DEVICE  FILE",
    "   4.00M   2.00M   4.00M  cp +1           vda     /srv/db/pool",
    "       0    512B       0  db              vda     /var/log/syslog",
  ]);
  expect(textOf(busy, 40)).toEqual([
    "busiest files | 2 in use",
    "  READ/s WRITE/s  FILE",
    "   4.00M   2.00M  /srv/db/pool",
    "       0    512B  /var/log/syslog",
  ]);
  expect(textOf(busy, 120)[3]).toContain("  db 42                   vda  ");
});

test("files stay in the order of what was done lately, and sums in that of the sums", () => {
  const { next, show } = watch();
  next(pool);
  const late = fileDelta({ inode: 9, path: "/late", writeBytes: 3 * MIB });
  const busy = next(late);
  expect(textOf(busy, 80).slice(2)).toEqual([
    "       0   3.00M       0  db              vda     /late",
    "       0       0       0  db              vda     /srv/db/pool",
  ]);
  next(pool);
  expect(textOf(show(SUMS), 80).slice(1)).toEqual([
    "    READ   WRITE TO DISK  USED BY         DEVICE  FILE",
    "   4.00M   2.00M       0  db              vda     /srv/db/pool",
    "       0   3.00M       0  db              vda     /late",
  ]);
  // Nobody has used them for minutes.
  for (let i = 0; i < 200; i++) next();
  expect(textOf(show(), 80)[1]).toBe("no file is read or written");
  expect(textOf(show(SUMS), 80)[0]).toContain(
    "busiest files | 2 in use | since ",
  );
});

test("while an earlier sample is shown nothing changes, and no sample counts twice", () => {
  const { next, back, show } = watch(SUMS);
  const before = next(pool);
  expect(back([pool])).toEqual(before);
  expect(show()).toEqual(before);
  expect(next(pool).top![0]!.file.readBytes).toBe(4 * MIB);
});

test("of tasks that are not listed no file is there, and it says so", () => {
  const { next, show } = watch();
  next(pool, {
    ...fileDelta({ inode: 9, path: "/b", readBytes: 1 }),
    ...other,
  });
  const [title, ...lines] = textOf(show({ ...DEFAULT_VIEW, pids: [43] }), 80);
  expect(title).toStartWith("busiest files of the tasks listed | 1 in use");
  expect(lines.slice(1).map((line) => line.split("  ").at(-1))).toEqual([
    " /b",
  ]);
});

test("what is not known: nothing yet, nothing recorded, positions alone", () => {
  expect(textOf(watch().show(), 80)[1]).toBe("counting files from now on");
  expect(textOf(watch(DEFAULT_VIEW, true).show(), 80)[1]).toBe(
    "not recorded: files (--files records them)",
  );
  const unknown = { readBytes: null, writeBytes: null, toDiskBytes: null };
  const { next } = watch();
  expect(
    textOf(next(fileDelta({ ...unknown, device: null, movedBytes: MIB })), 80),
  ).toEqual([
    "busiest files | 1 in use",
    " MOVED/s  USED BY         FILE",
    "   1.00M  db              /srv/db/pool",
  ]);
});

test("lines fit, whatever paths and names hold; a name stays whole as long as it can", () => {
  const hostile = fileDelta({
    ...{ comm: "\x1b[2J\n漢字漢字漢字漢", device: "mapper/\x1b" },
    ...{ path: `/a\nb/${"漢".repeat(90)}/\x1b]0;name`, readBytes: 1 },
  });
  const deep = { inode: 8, path: `/srv/${"deep/".repeat(40)}part-7.bin` };
  const busy = watch().next(
    hostile,
    fileDelta({ ...deep, readBytes: 1, direct: true }),
  );
  for (let columns = 20; columns <= 200; columns++)
    for (const line of textOf(busy, columns).slice(1)) {
      expect(Bun.stringWidth(line)).toBeLessThanOrEqual(Math.max(columns, 22));
      expect(line).not.toMatch(/[\x00-\x1f]/);
    }
  expect(textOf(busy, 80).join()).toContain("/part-7.bin (direct)");
  expect(textOf(busy, 40).join()).toContain("/part-7.bin");
});

test("what is on the lines adds up to all that was read and written, however many files there are", () => {
  const row = fc.record({
    inode: fc.integer({ min: 1, max: 300 }),
    pid: fc.integer({ min: 1, max: 3 }),
    readBytes: fc.nat(1e9),
    writeBytes: fc.nat(1e9),
  });
  const samples = fc.array(fc.array(row, { maxLength: 120 }), { maxLength: 4 });
  fc.assert(
    fc.property(samples, (each) => {
      const { next, show } = watch(SUMS);
      for (const rows of each)
        next(
          ...rows.map((about) =>
            fileDelta({ ...about, processKey: processKeyOf(about.pid) }),
          ),
        );
      const { top, others } = show();
      const shown = [...(top ?? []).map(({ file }) => file)];
      if (others.sum !== null) shown.push(others.sum);
      for (const key of ["readBytes", "writeBytes"] as const)
        expect(shown.reduce((sum, file) => sum + file[key]!, 0)).toBe(
          each.flat().reduce((sum, file) => sum + file[key], 0),
        );
    }),
    { numRuns: 50 },
  );
});

test("those that did least are forgotten one by one, and counted together", () => {
  const { next, show } = watch(SUMS);
  for (let i = 0; i < 5; i++)
    next(
      ...Array.from({ length: 1000 }, (_, n) =>
        fileDelta({
          inode: i * 1000 + n + 1,
          path: `/${i}/${n}`,
          readBytes: 1,
        }),
      ),
    );
  const { top, others } = show();
  expect([top!.length + others.files, others.sum!.readBytes]).toEqual([
    ...[5000, 5000 - top!.length],
  ]);
  expect(textOf(show(), 80).at(-1)).toEndWith(`(${others.files} more)`);
});
