/**
 * What `import ... from "iotop"` provides to an output, stock or a user's own. Grows by addition only. The comments
 * above the groups and the first sentences of the docstrings make up the table in src/manual/modules.md.
 */

// The contract
export { API_VERSION, defineOutput } from "./output.ts";
export { Retry } from "./retry.ts";
export type { RetryOptions } from "./retry.ts";
export type * from "./output.ts";
export type * from "./sample.ts";
export type * from "./files/file-delta.ts";
export type * from "./controls.ts";
export type * from "./tasks/task-details.ts";

// Rows
export { isActive, isBlocked, restlessRows } from "./view/activity.ts";
export {
  DEFAULT_VIEW,
  isWatched,
  selectsAll,
  selectsSame,
  shownRows,
  watchedAmong,
  watchedRows,
} from "./view/view.ts";
export type { View } from "./view/view.ts";
export { parseFilter } from "./view/task-filter.ts";
export type { TaskFilter } from "./view/task-filter.ts";
export { foldThreads } from "./tasks/fold.ts";
export { sortRows } from "./view/sort-rows.ts";

// Files
export { FileTotals, fileLabel, isShownFile } from "./files/file-totals.ts";
export { fileWeight } from "./files/file-weight.ts";
export type { RankedFiles } from "./files/file-totals.ts";
export { fileTable } from "./files/file-table.ts";
export type { FileTableLook } from "./files/file-table.ts";
export { toFileRecord } from "./record/file-record.ts";
export {
  addFiles,
  fileIdentity,
  fileUseIdentity,
} from "./merge/merge-files.ts";
export { watchedFiles } from "./view/view.ts";

// Columns
export { COLUMNS, cellText, columnById, columnsOf } from "./columns/columns.ts";
export type { Column, ColumnId } from "./columns/columns.ts";
export type { SortKey } from "./columns/column.ts";
export { nameOf } from "./tasks/command.ts";

// Sums and rates
export { COUNTERS } from "./counters.ts";
export {
  addCounters,
  addDeltas,
  addInto,
  addLifetimes,
  grossBytes,
  isIdle,
  netBytes,
  netWriteBytes,
  perSecond,
  percentOf,
  remainderOf,
  sumDeltas,
  unknownDelta,
  zeroDelta,
} from "./delta.ts";
export type { MutableIoDelta } from "./delta.ts";
export { wholeTotals } from "./sums/whole-sums.ts";
export { shownTotals, totalsOf } from "./sums/totals.ts";
export type { Totals } from "./sums/totals.ts";

export {
  SUMS_MODES,
  coversWatch,
  lifetimeRow,
  meanRow,
  remakeEnded,
  remakeRows,
  rowsOf,
  sumsModeOf,
  withSums,
} from "./sums/sums.ts";
export type { SumsMode } from "./sums/sums.ts";
export { SumsFromHere } from "./sums/sums-from-here.ts";
export { KeptSamples } from "./kept/kept-samples.ts";
export type { KeptLimits } from "./kept/kept-samples.ts";
export { packTasks, unpackTasks } from "./kept/packed-tasks.ts";
export type { PackedTasks } from "./kept/packed-tasks.ts";

// Groups
export { GROUP_KINDS, groupKindOf, groupName } from "./groups/group-name.ts";
export type { GroupKind } from "./groups/group-name.ts";
export { OTHER_GROUP, divideByGroup, sumGroups } from "./groups/groups.ts";
export type { Division, GroupSums } from "./groups/groups.ts";
export { GroupLister, listGroups } from "./groups/group-list.ts";
export { groupDisks, isOfCgroups } from "./groups/group-disks.ts";
export type { CgroupDelta, GroupDisk } from "./groups/cgroup-delta.ts";
export { withCgroups } from "./create-sample.ts";
export {
  GroupTally,
  groupKeyOf,
  groupRows,
  isGroupKey,
} from "./groups/group-rows.ts";
export type { GroupPart, GroupSince } from "./groups/group-rows.ts";
export { NO_GROUP, unitOf } from "./groups/cgroup-names.ts";
export { GroupNames } from "./groups/group-limit.ts";
export { createGroups } from "./groups/create-groups.ts";
export type { Groups, GroupsOptions } from "./groups/create-groups.ts";
export { countTasks } from "./groups/group-counts.ts";
export type { TaskCount } from "./groups/group-counts.ts";
export { heaviestFirst } from "./groups/weight.ts";
export type { Weight } from "./groups/weight.ts";

// Ended tasks
export { EndedTally } from "./tasks/ended-tally.ts";
export type { EndedRows } from "./tasks/ended-tally.ts";
export {
  ManyRow,
  describeEnd,
  endedAtRest,
  endedKey,
  groupEnded,
  hadEnded,
  isEndedKey,
  standsForMany,
  taskCountOf,
} from "./tasks/ended.ts";
export type { EndWords } from "./tasks/ended.ts";

// Records
export { encodeRecord, toRecord } from "./record/record.ts";
export type { RecordOptions } from "./record/record.ts";
export { taskLines } from "./record/task-lines.ts";
export type * from "./record/record-types.ts";

// Merging
export { mergeHealth, mergeSamples } from "./merge/merge.ts";

// Problems
export { problemsOf } from "./health.ts";
export type { Problem, ProblemId } from "./health.ts";

// The screen
export { DEFAULT_SCREEN, SCREEN_CHOICES } from "./options/screen-settings.ts";
export { viewOf } from "./options/screen-view.ts";
export { settingLines } from "./options/setting-lines.ts";
export type {
  ScreenSettings,
  SlotId,
  SortId,
} from "./options/screen-settings.ts";

// Text
export {
  SIZE_UNITS,
  UNKNOWN,
  escapeBlanks,
  formatPriority,
} from "./text/format.ts";
export {
  findContainerIds,
  fitName,
  shortenContainerIds,
} from "./groups/container-ids.ts";
export type { ContainerId } from "./groups/container-ids.ts";
export { TEXT_WIDTH, fillLines, wrapText } from "./text/text-layout.ts";
export { csvLine } from "./text/csv-text.ts";
export type { CsvCell, CsvStyle } from "./text/csv-text.ts";
