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
export type * from "./file-delta.ts";
export type * from "./controls.ts";
export type * from "./task-details.ts";

// Rows
export {
  DEFAULT_VIEW,
  isActive,
  isBlocked,
  isWatched,
  shownRows,
  watchedRows,
} from "./view.ts";
export type { View } from "./view.ts";
export { parseFilter } from "./task-filter.ts";
export type { TaskFilter } from "./task-filter.ts";
export { foldThreads } from "./fold.ts";
export { sortRows } from "./sort-rows.ts";

// Files
export { FileTotals, fileLabel, isShownFile } from "./file-totals.ts";
export type { RankedFiles } from "./file-totals.ts";
export { fileTable } from "./file-table.ts";
export type { FileTableLook } from "./file-table.ts";
export { toFileRecord } from "./file-record.ts";
export { watchedFiles } from "./merge-files.ts";

// Columns
export { COLUMNS, cellText, columnById, columnsOf } from "./columns.ts";
export type { Column, ColumnId } from "./columns.ts";
export type { SortKey } from "./column.ts";
export { nameOf } from "./command.ts";

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
export { wholeTotals } from "./whole-sums.ts";
export { restlessRows } from "./restless-rows.ts";
export { totalsOf } from "./totals.ts";
export type { Totals } from "./totals.ts";

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
} from "./sums.ts";
export type { SumsMode } from "./sums.ts";
export { SumsFromHere } from "./sums-from-here.ts";
export { KeptSamples } from "./kept-samples.ts";
export type { KeptLimits } from "./kept-samples.ts";

// Groups
export { GROUP_KINDS, groupKindOf, groupName } from "./group-name.ts";
export type { GroupKind } from "./group-name.ts";
export { OTHER_GROUP, divideByGroup, sumGroups } from "./groups.ts";
export type { Division, GroupSums } from "./groups.ts";
export { GroupLister, listGroups, selectsAll } from "./group-list.ts";
export { groupDisks, isOfCgroups } from "./group-disks.ts";
export type { CgroupDelta, GroupDisk } from "./cgroup-delta.ts";
export { withCgroups } from "./create-sample.ts";
export { GroupTally, groupKeyOf, groupRows, isGroupKey } from "./group-rows.ts";
export type { GroupSince } from "./group-rows.ts";
export { NO_GROUP, unitOf } from "./cgroup-names.ts";
export { GroupNames } from "./group-limit.ts";
export { createGroups } from "./create-groups.ts";
export type { Groups, GroupsOptions } from "./create-groups.ts";
export { countTasks } from "./group-counts.ts";
export type { TaskCount } from "./group-counts.ts";
export { heaviestFirst } from "./weight.ts";
export type { Weight } from "./weight.ts";

// Ended tasks
export { EndedTally } from "./ended-tally.ts";
export type { EndedRows } from "./ended-tally.ts";
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
} from "./ended.ts";
export type { EndWords } from "./ended.ts";

// Records
export { encodeRecord, toRecord } from "./record.ts";
export type { RecordOptions } from "./record.ts";
export { taskLines } from "./task-lines.ts";
export type * from "./record-types.ts";

// Merging
export { mergeHealth, mergeSamples } from "./merge.ts";

// Problems
export { problemsOf } from "./health.ts";
export type { Problem, ProblemId } from "./health.ts";

// The screen
export { DEFAULT_SCREEN, SCREEN_CHOICES } from "./screen-settings.ts";
export { viewOf } from "./screen-view.ts";
export { settingLines } from "./options/setting-lines.ts";
export type { ScreenSettings, SlotId, SortId } from "./screen-settings.ts";

// Text
export { SIZE_UNITS, UNKNOWN, escapeBlanks } from "./format.ts";
export {
  findContainerIds,
  fitName,
  shortenContainerIds,
} from "./container-ids.ts";
export type { ContainerId } from "./container-ids.ts";
export { TEXT_WIDTH, fillLines, wrapText } from "./text-layout.ts";
export { csvLine } from "./csv-text.ts";
export type { CsvCell, CsvStyle } from "./csv-text.ts";
