import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseCgroup } from "../../src/kernel/cgroup-path.ts";

const ID = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

const file = (...lines: readonly string[]): string =>
  lines.map((line) => `${line}\n`).join("");

/** The hierarchies of a machine of version 1, all in one path but for those that are given. */
function version1(path: string, others: Readonly<Record<string, string>> = {}) {
  const names = [
    ...["rdma", "devices", "pids", "freezer", "cpuset", "blkio"],
    ...["net_cls,net_prio", "memory", "cpu,cpuacct", "hugetlb"],
    ...["perf_event", "name=systemd"],
  ];
  return names.map(
    (name, n) => `${names.length - n}:${name}:${others[name] ?? path}`,
  );
}

const POD = "/kubepods/burstable/pod6b3fa1c2-1234-4e5f-8a9b-0123456789ab";

describe("the cgroup of a task", () => {
  test.each([
    ["a service, version 2", ["0::/system.slice/ssh.service"], 0],
    ["the root, version 2", ["0::/"], 0],
    [
      "Docker, version 2, systemd's driver",
      [`0::/system.slice/docker-${ID}.scope`],
      0,
    ],
    [
      "Kubernetes, version 2",
      [
        `0::/kubepods.slice/kubepods-burstable.slice/cri-containerd-${ID}.scope`,
      ],
      0,
    ],
    [
      "a user's program, version 2",
      ["0::/user.slice/user-1000.slice/user@1000.service/app.slice/x.scope"],
      0,
    ],
    ["systemd-nspawn", ["0::/machine.slice/machine-deb.scope/payload"], 0],
    ["above a cgroup namespace", ["0::/../../system.slice/a.service"], 0],
    ["the root of a cgroup namespace's parent", ["0::/.."], 0],
    ["a removed one", ["0::/gone (deleted)"], 0],
    [
      "version 2 beside net_cls of version 1, as some VPN clients mount it",
      ["1:net_cls:/excluded", "0::/user.slice/user-0.slice/session-1.scope"],
      1,
    ],
    [
      "version 2 beside a named hierarchy",
      ["1:name=systemd:/", "0::/system.slice/cron.service"],
      1,
    ],
    ["the root of version 2 beside net_cls", ["1:net_cls:/vpn", "0::/"], 1],
  ])("%s: the unified one", (_, lines, line) => {
    expect(parseCgroup(file(...lines))).toBe(lines[line]!.split("::")[1]!);
  });

  test.each([
    [
      "Docker, hybrid, its own driver",
      [
        ...version1(`/docker/${ID}`, { rdma: "/" }),
        "0::/system.slice/containerd.service",
      ],
      `/docker/${ID}`,
    ],
    [
      "Docker, hybrid, its own driver, whose runtime has no unit",
      [...version1(`/docker/${ID}`), "0::/"],
      `/docker/${ID}`,
    ],
    ["Docker, version 1", version1(`/docker/${ID}`), `/docker/${ID}`],
    [
      "Docker in Docker, hybrid",
      [...version1(`/docker/${ID}/docker/abc`), "0::/system.slice/x.service"],
      `/docker/${ID}/docker/abc`,
    ],
    [
      "Kubernetes, version 1",
      version1(`${POD}/${ID}`, { rdma: "/" }),
      `${POD}/${ID}`,
    ],
    [
      "Kubernetes, hybrid",
      [
        ...version1(`${POD}/${ID}`),
        "0::/system.slice/containerd.service/kubelet",
      ],
      `${POD}/${ID}`,
    ],
    [
      "a path with colons, as of containerd without systemd's driver",
      [
        ...version1(
          `/system.slice/containerd.service/pod1:cri-containerd:${ID}`,
        ),
        "0::/system.slice/containerd.service",
      ],
      `/system.slice/containerd.service/pod1:cri-containerd:${ID}`,
    ],
    [
      "lxc, hybrid: systemd of the container has cgroups of its own",
      [
        ...version1("/lxc.payload.c1", {
          "name=systemd": "/lxc.payload.c1/system.slice/ssh.service",
        }),
        "0::/lxc.payload.c1/system.slice/ssh.service",
      ],
      "/lxc.payload.c1/system.slice/ssh.service",
    ],
    [
      "a login, hybrid: blkio and memory know its slice alone",
      [
        ...version1("/user.slice", {
          cpuset: "/",
          freezer: "/snap.firefox",
          pids: "/user.slice/user-1000.slice/session-3.scope",
          "name=systemd": "/user.slice/user-1000.slice/session-3.scope",
        }),
        "0::/user.slice/user-1000.slice/session-3.scope",
      ],
      "/user.slice/user-1000.slice/session-3.scope",
    ],
    [
      "a service, version 1, without accounting",
      version1("/", { "name=systemd": "/system.slice/sshd.service" }),
      "/system.slice/sshd.service",
    ],
    [
      "a service, hybrid, of which the unified one alone knows",
      [...version1("/"), "0::/system.slice/sshd.service"],
      "/system.slice/sshd.service",
    ],
    ["the root, hybrid", [...version1("/"), "0::/"], "/"],
    ["the root, version 1", version1("/"), "/"],
    [
      "hybrid with memory alone on version 1",
      ["2:memory:/m", "1:name=systemd:/user.slice", "0::/a.slice"],
      "/m",
    ],
    [
      "memory, cpu and pids, of which memory goes first",
      ["3:pids:/p", "2:cpu,cpuacct:/c", "1:memory:/m"],
      "/m",
    ],
    ["cpu and pids", ["3:pids:/p", "2:cpu,cpuacct:/c"], "/c"],
    [
      "a hybrid machine, above a cgroup namespace",
      [...version1(`/../${ID}`, { blkio: "/.." }), "0::/"],
      `/../${ID}`,
    ],
    [
      "no systemd and no accounting: the longest",
      ["2:freezer:/a", "1:cpuset:/longer", "3:name=openrc:/x"],
      "/longer",
    ],
    [
      "a named hierarchy where the others say nothing",
      [...version1("/"), "20:name=openrc:/sshd", "0::/"],
      "/sshd",
    ],
  ])("%s", (_, lines, expected) => {
    expect(parseCgroup(file(...lines))).toBe(expected);
  });

  test("/ab is not below /a", () => {
    const text = file("2:blkio:/a", "1:memory:/ab", "0::/a/b");
    expect(parseCgroup(text)).toBe("/a/b");
    expect(parseCgroup(file("2:blkio:/a", "1:memory:/ab"))).toBe("/a");
  });

  test("can hold all but a line feed, and never poses as another line", () => {
    const odd = "/a:b\r0::/fake\u2028 (deleted) \\x0a0::/fake";
    expect(parseCgroup(file(`0::${odd}`))).toBe(odd);
    expect(parseCgroup(file(`3:blkio:${odd}`, "0::/real"))).toBe(odd);
    const with0 = file("9:memory:/x\r0::/fake", "0::/x\r0::/fake/real");
    expect(parseCgroup(with0)).toBe("/x\r0::/fake/real");
  });

  test.each(["", "\n", "nonsense\n", "0:\n", "::/x\n"])(
    "is unknown in %j",
    (text) => {
      expect(parseCgroup(text)).toBeNull();
    },
  );

  test("is a path that is there, whatever the order of the lines", () => {
    const names = ["blkio", "memory", "cpu", "name=systemd", "cpuset", ""];
    const paths = fc.constantFrom("/", "/a", "/a/b", "/c", "/..", "/a/b/c");
    fc.assert(
      fc.property(
        fc.tuple(...names.map(() => fc.option(paths))).chain((chosen) => {
          const lines = names.flatMap((name, n) => {
            const path = chosen[n];
            return path === null || path === undefined
              ? []
              : [`${name === "" ? 0 : n + 1}:${name}:${path}`];
          });
          return fc.tuple(
            fc.constant(lines),
            fc.shuffledSubarray(lines, { minLength: lines.length }),
          );
        }),
        ([lines, shuffled]) => {
          const path = parseCgroup(file(...lines));
          if (lines.length === 0) expect(path).toBeNull();
          else expect(lines.map((line) => line.split(":")[2])).toContain(path!);
          expect(parseCgroup(file(...shuffled))).toBe(path);
        },
      ),
    );
  });
});
