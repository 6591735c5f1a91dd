import { expect, setDefaultTimeout, test } from "bun:test";
import { withCulpritFiles } from "../../../support/screen/culprit-files.ts";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(60_000);

const SAMPLES = culprits({ samples: 6 }).map(withCulpritFiles);
const ESCAPE = "\x1b";

async function open(columns: number, rows: number) {
  let wants = 0;
  const want = (): null => (wants++, null);
  const controls = { files: { want } } as never;
  const screen = await ScreenHarness.open({ columns, rows, controls });
  await screen.show(SAMPLES[0]!);
  return { screen, wants: () => wants };
}

test.each([
  [40, 16],
  [80, 24],
  [120, 40],
])(
  "F without a cursor: the busiest files in %d by %d",
  async (columns, rows) => {
    const { screen } = await open(columns, rows);
    await using _ = screen;
    await screen.type("F");
    for (const sample of SAMPLES.slice(1)) await screen.show(sample);
    expect(screen.lines().join("\n")).toMatchSnapshot();
  },
);

test("it is asked for while it is open; sums follow a; tab scrolls; Enter and Esc lead into details and back", async () => {
  const { screen, wants } = await open(80, 16);
  await using _ = screen;
  expect(wants()).toBe(0);
  const has = (text: string) => screen.lines().join("\n").includes(text);
  await screen.type("F");
  expect([has("─ busiest files ─"), wants() > 0]).toEqual([true, true]);
  for (const sample of SAMPLES.slice(1)) await screen.show(sample);
  expect([has("READ/s"), has("/a.dat (direct)"), has(" of 7 ")]).toEqual([
    ...[true, true, true],
  ]);
  await screen.type("\t");
  expect([
    /\d-7 of 7/.test(screen.lines().join("\n")),
    has("(metadata of"),
  ]).toEqual([true, true]);
  await screen.type("a\t");
  expect([has("─ since "), has("   READ   WRITE TO DISK  ")]).toEqual([
    ...[true, true],
  ]);
  await screen.type(`${ESCAPE}[B\r`);
  expect([has("─ 18710 fio ─"), has("busiest")]).toEqual([true, false]);
  await screen.type("\r");
  expect(has("─ busiest files ─")).toBe(true);
  await screen.type("F");
  const asked = wants();
  await screen.show({ ...SAMPLES.at(-1)!, seq: 7 } as never);
  expect([has("busiest"), wants()]).toEqual([false, asked]);
  // With a cursor, they are those of its process.
  await screen.type("F");
  expect([has("─ 18710 fio ─"), has("/srv/archive/a.dat")]).toEqual([
    ...[true, true],
  ]);
});
