/** What tables of rows need of the choices about the screen. */
import type { ScreenSettings } from "./screen-settings.ts";
import { withSums } from "../sums/sums.ts";
import { DEFAULT_VIEW, type View } from "../view/view.ts";

/** The part of a view that no choice about the screen changes. */
export type FixedView = Pick<
  View,
  "pids" | "uids" | "users" | "timestamp" | "devices" | "quiet"
>;

/** The view that a choice of settings makes. */
export function viewOf(
  { only, mode, sums, filter, kilobytes, si }: ScreenSettings,
  { pids, uids, users, timestamp, devices, quiet }: FixedView = DEFAULT_VIEW,
): View {
  const processes = mode === "processes";
  const fixed = { pids, uids, users, timestamp, devices, quiet };
  return withSums(
    { ...DEFAULT_VIEW, ...fixed, only, processes, filter, kilobytes, si },
    sums,
  );
}
