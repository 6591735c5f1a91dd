/** Sends counters of the reads, writes and waits of groups of tasks to a statsd server. */
import {
  defineOutput,
  type Output,
  type OutputContext,
  type Sample,
} from "../../src/model/index.ts";
import {
  GROUP_OPTIONS,
  groupingOf,
  type GroupValues,
} from "../group-options.ts";
import { DatagramSender } from "./datagram-sender.ts";
import { DIALECTS, encodeLine, type Dialect } from "./lines.ts";
import { SampleMetrics } from "./metrics.ts";
import { namingOf, type NameSamples, type NamingOptions } from "./naming.ts";
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
  timestamps: {
    type: "boolean",
    about:
      "send the time of each value, for Datadog's agent; needs tags=dogstatsd, and is then on by default in a replay",
  },
  ...GROUP_OPTIONS,
  framing: {
    type: "string",
    about:
      "for tcp: and unix: only: lf ends each line with a line feed, length puts the length before each packet, as Datadog's agent needs",
    default: "lf",
    choices: FRAMINGS,
  },
} as const;

export interface StatsdOptions extends GroupValues, NamingOptions {
  readonly framing: string;
}

export default defineOutput({
  api: 1,
  name: "statsd",
  summary:
    "counters by process name, user, cgroup, unit or container, for a statsd server",
  target: {
    about:
      "HOST[:PORT] of the server, reached by UDP, or tcp:HOST[:PORT], or unix:PATH of a stream socket, or unixgram:PATH of a datagram socket; default 127.0.0.1:8125",
  },
  options,
  create: (values, target) => createStatsd(values, target),
});

/**
 * @param sending is for tests
 * @throws Error if the target or a setting is invalid
 */
export function createStatsd(
  values: StatsdOptions,
  target?: string,
  sending: SenderOptions = {},
): Output {
  const place: Place =
    target === undefined
      ? { transport: "udp", ...DEFAULT_TARGET }
      : parsePlace(target);
  const isStream = place.transport === "tcp" || place.transport === "unix";
  if (!isStream && values.framing !== options.framing.default)
    throw new Error(
      `framing=${values.framing} is for tcp: and unix: only; datagrams need no framing`,
    );
  return new StatsdOutput(values, place, sending);
}

class StatsdOutput implements Output {
  readonly #values: StatsdOptions;
  readonly #place: Place;
  readonly #name: NameSamples;
  readonly #sending: SenderOptions;
  readonly #metrics: SampleMetrics;
  #sender: Sender | null = null;

  constructor(values: StatsdOptions, place: Place, sending: SenderOptions) {
    this.#values = values;
    this.#place = place;
    this.#sending = sending;
    this.#name = namingOf(values);
    this.#metrics = new SampleMetrics({
      ...groupingOf(values),
      dialect: values.tags as Dialect,
    });
  }

  open(ctx: OutputContext): void {
    this.#sender = this.#createSender(ctx);
  }

  #createSender(ctx: OutputContext): Sender {
    const place = this.#place;
    const warn = (text: string): void => ctx.warn(text);
    switch (place.transport) {
      case "unixgram":
        return new DatagramSender(place.path, warn, (path) =>
          ctx.connectDatagrams(path),
        );
      case "tcp":
      case "unix": {
        const framing = this.#values.framing as Framing;
        return new StreamSender(place, warn, { ...this.#sending, framing });
      }
      case "udp": {
        if (ctx.run.origin === "live")
          return new UdpSender(place, warn, this.#sending);
        warn(
          "iotop cannot notice datagrams that a busy server drops: send a replay to tcp:HOST:PORT if its sums must be exact",
        );
        const burstDatagrams = REPLAY_BURST_DATAGRAMS;
        return new UdpSender(place, warn, { burstDatagrams, ...this.#sending });
      }
    }
  }

  async write(sample: Sample, ctx: OutputContext): Promise<void> {
    // Before the sample counts as sent: if the server is away, it comes again, with the next ones.
    await this.#sender?.ready();
    const naming = this.#name(sample, ctx.run.origin);
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
}
