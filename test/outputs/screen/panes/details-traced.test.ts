import { expect, test } from "bun:test";
import { tracedLines } from "../../../../outputs/screen/panes/details-traced.ts";
import { TracedFilesWatch } from "../../../../outputs/screen/panes/traced-files.ts";
import type { FileDelta } from "../../../../src/model/files/file-delta.ts";
import type { Sample } from "../../../../src/model/sample.ts";
import { endedKey } from "../../../../src/model/tasks/ended.ts";
import { createFormat } from "../../../../src/model/text/format.ts";
import {
  fileDelta,
  makeSample,
  makeTask,
  processKeyOf,
  row,
} from "../../../support/samples.ts";
import { utcTime } from "../../../support/utc-time.ts";

const units = { kilobytes: false, si: false };
const format = createFormat({ ...units, localTime: utcTime });
const TASK = makeTask({ tid: 42 });

/** What is shown of process 42 after each sample. */
function watch(problem: string | null = null) {
  const traced = new TracedFilesWatch();
  let wants = 0;
  let seq = 0;
  const want = (): string | null => (wants++, problem);
  const lines = (
    files: readonly FileDelta[] | null,
    task = TASK,
    columns = 60,
  ) => {
    const sample = makeSample({ seq, files });
    traced.take(sample);
    return tracedLines(
      traced.follow({ want }, task, sample),
      columns,
      format,
      units,
    ).map((spans) => spans.map(({ text }) => text).join(""));
  };
  return {
    wants: () => wants,
    again: lines,
    next: (files: readonly FileDelta[] | null, task = TASK, columns = 60) => {
      seq++;
      return lines(files, task, columns);
    },
  };
}

const pool = fileDelta({ readBytes: 4096, writeBytes: 2048, toDiskBytes: 512 });
const elses = fileDelta({ processKey: processKeyOf(43), readBytes: 1e9 });

test("sums of the process since it was selected, a sample once", () => {
  const { next, again, wants } = watch();
  expect(next(null)).toEqual(["counting files from now on"]);
  next([pool, elses]);
  again([pool, elses]);
  expect(
    next([
      pool,
      fileDelta({ inode: 9, path: "/x\n", direct: true, readBytes: 5e6 }),
    ]),
  ).toEqual([
    "    READ   WRITE TO DISK  FILE",
    "   4.77M       0       0  /x\\n (direct)",
    "   8.00K   4.00K   1.00K  /srv/db/pool",
  ]);
  expect(wants()).toBe(4);
});

test("another process begins anew", () => {
  const { next } = watch();
  next([pool]);
  const other = makeTask({ tid: 43 });
  expect(next([pool], other)).toEqual(["no file was used since F"]);
  expect(next(null)).toEqual(["counting files from now on"]);
});

test("what cannot be seen is said, and positions have one column", () => {
  const { next } = watch("only positions are shown");
  expect(next(null)).toEqual(["only positions are shown"]);
  const moved = fileDelta({
    ...{ readBytes: null, writeBytes: null, toDiskBytes: null },
    movedBytes: 4096,
  });
  expect(next([moved])).toEqual([
    "   MOVED  FILE",
    "   4.00K  /srv/db/pool",
    "only positions are shown",
  ]);
});

test("files that are ahead of the counters are no line, and long paths are cut", () => {
  const { next } = watch();
  const ahead = { kind: "not-attributed", path: null, inode: null } as const;
  expect(next([fileDelta({ ...ahead, readBytes: -512 })])).toEqual([
    "no file was used since F",
  ]);
  const path = `/${"x".repeat(100)}`;
  for (const line of next([fileDelta({ path, readBytes: 1 })], TASK, 40))
    expect(Bun.stringWidth(line)).toBeLessThanOrEqual(40);
});

test("an earlier sample on the screen does not count again", () => {
  const { next, again } = watch();
  next([pool]);
  const sums = next([pool]);
  expect(again([pool])).toEqual(sums);
});

test("a row of tasks that ended has the files of all of them, also what is written later", () => {
  const traced = new TracedFilesWatch();
  const group = makeTask({
    tid: 9,
    comm: "dd",
    key: endedKey({ uid: 0, comm: "dd" }),
  });
  const follow = (sample: Sample) => traced.follow(null, group, sample);
  const ended = [7, 8].map((tid) =>
    row({ tid, comm: "dd", exit: { code: 0, signal: 0 } }),
  );
  const alive = row({ tid: 6, comm: "dd" });
  const of = (tid: number, amounts: Partial<FileDelta>) =>
    fileDelta({ processKey: processKeyOf(tid), ...amounts });
  follow(makeSample({ seq: 1 }));
  const written = [6, 7, 8].map((tid) => of(tid, { writeBytes: 1000 }));
  traced.take(
    makeSample({ seq: 2, threads: [alive, ...ended], files: written }),
  );
  const later = makeSample({ seq: 3, files: [of(7, { toDiskBytes: 500 })] });
  traced.take(later);
  expect(follow(later).ranked!.top).toMatchObject([
    { writeBytes: 2000, toDiskBytes: 500 },
  ]);
});

test("files that have no line of their own are counted, with what they had", () => {
  const { next } = watch();
  const many = Array.from({ length: 70 }, (_, n) =>
    fileDelta({ inode: n + 1, path: `/${n}`, readBytes: 1024 }),
  );
  expect(next(many).at(-1)).toBe("   6.00K       0       0  (6 more)");
});
