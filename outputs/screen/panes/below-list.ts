/** What is open below the list, and is known of it: the details of a task, or the busiest files. */
import type { OutputContext, Sample } from "../../../src/model/index.ts";
import type { ScreenState } from "../state.ts";
import type { List } from "../table/list.ts";
import { BusyFilesWatch, type BusyFiles } from "./busy-files.ts";
import { DetailsWatch, type Inspected } from "./details-watch.ts";

/** At most one of them is shown: the details, if they are open. */
export interface BelowList {
  readonly inspected: Inspected | null;
  readonly busyFiles: BusyFiles | null;
}

export class BelowListWatch {
  readonly #details = new DetailsWatch();
  readonly #busyFiles = new BusyFilesWatch();

  /** A sample came, which may not be shown yet. */
  take(sample: Sample): void {
    this.#details.take(sample);
    this.#busyFiles.take(sample);
  }

  /** What is known so far is of another time. */
  restart(): void {
    this.#details.restart();
    this.#busyFiles.restart();
  }

  follow(
    { controls }: Pick<OutputContext, "controls">,
    state: ScreenState,
    shown: { readonly sample: Sample; readonly list: List } | null,
  ): BelowList {
    const { busyFilesTop, view } = state;
    return {
      inspected: this.#details.follow({ controls }, state, shown),
      // Also below the details: who closes those sees what was used meanwhile.
      busyFiles:
        shown === null
          ? null
          : this.#busyFiles.follow(
              controls?.files ?? null,
              busyFilesTop === null ? null : view,
              shown.sample,
            ),
    };
  }
}
