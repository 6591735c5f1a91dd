// waits: it starts shells
/** What Tab offers in the three shells themselves. */
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
import { OUTPUTS } from "../../../outputs/index.ts";
import { completionScript } from "../../../src/cli/completions/index.ts";
import { describeOutputs } from "../../../src/output-options/describe-outputs.ts";
import { lackOf, needing } from "../../support/needs.ts";

setDefaultTimeout(120_000);

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "iotop-tab-"))));
afterAll(() => rmSync(folder, { recursive: true }));

const outputs = await describeOutputs(OUTPUTS);

/** Programs that load a script and print what is offered for the first argument, one word a line. */
const ASK = {
  bash: `
    compopt() { :; }
    source $SCRIPT
    COMP_LINE=$1 COMP_POINT=\${#1}
    _iotop
    printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: `
    zmodload zsh/zpty
    script="source $SCRIPT"
    zpty shell zsh -f
    zpty -w shell 'PS1= PROMPT= RPROMPT=; setopt no_beep; LISTMAX=1000000; autoload -U compinit; compinit -u -D'
    zpty -w shell "$script"
    # What compadd is given is printed, and the line is given up.
    zpty -w shell 'compadd() { local -a hits; builtin compadd -O hits "$@"; print -rl -- "" "<"\${^hits}">"; builtin compadd "$@" }'
    # What is typed before the line editor reads is not its own.
    zpty -w shell 'zle-line-init() { print READY-$((40+2)) }; zle -N zle-line-init'
    zpty -r shell text '*READY-42*'
    zpty -w -n shell "$1"$'\\t'
    zpty -w -n shell $'\\x15print END-$((40+2))\\n'
    zpty -r shell text '*END-42*'
    print -r -- $text | tr -d '\\r' | sed -n 's/.*<\\([^<>]*\\)>.*/\\1/p'`,
  fish: `
    source $SCRIPT
    complete -C $argv[1] | string replace -r '\\t.*' ''`,
} as const;

/** A shell of its own, with a terminal: zsh has no pseudo-terminals for others without one. */
async function offered(
  shell: keyof typeof ASK,
  line: string,
): Promise<readonly string[]> {
  const args = shell === "fish" ? [line] : [shell, line];
  const script = join(folder, `iotop.${shell}`);
  writeFileSync(script, completionScript(shell, outputs));
  let text = "";
  const child = Bun.spawn([shell, "-c", ASK[shell], ...args], {
    env: {
      PATH: process.env["PATH"]!,
      HOME: folder,
      TERM: "dumb",
      SCRIPT: script,
    },
    terminal: {
      cols: 200,
      rows: 50,
      data: (_, bytes) => void (text += new TextDecoder().decode(bytes)),
    },
  });
  await child.exited;
  return text.split(/\r?\n/).filter((word) => word !== "");
}

for (const shell of ["bash", "zsh", "fish"] as const) {
  const lack = lackOf(shell);
  describe.skipIf(lack !== null)(needing(shell, lack), () => {
    test("completes names of options", async () => {
      const words = await offered(shell, "iotop --ou");
      const names = new Set(words.map((word) => word.replace(/=$/, "")));
      expect([...names].sort()).toEqual([
        "--output",
        "--output-template",
        "--output-types",
      ]);
    });

    test("completes names of outputs", async () => {
      const words = await offered(shell, "iotop --output ");
      expect(words).toEqual(expect.arrayContaining(Object.keys(OUTPUTS)));
    });

    test("completes settings of an output, and their values", async () => {
      const ends = async (line: string) =>
        (await offered(shell, line)).map((word) =>
          word.replace(/.*[,=](?=.)/, ""),
        );
      expect(await ends("iotop --output report,gr")).toEqual(["group="]);
      const choices = await ends("iotop --output report,group=c");
      expect(choices.sort()).toEqual(["cgroup", "comm", "container"]);
    });

    test("completes choices", async () => {
      const shells = await offered(shell, "iotop --completions ");
      expect(shells.toSorted()).toEqual(["bash", "fish", "zsh"]);
      const columns = await offered(shell, "iotop --sort pi");
      expect(columns).toEqual(["pid"]);
      const kinds = await offered(shell, "iotop --by ");
      expect(kinds).toEqual(expect.arrayContaining(["command", "unit"]));
    });
  });
}
