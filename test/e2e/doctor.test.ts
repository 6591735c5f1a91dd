/** --doctor of the built program, in places where something is missing. */
import { beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { BINARY, ensureBinary } from "../support/binary.ts";
import { lackOf, lackOfRoot, needing } from "../support/needs.ts";

setDefaultTimeout(120_000);
beforeAll(ensureBinary);

async function doctor(prefix: readonly string[], env = {}) {
  const child = Bun.spawn([...prefix, BINARY, "--doctor"], {
    stderr: "pipe",
    env: { PATH: process.env["PATH"]!, LANG: "C.UTF-8", ...env },
  });
  const [text, errors] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  expect(errors).toBe("");
  return { text, status: child.exitCode };
}

const LACK = lackOfRoot ?? lackOf("unshare", "setpriv");

test.skipIf(LACK !== null)(needing("root finds taskstats", LACK), async () => {
  const { text, status } = await doctor([]);
  expect(text).toContain("ok    rights            root, with CAP_NET_ADMIN\n");
  expect(text).toMatch(
    /^ok    taskstats         version 1\d, \d+ bytes a task$/m,
  );
  expect(text).toMatch(/^ok    exits of tasks    reported from CPUs \d/m);
  expect(text).toMatch(/^note  terminal          none/m);
  // Delay accounting may be off, and then it is what is missing.
  expect(status).toBe(text.includes("LACK") ? 1 : 0);
});

test.skipIf(LACK !== null)(
  needing("a user without privileges is told what to do", LACK),
  async () => {
    const nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    const { text, status } = await doctor(["setpriv", ...nobody], {
      LANG: "C",
    });
    expect(text).toMatch(
      /^LACK  rights            user 65534, without CAP_NET_ADMIN\n +do: run sudo iotop/m,
    );
    expect(text).toMatch(/^LACK  exits of tasks/m);
    expect(text).toMatch(
      /^note  locale            LANG=C: graphs are drawn in ASCII$/m,
    );
    expect(text).toMatch(/\n\d things are missing.\n$/);
    expect(status).toBe(1);
  },
);

test.skipIf(LACK !== null)(
  needing("a container has own namespaces, and no ends", LACK),
  async () => {
    const { text, status } = await doctor(["unshare", "-pf", "--mount-proc"]);
    expect(text).toMatch(/^note  namespaces        own: pid$/m);
    expect(text).toMatch(/^LACK  exits of tasks/m);
    expect(status).toBe(1);
  },
);
