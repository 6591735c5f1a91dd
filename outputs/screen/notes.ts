/** One line each for what the user should know about the figures. */
import type { Sample } from "../../src/model/sample.ts";

export function notesOf(sample: Sample): readonly string[] {
  const notes: string[] = [];
  if (!sample.origin.delayAccounting)
    notes.push(
      "SWAPIN, IO unknown: sysctl kernel.task_delayacct=1 counts tasks started later",
    );
  const health = healthNote(sample);
  if (health !== "") notes.push(health);
  return notes;
}

function healthNote({ health }: Sample): string {
  const parts: string[] = [];
  const many = (count: number, one: string): string =>
    `${count} ${one}${count === 1 ? "" : "s"}`;
  if (health.denied > 0)
    parts.push(`${many(health.denied, "task")} hidden from this user`);
  if (health.lostExits > 0)
    parts.push(
      `${many(health.lostExits, "overflow")} of exit messages: I/O is missing`,
    );
  if (health.vanished > 0)
    parts.push(`${many(health.vanished, "task")} ended unread`);
  if (!health.exitEvents)
    parts.push("no exit messages: what tasks did last is missing");
  return parts.join("; ");
}
