/** Completion for bash, which needs nothing but bash. */
import type { OptionWords, OutputWords } from "./words.ts";

const spaced = (words: readonly string[]): string => words.join(" ");

/** The branch of a case for each option with a value that can be completed. */
function valueBranch({ words, value }: OptionWords): readonly string[] {
  const reply: Readonly<Record<string, string>> = {
    file: 'COMPREPLY=($(compgen -f -- "$word")) ;;',
    user: 'COMPREPLY=($(compgen -u -- "$word")) ;;',
    pid: `COMPREPLY=($(compgen -W "$(cd /proc && echo [0-9]*)" -- "$word")) ;;`,
    output: '_iotop_output "$word" ;;',
    text: "COMPREPLY=() ;;",
  };
  const action =
    value.kind === "choice"
      ? `COMPREPLY=($(compgen -W "${spaced(value.choices)}" -- "$word")) ;;`
      : reply[value.kind];
  return action === undefined ? [] : [`    ${words.join("|")}) ${action}`];
}

const outputBranch = ({ name, keys, settings }: OutputWords): string =>
  `    ${name}) keys="${spaced(keys)}" settings="${spaced(settings)}" ;;`;

export function bashCompletion(
  options: readonly OptionWords[],
  outputs: readonly OutputWords[],
): string {
  return [
    "# Completion of iotop for bash: source <(iotop --completions bash)",
    "_iotop_output() {",
    "  local head keys settings",
    "  if [[ $1 != *,* ]]; then",
    `    COMPREPLY=($(compgen -W "${spaced(outputs.map(({ name }) => name))}" -- "$1") $(compgen -f -X '!*.[jt]s' -- "$1"))`,
    "    return",
    "  fi",
    "  head=${1%,*},",
    "  case ${1%%[,=]*} in",
    ...outputs.map(outputBranch),
    "  esac",
    "  [[ ${1##*,} == *=* ]] || settings=$keys",
    '  COMPREPLY=($(compgen -P "$head" -W "$settings" -- "${1##*,}"))',
    "}",
    "",
    "_iotop() {",
    // What bash calls a word ends at each "=" and ":", which are part of one here.
    "  local line=${COMP_LINE:0:COMP_POINT} word before",
    "  word=${line##* }",
    '  line=${line%"$word"}',
    "  before=${line%% }",
    "  before=${before##* }",
    "  if [[ $word == --*=* ]]; then before=${word%%=*} word=${word#*=}; fi",
    "  case $before in",
    ...options.flatMap(valueBranch),
    `    *) COMPREPLY=($(compgen -W "${spaced(options.flatMap(({ words }) => words))}" -- "$word")) ;;`,
    "  esac",
    // Only what follows the last "=" or ":" is replaced.
    '  local cut=${word%"${word##*[=:]}"}',
    '  COMPREPLY=("${COMPREPLY[@]#"$cut"}")',
    "  [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=.] ]] && compopt -o nospace",
    "  return 0",
    "}",
    "complete -F _iotop iotop",
    "",
  ].join("\n");
}
