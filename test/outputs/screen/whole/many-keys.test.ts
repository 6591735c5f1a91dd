/** Many keys in one read, as when the program or the network was slow: they are answered at once. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { ScreenHarness } from "../../../support/screen/screen-harness.ts";
import {
  busySample,
  longSample,
} from "../../../support/screen/screen-samples.ts";

setDefaultTimeout(60_000);

const open = async (rows = 30): Promise<ScreenHarness> => {
  const screen = await ScreenHarness.open({ columns: 120, rows });
  await screen.show(busySample());
  return screen;
};

/** How often the program looked at the terminal's size for these keys. */
async function readsFor(keys: string, before = ""): Promise<number> {
  await using screen = await open();
  if (before !== "") await screen.type(before);
  const known = screen.sizeReads;
  await screen.type(keys);
  return screen.sizeReads - known;
}

test.each([
  ["u", ""],
  ["o", ""],
  ["p", ""],
  ["a", "/"],
  ["1", "f"],
  ["j", ""],
  ["k", "G"],
  ["\x1b[6~", "j"],
  ["\x1b[5~", "G"],
])("%j many times after %j composes one frame", async (key, before) => {
  const forOne = await readsFor(key, before);
  expect(forOne).toBeGreaterThan(0);
  expect(await readsFor(key.repeat(301), before)).toBe(forOne);
});

test.each([
  "ojjp",
  "\x1b[C\x1b[Cjrj",
  "\x1b[C\x1b[C\x1b[D\x1b[D\x1b[D",
  "/fio\x1b[B\r",
  "jjj/post\r\x1b[Bo",
  "ppjjy\x1b[6~j",
  "hjjjhjj",
  "jjjdjjpjjhjhj",
  "jj>>jjj<j",
  "Gkkk1jjoj",
  "aejjk>>r",
  "sj[j]sj",
  "j\r\t\tjj",
  "vjj jj \rjj",
])("%j in one read does what it does key by key", async (keys) => {
  for (const rows of [12, 30]) {
    await using together = await open(rows);
    await together.type(keys);
    await using apart = await open(rows);
    for (const key of keys.match(/\x1b\[\d?.|./gs)!) await apart.type(key);
    expect(together.lines()).toEqual([...apart.lines()]);
  }
});

test("the cursor goes as many rows down as it was told to, after the list changed too", async () => {
  await using screen = await ScreenHarness.open({ columns: 80, rows: 24 });
  await screen.show(longSample(60, 30));
  // Beyond the first window of the list that the arrows made.
  const keys = `${"\x1b[C".repeat(2)}${"j".repeat(31)}`;
  await screen.type(keys);
  await using apart = await ScreenHarness.open({ columns: 80, rows: 24 });
  await apart.show(longSample(60, 30));
  for (const key of keys.match(/\x1b\[C|j/g)!) await apart.type(key);
  expect(screen.lines()).toEqual([...apart.lines()]);
});

test("> stops where the longest command on the screen still shows something, and < goes back from there", async () => {
  await using screen = await ScreenHarness.open({ columns: 120, rows: 30 });
  const before = await screen.show(busySample());
  const far = [...(await screen.type(">".repeat(300)))];
  expect(far).not.toEqual([...before]);
  expect(far.join("\n")).toMatch(/ …\S/);
  expect([...(await screen.type(">"))]).toEqual(far);
  expect([...(await screen.type("<"))]).not.toEqual(far);
  await screen.type("c");
  expect(await screen.type(">".repeat(9))).toEqual(await screen.type("<"));
});
