// waits: it starts systemd-analyze
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OUTPUTS } from "../../outputs/index.ts";
import { parseCommandLine } from "../../src/cli/settings.ts";
import { resolveOutputs } from "../../src/host/outputs/resolve-outputs.ts";
import { UNITS } from "../../src/packaging/units.ts";
import { lackOf, needing } from "../support/needs.ts";

setDefaultTimeout(120_000);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "iotop-units-"));
  for (const { name, text } of UNITS) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

const LACK = lackOf("systemd-analyze");

describe.each(UNITS.map(({ name, text }) => ({ name, text })))(
  "$name",
  ({ name, text }) => {
    test("starts a command that iotop takes", async () => {
      const [, command = ""] = /^ExecStart=\S+ (.*)$/m.exec(text) ?? [];
      const request = parseCommandLine(
        command.replaceAll("%%", "%").split(" "),
        {
          env: {},
          stdoutIsTerminal: false,
          uidOfUser: () => null,
          readSettings: () => ({ path: null, text: "", flaw: null }),
        },
      );
      expect(request.kind).toBe("run");
      if (request.kind !== "run") return;
      await resolveOutputs(request.settings.outputs, OUTPUTS, {
        stdoutIsTerminal: false,
      });
    });

    test("gives one capability, and takes nothing that is needed", () => {
      expect(text).toContain("\nCapabilityBoundingSet=CAP_NET_ADMIN\n");
      for (const setting of [
        "MemoryDenyWriteExecute",
        "PrivateNetwork",
        "PrivateUsers",
      ]) {
        expect(text).not.toContain(`${setting}=`);
        // The reason is in the unit.
        expect(text).toMatch(new RegExp(`^#.*${setting}`, "m"));
      }
    });

    test.skipIf(LACK !== null)(
      needing("is exposed little, by systemd-analyze", LACK),
      async () => {
        const child = Bun.spawn(
          [
            "systemd-analyze",
            "security",
            "--offline=true",
            "--no-pager",
            join(folder, name),
          ],
          { stderr: "pipe" },
        );
        const output = await child.stdout.text();
        const [, level] = /exposure level for \S+: ([\d.]+)/.exec(output) ?? [];
        expect(Number(level)).toBeLessThanOrEqual(2.5);
      },
    );
  },
);
