import { expect, test } from "bun:test";
import { findingsTable } from "../../src/doctor/table.ts";

test("one line a finding, its advice below it, within 80 columns", () => {
  expect(
    findingsTable([
      { subject: "kernel", state: "ok", found: "Linux 6.1", advice: null },
      {
        subject: "delay accounting",
        state: "lack",
        found: "off: SWAPIN and IO are unknown",
        advice:
          "sysctl kernel.task_delayacct=1; it counts for tasks that start afterwards",
      },
    ]),
  ).toBe(`ok    kernel            Linux 6.1
LACK  delay accounting  off: SWAPIN and IO are unknown
                        do: sysctl kernel.task_delayacct=1; it counts for tasks
                        that start afterwards

One thing is missing.
`);
});

test("says that nothing is missing, or how much", () => {
  const of = (state: "ok" | "lack" | "note") =>
    ({ subject: "x", state, found: "y", advice: null }) as const;
  expect(findingsTable([of("ok"), of("note")])).toEndWith(
    "\nNothing is missing.\n",
  );
  expect(findingsTable([of("lack"), of("lack")])).toEndWith(
    "\n2 things are missing.\n",
  );
});
