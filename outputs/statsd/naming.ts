/** How the settings name metrics. */
import type { RunInfo, Sample } from "../../src/model/index.ts";
import {
  nameComponent,
  tagValue,
  type Dialect,
  type Naming,
  type Tag,
} from "./lines.ts";

export interface NamingOptions {
  readonly prefix: string;
  readonly host: string | undefined;
  readonly tags: string;
  readonly tag: Readonly<Record<string, string>>;
  readonly timestamps: boolean | undefined;
  /** The kind of groups, or "none". */
  readonly group: string;
}

/** What names the metrics of each sample. */
export type NameSamples = (
  sample: Pick<Sample, "origin" | "timeMs">,
  origin: RunInfo["origin"],
) => Naming;

/** @throws Error that says which setting is invalid */
export function namingOf(options: NamingOptions): NameSamples {
  const { prefix, timestamps, host: choice } = options;
  checkPrefix(prefix);
  const dialect = options.tags as Dialect;
  if (timestamps === true && dialect !== "dogstatsd")
    throw new Error("timestamps needs tags=dogstatsd");
  const constant = constantTags(options);
  const seconds = new Seconds();
  // The host is that of the sample: a replay reports for the machine that was recorded.
  return ({ origin: { hostname }, timeMs }, origin) => {
    const isReplay = origin === "replay";
    const isTimed =
      dialect === "dogstatsd" &&
      (timestamps === true || (timestamps ?? isReplay));
    const names = {
      dialect,
      prefix,
      timeS: isTimed ? seconds.of(timeMs) : null,
    };
    const isTag = hostIsTag(dialect);
    const host = choice ?? (isTag && !isReplay ? "off" : "on");
    if (host === "off") return { ...names, host: null, tags: constant };
    if (!isTag) {
      const name = host === "on" ? hostname.split(".", 1)[0]! : host;
      return { ...names, host: nameComponent(name), tags: constant };
    }
    const tag = ["host", tagValue(host === "on" ? hostname : host)] as const;
    return { ...names, host: null, tags: [tag, ...constant] };
  };
}

function checkPrefix(prefix: string): void {
  if (!/^[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/.test(prefix))
    throw new Error(
      `prefix ${JSON.stringify(prefix)} is not valid: use letters, digits, "_" and "-", with dots between them`,
    );
  if (prefix.length > 100)
    throw new Error("prefix is longer than 100 characters");
}

/** Agents for these dialects add such a tag themselves, if there is none. */
const hostIsTag = (dialect: Dialect): boolean =>
  dialect === "dogstatsd" || dialect === "influx";

/** @throws Error for a tag that the dialect cannot have, or that iotop makes itself */
function constantTags({ tag, tags, group }: NamingOptions): readonly Tag[] {
  const entries = Object.entries(tag);
  if (entries.length > 0 && tags === "none")
    throw new Error(
      `tag.${entries[0]![0]} needs tags=dogstatsd, tags=influx or tags=graphite`,
    );
  return entries.map(([key, value]) => {
    if (!/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(key))
      throw new Error(
        `tag.${JSON.stringify(key)} is not valid: use letters, digits, "_", "-" and "."`,
      );
    if (key === group || key === "device")
      throw new Error(
        `tag.${key}: each ${key === group ? "group" : "disk"} has this tag already`,
      );
    if (key === "host" && hostIsTag(tags as Dialect))
      throw new Error("tag.host: write host=NAME");
    return [key, tagValue(value)];
  });
}

/**
 * The time of each sample in whole seconds. Where samples are a second apart or more, each has a second of its own, as
 * of two values with one time the last counts: the end of an interval may be a little early or late.
 */
class Seconds {
  #last = -Infinity;

  of(timeMs: number): number {
    const least = Math.floor(timeMs / 1000);
    const most = Math.ceil(timeMs / 1000);
    this.#last = Math.max(least, Math.min(this.#last + 1, most));
    return this.#last;
  }
}
