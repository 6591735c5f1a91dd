import { describe, expect, test } from "bun:test";
import type { LocalTime } from "../../../src/model/text/format.ts";
import {
  needsSpan,
  parseTimeText,
  resolveWindow,
} from "../../../src/model/text/time-text.ts";
import { utcTime } from "../../support/utc-time.ts";

const at = (text: string): number => Date.parse(text);
const iso = (ms: number): string =>
  Number.isFinite(ms) ? new Date(ms).toISOString().replace(".000Z", "") : "-";

const NOW_MS = at("2026-11-26T08:00:00Z");
/** Two and a half days, until noon. */
const SPAN = {
  beginMs: at("2026-11-23T00:00:00Z"),
  endMs: at("2026-11-25T12:00:00Z"),
};

/** Central Europe in 2026, by the rule: the test needs no files of zones. */
function berlin(timeMs: number): LocalTime {
  const isSummer =
    timeMs >= at("2026-03-29T01:00:00Z") && timeMs < at("2026-10-25T01:00:00Z");
  return utcTime(timeMs + (isSummer ? 2 : 1) * 3_600_000);
}

function windowOf(
  from: string | null,
  to: string | null = null,
  { span = SPAN, localTime = utcTime } = {},
): string {
  const [first, last] = [from, to].map((text) =>
    text === null ? null : parseTimeText(text)!,
  );
  const { fromMs, toMs } = resolveWindow({ from: first!, to: last! }, span, {
    localTime,
    nowMs: NOW_MS,
  });
  return `${iso(fromMs)} ${iso(toMs)}`;
}

describe("a begin", () => {
  test.each([
    ["02:13", "2026-11-25T02:13:00"],
    ["2:13", "2026-11-25T02:13:00"],
    ["02:13:20", "2026-11-25T02:13:20"],
    ["02:13:20.5", "2026-11-25T02:13:20.500Z"],
    // The last one within is that of the day before.
    ["13:00", "2026-11-24T13:00:00"],
    ["12:00", "2026-11-24T12:00:00"],
    ["2026-11-24 02:13", "2026-11-24T02:13:00"],
    ["2026-11-24", "2026-11-24T00:00:00"],
    ["2026-11-24T02:13:05", "2026-11-24T02:13:05"],
    ["2026-11-24T02:13:00Z", "2026-11-24T02:13:00"],
    ["2026-11-24T02:13:00.250Z", "2026-11-24T02:13:00.250Z"],
    ["2026-11-24T02:13+01:00", "2026-11-24T01:13:00"],
    ["2026-11-24 02:13 -0330", "2026-11-24T05:43:00"],
    ["yesterday 02:13", "2026-11-25T02:13:00"],
    ["-2h", "2026-11-25T10:00:00"],
    ["-90s", "2026-11-25T11:58:30"],
    ["-1.5h", "2026-11-25T10:30:00"],
    ["-10m", "2026-11-25T11:50:00"],
    ["-10min", "2026-11-25T11:50:00"],
    ["-1d", "2026-11-24T12:00:00"],
    ["@1795600380", "2026-11-25T09:53:00"],
  ])("%s", (text, wanted) => {
    expect(windowOf(text)).toBe(`${wanted} -`);
  });

  test.each(
    [
      [
        "",
        "24:00",
        "02:60",
        "2:1",
        "02:13:60",
        "0213",
        "noon",
        "-2",
        "-2y",
        "2h",
      ],
      ["2026-02-30 02:13", "2026-13-01 02:13", "2026-11-24T25:00Z", "@", "@x"],
      [
        "2026-11-24T02:13:00+25:00",
        "yesterday",
        "today 02:13",
        "02:13Z",
        " 02:13",
      ],
    ].flat(),
  )("%j is none", (text) => {
    expect(parseTimeText(text)).toBeNull();
  });
});

describe("an end", () => {
  test.each([
    ["02:13", "02:14", "2026-11-25T02:13:00 2026-11-25T02:14:00"],
    ["23:50", "00:10", "2026-11-24T23:50:00 2026-11-25T00:10:00"],
    // Beyond the end of the recording.
    ["11:00", "13:00", "2026-11-25T11:00:00 2026-11-25T13:00:00"],
    ["2026-11-23 02:00", "03:00", "2026-11-23T02:00:00 2026-11-23T03:00:00"],
    ["02:00", "2026-11-24 05:00", "2026-11-24T02:00:00 2026-11-24T05:00:00"],
    ["-2h", "-1h", "2026-11-25T10:00:00 2026-11-25T11:00:00"],
    ["-1d", "12:00", "2026-11-24T12:00:00 2026-11-25T12:00:00"],
    [null, "02:14", "- 2026-11-25T02:14:00"],
    [null, "12:00", "- 2026-11-25T12:00:00"],
    [null, "2026-11-24 00:00", "- 2026-11-24T00:00:00"],
  ])("%s to %s", (from, to, wanted) => {
    expect(windowOf(from, to)).toBe(wanted);
  });

  test("hours of a day that ends at midnight are those of that day", () => {
    const span = {
      beginMs: at("2026-11-24T00:00:00Z"),
      endMs: at("2026-11-25T00:00:00Z"),
    };
    const hours = Array.from({ length: 25 }, (_, hour) =>
      `${hour % 24}:00`.padStart(5, "0"),
    );
    for (let hour = 0; hour < 24; hour++) {
      const beginMs = span.beginMs + hour * 3_600_000;
      expect(windowOf(hours[hour]!, hours[hour + 1]!, { span })).toBe(
        `${iso(beginMs)} ${iso(beginMs + 3_600_000)}`,
      );
    }
  });

  test("where no such time is within, the nearest is meant", () => {
    const span = {
      beginMs: at("2026-11-24T14:00:00Z"),
      endMs: at("2026-11-24T15:00:00Z"),
    };
    expect(windowOf("13:30", "15:30", { span })).toBe(
      "2026-11-24T13:30:00 2026-11-24T15:30:00",
    );
    expect(windowOf(null, "15:30", { span })).toBe("- 2026-11-24T15:30:00");
    expect(windowOf("16:00", null, { span })).toBe("2026-11-24T16:00:00 -");
  });
});

describe("in a zone with summer time", () => {
  const there = { localTime: berlin };

  test("a time is that of its day", () => {
    expect(windowOf("2026-07-01 02:13", null, there)).toBe(
      "2026-07-01T00:13:00 -",
    );
    expect(windowOf("2026-11-24 02:13", "02:14", there)).toBe(
      "2026-11-24T01:13:00 2026-11-24T01:14:00",
    );
    expect(windowOf("02:13", null, there)).toBe("2026-11-25T01:13:00 -");
  });

  test("an hour that comes twice is whole", () => {
    expect(windowOf("2026-10-25 02:00", "2026-10-25 02:59", there)).toBe(
      "2026-10-25T00:00:00 2026-10-25T01:59:00",
    );
  });

  test("a time that never comes is that of the clock that was not set", () => {
    expect(windowOf("2026-03-29 02:30", null, there)).toBe(
      "2026-03-29T01:30:00 -",
    );
  });
});

test.each([
  ["02:13", null, true],
  ["-2h", "@5", true],
  [null, "02:13", true],
  ["2026-11-24 02:13", "-1h", true],
  ["2026-11-24 02:13", "02:14", false],
  ["yesterday 02:13", "@5", false],
  [null, null, false],
])("from %s to %s depends on the recording: %p", (from, to, depends) => {
  const textOf = (text: string | null) =>
    text === null ? null : parseTimeText(text)!;
  expect(needsSpan({ from: textOf(from), to: textOf(to) })).toBe(depends);
});
