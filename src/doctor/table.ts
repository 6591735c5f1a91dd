/** The findings as one table for people. Pure. */
import { TEXT_WIDTH, fillLines } from "../model/text/text-layout.ts";
import type { Finding } from "./findings.ts";

const MARKS: Readonly<Record<Finding["state"], string>> = {
  ok: "ok",
  note: "note",
  lack: "LACK",
};

/** Where what was found begins. */
const AT = 24;

function lines({ subject, state, found, advice }: Finding): readonly string[] {
  const head = `${MARKS[state].padEnd(6)}${subject}`.padEnd(AT);
  const room = TEXT_WIDTH - AT;
  const [first = "", ...rest] = fillLines(found, room);
  const indent = " ".repeat(AT);
  const advised = advice === null ? [] : fillLines(`do: ${advice}`, room);
  return [head + first, ...[...rest, ...advised].map((line) => indent + line)];
}

export function findingsTable(findings: readonly Finding[]): string {
  const lacks = findings.filter(({ state }) => state === "lack").length;
  const verdict =
    lacks === 0
      ? "Nothing is missing."
      : `${lacks === 1 ? "One thing is" : `${lacks} things are`} missing.`;
  return [...findings.flatMap(lines), "", verdict, ""].join("\n");
}
