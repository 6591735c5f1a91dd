/** The statsd output under test, opened towards a loopback port. */
import { createStatsd } from "../../../outputs/statsd/index.ts";
import type { StatsdOptions } from "../../../outputs/statsd/index.ts";
import type { SenderOptions } from "../../../outputs/statsd/udp-sender.ts";
import type { Sample } from "../../../src/model/sample.ts";
import type { RunInfo } from "../../../src/model/output.ts";
import { makeContext } from "../context.ts";

export const STATSD_DEFAULTS: StatsdOptions = {
  prefix: "iotop",
  host: undefined,
  tags: "none",
  group: "comm",
  "max-groups": 100,
  tag: {},
  framing: "lf",
  timestamps: undefined,
};

/** The warning that there are more groups than names. */
export const namesTaken = (maxGroups: number): string =>
  `all ${maxGroups} names (max-groups) are taken: other groups count as _other until they outweigh an idle group`;

export interface OpenStatsd extends AsyncDisposable {
  readonly warned: readonly string[];
  write(...samples: readonly Sample[]): Promise<void>;
}

export async function openStatsd(
  target: string | number,
  options: Partial<StatsdOptions> = {},
  sending?: SenderOptions,
  origin: RunInfo["origin"] = "live",
): Promise<OpenStatsd> {
  const output = createStatsd(
    { ...STATSD_DEFAULTS, ...options },
    typeof target === "number" ? `127.0.0.1:${target}` : target,
    sending,
  );
  const ctx = makeContext({}, { origin });
  await output.open?.(ctx);
  return {
    warned: ctx.warned,
    write: async (...samples) => {
      for (const sample of samples) await output.write(sample, ctx);
    },
    [Symbol.asyncDispose]: async () =>
      output.close?.(
        { reason: "quit", samples: 0, durationNs: 0, host: null },
        ctx,
      ),
  };
}
