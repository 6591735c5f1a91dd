/** Recordings of several hosts: which there are, and what is shown of each. */
import { storeHost } from "../../model/store/store-files.ts";
import type { Sample } from "../../model/sample.ts";
import { RunJoiner } from "./join-runs.ts";
import type { RecordingFile } from "./recording-files.ts";

/** Of names in samples and in names of files, the hosts that they are of. */
export function hostsOf(
  named: Iterable<string>,
  files: readonly RecordingFile[],
): readonly string[] {
  const hosts = new Set(named);
  const known = new Set([...hosts].map(storeHost));
  for (const { period } of files)
    if (period !== null && !known.has(period.host)) hosts.add(period.host);
  return [...hosts].sort();
}

/** "web1 and web2", "web1, web2 and web3". */
export function listed(names: readonly string[]): string {
  return names.join(", ").replace(/, ([^,]*)$/, " and $1");
}

/** Joins the runs of each host: their samples may come in turns. */
export async function* joinRuns(
  samples: AsyncIterable<Sample>,
): AsyncGenerator<Sample, void, void> {
  const joiners = new Map<string, RunJoiner>();
  for await (const sample of samples) {
    const { hostname } = sample.origin;
    let joiner = joiners.get(hostname);
    if (joiner === undefined) joiners.set(hostname, (joiner = new RunJoiner()));
    yield joiner.add(sample);
  }
}
