/**
 * A file for the textfile collector of node_exporter: whole at any moment, since each text is written beside it and put
 * in its place. The sums in it go on growing, so a text that cannot be written is no loss, and the next one is tried.
 */
import { open, rename, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";

/** The collector runs as another user. */
const MODE = 0o644;

export class TextFile {
  readonly #path: string;
  readonly #beside: string;
  readonly #warn: (text: string) => void;
  #isFailing = false;
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
    const folder = dirname(this.#path);
    const about = await stat(folder).catch(() => null);
    if (about?.isDirectory() !== true)
      throw new Error(`${folder} is not a folder: create it first`);
  }

  /** Warns once when it begins to fail, and once when it no longer does. */
  async write(text: string): Promise<void> {
    try {
      await this.#replace(text);
      this.#isThere = true;
      if (this.#isFailing) this.#warn(`${this.#path} is written again`);
      this.#isFailing = false;
    } catch (error) {
      await unlink(this.#beside).catch(() => {});
      if (!this.#isFailing)
        this.#warn(
          `${this.#path} cannot be written (${(error as { code?: string }).code ?? (error as Error).message}): iotop keeps trying`,
        );
      this.#isFailing = true;
    }
  }

  /** Values that no longer grow would look like a machine that does nothing. */
  async remove(): Promise<void> {
    if (this.#isThere) await unlink(this.#path).catch(() => {});
  }

  async #replace(text: string): Promise<void> {
    // What a killed run left; and no link of another user is followed.
    await unlink(this.#beside).catch(() => {});
    const file = await open(this.#beside, "wx", MODE);
    try {
      // Whatever the umask is.
      await file.chmod(MODE);
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    await rename(this.#beside, this.#path);
  }
}
