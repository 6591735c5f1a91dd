/**
 * `outputs/iotop-types.txt`, what `--output-types` prints: all that a module can import, as one declaration file. It is
 * made from the sources that src/model/index.ts exports; `bun test/support/manual-tables.ts --write` brings it up to
 * date. The sources are formatted, so a statement begins at the start of a line, and a member two blanks after it.
 */
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { COLUMNS } from "../../../src/model/columns/columns.ts";
import { formatText } from "./format-text.ts";

const ROOT = resolve(import.meta.dir, "../../..");
const INDEX = join(ROOT, "src/model/index.ts");
export const TYPES = join(ROOT, "outputs/iotop-types.txt");

interface Statement {
  readonly kind: string;
  readonly name: string;
  /** The comment above it, with a line feed, or nothing. */
  readonly comment: string;
  /** Without `export`. */
  readonly text: string;
  readonly isExported: boolean;
}

interface Source {
  readonly statements: ReadonlyMap<string, Statement>;
  /** Names that it imports: what they are called in which file. */
  readonly imports: ReadonlyMap<
    string,
    { readonly file: string; readonly name: string }
  >;
}

const START =
  /^(export )?(?:declare )?(?:abstract )?(?:async )?(interface|type|function\*?|class|const) ([\w$]+)/;

const sources = new Map<string, Source>();

function readSource(file: string): Source {
  const known = sources.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(file, "utf8");
  const statements = new Map<string, Statement>();
  const imports = new Map<string, { file: string; name: string }>();
  for (const [, list, path] of text.matchAll(
    /^import (?:type )?\{([^}]*)\} from "(\.[^"]+)";$/gm,
  ))
    for (const part of list!.split(",")) {
      const [, name, alias] =
        /^\s*(?:type )?([\w$]+)(?: as ([\w$]+))?\s*$/.exec(part) ?? [];
      if (name === undefined) continue;
      const from = resolve(dirname(file), path!);
      imports.set(alias ?? name, { file: from, name });
    }
  for (const chunk of text.split(/\n(?=\/\*\*|\S(?![^\n]*\*\/))/)) {
    const [, comment = "", code = ""] =
      /^((?:\/\*\*[\s\S]*?\*\/\s*)*)([\s\S]*)$/.exec(chunk)!;
    const pieces = code.split(
      /\n(?=export |interface |type |function |class |const |async |abstract )/,
    );
    for (const [at, piece] of pieces.entries()) {
      const [, exported, kind, name] = START.exec(piece) ?? [];
      if (name === undefined) continue;
      // Of an overloaded function, and of lines that were cut apart, the first counts.
      if (statements.has(name)) continue;
      statements.set(name, {
        kind: kind!.replace("*", ""),
        name,
        comment:
          at === 0 ? comment.replace(/^[\s\S]*\*\/\s*(?=\/\*\*)/, "") : "",
        text: wholeStatement(text, piece).replace(/^export /, ""),
        isExported: exported !== undefined,
      });
    }
  }
  const source = { statements, imports };
  sources.set(file, source);
  return source;
}

/** From its first line to the one that closes it. */
function wholeStatement(text: string, piece: string): string {
  const from = text.startsWith(piece) ? 0 : text.indexOf(`\n${piece}`) + 1;
  const rest = text.slice(from);
  const next =
    /\n(?=\/\*\*|(?:export|import|interface|type|function|class|const|async|abstract) )/.exec(
      rest.slice(1),
    );
  return (next === null ? rest : rest.slice(0, next.index + 1)).trimEnd();
}

const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/[^\n]*/g, "$1");

const OPEN: Readonly<Record<string, string>> = {
  "(": ")",
  "[": "]",
  "{": "}",
  "<": ">",
};

/** The parts of a text between marks that stand in no brackets. */
function splitAt(text: string, mark: RegExp): string[] {
  const parts = [""];
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char in OPEN) depth++;
    else if (")]}".includes(char) || (char === ">" && text[at - 1] !== "="))
      depth--;
    if (depth === 0 && mark.test(text.slice(at, at + 2))) {
      parts.push("");
      continue;
    }
    parts[parts.length - 1] += char;
  }
  return parts;
}

/** The index behind the bracket that closes the one at `from`. */
function closing(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at]!;
    if (char in OPEN) depth++;
    else if (")]}".includes(char) || (char === ">" && text[at - 1] !== "="))
      if (--depth === 0) return at + 1;
  }
  throw new Error(`not closed: ${text.slice(from, from + 80)}`);
}

