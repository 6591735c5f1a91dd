import { expect, test } from "bun:test";
import { DEFAULT_VIEW, watchedFiles } from "../../../src/model/view/view.ts";
import {
  fileDelta,
  makeSample,
  processKeyOf,
  row,
} from "../../support/samples.ts";

test("-p, -u and a filter select the files of the processes that they select", () => {
  const files = [42, 43].map((pid) =>
    fileDelta({ pid, processKey: processKeyOf(pid) }),
  );
  const nobodys = fileDelta({ pid: null, processKey: null });
  const sample = makeSample({
    threads: [row({ tid: 42, uid: 7 }), row({ tid: 44, pid: 43 })],
    files: [...files, nobodys],
  });
  const shown = (view: object) =>
    watchedFiles(sample, { ...DEFAULT_VIEW, ...view });
  expect(shown({})).toEqual([...files, nobodys]);
  expect(shown({ uids: [7] })).toEqual([files[0]!]);
  expect(shown({ pids: [44] })).toEqual([files[1]!]);
  expect(shown({ pids: [1] })).toEqual([]);
  expect(watchedFiles(makeSample(), DEFAULT_VIEW)).toBeNull();
});
