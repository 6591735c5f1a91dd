/** A made-up hierarchy of cgroups of version 2, in a folder of its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class FakeCgroups implements Disposable {
  readonly mount = mkdtempSync(join(tmpdir(), "iotop-cgroups-"));
  readonly #root: string;

  /** @param unified where version 2 is below the mount: "" or "/unified" */
  constructor(controllers = "cpu io memory", unified = "") {
    this.#root = this.mount + unified;
    mkdirSync(this.#root, { recursive: true });
    this.#write("/", "cgroup.controllers", controllers);
    this.enable("/", controllers);
  }

  /** The controllers of those below. */
  enable(path: string, controllers: string): void {
    this.#write(path, "cgroup.subtree_control", controllers);
  }

  /** @param counters of a device: bytes read and written, by number */
  count(path: string, counters: Readonly<Record<string, [number, number]>>) {
    const lines = Object.entries(counters).map(
      ([device, [read, write]]) =>
        `${device} rbytes=${read} wbytes=${write} rios=1 wios=1 dbytes=0 dios=0\n`,
    );
    this.#write(path, "io.stat", lines.join(""));
  }

  remove(path: string): void {
    rmSync(this.#root + path, { recursive: true });
  }

  #write(path: string, file: string, text: string): void {
    mkdirSync(this.#root + path, { recursive: true });
    writeFileSync(`${this.#root}${path}/${file}`, `${text}\n`);
  }

  [Symbol.dispose](): void {
    rmSync(this.mount, { recursive: true });
  }
}
