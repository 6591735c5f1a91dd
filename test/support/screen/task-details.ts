/** Literal details of a task: say what matters. */
import { zeroDelta } from "../../../src/model/delta.ts";
import type { TaskDetails } from "../../../src/model/tasks/task-details.ts";

export const makeDetails = (
  fields: Partial<TaskDetails> = {},
): TaskDetails => ({
  uptimeS: 1000,
  state: "S",
  cmdline: null,
  exe: null,
  cwd: null,
  cgroup: null,
  parent: null,
  threads: [],
  threadCount: 1,
  lifetime: zeroDelta(),
  withEnded: zeroDelta(),
  files: [],
  fileCount: 0,
  ...fields,
});

export const makeThread = (
  tid: number,
  fields: Partial<TaskDetails["threads"][number]> = {},
): TaskDetails["threads"][number] => ({
  tid,
  comm: `thread${tid}`,
  state: "S",
  ioPriority: { class: "be", level: 4 },
  ...fields,
});
