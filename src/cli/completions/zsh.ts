/** Completion for zsh: a file for a folder of its fpath, such as /usr/share/zsh/vendor-completions/_iotop. */
import type { OptionWords, OutputWords, Value } from "./words.ts";

/** A word in single quotes. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Text within a specification of _arguments, in which a colon ends it and a bracket closes it. */
const plain = (text: string): string => text.replaceAll(/[\][:]/g, "\\$&");

function actionOf(value: Value): string {
  if (value.kind === "choice") return `:value:(${value.choices.join(" ")})`;
  const actions: Readonly<Record<string, string>> = {
    none: "",
    text: ":value: ",
    file: ":file:_files",
    output: ":output:_iotop_output",
    user: ":user:_users",
    pid: ":process:_pids",
  };
  return actions[value.kind]!;
}

/** "--output=[about]:output:_iotop_output" for each spelling. */
function specs({ words, about, value }: OptionWords): readonly string[] {
  return words.map((word) => {
    const equals =
      value.kind === "none" ? "" : word.startsWith("--") ? "=" : "+";
    return `    ${quoted(`*${word}${equals}[${plain(about)}]${actionOf(value)}`)}`;
  });
}

const outputBranch = ({ name, keys, settings }: OutputWords): string =>
  `    ${name}) keys=(${keys.map(quoted).join(" ")}) settings=(${settings.map(quoted).join(" ")}) ;;`;

export function zshCompletion(
  options: readonly OptionWords[],
  outputs: readonly OutputWords[],
): string {
  return [
    "#compdef iotop",
    "_iotop_output() {",
    "  local -a names keys settings",
    "  if [[ $PREFIX != *,* ]]; then",
    `    names=(${outputs.map(({ name, about }) => quoted(`${name}:${about}`)).join(" ")})`,
    "    _describe output names -S ''",
    `    _files -g '*.(js|ts)'`,
    "    return",
    "  fi",
    "  case ${PREFIX%%[,=]*} in",
    ...outputs.map(outputBranch),
    "  esac",
    "  compset -P '*,'",
    "  [[ $PREFIX == *=* ]] || settings=($keys)",
    "  compadd -S '' -a settings",
    "}",
    "_iotop() {",
    "  _arguments -s -S \\",
    `${options.flatMap(specs).join(" \\\n")}`,
    "}",
    // As a file of fpath its last line is the call; sourced, it registers itself.
    `if [[ $funcstack[1] == _iotop ]]; then _iotop "$@"; else compdef _iotop iotop; fi`,
    "",
  ].join("\n");
}
