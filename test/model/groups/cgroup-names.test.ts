import { describe, expect, test } from "bun:test";
import {
  cgroupNames,
  containerOf,
  unitOf,
} from "../../../src/model/groups/cgroup-names.ts";

const ID = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const OTHER = ID.replace("9f86", "0000");

describe("the unit and the container of a cgroup", () => {
  test.each([
    ["/", "-", "-"],
    ["", "-", "-"],
    ["/init.scope", "init.scope", "-"],
    ["/system.slice/nginx.service", "nginx.service", "-"],
    ["/system.slice/nginx.service/worker", "nginx.service", "-"],
    [
      "/system.slice/system-getty.slice/getty@tty1.service",
      "getty@tty1.service",
      "-",
    ],
    ["/user.slice/user-1000.slice/session-3.scope", "user-1000", "-"],
    [
      "/user.slice/user-1000.slice/user@1000.service/app.slice/app-firefox.scope",
      "app-firefox.scope",
      "-",
    ],
    ["/system.slice", "system", "-"],
    ["/system.slice/dev-disk\\x2dby.swap", "dev-disk-by.swap", "-"],
    [`/docker/${ID}`, ID, ID],
    [`/system.slice/docker-${ID}.scope`, ID, ID],
    [`/machine.slice/libpod-${ID}.scope/container`, ID, ID],
    [`/docker/${ID}/system.slice/nginx.service`, "nginx.service", ID],
    [`/docker/${ID}/docker/${OTHER}`, OTHER, OTHER],
    [
      `/kubepods.slice/kubepods-pod1234_5678.slice/cri-containerd-${ID}.scope`,
      ID,
      ID,
    ],
    ["/lxc.payload.web1/system.slice/cron.service", "cron.service", "web1"],
    ["/lxc/web1", "web1", "web1"],
    ["/machine.slice/machine-build.scope", "machine-build.scope", "build"],
    ["/my/own", "own", "-"],
    [`/x${ID}`, `x${ID}`, "-"],
  ] as const)("%s", (cgroup, unit, container) => {
    expect(unitOf(cgroup)).toBe(unit);
    expect(containerOf(cgroup)).toBe(container);
  });
});

test("for other programs, an id is short, and none is null", () => {
  const inContainer = `/docker/${ID}/system.slice/nginx.service`;
  for (let again = 0; again < 2; again++) {
    expect(cgroupNames(inContainer)).toEqual({
      unit: "nginx.service",
      container: "9f86d081884c",
    });
    expect(cgroupNames(`/docker/${ID}`).unit).toBe("9f86d081884c");
    expect(cgroupNames("/")).toEqual({ unit: null, container: null });
  }
  for (let i = 0; i < 3000; i++)
    expect(cgroupNames(`/system.slice/run-${i}.service`).unit).toBe(
      `run-${i}.service`,
    );
});
