import { describe, expect, test } from "bun:test";
import { parsePasswd, uidOfUser, userOfUid } from "../../src/kernel/passwd.ts";

describe("the list of users", () => {
  test("names by uid", () => {
    const text = [
      "root:x:0:0:root:/root:/bin/bash",
      "www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin",
      "jörg:x:1000:1000:,,,:/home/jörg:/bin/zsh",
      "",
    ].join("\n");
    expect([...parsePasswd(text)]).toEqual([
      [0, "root"],
      [33, "www-data"],
      [1000, "jörg"],
    ]);
  });

  test("the first of two names of a uid", () => {
    expect(parsePasswd("root:x:0:0\ntoor:x:0:0").get(0)).toBe("root");
  });

  test.each([
    ["nothing", ""],
    ["a comment", "# users"],
    ["no name", ":x:5:5::/:"],
    ["no uid", "ann:x::5::/:"],
    ["a uid that is no number", "ann:x:5a:5::/:"],
    ["a negative uid", "ann:x:-1:5::/:"],
    ["a line cut short", "ann:x"],
    ["NIS's plus sign", "+::::::"],
  ])("%s is no user", (_, text) => {
    expect(parsePasswd(text).size).toBe(0);
  });
});

describe("this machine", () => {
  test("knows root both ways", () => {
    expect(userOfUid(0)).toBe("root");
    expect(uidOfUser("root")).toBe(0);
  });

  test("a uid without a name is its number, every time", () => {
    expect(userOfUid(3_999_999_999)).toBe("3999999999");
    expect(userOfUid(3_999_999_999)).toBe("3999999999");
  });

  test("a user that is not there", () => {
    expect(uidOfUser("no-such-user-here")).toBeNull();
    expect(uidOfUser("")).toBeNull();
  });
});
