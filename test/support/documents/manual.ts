/** What is written for users: README.md, and the chapters of the manual in src/manual. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dir, "../../..");

const CHAPTERS = [...new Bun.Glob("src/manual/*.md").scanSync({ cwd: ROOT })];

/** Paths of the documents, from the top of the project: README.md comes first. */
export const DOCUMENTS: readonly string[] = ["README.md", ...CHAPTERS.sort()];

export const readDocument = (path: string): string =>
  readFileSync(join(ROOT, path), "utf8");

/** All of it as one text, for whatever may stand in any of the documents. */
export const manualText = (): string =>
  DOCUMENTS.map(readDocument).join("\n\n");
