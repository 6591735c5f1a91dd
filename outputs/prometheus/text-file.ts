/**
 * A file for the textfile collector of node_exporter: whole at any moment, since each text is written beside it and put
 * in its place. The sums in it go on growing, so a text that cannot be written is no loss, and the next one is tried.
 */
import { open, rename, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { systemWords } from "../system-words.ts";

/** The collector runs as another user. */
const MODE = 0o644;

const ADVICE = "give a file in another folder";

export class TextFile {
  readonly #path: string;
  readonly #beside: string;
  readonly #warn: (text: string) => void;
  /** Why the last text could not be written; null: it was. */
  #failure: string | null = null;
  #isThere = false;

  constructor(path: string, warn: (text: string) => void) {
    this.#path = path;
    // The collector reads only names that end in .prom.
    this.#beside = `${path}.tmp`;
    this.#warn = warn;
  }

  /** @throws Error if no file can be there */
  async check(): Promise<void> {
    const found = await stat(this.#path).catch(() => null);
    if (found !== null && !found.isFile())
      throw new Error(`${this.#path} is not a file`);
    try {
      await this.#draft("");
    } catch (error) {
      const folder = dirname(this.#path);
      if (isAbsent(error) && !(await isFolder(folder)))
        throw new Error(`${folder} is not a folder: create it first`);
      throw new Error(
        `${this.#path} cannot be written: ${systemWords(error)}; ${ADVICE}`,
      );
    } finally {
      await this.#clear();
    }
  }

  /** Warns once when it begins to fail, and once when it no longer does. */
  async write(text: string): Promise<void> {
    try {
      await this.#draft(text);
      await rename(this.#beside, this.#path);
      this.#isThere = true;
      if (this.#failure !== null) this.#warn(`${this.#path} is written again`);
      this.#failure = null;
    } catch (error) {
      await this.#clear();
      const words = systemWords(error);
      if (this.#failure === null)
        this.#warn(
          `${this.#path} cannot be written: ${words}; iotop keeps trying`,
        );
      this.#failure = words;
    }
  }

  /**
   * Values that no longer grow would look like a machine that does nothing.
   *
   * @throws Error if the last text could not be written
   */
  async remove(): Promise<void> {
    if (this.#isThere) await unlink(this.#path).catch(() => {});
    if (this.#failure !== null)
      throw new Error(
        `${this.#path} could not be written: ${this.#failure}; ${ADVICE}`,
      );
  }

  async #draft(text: string): Promise<void> {
    // What a killed run left; and no link of another user is followed.
    await this.#clear();
    const file = await open(this.#beside, "wx", MODE);
    try {
      // Whatever the umask is.
      await file.chmod(MODE);
      await file.writeFile(text);
    } finally {
      await file.close();
    }
  }

  async #clear(): Promise<void> {
    await unlink(this.#beside).catch(() => {});
  }
}

const isAbsent = (error: unknown): boolean =>
  ["ENOENT", "ENOTDIR"].includes((error as { code?: string }).code ?? "");

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() === true;
