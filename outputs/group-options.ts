/** The settings by which outputs of metrics divide tasks into groups. */
import { GROUP_KINDS, type GroupKind } from "../src/model/index.ts";

export const GROUP_OPTIONS = {
  group: {
    type: "string",
    about: "how to group tasks",
    default: "comm",
    choices: [...GROUP_KINDS, "none"],
    isGrouping: true,
  },
  "max-groups": {
    type: "number",
    integer: true,
    about: "how many groups get their own metrics; all others are _other",
    default: 100,
    min: 0,
    max: 10_000,
  },
} as const;

export interface GroupValues {
  readonly group: string;
  readonly "max-groups": number;
}

/** How tasks are divided. */
export interface Grouping {
  /** null: not at all. */
  readonly kind: GroupKind | null;
  readonly maxGroups: number;
}

export const groupingOf = (values: GroupValues): Grouping => ({
  kind: values.group === "none" ? null : (values.group as GroupKind),
  maxGroups: values["max-groups"],
});
