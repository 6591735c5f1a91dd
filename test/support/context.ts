/** A host of one output, in memory. */
import { connectDatagrams } from "../../src/kernel/unix-datagrams.ts";
import { createFormat } from "../../src/model/text/format.ts";
import type { OutputContext, RunInfo } from "../../src/model/output.ts";
import { DEFAULT_SCREEN } from "../../src/model/options/screen-settings.ts";
import { DEFAULT_VIEW, type View } from "../../src/model/view/view.ts";
import { utcTime } from "./utc-time.ts";

export interface FakeContext extends OutputContext {
  readonly printed: string[];
  readonly warned: string[];
}

export function makeContext(
  view: Partial<View> = {},
  run: Partial<RunInfo> = {},
): FakeContext {
  const printed: string[] = [];
  const warned: string[] = [];
  return {
    printed,
    warned,
    print: async (text, heading = "") => {
      const whole = printed.length === 0 ? heading + text : text;
      if (whole !== "") printed.push(whole);
    },
    connectDatagrams,
    warn: (text) => void warned.push(text),
    stop: () => {},
    signal: new AbortController().signal,
    format: createFormat({ ...DEFAULT_VIEW, ...view, localTime: utcTime }),
    terminal: null,
    controls: null,
    run: {
      version: "0.0.0-test",
      origin: "live",
      intervalMs: 1000,
      view: { ...DEFAULT_VIEW, ...view },
      screen: DEFAULT_SCREEN,
      colorLevel: 0,
      ...run,
    },
  };
}
