import { expect, test } from "bun:test";
import { NetlinkError, SysError } from "../../src/kernel/errors.ts";
import {
  refusalNotice,
  procfsAlone,
} from "../../src/sources/taskstats-refusal.ts";

const REFUSALS = [
  new NetlinkError("ask taskstats for a task", 1),
  new NetlinkError("generic netlink family TASKSTATS", 2),
  new SysError("socket(AF_NETLINK)", 1),
  new SysError("socket(AF_NETLINK)", 97),
  new SysError("setsockopt(SO_RCVBUF)", 38),
];

test("a user learns of sudo, root does not", () => {
  const [privilege, ...others] = REFUSALS;
  const { text, explains } = refusalNotice(privilege!, false);
  expect(text).toContain("use sudo");
  expect(explains).toEqual(["denied", "exit-events"]);
  for (const error of others)
    expect(refusalNotice(error, false).text).not.toContain("sudo");
  for (const error of REFUSALS)
    expect(refusalNotice(error, true).text).not.toMatch(/sudo|as root/);
});

test("each tells what is missing and why, in a line of a narrow screen", () => {
  for (const isRoot of [true, false])
    for (const error of REFUSALS) {
      const { text } = refusalNotice(error, isRoot);
      expect(text).toMatch(/short-lived/);
      expect(text).toContain(
        error.code === "EPERM" && error instanceof NetlinkError
          ? "CAP_NET_ADMIN"
          : error.code,
      );
      expect(text.length).toBeLessThanOrEqual(80);
    }
  expect(procfsAlone("so")).toEqual({
    text: "so: short-lived tasks are missed",
    explains: ["exit-events"],
  });
});
