/** Sends counters of the reads, writes and waits of groups of tasks to a statsd server. */
import {
  GROUP_KINDS,
  OTHER_GROUP,
  defineOutput,
  type GroupKind,
  type Output,
  type OutputContext,
  type Sample,
} from "../../src/model/index.ts";
import {
  DIALECTS,
  encodeLine,
  nameComponent,
  type Dialect,
  type Naming,
} from "./lines.ts";
import { SampleMetrics } from "./metrics.ts";
import { packLines } from "./packets.ts";
import { DEFAULT_TARGET, parseTarget, type Target } from "./target.ts";
import { UdpSender, type SenderOptions } from "./udp-sender.ts";

const options = {
  prefix: {
    type: "string",
    about: "first part of every metric name",
    default: "iotop",
  },
  host: {
    type: "string",
    about:
      "second part of every metric name: on (this host), off, or a name; default on for tags=none and tags=graphite, else off",
  },
  tags: {
    type: "string",
    about: "how to name groups: in the metric name, or in tags",
    default: "none",
    choices: DIALECTS,
  },
  group: {
    type: "string",
    about: "how to group tasks",
    default: "comm",
    choices: [...GROUP_KINDS, "none"],
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

export interface StatsdOptions {
  readonly prefix: string;
  readonly host: string | undefined;
  readonly tags: string;
  readonly group: string;
  readonly "max-groups": number;
}

export default defineOutput({
  api: 1,
  name: "statsd",
  summary:
    "counters by process name, user, cgroup, unit or container, for a statsd server",
  target: {
    about: "HOST[:PORT] of the server, reached by UDP; default 127.0.0.1:8125",
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
  return new StatsdOutput(
    values,
    target === undefined ? DEFAULT_TARGET : parseTarget(target),
    sending,
  );
}

class StatsdOutput implements Output {
  readonly #values: StatsdOptions;
  readonly #target: Target;
  readonly #sending: SenderOptions;
  readonly #dialect: Dialect;
  readonly #metrics: SampleMetrics;
  #sender: UdpSender | null = null;
  #hasToldFull = false;

  constructor(values: StatsdOptions, target: Target, sending: SenderOptions) {
    this.#values = values;
    this.#target = target;
    this.#sending = sending;
    this.#dialect = values.tags as Dialect;
    this.#metrics = new SampleMetrics({
      kind: values.group === "none" ? null : (values.group as GroupKind),
      maxGroups: values["max-groups"],
      dialect: this.#dialect,
    });
  }

  open(ctx: OutputContext): void {
    this.#sender = new UdpSender(
      this.#target,
      (text) => ctx.warn(text),
      this.#sending,
    );
  }

  async write(sample: Sample, ctx: OutputContext): Promise<void> {
    const naming = this.#naming(sample.origin.hostname);
    const lines = this.#metrics
      .read(sample)
      .map((metric) => encodeLine(metric, naming));
    this.#tellFull(ctx);
    await this.#sender?.send(packLines(lines), sample.intervalNs);
  }

  async close(): Promise<void> {
    await this.#sender?.end();
  }

  /** Warns once. Without names (max-groups=0) there is nothing to warn about. */
  #tellFull(ctx: OutputContext): void {
    const maxGroups = this.#values["max-groups"];
    if (this.#hasToldFull || maxGroups === 0 || !this.#metrics.hasRefusedGroups)
      return;
    this.#hasToldFull = true;
    ctx.warn(
      `all ${maxGroups} names (max-groups) are taken: other groups count as ${OTHER_GROUP} until they outweigh one that is idle`,
    );
  }

  /** The host is that of the sample: a replay reports for the machine that was recorded. */
  #naming(hostname: string): Naming {
    const { prefix, group: kind, host } = this.#values;
    return {
      dialect: this.#dialect,
      prefix,
      kind,
      host: hostPart(host, hostname, this.#dialect),
    };
  }
}

/** Agents for the other dialects add the host as a tag themselves. */
function hostPart(
  choice: string | undefined,
  hostname: string,
  dialect: Dialect,
): string | null {
  const named = dialect === "none" || dialect === "graphite";
  const host = choice ?? (named ? "on" : "off");
  if (host === "off") return null;
  if (host !== "on") return nameComponent(host);
  return nameComponent(hostname.split(".", 1)[0]!);
}
