/**
 * Whose is this record? One table, from the life that holds a tid and what is heard about it to a verdict. The first row
 * whose condition holds decides.
 *
 * What is certain is applied at once. It rests on the order of exit messages: a task sends its own before anybody else
 * can have its tid, and all that were sent before an answer are taken before the answer is looked at. So the messages
 * about a tid come in the order of its lives, and nothing is ever taken back. What is left goes into a journal, which is
 * replayed at the end of the scan, once everybody in question was asked again.
 *
 * After an execve in another thread the tid of the main thread answers for that thread, with all it did before, while
 * its own tid vanishes without a message (de_thread in fs/exec.c): only the end of the scan can tell which thread it was.
 */
import { KINDS, type EventKind } from "./event.ts";

const HOLDERS = ["none", "live", "ended"] as const;
export type Holder = (typeof HOLDERS)[number];

/** What is to be done with the record. */
export type Verdict =
  /** A new life; if another one lived under the tid by then, that one is missing. An exit message ends it too. */
  | "begin"
  /** Of the holder: a reading, its end, or what its zombie did on its way out. */
  | "same"
  /** Of the holder, from before its end: where counting begins. */
  | "baseline"
  /** Of the holder's zombie, which has done nothing. */
  | "seen"
  /** Of the thread that called execve, in place of the holder. */
  | "exec"
  | "journal"
  | "recheck"
  /** The holder is missing. */
  | "missing"
  | "nothing";

/** What is known of a record beside its kind: see RecordFacts. */
export type Fact =
  | "fits"
  | "isUnchanged"
  | "isBaseline"
  | "mayBeOlder"
  | "isOfAnother"
  | "isRechecked"
  | "canGoOn"
  | "isOfNextTask"
  | "isOfHolder"
  | "fitsMissing";
export type Facts = Readonly<Record<Fact, boolean>>;

/** A row of the decision table. */
export type Rule = readonly [
  holder: Holder,
  kinds: readonly EventKind[],
  when: Fact | "else",
  verdict: Verdict,
];

// prettier-ignore
const TABLE: readonly Rule[] = [
  // At once.
  ["none",  ["answer", "exit"], "else",            "begin"],
  ["live",  ["answer", "exit"], "fits",            "same"],
  ["live",  ["answer", "exit"], "else",            "begin"],
  ["ended", ["answer"],         "isUnchanged",     "seen"],
  ["ended", ["answer"],         "isBaseline",      "baseline"],
  ["ended", ["answer"],         "mayBeOlder",      "recheck"],
  ["ended", ["answer"],         "isOfAnother",     "begin"],
  ["ended", ["answer"],         "isRechecked",     "journal"],
  ["ended", ["answer"],         "else",            "recheck"],
  ["ended", ["exit"],           "canGoOn",         "journal"],
  ["ended", ["exit"],           "else",            "begin"],
  // At the end of the scan.
  ["none",  ["alive", "dying", "ended"], "else",   "begin"],
  ["live",  ["alive", "dying", "ended"], "else",   "same"],
  ["ended", ["dying"],          "isOfHolder",      "same"],
  ["ended", ["dying"],          "isOfNextTask",    "nothing"],
  ["ended", ["dying"],          "fitsMissing",     "exec"],
  ["ended", ["dying"],          "else",            "nothing"],
  ["ended", ["alive", "ended"], "isOfNextTask",    "begin"],
  ["ended", ["alive", "ended"], "else",            "exec"],
  ["live",  ["gone"],           "else",            "missing"],
  ["ended", ["gone"],           "else",            "nothing"],
];

/** The rules for a holder and an event: most records need the first one. */
const rulesFor = (holder: Holder, kind: EventKind): readonly Rule[] =>
  TABLE.filter(
    ([ruleHolder, kinds]) => ruleHolder === holder && kinds.includes(kind),
  );
const RULES = Object.fromEntries(
  HOLDERS.map((holder) => [
    holder,
    Object.fromEntries(KINDS.map((kind) => [kind, rulesFor(holder, kind)])),
  ]),
) as Record<Holder, Record<EventKind, readonly Rule[]>>;

/** The first rule that fits. The last one for a holder and an event fits always, where they can meet at all. */
export function decide(holder: Holder, kind: EventKind, facts: Facts): Rule {
  for (const rule of RULES[holder][kind])
    if (rule[2] === "else" || facts[rule[2]]) return rule;
  throw new Error(`no rule for ${holder}, ${kind}`);
}
