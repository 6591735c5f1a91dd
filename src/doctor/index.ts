/** `iotop --doctor`: what this machine offers, and what to do about each lack. */
import { readFacts, type Facts, type TerminalFacts } from "./facts.ts";
import { judge } from "./findings.ts";
import { findingsTable } from "./table.ts";

export interface Diagnosis {
  readonly text: string;
  /** 0 if nothing is missing, else 1. */
  readonly status: 0 | 1;
}

/** @throws what opening a source throws where there is no /proc */
export async function diagnose(
  terminal: TerminalFacts | null,
  environment: Facts["environment"],
): Promise<Diagnosis> {
  const findings = judge(await readFacts(terminal, environment));
  const isWell = findings.every(({ state }) => state !== "lack");
  return { text: findingsTable(findings), status: isWell ? 0 : 1 };
}
