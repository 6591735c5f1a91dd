/** Sends counters of the reads, writes and waits of groups of tasks to a statsd server. */
import {
  defineOutput,
  type Output,
  type OutputContext,
  type RunInfo,
  type Sample,
} from "../../src/model/index.ts";
import {
  GROUP_OPTIONS,
  groupingOf,
  type GroupValues,
} from "../group-options.ts";
import {
  DIALECTS,
  encodeLine,
  nameComponent,
  tagValue,
  type Dialect,
  type Naming,
  type Tag,
} from "./lines.ts";
import { SampleMetrics } from "./metrics.ts";
import { FRAMINGS, type Framing } from "./framing.ts";
import type { Sender } from "./sender.ts";
import { StreamSender } from "./stream-sender.ts";
import { DEFAULT_TARGET, parsePlace, type Place } from "./target.ts";
import {
  REPLAY_BURST_DATAGRAMS,
  UdpSender,
  type SenderOptions,
} from "./udp-sender.ts";

const options = {
  prefix: {
    type: "string",
    about: "first part of every metric name",
    default: "iotop",
  },
  host: {
    type: "string",
    about:
      "on (the host of the samples), off, or a name; with tags=dogstatsd and tags=influx it is a tag, and on by default in a replay; else it is the second part of every metric name, and on by default",
  },
  tags: {
    type: "string",
    about: "how to name groups: in the metric name, or in tags",
    default: "none",
    choices: DIALECTS,
  },
  tag: {
    type: "map",
    about: "a tag of every metric, such as tag.env=prod; not for tags=none",
  },
  ...GROUP_OPTIONS,
  framing: {
    type: "string",
    about:
      "for tcp: and unix:, lines that end in a line feed, or packets after their length as Datadog's agent wants them",
    default: "lf",
    choices: FRAMINGS,
  },
} as const;

export interface StatsdOptions extends GroupValues {
  readonly prefix: string;
  readonly host: string | undefined;
  readonly tags: string;
  readonly tag: Readonly<Record<string, string>>;
  readonly framing: string;
}

export default defineOutput({
  api: 1,
  name: "statsd",
  summary:
    "counters by process name, user, cgroup, unit or container, for a statsd server",
  target: {
    about:
      "HOST[:PORT] of the server, reached by UDP, or tcp:HOST[:PORT], or unix:PATH of a stream socket; default 127.0.0.1:8125",
  },
  options,
  create: (values, target) => createStatsd(values, target),
});

/**
 * @param sending is for tests
 * @throws Error if the target or the prefix is invalid
 */
export function createStatsd(
  values: StatsdOptions,
  target?: string,
  sending: SenderOptions = {},
): Output {
  const { prefix } = values;
  if (!/^[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/.test(prefix))
    throw new Error(
      `prefix ${JSON.stringify(prefix)} is not valid: use letters, digits, "_" and "-", with dots between them`,
    );
  if (prefix.length > 100)
    throw new Error("prefix is longer than 100 characters");
  const place: Place =
    target === undefined
      ? { transport: "udp", ...DEFAULT_TARGET }
      : parsePlace(target);
  return new StatsdOutput(values, place, sending);
}

class StatsdOutput implements Output {
  readonly #values: StatsdOptions;
  readonly #place: Place;
  readonly #tags: readonly Tag[];
  readonly #sending: SenderOptions;
  readonly #dialect: Dialect;
  readonly #metrics: SampleMetrics;
  #sender: Sender | null = null;

  constructor(values: StatsdOptions, place: Place, sending: SenderOptions) {
    this.#values = values;
    this.#place = place;
    this.#sending = sending;
    this.#dialect = values.tags as Dialect;
    this.#tags = constantTags(values);
    this.#metrics = new SampleMetrics({
      ...groupingOf(values),
      dialect: this.#dialect,
    });
  }

  open(ctx: OutputContext): void {
    const place = this.#place;
    const warn = (text: string): void => ctx.warn(text);
    if (place.transport !== "udp") {
      const framing = this.#values.framing as Framing;
      this.#sender = new StreamSender(place, warn, {
        ...this.#sending,
        framing,
      });
      return;
    }
    const isReplay = ctx.run.origin === "replay";
    this.#sender = new UdpSender(place, warn, {
      ...(isReplay ? { burstDatagrams: REPLAY_BURST_DATAGRAMS } : {}),
      ...this.#sending,
    });
    if (isReplay)
      warn(
        "datagrams that a busy server drops are not noticed: send a replay to tcp:HOST:PORT if its sums must be exact",
      );
  }

  async write(sample: Sample, ctx: OutputContext): Promise<void> {
    // Before the sample counts as sent: if the server is away, it comes again, with the next ones.
    await this.#sender?.ready();
    const naming = this.#naming(sample.origin.hostname, ctx.run.origin);
    const lines = this.#metrics
      .read(sample)
      .map((metric) => encodeLine(metric, naming));
    const notice = this.#metrics.takeNotice();
    if (notice !== null) ctx.warn(notice);
    await this.#sender?.send(lines, sample.intervalNs);
  }

  async close(): Promise<void> {
    await this.#sender?.end();
  }

  /** The host is that of the sample: a replay reports for the machine that was recorded. */
  #naming(hostname: string, origin: RunInfo["origin"]): Naming {
    const { prefix, host: choice } = this.#values;
    const dialect = this.#dialect;
    const isTag = hostIsTag(dialect);
    const host = choice ?? (isTag && origin === "live" ? "off" : "on");
    const names = { dialect, prefix };
    if (host === "off") return { ...names, host: null, tags: this.#tags };
    if (!isTag) {
      const name = host === "on" ? hostname.split(".", 1)[0]! : host;
      return { ...names, host: nameComponent(name), tags: this.#tags };
    }
    const tag = ["host", tagValue(host === "on" ? hostname : host)] as const;
    return { ...names, host: null, tags: [tag, ...this.#tags] };
  }
}

/** Agents for these dialects add such a tag themselves, if there is none. */
const hostIsTag = (dialect: Dialect): boolean =>
  dialect === "dogstatsd" || dialect === "influx";

/** @throws Error for a tag that the dialect cannot have, or that iotop makes itself */
function constantTags({ tag, tags, group }: StatsdOptions): readonly Tag[] {
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
        `tag.${key}: each ${key === group ? "group" : "device"} has this tag already`,
      );
    if (key === "host" && hostIsTag(tags as Dialect))
      throw new Error("tag.host: write host=NAME");
    return [key, tagValue(value)];
  });
}
