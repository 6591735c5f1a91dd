/** Values of TZ in every form that tzset(3) describes, and times at which zones differ. */
import { existsSync } from "node:fs";

const FORMS = [
  // Names, with and without the colon, in folders, old ones.
  "Europe/Berlin",
  ":Europe/Berlin",
  "America/Argentina/Buenos_Aires",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Pacific/Chatham",
  "EST5EDT",
  "UTC",
  "posix/Asia/Tokyo",
  "right/Europe/Berlin",
  // Paths.
  ":/etc/localtime",
  "/etc/localtime",
  "/usr/share/zoneinfo/Asia/Tokyo",
  ":/usr/share/zoneinfo/Asia/Tokyo",
  // Rules: without summer, with it, in the south, with minutes, in quotes, by days of the year, all year.
  "JST-9",
  "CET-1CEST,M3.5.0,M10.5.0/3",
  "CET-1CEST",
  "AEST-10AEDT,M10.1.0,M4.1.0/3",
  "<+0330>-3:30",
  "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1",
  "IST-1GMT0,M10.5.0,M3.5.0/1",
  "AAA+11:22:33",
  "EST5EDT,J60/0,J300/0",
  "XXX3YYY,0/0,J365/23",
  // Nothing, and what is no zone.
  "",
  ":",
  "Mars/Olympus",
  "no zone at all",
  "12345",
] as const;

/** Those whose file this machine has. */
export const ZONES: readonly string[] = FORMS.filter(
  (zone) =>
    !zone.startsWith("right/") || existsSync(`/usr/share/zoneinfo/${zone}`),
);

const at = (text: string): number => Date.parse(text);

/** Unix ms: winter, summer, the last and the first second around switches, other years, a leap day, fractions. */
export const TIMES_MS: readonly number[] = [
  at("2026-01-15T12:34:56Z"),
  at("2026-07-15T22:50:09.999Z"),
  at("2026-03-29T00:59:59.999Z"),
  at("2026-03-29T01:00:00Z"),
  at("2026-10-25T00:59:59Z"),
  at("2026-10-25T01:00:00Z"),
  at("2026-04-04T15:59:59Z"),
  at("2026-04-04T16:00:00.5Z"),
  at("2026-10-03T16:00:00Z"),
  at("2026-03-08T06:59:59Z"),
  at("2026-03-08T07:00:00Z"),
  at("2026-11-01T06:00:00Z"),
  at("2024-02-29T23:30:00Z"),
  at("2025-12-31T23:59:59Z"),
  at("2050-06-30T20:00:00Z"),
  at("1999-12-31T23:59:59Z"),
];

/** What date(1) prints for the times in a zone; undefined: without TZ. */
export function datesOf(
  zone: string | undefined,
  timesMs: readonly number[],
): readonly string[] {
  const input = timesMs.map((ms) => `@${Math.floor(ms / 1000)}\n`).join("");
  const { stdout, exitCode } = Bun.spawnSync(
    ["date", "-f", "-", "+%Y-%m-%d %H:%M:%S"],
    {
      stdin: Buffer.from(input),
      env: {
        PATH: process.env["PATH"] ?? "/usr/bin:/bin",
        ...(zone === undefined ? {} : { TZ: zone }),
      },
    },
  );
  if (exitCode !== 0) throw new Error(`date ended with ${exitCode}`);
  return stdout.toString().trimEnd().split("\n");
}
