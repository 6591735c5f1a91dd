/** From what the programs count to rows: who read and wrote how much of which file. Pure but for names of devices. */
import { numberOf, type BlockLayers } from "./block-layers.ts";
import type { FileRow, Process } from "./file-row.ts";
import { limitRows } from "./limit-rows.ts";
import { pathOf, type Mounts } from "./mounts.ts";
import { dropOldest } from "./drop-oldest.ts";
import { DIRECT, isNoFile, KIND, type FileId } from "./records.ts";
import type { FileEvent } from "./tracer.ts";
import { WrittenBack } from "./written-back.ts";

type Amount = "readBytes" | "writeBytes" | "toDiskBytes";

export class Traffic {
  readonly #layers: BlockLayers;
  readonly #readMounts: () => Mounts;
  readonly #written = new WrittenBack<Process>();
  /** The same object for as long as it may own dirty pages. */
  readonly #processes = new Map<string, Process>();
  readonly #paths = new Map<string, string>();
  #mounts: Mounts | null = null;
  #rows = new Map<string, FileRow>();
  readonly #mostRows: number;

  /** @param mostRows of an interval; what processes do with more files is a row of "other files" for each of them */
  constructor(
    layers: BlockLayers,
    readMounts: () => Mounts,
    mostRows = MOST_ROWS,
  ) {
    this.#layers = layers;
    this.#readMounts = readMounts;
    this.#mostRows = mostRows;
  }

  /** @param nowNs of any steady clock */
  add(events: readonly FileEvent[], nowNs: number): void {
    for (const { kind, file, device } of events)
      if (kind !== KIND.dirtied) this.#layers.noteUse(file.fileSystem, device);
    // First what became dirty: some of it may have been written since.
    for (const event of events)
      if (event.kind === KIND.dirtied) this.#addDirtied(event, nowNs);
    for (const event of events)
      if (event.kind !== KIND.dirtied) this.#addRequest(event, nowNs);
  }

  #addDirtied(event: FileEvent, nowNs: number): void {
    const { file, bytes } = event;
    const process = this.#processOf(event);
    this.#count(event, process, file.fileSystem, "writeBytes", bytes);
    this.#written.dirtied(idOf(file), process, bytes, nowNs);
  }

  #addRequest(event: FileEvent, nowNs: number): void {
    const { kind, file, device, bytes } = event;
    if (this.#layers.isCountedAbove(file.fileSystem, device)) return;
    const process = this.#processOf(event);
    if (kind === KIND.read || kind === KIND.directRead)
      this.#count(event, process, device, "readBytes", bytes);
    else if (kind === KIND.directWrite) {
      this.#count(event, process, device, "writeBytes", bytes);
      this.#count(event, process, device, "toDiskBytes", bytes);
    } else if (isNoFile(file))
      // Journals and swap: no task has them in its write_bytes.
      this.#count(event, process, device, "toDiskBytes", bytes);
    else
      for (const [owner, share] of this.#written.written(
        idOf(file),
        bytes,
        nowNs,
      ))
        this.#count(event, owner, device, "toDiskBytes", share);
  }

  /** The rows since the last call; of many, those with the most. */
  take(): readonly FileRow[] {
    const rows = limitRows([...this.#rows.values()], MOST_TOLD);
    this.#rows = new Map();
    this.#mounts = null;
    this.#layers.refresh();
    dropOldest(this.#processes, MOST_KEPT);
    dropOldest(this.#paths, MOST_KEPT);
    return rows;
  }

  #count(
    event: FileEvent,
    process: Process | null,
    device: number,
    amount: Amount,
    bytes: number,
  ): void {
    const direct = event.kind > DIRECT;
    const who = process === null ? "" : keyOf(process);
    const identify = (file: FileId): string =>
      `${who} ${idOf(file)} ${device} ${direct}`;
    const { inode } = event.file;
    const hasRoom = inode === 0 || this.#rows.size < this.#mostRows;
    const file =
      hasRoom || this.#rows.has(identify(event.file))
        ? event.file
        : OTHER_FILES;
    const id = identify(file);
    let row = this.#rows.get(id);
    if (row === undefined) {
      const about = describe(file);
      const name = this.#layers.nameOf(device);
      row = { process, ...about, device: name, path: null, direct, ...NOTHING };
      this.#rows.set(id, row);
    }
    row[amount] += bytes;
    if (row.inode !== null) row.path ??= this.#pathOf(event);
  }

  /** Null as long as it is not known. */
  #pathOf({ file, name }: FileEvent): string | null {
    const id = idOf(file);
    const known = this.#paths.get(id);
    if (known !== undefined || name === null) return known ?? null;
    this.#mounts ??= this.#readMounts();
    const path = pathOf(this.#mounts, numberOf(file.fileSystem), name);
    this.#paths.set(id, path);
    return path;
  }

  #processOf({ pid, processStartNs }: FileEvent): Process {
    const process = { pid, startNs: processStartNs };
    const id = keyOf(process);
    const known = this.#processes.get(id) ?? process;
    this.#processes.set(id, known);
    return known;
  }
}

function describe(file: FileId): Pick<FileRow, "kind" | "inode"> {
  if (isNoFile(file)) return { kind: "no-file", inode: null };
  if (file.inode === 0) return { kind: "device", inode: null };
  return { kind: "file", inode: file === OTHER_FILES ? null : file.inode };
}

const NOTHING = { readBytes: 0, writeBytes: 0, toDiskBytes: 0 };
const MOST_KEPT = 16_384;
const MOST_ROWS = 16_384;
const MOST_TOLD = 4096;
/** Stands for files that there was no room for. */
const OTHER_FILES: FileId = { inode: -1, generation: 0, fileSystem: 0 };

const keyOf = ({ pid, startNs }: Process): string => `${pid} ${startNs}`;
const idOf = ({ inode, generation, fileSystem }: FileId): string =>
  `${inode} ${generation} ${fileSystem}`;
