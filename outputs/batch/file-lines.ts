/** With --files: who read and wrote which file, below the tasks; rates, and with -a sums. */
import {
  FileTotals,
  coversWatch,
  fileTable,
  fileUseIdentity,
  perSecond,
  watchedFiles,
  type Format,
  type Sample,
  type View,
} from "../../src/model/index.ts";

export class FileLines {
  #totals = new FileTotals(fileUseIdentity);
  #elapsedNs = 0;

  /** Titles and lines, empty if files were not asked for. */
  add(sample: Sample, view: View, format: Format): readonly string[] {
    const files = watchedFiles(sample, view);
    if (files === null) return [];
    if (!coversWatch(view)) {
      this.#totals = new FileTotals(fileUseIdentity);
      this.#elapsedNs = 0;
    }
    this.#totals.add(files);
    this.#elapsedNs += sample.intervalNs;
    const amount = view.accumulated
      ? format.bytes
      : (bytes: number) => format.rate(perSecond(bytes, this.#elapsedNs));
    const look = { hasPids: true, amount, format };
    const [titles, ...lines] = fileTable(this.#totals.rank(Infinity), look);
    if (titles === undefined) return [];
    return view.quiet < 2 ? [titles, ...lines] : lines;
  }
}