/** Parameters and result of a function whose text begins with its type parameters or its parameters. */
function signature(text: string, name: string): string {
  const plain = withoutComments(text);
  const generics = plain.startsWith("<")
    ? plain.slice(0, closing(plain, 0))
    : "";
  const from = generics.length;
  const end = closing(plain, from);
  const params = splitAt(plain.slice(from + 1, end - 1), /^,/)
    .map((param) => param.trim())
    .filter((param) => param !== "")
    .map(parameter);
  let at = end;
  while (plain[at] === " ") at++;
  if (plain[at] !== ":") return `${generics}(${params.join(", ")})`;
  const result = resultType(plain.slice(at + 1));
  if (result === "") throw new Error(`${name} has no result type`);
  return `${generics}(${params.join(", ")}): ${result}`;
}

/** Up to the brace of the body, or the arrow: a brace after a mark begins a type. */
function resultType(text: string): string {
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    const before = text.slice(0, at).trimEnd();
    if (text.startsWith("=>", at) || char === ";") return before.trim();
    if (char === "{" && before !== "" && !/[|&<,(=:]$/.test(before))
      return before.trim();
    if (char in OPEN) at = closing(text, at) - 1;
  }
  return text.trim();
}

function parameter(text: string, at: number): string {
  const [declared = "", initial] = splitAt(text, /^=(?!>)/);
  const parts = splitAt(declared, /^:/);
  const type = parts.slice(1).join(":").trim();
  let name = parts[0]!.trim().replace(/^(?:private|public|readonly) /, "");
  if (/^[[{]/.test(name)) name = `arg${at}`;
  if (initial === undefined) return `${name}: ${type}`;
  return `${name.replace("?", "")}?: ${type || typeofLiteral(initial.trim())}`;
}

const typeofLiteral = (text: string): string =>
  /^(?:true|false)$/.test(text)
    ? "boolean"
    : /^[\d_.e]+$/.test(text)
      ? "number"
      : /^"/.test(text)
        ? "string"
        : "unknown";

/** A value that is there when the sources are loaded, as a type. */
function literalType(value: unknown): string {
  if (Array.isArray(value))
    return `readonly [${value.map(literalType).join(", ")}]`;
  if (typeof value === "object" && value !== null)
    return `{ ${Object.entries(value)
      .map(
        ([key, each]) =>
          `readonly ${JSON.stringify(key)}: ${literalType(each)};`,
      )
      .join(" ")} }`;
  if (typeof value === "function") return "(...args: never[]) => unknown";
  return value === undefined ? "undefined" : JSON.stringify(value);
}

async function declare(file: string, statement: Statement): Promise<string> {
  const { kind, name, text } = statement;
  // Made from entries that no other file can see.
  if (name === "ColumnId")
    return `type ColumnId = ${COLUMNS.map(({ id }) => JSON.stringify(id)).join(" | ")};`;
  if (kind === "interface" || kind === "type") return text;
  if (kind === "function") {
    const from = text.indexOf(name) + name.length;
    return `function ${name}${signature(text.slice(from), name)};`;
  }
  if (kind === "class") {
    const { imports, statements } = readSource(file);
    return declareClass(
      text,
      (base) => imports.has(base) || statements.get(base)?.kind === "class",
    );
  }
  const rest = text.slice(text.indexOf(name) + name.length);
  const [declared = ""] = splitAt(rest, /^=(?!>)/);
  if (declared.trim().startsWith(":"))
    return `const ${name}${declared.trimEnd()};`;
  const given = rest.slice(declared.length + 1).trim();
  if (/^(?:<|\()/.test(given) && given.includes("=>"))
    return `function ${name}${signature(given, name)};`;
  const compiled = /^compile</.exec(given);
  if (compiled !== null) {
    const at = given.indexOf("<");
    return `const ${name}: ${given.slice(at + 1, closing(given, at) - 1)};`;
  }
  const module = (await import(file)) as Record<string, unknown>;
  if (module[name] === undefined)
    throw new Error(`${relative(ROOT, file)} does not export ${name}`);
  return `const ${name}: ${literalType(module[name])};`;
}

/** @param isClass whether a base is declared as a class */
function declareClass(
  text: string,
  isClass: (base: string) => boolean,
): string {
  const open = text.indexOf("{\n");
  const body = text.slice(open + 2, text.lastIndexOf("\n}"));
  const members = body.split(/\n(?= {2}(?:\/\*\*|[^\s}\])|*]))/);
  const lines: string[] = [];
  let comment = "";
  for (const member of members) {
    const [, above = "", code = ""] =
      /^(\s*\/\*\*[\s\S]*?\*\/\s*)?([\s\S]*)$/.exec(member)!;
    comment = above === "" ? comment : above;
    const line = code.trim();
    if (line === "") continue;
    if (!/^(?:(?:readonly|static|async|get|set) )*\*?#/.test(line)) {
      const made = declareMember(line);
      if (made !== null) lines.push(`${comment.trim()}\n${made}`);
    }
    comment = "";
  }
  const head = text.slice(0, open + 1);
  // A base that is made at run time: what it gives is what the class implements.
  const [, name, base, type] =
    /^class (\w+) extends (\w+) implements (\w+) \{$/.exec(head) ?? [];
  const isMade = base !== undefined && !isClass(base);
  const whole = `${isMade ? `class ${name} {` : head}\n${lines.join("\n")}\n}`;
  return isMade
    ? `${whole}\nexport interface ${name} extends ${type} {}`
    : whole;
}

function declareMember(line: string): string | null {
  const [, modifiers = "", name = ""] =
    /^((?:(?:override|readonly|async|static|get|set|declare|abstract) )*\*?)(\[?[\w$.]+\]?\??)/.exec(
      line,
    ) ?? [];
  if (name === "") return null;
  const kept = modifiers.replace(/override |async |declare |\*/g, "");
  const rest = line.slice(modifiers.length + name.length);
  if (/^[(<]/.test(rest)) return `${kept}${name}${signature(rest, name)};`;
  const [declared = "", initial = ""] = splitAt(rest, /^=(?!>)/);
  if (declared.trim().startsWith(":"))
    return `${kept}${name}${declared.trim().replace(/;$/, "")};`;
  return `${kept}${name}: ${initial.trim().replace(/;$/, "")};`;
}

/** The names in a declaration that may be those of other ones. */
function references(text: string): ReadonlySet<string> {
  return new Set(withoutComments(text).match(/[A-Za-z_$][\w$]*/g) ?? []);
}

interface Made {
  readonly id: string;
  readonly comment: string;
  readonly text: string;
  readonly uses: ReadonlyMap<string, string>;
  readonly name: string;
}

async function collect(): Promise<ReadonlyMap<string, Made>> {
  const made = new Map<string, Made>();
  const idOf = (file: string, name: string) => `${file}#${name}`;
  const add = async (file: string, name: string): Promise<string | null> => {
    const source = readSource(file);
    const imported = source.imports.get(name);
    if (imported !== undefined) return add(imported.file, imported.name);
    const statement = source.statements.get(name);
    if (statement === undefined) {
      const again = new RegExp(
        `^export (?:type )?\\{[^}]*\\b${name}\\b[^}]*\\} from "([^"]+)"`,
        "m",
      ).exec(readFileSync(file, "utf8"));
      if (again === null) return null;
      return add(resolve(dirname(file), again[1]!), name);
    }
    const id = idOf(file, name);
    if (made.has(id)) return id;
    const text = await declare(file, statement);
    const uses = new Map<string, string>();
    const entry = { id, comment: statement.comment, text, uses, name };
    made.set(id, entry);
    const plain = withoutComments(text);
    for (const word of references(text)) {
      if (word === name) continue;
      const isKnown = source.imports.has(word) || source.statements.has(word);
      if (!isKnown) continue;
      const at = source.imports.get(word);
      const target = (
        at === undefined ? source : readSource(at.file)
      ).statements.get(at?.name ?? word);
      const isType =
        target !== undefined && /^(?:interface|type|class)$/.test(target.kind);
      if (!isType && !new RegExp(`typeof ${word}\\b`).test(plain)) continue;
      const used = await add(file, word);
      if (used !== null) uses.set(word, used);
    }
    return id;
  };
  for (const [, list, all, path] of readFileSync(INDEX, "utf8").matchAll(
    /^export (?:type )?(?:\{([^}]*)\}|(\*)) from "([^"]+)";$/gm,
  )) {
    const file = resolve(dirname(INDEX), path!);
    const names =
      all === undefined
        ? list!.match(/[\w$]+/g)!
        : [...readSource(file).statements.values()]
            .filter(
              ({ isExported, kind }) =>
                isExported && /^(?:interface|type|class)$/.test(kind),
            )
            .map(({ name }) => name);
    for (const name of names)
      if ((await add(file, name)) === null)
        throw new Error(`${relative(ROOT, file)} has no ${name}`);
  }
  return made;
}

/** The whole file. */
export async function outputTypes(): Promise<string> {
  const made = await collect();
  const taken = new Map<string, string>();
  for (const { id, name } of made.values()) {
    let free = name;
    for (let n = 2; taken.has(free); n++) free = `${name}${n}`;
    taken.set(free, id);
  }
  const nameOf = new Map([...taken].map(([name, id]) => [id, name]));
  const declarations = [...made.values()].map(
    ({ id, comment, text, uses, name }) => {
      let renamed = text;
      for (const [word, used] of [...uses, [name, id] as const])
        if (nameOf.get(used) !== word)
          renamed = renamed.replace(
            new RegExp(`(?<![\\w$."])${word}(?![\\w$]|\\??:)`, "g"),
            nameOf.get(used)!,
          );
      return `${comment}${renamed.replace(/^/, "export ")}`;
    },
  );
  const text = `/**
 * Types for outputs of one's own: \`iotop --output-types > iotop.d.ts\`, beside the module.
 */
declare module "iotop" {
${declarations.join("\n\n")}
}
`;
  return formatText("iotop.d.ts", text);
}
