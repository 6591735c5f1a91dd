/** One grouping for all outputs: what `--by` says holds for each that divides tasks, unless its own option says more. */
import { groupKindOf } from "../model/groups/group-name.ts";
import type { OptionSpecs } from "../model/output.ts";
import type { ScreenSettings } from "../model/options/screen-settings.ts";
import type { OutputSpec } from "./output-spec.ts";

/** @param groupBy what `--by` says */
export function withGrouping(
  spec: OutputSpec,
  declared: OptionSpecs = {},
  groupBy: ScreenSettings["groupBy"],
): OutputSpec {
  const kind = groupKindOf(groupBy);
  const key = Object.keys(declared).find((each) => {
    const option = declared[each]!;
    return option.type === "string" && option.isGrouping;
  });
  if (kind === null || key === undefined || spec.options.has(key)) return spec;
  return { ...spec, options: new Map([...spec.options, [key, kind]]) };
}
