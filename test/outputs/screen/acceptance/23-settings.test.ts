/** W saves what the keys have set, and a screen that is opened with that shows the same. The file itself: test/e2e. */
import { expect, setDefaultTimeout, test } from "bun:test";
import type { SettingsControl } from "../../../../src/model/controls.ts";
import { parseSettings } from "../../../../src/model/options/setting-lines.ts";
import { DEFAULT_SCREEN } from "../../../../src/model/options/screen-settings.ts";
import { culprits } from "../../../support/screen/screen-culprits.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";

setDefaultTimeout(120_000);

const WINDOW = { columns: 100, rows: 30 };

class FakeFile implements SettingsControl {
  readonly path = "/home/ann/.config/iotop/iotoprc";
  lines: readonly string[] = [];
  refusal: string | null = null;

  save(lines: readonly string[]): string | null {
    if (this.refusal === null) this.lines = lines;
    return this.refusal;
  }

  readonly controls = {
    pace: null,
    tasks: null,
    settings: this,
    replay: null,
    files: null,
  };
}

async function openWith(file: FakeFile): Promise<ScreenHarness> {
  const screen = await ScreenHarness.open({
    ...WINDOW,
    screen: parseSettings(file.lines.join("\n")).apply(DEFAULT_SCREEN),
    controls: file.controls,
  });
  await screen.show(SAMPLE);
  return screen;
}

const SAMPLE = culprits().at(-1)!;

test("o g W, start again: the same view, order and source", async () => {
  const file = new FakeFile();
  await using first = await openWith(file);
  const untouched = first.lines();
  await first.type("ogW");
  expect(first.lines().join("\n")).toContain(`saved in ${file.path}`);
  expect(file.lines).toEqual(["--only", "--grtype=io"]);
  expect(first.lines().slice(0, -2)).not.toEqual(untouched.slice(0, -2));

  await using again = await openWith(file);
  // With the same message.
  expect(await again.type("W")).toEqual(first.lines());
});

test("the order, columns, view and looks are saved too, and D brings all back", async () => {
  const file = new FakeFile();
  await using first = await openWith(file);
  const untouched = first.lines();
  await first.type("\x1b[Crp23ceuunmW");
  expect(file.lines).toContain("--hide-prio");
  expect(file.lines).toContain("--no-fullcmdline");
  expect(file.lines).toContain("--processes");
  expect(file.lines.filter((line) => line.includes("--sort="))).toHaveLength(1);

  await using again = await openWith(file);
  // With the same message.
  expect(await again.type("W")).toEqual(first.lines());

  await again.type("DW");
  expect(file.lines).toEqual([]);
  expect(again.lines().slice(4, -3)).toEqual(untouched.slice(4, -3));
});

test("what cannot be saved is said", async () => {
  const file = new FakeFile();
  file.refusal = "the disk is full";
  await using screen = await openWith(file);
  expect((await screen.type("W")).join("\n")).toContain("the disk is full");

  await using without = await ScreenHarness.open(WINDOW);
  await without.show(SAMPLE);
  expect((await without.type("W")).join("\n")).toContain("nothing is saved");
});
