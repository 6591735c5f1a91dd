import { describe, expect, test } from "bun:test";
import { mergeCgroups } from "../../../src/model/groups/cgroup-delta.ts";
import { columnById } from "../../../src/model/columns/columns.ts";
import { groupDisks } from "../../../src/model/groups/group-disks.ts";
import { GroupLister } from "../../../src/model/groups/group-list.ts";
import { DEFAULT_VIEW, type View } from "../../../src/model/view/view.ts";
import { cgroupDelta, makeSample, row } from "../../support/samples.ts";

const ID = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const WEB = "/system.slice/web.service";
const CGROUPS = [
  cgroupDelta("/system.slice", 115),
  cgroupDelta(WEB, 15, 1),
  cgroupDelta(`${WEB}/worker`, 10),
  cgroupDelta("/user.slice/user-1.slice/web.service", 4),
  cgroupDelta("/system.slice/off.service", null),
  cgroupDelta("/docker", 30),
  cgroupDelta(`/docker/${ID}`, 30),
  cgroupDelta(`/docker/${ID}/init.scope`, null),
];
const toDisk = (kind: Parameters<typeof groupDisks>[1]) =>
  Object.fromEntries(
    [...groupDisks(CGROUPS, kind)].map(([name, disk]) => [
      name,
      disk.toDiskBytes,
    ]),
  );

test("of a unit or a container the topmost cgroup counts, and nothing twice", () => {
  expect(toDisk("unit")).toEqual({
    system: 115,
    "web.service": 19,
    "off.service": null,
    docker: 30,
    [ID]: 30,
    "init.scope": null,
  });
  expect(toDisk("container")).toEqual({ [ID]: 30 });
  expect(toDisk("cgroup")).toEqual(
    Object.fromEntries(CGROUPS.map((each) => [each.path, each.toDiskBytes])),
  );
  expect(toDisk("comm")).toEqual({});
});

describe("the columns", () => {
  const sample = makeSample({
    cgroups: [{ ...cgroupDelta(WEB, 3000, 1000), elapsedNs: 2e9 }],
    threads: [
      row({ tid: 1, cgroup: WEB, writeBytes: 5 }),
      row({ tid: 2, cgroup: "/other.service" }),
    ],
  });
  const amounts = (kind: Parameters<typeof groupDisks>[1], view: View) =>
    Object.fromEntries(
      new GroupLister(view, kind).list(sample).map((each) => [
        each.task.comm,
        (["from-disk", "to-disk"] as const).map((id) => {
          const column = columnById(id);
          return "amount" in column ? column.amount(each, view) : undefined;
        }),
      ]),
    );

  test("are rates of the time that was read; `?` for all else", () => {
    expect(amounts("unit", DEFAULT_VIEW)).toEqual({
      "web.service": [500, 1500],
      "other.service": [null, null],
    });
    const accumulated = { ...DEFAULT_VIEW, accumulated: true };
    expect(amounts("unit", accumulated)["web.service"]).toEqual([null, null]);
    expect(amounts("user", DEFAULT_VIEW)).toEqual({ root: [null, null] });
  });
});

test("merged samples have the sums, and the time that these cover", () => {
  const [a, b, off] = [
    cgroupDelta("/a", 5, 1),
    cgroupDelta("/b", 7),
    cgroupDelta("/a", null),
  ];
  const merged = mergeCgroups([a, b], [a]);
  expect(merged).toEqual([
    { path: "/a", fromDiskBytes: 2, toDiskBytes: 10, elapsedNs: 2e9 },
    b,
  ]);
  expect(mergeCgroups([off], [a])).toEqual([a]);
  expect(mergeCgroups([a], [off])).toEqual([a]);
  expect(mergeCgroups(null, [a])).toEqual([a]);
  expect(mergeCgroups([a], null)).toEqual([a]);
  expect(mergeCgroups(null, null)).toBeNull();
});
