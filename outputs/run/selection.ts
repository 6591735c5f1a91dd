/** What -p, -u and --filter select, in words. */
import type { Format, View } from "../../src/model/index.ts";

/** "pid 5, 10 of uid 26", "tasks matching ^fio"; null: all tasks. */
export function selectionText(
  { pids, uids, users, filter }: View,
  format: Format,
): string | null {
  const ids = [
    ...(pids.length > 0 ? [`pid ${pids.join(", ")}`] : []),
    ...(uids.length > 0 ? [`uid ${uids.join(", ")}`] : []),
    ...(users.length > 0 ? [`user ${format.text(users.join(", "))}`] : []),
  ].join(" of ");
  if (filter === null) return ids === "" ? null : ids;
  return `${ids === "" ? "tasks" : ids} matching ${format.text(filter.text)}`;
}
