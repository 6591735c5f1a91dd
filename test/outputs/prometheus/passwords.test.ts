import { expect, setDefaultTimeout, test } from "bun:test";
import { Passwords } from "../../../outputs/prometheus/passwords.ts";

setDefaultTimeout(120_000);

const basic = (text: string): string =>
  `Basic ${Buffer.from(text).toString("base64")}`;

test("a hash as htpasswd makes it takes its password alone", async () => {
  const hash = Bun.password.hashSync("pass:wörd", {
    algorithm: "bcrypt",
    cost: 4,
  });
  const passwords = new Passwords(
    new Map([["alice", hash.replace("$2b$", "$2y$")]]),
  );
  const asked = [
    "alice:pass:wörd",
    "alice:pass:wörd ",
    "alice:",
    "alice",
    "bob:pass:wörd",
    ":pass:wörd",
    "__proto__:x",
  ];
  const answers: boolean[] = [];
  for (const text of asked) answers.push(await passwords.accepts(basic(text)));
  expect(answers).toEqual([true, false, false, false, false, false, false]);
  for (const header of ["", "Basic", "Basic !", "Bearer abcd", hash])
    expect(await passwords.accepts(header)).toBe(false);
  expect(
    await passwords.accepts(basic("alice:pass:wörd").replace("B", "b")),
  ).toBe(true);
});

test("without users everybody is let in", async () =>
  expect(await new Passwords(new Map()).accepts("")).toBe(true));

test("what was right is known; guesses are checked one at a time, those at nobody too", async () => {
  let running = 0;
  let most = 0;
  const checked: string[] = [];
  const passwords = new Passwords(
    new Map([["a", "hash"]]),
    async (password, hash) => {
      running++;
      most = Math.max(most, running);
      await Bun.sleep(0);
      running--;
      checked.push(hash === "hash" ? password : `nobody ${password}`);
      if (password === "broken") throw new Error("no hash");
      return password === "right";
    },
  );
  const ask = (text: string) => passwords.accepts(basic(text));
  const answers = await Promise.all(
    ["a:wrong", "a:right", "b:right", "a:broken"].map(ask),
  );
  expect(answers).toEqual([false, true, false, false]);
  expect([most, checked]).toEqual([
    1,
    ["wrong", "right", "nobody right", "broken"],
  ]);
  expect(await ask("a:right")).toBe(true);
  expect(await ask("a:wrong")).toBe(false);
  expect(checked.slice(4)).toEqual(["wrong"]);
});
