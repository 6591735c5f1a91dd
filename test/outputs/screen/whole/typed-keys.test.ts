import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { eventually } from "../../../support/eventually.ts";
import { makeSample } from "../../../support/samples.ts";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";
import {
  busySample,
  longSample,
  text,
} from "../../../support/screen/screen-samples.ts";

setDefaultTimeout(60_000);

describe("keys", () => {
  const commandsOf = (lines: readonly string[]): readonly string[] =>
    lines.flatMap((line) => line.match(/task\d+/) ?? []);

  test("q asks for the end", async () => {
    await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
    await screen.type("q");
    expect(screen.stops).toBe(1);
  });

  test("o hides who did nothing, p folds, a sums up", async () => {
    await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
    await screen.show(busySample());
    expect(text(screen.lines())).toContain("[kthreadd]");
    expect(text(await screen.type("o"))).not.toContain("[kthreadd]");
    expect(text(await screen.type("pp"))).toContain(" TID ");
    expect(text(await screen.type("a"))).toContain(" since 03:27:27");
  });

  test("sorting moves the arrow and the rows", async () => {
    await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
    await screen.show(busySample());
    expect(screen.lines()[3]).toContain("GRAPH[R+W]▽");
    let byId = await screen.type("\x1b[C");
    while (!byId[3]!.includes("△PID")) byId = await screen.type("\x1b[C");
    expect(byId[4]).toContain("kthreadd");
    const reversed = await screen.type("r");
    expect(reversed[3]).toContain("▽PID");
    expect(reversed[4]).toContain("dd if=");
    expect((await screen.type("\x1b[D"))[3]).toContain("COMMAND△");
  });

  test("a click on a title sorts", async () => {
    await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
    await screen.show(busySample());
    const x = screen.lines()[3]!.indexOf("DISK WRITE") + 3;
    expect((await screen.type(`\x1b[<0;${x};4M`))[3]).toContain("DISK WRITE▽");
  });

  test("the cursor stays on its task while the list sorts anew, and the window stays at the top", async () => {
    await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
    await screen.show(longSample(60, 30));
    const selected = (): string | undefined => {
      for (let y = 4; y < 22; y++) {
        const line = screen.xterm.buffer.active.getLine(y)!;
        if (line.getCell(3)!.isInverse() !== 0)
          return line.translateToString().match(/task\d+/)?.[0];
      }
      return undefined;
    };
    expect(selected()).toBeUndefined();
    await screen.type("j");
    expect(selected()).toBe("task30");
    await screen.show(longSample(60, 50));
    expect(selected()).toBe("task30");
    expect(commandsOf(screen.lines())[0]).toBe("task50");
    await screen.type("\x1b");
    // Until then it may be the beginning of another key.
    await eventually(selected, (name) => name === undefined);
    await screen.settle();
    expect(commandsOf(screen.lines())[0]).toBe("task50");
  });

  test("a page down shows the next rows, and the last page is full", async () => {
    await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
    await screen.show(longSample(40, 0));
    await screen.type("\x1b[6~\x1b[6~\x1b[6~\x1b[6~");
    const commands = commandsOf(screen.lines());
    expect(commands.length).toBe(19);
    expect(commands.at(-1)).toBe("task39");
  });

  test("a task under the cursor that ends is told of, and the cursor does not go to another", async () => {
    await using screen = await ScreenHarness.open({ columns: 120, rows: 24 });
    await screen.show(busySample());
    await screen.type("\x1b[C\x1b[C\x1b[Hj");
    expect(screen.lines().join("")).toContain(
      "dd if=/dev/zero of=/da… (exit 1)",
    );
    await screen.type("e");
    await screen.type("e");
    expect(
      text(await screen.show(busySample({ seq: 2, ended: false }))),
    ).toContain("dd has exited");
  });

  test("frozen, the picture stays; going on shows the newest sample", async () => {
    await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
    await screen.show(longSample(5, 0));
    expect(text(await screen.type(" "))).toContain("[frozen]");
    expect(commandsOf(await screen.show(longSample(5, 3)))[0]).toBe("task0");
    expect(commandsOf(await screen.type(" "))[0]).toBe("task3");
  });

  test("the help tells how things stand, and fits any window", async () => {
    for (const [columns, rows] of [
      [120, 50],
      [80, 24],
      [40, 12],
      [20, 5],
    ] as const) {
      await using screen = await ScreenHarness.open({ columns, rows });
      await screen.show(busySample());
      await screen.type("o");
      const shown = text(await screen.type("?"));
      expect(shown).toContain("help");
      if (rows >= 24) expect(shown).toContain("wait [on]");
      await screen.type("o");
      if (rows >= 24) expect(text(screen.lines())).toContain("wait [off]");
      await screen.type("h");
      expect(text(screen.lines())).not.toContain("help ─");
    }
  });

  test("ctrl-l draws everything anew, a key without a meaning nothing", async () => {
    await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
    const shown = [...(await screen.show(busySample()))];
    await new Promise<void>((done) =>
      screen.xterm.write("\x1b[5;1Hrubbish from another program", done),
    );
    const prints = screen.prints.length;
    expect(await screen.type("=")).not.toEqual(shown);
    expect(screen.prints.length).toBe(prints);
    expect(await screen.type("\x0c")).toEqual(shown);
  });

  test.each([80, 106, 40])(
    "a message longer than %i columns is shown whole",
    async (columns) => {
      const text =
        "a message of many words which is longer than the line of a screen is, so that it goes on in the next";
      await using screen = await ScreenHarness.open({ columns, rows: 24 });
      await screen.show(makeSample({}));
      await screen.warn(text);
      const shown = screen.lines().join(" ").replaceAll(/ +/g, " ");
      expect(shown).toContain(text);
    },
  );

  test("where there is room for one line a long message is cut with a mark", async () => {
    const text = "word ".repeat(40).trim();
    await using screen = await ScreenHarness.open({ columns: 60, rows: 12 });
    await screen.show(makeSample({}));
    await screen.warn(text);
    const lines = screen.lines().filter((line) => line.includes("word"));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("~");
  });

  test("a message shows in the smallest window too", async () => {
    await using screen = await ScreenHarness.open({ columns: 20, rows: 5 });
    await screen.show(busySample());
    expect((await screen.warn("statsd: refused"))[4]).toContain(
      "statsd: refused",
    );
  });
});
