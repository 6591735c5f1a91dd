/** Offers running sums of the reads, writes and waits of groups of tasks to Prometheus. */
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
  type Grouping,
} from "../group-options.ts";
import { plainReply, type Reply } from "./connection.ts";
import { Passwords } from "./passwords.ts";
import type { RequestHead } from "./request-head.ts";
import { encodeFamilies } from "./exposition.ts";
import { familiesOf } from "./families.ts";
import { Page } from "./page.ts";
import { RunningSums } from "./running-sums.ts";
import { LIMITS, openServer, type MetricsServer } from "./server.ts";
import { stallOf } from "./stall.ts";
import { TextFile } from "./text-file.ts";
import {
  DEFAULT_TARGET,
  exposureOf,
  parseTarget,
  type Protection,
  type Target,
} from "./target.ts";
import { loadTls } from "./tls-files.ts";
import { NO_WEB_CONFIG, readWebConfig, type WebConfig } from "./web-config.ts";

/** @throws Error if the file is invalid, or there is no server that it could protect. An empty one protects nothing. */
function configOf(path: string | undefined, target: Target): WebConfig {
  if (path === undefined) return NO_WEB_CONFIG;
  if (target.kind === "file")
    throw new Error("web-config has no effect on a file: leave it out");
  return readWebConfig(path);
}

const options = {
  ...GROUP_OPTIONS,
  created: {
    type: "boolean",
    about: "send the start time of each counter, in OpenMetrics",
    default: false,
  },
  "web-config": {
    type: "string",
    about:
      "file with tls_server_config and basic_auth_users, as for other exporters",
  },
  every: {
    type: "number",
    about: "seconds between two versions of FILE.prom",
    default: 15,
    min: 0.1,
    max: 86_400,
  },
} as const;

export interface PrometheusOptions extends GroupValues {
  readonly created: boolean;
  readonly every: number;
  readonly "web-config": string | undefined;
}

export default defineOutput({
  api: 1,
  name: "prometheus",
  summary: "the same counters, for Prometheus to fetch",
  target: {
    about:
      "[HOST]:PORT, unix:PATH of a socket, or FILE.prom for node_exporter; default 127.0.0.1:19468, where every local user can read them",
  },
  options,
  create: (values, target) => createPrometheus(values, target),
});

/**
 * @param nowMs a monotonic clock, for tests
 * @throws Error if the target or the web configuration is invalid
 */
export function createPrometheus(
  values: PrometheusOptions,
  target?: string,
  nowMs: () => number = () => performance.now(),
): Output {
  return new PrometheusOutput(
    values,
    target === undefined ? DEFAULT_TARGET : parseTarget(target),
    nowMs,
  );
}

class PrometheusOutput implements Output {
  readonly #values: PrometheusOptions;
  readonly #target: Target;
  readonly #nowMs: () => number;
  readonly #grouping: Grouping;
  readonly #sums: RunningSums;
  readonly #page = new Page();
  readonly #passwords: Passwords;
  readonly #tls: Bun.TLSOptions | null;
  readonly #protection: Protection;
  #server: MetricsServer | null = null;
  #file: TextFile | null = null;
  /** Since the file was written, by the samples; Infinity: it was not. */
  #fileAgeNs = Infinity;
  #lastMs = 0;

  constructor(values: PrometheusOptions, target: Target, nowMs: () => number) {
    this.#values = values;
    this.#target = target;
    this.#nowMs = nowMs;
    this.#grouping = groupingOf(values);
    this.#sums = new RunningSums(this.#grouping);
    const { tls, users } = configOf(values["web-config"], target);
    this.#tls = tls === null ? null : loadTls(tls);
    this.#passwords = new Passwords(users);
    this.#protection = {
      isEncrypted: tls !== null,
      knowsClients: users.size > 0 || (tls?.clientCaFile ?? null) !== null,
    };
  }

  async open(ctx: OutputContext): Promise<void> {
    const target = this.#target;
    if (target.kind === "file") {
      this.#file = new TextFile(target.path, (text) => ctx.warn(text));
      return this.#file.check();
    }
    const respond = (head: RequestHead) => this.#respond(head, ctx);
    this.#server = await openServer(target, respond, LIMITS, this.#tls);
    if (target.kind !== "tcp") return;
    if (target.port === 0) ctx.warn(`listens on ${this.#server.place}`);
    const exposure = exposureOf(target, this.#protection);
    if (exposure !== null) ctx.warn(exposure);
  }

  async #respond(head: RequestHead, ctx: OutputContext): Promise<Reply> {
    const { headers } = head;
    if (!(await this.#passwords.accepts(headers.get("authorization") ?? "")))
      return plainReply(401, "a user and a password are needed", {
        "WWW-Authenticate": "Basic",
      });
    const quietMs = this.#nowMs() - this.#lastMs;
    const lastNs = this.#sums.last?.intervalNs ?? 0;
    return this.#page.respond(
      head,
      stallOf(quietMs, ctx.run.intervalMs, lastNs),
    );
  }

  async write(sample: Sample, ctx: OutputContext): Promise<void> {
    this.#sums.add(sample);
    this.#lastMs = this.#nowMs();
    const about = {
      version: ctx.run.version,
      kind: this.#grouping.kind,
      hasCreated: this.#values.created,
    };
    this.#page.replace(() => familiesOf(this.#sums, about));
    const notice = this.#sums.takeNotice();
    if (notice !== null) ctx.warn(notice);
    this.#fileAgeNs += sample.intervalNs;
    if (this.#file === null || this.#fileAgeNs < this.#values.every * 1e9)
      return;
    this.#fileAgeNs = 0;
    await this.#file.write(
      encodeFamilies(familiesOf(this.#sums, about), "text"),
    );
  }

  async close(): Promise<void> {
    this.#server?.[Symbol.dispose]();
    await this.#file?.remove();
  }
}
