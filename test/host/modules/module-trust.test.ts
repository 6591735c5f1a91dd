import { describe, expect, test } from "bun:test";
import {
  findDistrust,
  trustedUids,
  type FileFacts,
  type Paths,
} from "../../../src/host/modules/module-trust.ts";

const ROOT_ONLY = trustedUids(undefined);

/** Everything belongs to root and is 755, but for what is said; links by their names. */
const pathsOf = (
  odd: Readonly<Record<string, Partial<FileFacts>>>,
  links: Readonly<Record<string, string>> = {},
): Paths => ({
  lstat: (path) => ({
    uid: 0,
    mode: path in links ? 0o120777 : 0o40755,
    isLink: path in links,
    ...odd[path],
  }),
  readlink: (path) => links[path]!,
});

const FILE = "/home/ann/out/busiest.ts";

describe("findDistrust", () => {
  test("root's own file, below root's own directories", () => {
    expect(findDistrust(FILE, ROOT_ONLY, pathsOf({}))).toBeNull();
  });

  test.each([
    [FILE, { mode: 0o100666 }, "can be written by others (mode 666)"],
    [FILE, { mode: 0o100664 }, "can be written by others (mode 664)"],
    [FILE, { uid: 1000 }, "belongs to user 1000"],
    ["/home/ann/out", { mode: 0o40775 }, "can be written by others (mode 775)"],
    ["/home/ann", { uid: 1000 }, "belongs to user 1000"],
    ["/home", { mode: 0o41777 }, "can be written by others (mode 1777)"],
    ["/", { mode: 0o40757 }, "can be written by others (mode 757)"],
  ])("%s %o", (path, facts, why) => {
    expect(
      findDistrust(FILE, ROOT_ONLY, pathsOf({ [path]: facts })),
    ).toStartWith(`${path} ${why}`);
  });

  test.each<[string, string, Partial<FileFacts>]>([
    ["the folder of a link", "/tmp", { mode: 0o41777 }],
    ["what a link leads to", "/srv/real.ts", { mode: 0o100666 }],
    ["the folder of what a link leads to", "/srv", { uid: 1000 }],
    ["the folder of a link on the way", "/var/x", { mode: 0o40777 }],
  ])("%s counts", (_, path, facts) => {
    const links = {
      "/tmp/link.ts": "../home/ann/out/second.ts",
      "/home/ann/out": "/var/x/out",
      "/var/x/out/second.ts": "/srv/real.ts",
    };
    const judge = (odd: Readonly<Record<string, Partial<FileFacts>>>) =>
      findDistrust("/tmp/link.ts", ROOT_ONLY, pathsOf(odd, links));
    expect(judge({})).toBeNull();
    expect(judge({ [path]: facts })).toStartWith(`${path} `);
  });

  test("links in a circle", () => {
    const links = { "/a": "/b", "/b": "a" };
    expect(findDistrust("/a/x", ROOT_ONLY, pathsOf({}, links))).toMatch(
      /^\/[ab] is in a loop of symbolic links$/,
    );
  });

  test("the user who called sudo is trusted, others are not", () => {
    const anns = pathsOf({ "/home/ann": { uid: 1000 }, [FILE]: { uid: 1000 } });
    expect(findDistrust(FILE, trustedUids("1000"), anns)).toBeNull();
    expect(findDistrust(FILE, trustedUids("1001"), anns)).not.toBeNull();
  });
});

test("trustedUids takes nothing but a number", () => {
  expect([...trustedUids("1000")]).toEqual([0, 1000]);
  for (const text of [undefined, "", "-1", "1e3", "0x3e8", "1000 "])
    expect([...trustedUids(text)]).toEqual([0]);
});
