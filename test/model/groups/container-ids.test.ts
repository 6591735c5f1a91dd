import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  findContainerIds,
  fitName,
  shortContainerId,
  shortenContainerIds,
} from "../../../src/model/groups/container-ids.ts";
import { escapeText } from "../../../src/model/text/format.ts";

const ID = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const OTHER_ID =
  "a3bf4f1b2b0b822cd15d6c15b0f00a089f86d081884c7d659a2feaa0c55ad015";

const short = (...names: readonly string[]) => {
  const shortened = shortenContainerIds(names);
  return names.map((name) => shortened.get(name));
};

test("an id is shown with twelve digits, and any other name whole", () => {
  expect(shortContainerId(ID)).toBe("9f86d081884c");
  expect(shortContainerId("nginx.service")).toBe("nginx.service");
});

describe("a name", () => {
  test.each([
    [`/docker/${ID}`, "/docker/9f86d081884c"],
    [
      `/system.slice/docker-${ID}.scope`,
      "/system.slice/docker-9f86d081884c.scope",
    ],
    [
      `/machine.slice/libpod-${ID}.scope/container`,
      "/machine.slice/libpod-9f86d081884c.scope/container",
    ],
    [
      `/x/kubepods-pod1.slice:cri-containerd:${ID}`,
      "/x/kubepods-pod1.slice:cri-containerd:9f86d081884c",
    ],
    [
      `/docker/${OTHER_ID}/docker/${ID}/init`,
      "/docker/a3bf4f1b2b0b/docker/9f86d081884c/init",
    ],
    [`/${ID}/${ID}`, "/9f86d081884c/9f86d081884c"],
  ])("%s is shown as %s", (name, expected) => {
    expect(short(name)).toEqual([expected]);
  });

  test.each([
    "/system.slice/ssh.service",
    "",
    `/docker/${ID.slice(1)}`,
    `/docker/${ID}0`,
    `/docker/x${ID}`,
    `/docker/${ID.toUpperCase()}`,
    `/docker/${ID.slice(0, 12)}`,
  ])("%j stays as it is", (name) => {
    expect(short(name)).toEqual([name]);
  });

  test("of ids that begin alike has as many digits as tell them apart", () => {
    const like = (digits: number) =>
      ID.slice(0, digits) +
      (ID[digits] === "0" ? "1" : "0").repeat(64 - digits);
    expect(short(`/docker/${ID}`, `/docker/${like(11)}`)).toEqual([
      "/docker/9f86d081884c",
      `/docker/${like(11).slice(0, 12)}`,
    ]);
    expect(short(`/docker/${ID}`, `/docker/${like(12)}`)).toEqual([
      "/docker/9f86d081884c7",
      `/docker/${like(12).slice(0, 13)}`,
    ]);
    expect(short(`/a/${ID}`, `/b/${like(63)}`)).toEqual([
      `/a/${ID}`,
      `/b/${like(63)}`,
    ]);
  });

  test("that is short by itself leaves the whole one to the other", () => {
    expect(short("/docker/9f86d081884c", `/docker/${ID}`)).toEqual([
      "/docker/9f86d081884c",
      `/docker/${ID}`,
    ]);
  });

  test("is like no other one, whatever the order", () => {
    const digit = fc.constantFrom("0", "f");
    const id = fc
      .tuple(fc.integer({ min: 0, max: 64 }), digit, digit)
      .map(([at, head, tail]) => head.repeat(at) + tail.repeat(64 - at));
    const part = fc.oneof(
      id,
      id.map((each) => each.slice(0, 12)),
      fc.constantFrom("docker", "a"),
    );
    const name = fc
      .array(part, { minLength: 1, maxLength: 3 })
      .map((parts) => `/${parts.join("/")}`);
    const sets = fc
      .array(name, { maxLength: 12 })
      .chain((names) =>
        fc.tuple(
          fc.constant(names),
          fc.shuffledSubarray(names, { minLength: names.length }),
        ),
      );
    fc.assert(
      fc.property(sets, ([names, shuffled]) => {
        const shortened = shortenContainerIds(names);
        expect(new Set(shortened.values()).size).toBe(new Set(names).size);
        const again = shortenContainerIds(shuffled);
        for (const each of names)
          expect(again.get(each)).toBe(shortened.get(each));
      }),
    );
  });
});

test.each([
  [`docker_${ID}_scope`, [{ id: ID, index: 7 }]],
  [
    "/docker/9f86d081884c/x/a3bf4f1b2b0b8",
    [
      { id: "9f86d081884c", index: 8 },
      { id: "a3bf4f1b2b0b8", index: 23 },
    ],
  ],
  ["9f86d081884", []],
  ["x9f86d081884c", []],
  ["", []],
])("the ids in %s", (text, expected) => {
  expect(findContainerIds(text)).toEqual(expected);
});

describe("a name that is too long", () => {
  const pod = "/kubepods.slice/kubepods-burstable.slice/kubepods-pod6b3f.slice";

  test.each([
    [
      `${pod}/cri-9f86d081884c.scope`,
      40,
      "/kubepods.s~slice/cri-9f86d081884c.scope",
    ],
    [`/docker/9f86d081884c`, 20, "/docker/9f86d081884c"],
    [`/docker/9f86d081884c`, 19, "/do~er/9f86d081884c"],
    [`/docker/9f86d081884c`, 15, "/~/9f86d081884c"],
    [`/docker/9f86d081884c`, 14, "~9f86d081884c"],
    [`/docker/9f86d081884c`, 6, "~9f~4c"],
    [`/docker/9f86d081884c`, 2, "~~"],
    [`/a/9f86d081884c/down/down/down/down`, 26, "~9f86d081884c~wn/down/down"],
    [
      `/docker/9f86d081884c/docker/a3bf4f1b2b0b/x`,
      37,
      "/~/9f86d081884c/docker/a3bf4f1b2b0b/x",
    ],
    ["/no-id/in/it/at-all", 11, "/no-i~t-all"],
  ])(
    "%s in %d cells keeps the beginning of its id",
    (name, width, expected) => {
      expect(fitName(name, width)).toBe(expected);
    },
  );

  test("fits, whatever it holds, and its last id keeps its beginning", () => {
    const part = fc.oneof(
      fc.constantFrom("9f86d081884c", ID, "日本語", "docker", "e\u0301"),
      fc.string({ maxLength: 20 }),
    );
    const names = fc.array(part, { maxLength: 5 });
    fc.assert(
      fc.property(names, fc.integer({ min: 26, max: 60 }), (parts, width) => {
        const name = escapeText(`/${parts.join("/")}`);
        const fitted = fitName(name, width);
        expect(Bun.stringWidth(fitted)).toBeLessThanOrEqual(width);
        const id = findContainerIds(name).at(-1)?.id ?? "";
        expect(fitted).toContain(id.slice(0, 12));
      }),
    );
  });
});
