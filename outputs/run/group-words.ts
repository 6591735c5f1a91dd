/** What groups are called, in the words of the other tables. */
import {
  DEFAULT_VIEW,
  columnById,
  type ColumnId,
  type GroupKind,
} from "../../src/model/index.ts";

export const titleOf = (id: ColumnId): string =>
  columnById(id).title(DEFAULT_VIEW);

export interface GroupWords {
  /** Of the column with the names. */
  readonly title: string;
  readonly one: string;
  readonly many: string;
}

export const KINDS: Readonly<Record<GroupKind, GroupWords>> = {
  comm: { title: titleOf("command"), one: "command", many: "commands" },
  user: { title: titleOf("user"), one: "user", many: "users" },
  cgroup: { title: titleOf("cgroup"), one: "cgroup", many: "cgroups" },
  unit: { title: titleOf("unit"), one: "unit", many: "units" },
  container: {
    title: titleOf("container"),
    one: "container",
    many: "containers",
  },
};
