/**
 * What src/model/index.ts exports, with what the sources say of it: for the table in src/manual/modules.md and for the
 * tests.
 */
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const INDEX = resolve(import.meta.dir, "../../../src/model/index.ts");

export interface PublicName {
  /** The heading above it. */
  readonly subject: string;
  readonly name: string;
  /** The first sentence of its docstring; empty if it has none. */
  readonly about: string;
  /** Types have no value at run time. */
  readonly isType: boolean;
}

/** In the order of the file. Types that a whole file exports are not listed one by one. */
export function publicNames(): readonly PublicName[] {
  const names: PublicName[] = [];
  let subject = "";
  for (const [, heading, type, list, path] of readFileSync(
    INDEX,
    "utf8",
  ).matchAll(/^\/\/ (.+)$|^export (type )?\{([^}]*)\} from "([^"]+)";$/gm)) {
    if (heading !== undefined) subject = heading;
    else {
      const source = readFileSync(join(dirname(INDEX), path!), "utf8");
      for (const name of list!.match(/\w+/g)!)
        names.push({
          subject,
          name,
          about: firstSentence(docstringOf(name, source)),
          isType: type !== undefined,
        });
    }
  }
  return names;
}

function docstringOf(name: string, source: string): string {
  const declared = new RegExp(
    `/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*export (?:async )?(?:const|function|class|type|interface) ${name}\\b`,
  );
  const text = declared.exec(source)?.[1] ?? "";
  return text
    .replaceAll(/^\s*\* ?/gm, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}

function firstSentence(text: string): string {
  return /^.*?[.](?= [A-Z`@"]|$)/.exec(text)?.[0] ?? text;
}
