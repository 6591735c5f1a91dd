/** The parts of a Markdown text that can be checked: code, links, headings, and the commands that it tells to type. */

export interface CodeBlock {
  readonly language: string;
  readonly text: string;
}

const FENCE = /^```(\w*)\n(.*?)^```$/gms;

export function codeBlocks(markdown: string, language: string): string[] {
  return [...markdown.matchAll(FENCE)]
    .filter(([, name]) => name === language)
    .map(([, , text]) => text!);
}

const withoutBlocks = (markdown: string): string =>
  markdown.replace(FENCE, "").replace(/<!--.*?-->/gs, "");

/** What stands between single backticks, outside of blocks; in tables without the backslash before a bar. */
export function codeSpans(markdown: string): string[] {
  return [...withoutBlocks(markdown).matchAll(/`([^`\n]+)`/g)].map(([, code]) =>
    code!.replaceAll("\\|", "|"),
  );
}

/** Targets of links: "#compared", "LICENSE", "https://...". */
export function linkTargets(markdown: string): string[] {
  return [...withoutBlocks(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(
    ([, target]) => target!,
  );
}

/** The anchors that GitHub makes of the headings. */
export function anchors(markdown: string): string[] {
  return [...withoutBlocks(markdown).matchAll(/^#+ +(.+)$/gm)].map(
    ([, heading]) =>
      heading!
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
  );
}

/** How a command in running text begins: a name alone is only spoken of. */
const COMMAND =
  /^sudo \S|^(?:iotop|bun|npm|npx|node_modules\/\.bin\/bun|apk|apt|curl|docker|jq|setcap|sysctl|systemctl) \S/;

const withoutComment = (line: string): string =>
  /^(?:'[^']*'|"[^"]*"|(?<!\s|^)#|[^'"#])*/.exec(line)![0].trim();

export const isCommand = (text: string): boolean => COMMAND.test(text);

/** What a document tells to type, each line once: in code blocks for a shell, and in spans of code. */
export function typedCommands(markdown: string): string[] {
  const lines = codeBlocks(markdown, "sh")
    .flatMap((script) => script.split("\n"))
    .map(withoutComment)
    .filter((line) => line !== "");
  const spans = codeSpans(markdown).filter(isCommand);
  return [...new Set([...lines, ...spans])];
}

/** The languages of its code blocks. */
export const codeLanguages = (markdown: string): Set<string> =>
  new Set(
    [...markdown.matchAll(/^ *(?:```|~~~)(\S+)/gm)].map(([, name]) => name!),
  );

/** The commands of a shell text, split into words: quotes are taken off, comments and redirections left out. */
export function shellCommands(script: string): string[][] {
  const commands: string[][] = [];
  for (const line of script.split("\n")) {
    let words: string[] = [];
    commands.push(words);
    for (const [token] of line.matchAll(
      /#.*|\||>>?\s*\S+|(?:'[^']*'|"[^"]*"|[^\s'"|>])+/g,
    )) {
      if (token.startsWith("#")) break;
      if (token === "|") commands.push((words = []));
      else if (!token.startsWith(">"))
        words.push(token.replace(/'([^']*)'|"([^"]*)"/g, "$1$2"));
    }
  }
  return commands.filter((words) => words.length > 0);
}

/** The arguments of every iotop in a shell text. */
export function iotopArguments(script: string): string[][] {
  return shellCommands(script)
    .map((words) => (words[0] === "sudo" ? words.slice(1) : words))
    .filter(([program]) => program === "iotop")
    .map(([, ...args]) => args);
}
