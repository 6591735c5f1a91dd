/** Completion for fish: a file such as ~/.config/fish/completions/iotop.fish. */
import type { OptionWords, OutputWords, Value } from "./words.ts";

const quoted = (text: string): string =>
  `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

function valueFlags(value: Value): string {
  if (value.kind === "choice")
    return ` -x -a ${quoted(value.choices.join(" "))}`;
  const flags: Readonly<Record<string, string>> = {
    none: "",
    text: " -x",
    file: " -r",
    output: " -x -a '(__iotop_output)'",
    user: " -x -a '(__fish_complete_users)'",
    pid: " -x -a '(__fish_complete_pids)'",
  };
  return flags[value.kind]!;
}

function optionLine({ words, about, value }: OptionWords): string {
  const names = words.map((word) =>
    word.startsWith("--")
      ? `-l ${word.slice(2)}`
      : `-s ${quoted(word.slice(1))}`,
  );
  return `complete -c iotop ${names.join(" ")} -d ${quoted(about)}${valueFlags(value)}`;
}

function outputBranch({
  name,
  keys,
  settings,
}: OutputWords): readonly string[] {
  const words = (list: readonly string[]): string => list.map(quoted).join(" ");
  return [
    `    case ${name}`,
    `      set keys ${words(keys)}`,
    `      set settings ${words(settings)}`,
  ];
}

export function fishCompletion(
  options: readonly OptionWords[],
  outputs: readonly OutputWords[],
): string {
  return [
    "# Completion of iotop for fish.",
    "function __iotop_output",
    "  set -l word (string replace -r -- '^--output=' '' (commandline -ct))",
    "  if not string match -q '*,*' -- $word",
    ...outputs.map(
      ({ name, about }) => `    printf '%s\\t%s\\n' ${name} ${quoted(about)}`,
    ),
    "    string match -q '*/*' -- $word; and __fish_complete_path $word",
    "    return",
    "  end",
    "  set -l keys",
    "  set -l settings",
    "  switch (string replace -r '[,=].*' '' -- $word)",
    ...outputs.flatMap(outputBranch),
    "  end",
    "  set -l head (string replace -r '[^,]*$' '' -- $word)",
    "  if string match -q '*=*' -- (string replace -r '.*,' '' -- $word)",
    "    printf '%s\\n' $head$settings",
    "  else",
    "    printf '%s\\n' $head$keys",
    "  end",
    "end",
    "complete -c iotop -f",
    ...options.map(optionLine),
    "",
  ].join("\n");
}
