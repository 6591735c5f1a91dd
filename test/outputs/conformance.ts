/**
 * What every output has to hold, stock or a user's own: the contract in src/model/output.ts as tests. For one of your
 * own write a file beside it and run it with `bun test`:
 *
 * ```ts
 * import { loadOutput, testOutput } from "/path/to/iotop/test/outputs/conformance.ts";
 *
 * testOutput(await loadOutput("./mine.ts"), {
 *   settings: ["rows=3"],
 *   exempt: { "merged samples make the same sums": "it prints no sum" },
 * });
 * ```
 */
import { describe, expect, test } from "bun:test";
import { resolve } from "node:path";
import { loadUserModule } from "../../src/host/modules/user-module.ts";
import type { OutputModule } from "../../src/model/index.ts";
import type { Peer, Sums } from "./conformance-run.ts";
import {
  RULES,
  type Candidate,
  type Refused,
  type Rule,
} from "./conformance-rules.ts";

export interface OutputTest {
  /** What stands after the name in `--output`, "rows=3"; by default nothing. */
  readonly settings?: readonly string[];
  /** Of an output that sends what it has to say elsewhere: something that receives it. Each instance gets its own. */
  readonly openPeer?: () => Promise<Peer>;
  /** Of texts that hold a program: the rest of such a text. */
  readonly withoutCode?: (text: string) => string;
  /** Where the sum of bytes read stands in what it prints or sends. */
  readonly sums?: Sums;
  /** By setting: others without which `create` refuses it. */
  readonly needs?: NonNullable<Candidate["needs"]>;
  /** What `create` refuses, besides what the declaration of its options does. */
  readonly refused?: readonly Refused[];
  /** Rules that it does not hold, each with the reason. One that it does hold must not be here. */
  readonly exempt?: Partial<Readonly<Record<Rule, string>>>;
}

/** Defines the tests of one output: one a rule. */
export function testOutput(
  module: OutputModule,
  { exempt = {}, ...options }: OutputTest = {},
): void {
  const subject = { module, settings: [], refused: [], ...options };
  describe(module.name, () => {
    for (const [rule, hold] of Object.entries(RULES) as [
      Rule,
      (typeof RULES)[Rule],
    ][]) {
      const reason = exempt[rule];
      if (reason === undefined) test(rule, () => hold(subject));
      else
        test(`is exempt from: ${rule}: ${reason}`, () =>
          expect(hold(subject)).rejects.toThrow());
    }
  });
}

/** The output in a file, which may import "iotop"; whoever can change the file is of no interest here. */
export async function loadOutput(path: string): Promise<OutputModule> {
  const anybody = { uid: 1000, sudoUid: undefined, atSecure: false };
  const { module } = await loadUserModule(resolve(path), anybody, () => {});
  return module;
}
