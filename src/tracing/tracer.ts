/**
 * Loads the programs, and reads what they count. While one is open the programs run; when it is disposed of, or we die,
 * the kernel removes them.
 */
import { readFileSync } from "node:fs";
import { fileReader } from "../kernel/files.ts";
import { attachProgram, BpfMap, loadProgram } from "./bpf.ts";
import { Btf, BtfError } from "./btf.ts";
import { findLayout } from "./kernel-layout.ts";
import { PROGRAMS } from "./programs.ts";
import type { Maps } from "./program-parts.ts";
import {
  COUNT_BYTES,
  EVENT_BYTES,
  FILE_BYTES,
  fileBytesOf,
  NAME_BYTES,
  parseEventKey,
  parseName,
  readCount,
  type EventKey,
} from "./records.ts";

const BTF_PATH = "/sys/kernel/btf/vmlinux";
/** As many combinations of process, file, device and kind can be counted at once. */
const MOST_EVENTS = 16_384;
const MOST_NAMES = 4096;
/** Threads that are in a direct call at once. */
const MOST_DIRECT = 4096;
/** Entries that a call reads. */
const BATCH = 4096;
/** An entry that has not moved for this long is removed. Its process may go on: then there will be another one. */
const KEEP_NS = 10e9;

/** What was counted of one entry since the reading before. */
export interface FileEvent extends EventKey {
  readonly bytes: number;
  /** The file's path on its file system, if it is known by now. */
  readonly name: string | null;
}

interface Entry {
  readonly key: EventKey;
  /** The entry's key as the kernel has it. */
  readonly keyBytes: Uint8Array;
  name: string | null;
  bytes: number;
  movedNs: number;
}

type OwnMaps = { readonly [M in keyof Maps]: BpfMap };

export class Tracer implements Disposable {
  readonly #maps: OwnMaps;
  readonly #opened: DisposableStack;
  /** By the bytes of its key. */
  readonly #entries = new Map<string, Entry>();
  /** Programs for direct I/O could be attached. */
  readonly knowsDirectFiles: boolean;
  readonly #cursor = buffer(8);
  readonly #keys = buffer(BATCH * EVENT_BYTES);
  readonly #counts = buffer(BATCH * COUNT_BYTES);
  readonly #count = buffer(COUNT_BYTES);
  readonly #name = buffer(NAME_BYTES);
  readonly #file = buffer(FILE_BYTES);
  readonly #keyWords = new Uint16Array(this.#keys.buffer);
  readonly #countView = new DataView(this.#counts.buffer);

  /**
   * Some 50 ms of work.
   *
   * @throws SysError, LoadError, BtfError; what `explainRefusal` puts into words
   */
  constructor(entries = MOST_EVENTS) {
    using opened = new DisposableStack();
    const btf = new Btf(readFileSync(BTF_PATH));
    const layout = findLayout(btf);
    this.#maps = openMaps(opened, entries);
    const pageBytes = readPageBytes();
    const found = PROGRAMS.map((program) => ({
      ...program,
      place: btf.tracepoint(program.tracepoint),
    }));
    // If the end of a direct call cannot be seen, its beginning says nothing.
    this.knowsDirectFiles = found.every(({ place }) => place !== null);
    for (const { name, tracepoint, isOptional, write, place } of found) {
      if (isOptional && !this.knowsDirectFiles) continue;
      if (place === null) throw new BtfError(tracepoint);
      const around = { layout, maps: this.#maps, tracepoint: place, pageBytes };
      const program = loadProgram(name, write(around), place.typeId);
      opened.use(attachProgram(opened.use(program)));
    }
    this.#opened = opened.move();
  }

  /**
   * What was counted since the last call. The counters in the kernel only grow, and we take differences: an entry that
   * was emptied while a program adds to it would lose what is added at that moment. Of one that has long been at rest, what
   * was added before it is removed is taken with it.
   *
   * @param nowNs of any steady clock
   * @throws SysError
   */
  drain(nowNs: number): readonly FileEvent[] {
    const moved: FileEvent[] = [];
    for (let isFirst = true, hasMore = true; hasMore; isFirst = false) {
      const batch = this.#maps.events.lookUpBatch(
        this.#cursor,
        isFirst,
        this.#keys,
        this.#counts,
      );
      for (let i = 0; i < batch.count; i++) {
        const bytes = readCount(this.#countView, i * COUNT_BYTES);
        const entry = this.#entryAt(i);
        if (bytes === entry.bytes) continue;
        entry.movedNs = nowNs;
        moved.push(this.#eventOf(entry, bytes));
      }
      hasMore = batch.hasMore;
    }
    moved.push(...this.#removeOld(nowNs));
    return moved;
  }

  /** @param bytes of the entry by now */
  #eventOf(entry: Entry, bytes: number): FileEvent {
    const more = bytes - entry.bytes;
    entry.bytes = bytes;
    entry.name ??= this.#readName(entry);
    return { ...entry.key, bytes: more, name: entry.name };
  }

  /** Bytes that were counted for nobody, because the map was full; since the beginning. */
  readLostBytes(): number {
    const key = buffer(4);
    const value = buffer(COUNT_BYTES);
    this.#maps.lost.lookUp(key, value);
    return readCount(new DataView(value.buffer), 0);
  }

  #entryAt(i: number): Entry {
    const words = this.#keyWords.subarray(
      (i * EVENT_BYTES) / 2,
      ((i + 1) * EVENT_BYTES) / 2,
    );
    const id = String.fromCharCode(...words);
    const known = this.#entries.get(id);
    if (known !== undefined) return known;
    const keyBytes = buffer(EVENT_BYTES);
    keyBytes.set(this.#keys.subarray(i * EVENT_BYTES, (i + 1) * EVENT_BYTES));
    const key = parseEventKey(keyBytes);
    const entry = { key, keyBytes, name: null, bytes: 0, movedNs: NaN };
    this.#entries.set(id, entry);
    return entry;
  }

  #readName({ key, keyBytes }: Entry): string | null {
    if (key.file.inode === 0) return null;
    this.#file.set(fileBytesOf(keyBytes));
    return this.#maps.names.lookUp(this.#file, this.#name)
      ? parseName(this.#name)
      : null;
  }

  /** If the map gets full, all that do not move. @returns what they have counted since they were read */
  #removeOld(nowNs: number): readonly FileEvent[] {
    const { events } = this.#maps;
    const isCrowded = this.#entries.size > events.shape.entries / 2;
    const last: FileEvent[] = [];
    for (const [id, entry] of this.#entries) {
      const { keyBytes, movedNs } = entry;
      if (isCrowded ? movedNs === nowNs : nowNs - movedNs < KEEP_NS) continue;
      const outcome = events.take(keyBytes, this.#count);
      // An entry that stays would be counted again from 0.
      if (outcome === "stays") continue;
      this.#entries.delete(id);
      const bytes = readCount(new DataView(this.#count.buffer), 0);
      if (outcome === "taken" && bytes > entry.bytes)
        last.push(this.#eventOf(entry, bytes));
    }
    return last;
  }

  [Symbol.dispose](): void {
    this.#opened.dispose();
  }
}

function openMaps(opened: DisposableStack, entries: number): OwnMaps {
  const array = { type: "array", keyBytes: 4, entries: 1 } as const;
  return {
    events: opened.use(
      new BpfMap("iotop_events", {
        ...{ type: "hash", keyBytes: EVENT_BYTES, valueBytes: COUNT_BYTES },
        entries,
      }),
    ),
    names: opened.use(
      new BpfMap("iotop_names", {
        ...{ type: "recentHash", keyBytes: FILE_BYTES, valueBytes: NAME_BYTES },
        entries: MOST_NAMES,
      }),
    ),
    direct: opened.use(
      new BpfMap("iotop_direct", {
        ...{ type: "recentHash", keyBytes: 8, valueBytes: FILE_BYTES },
        entries: MOST_DIRECT,
      }),
    ),
    lost: opened.use(
      new BpfMap("iotop_lost", { ...array, valueBytes: COUNT_BYTES }),
    ),
    blank: opened.use(
      new BpfMap("iotop_blank", { ...array, valueBytes: NAME_BYTES }),
    ),
  };
}

const buffer = (bytes: number) => new Uint8Array(new ArrayBuffer(bytes));

/** Bytes in a page of memory: 4096, on some arm64 machines 16 or 64 KiB. From what the kernel gave us at our start. */
function readPageBytes(): number {
  const reader = fileReader();
  const length = reader.read("/proc/self/auxv");
  const pairs = new DataView(reader.content.buffer, 0, Math.max(0, length));
  for (let at = 0; at + 16 <= pairs.byteLength; at += 16)
    if (readCount(pairs, at) === AT_PAGESZ) return readCount(pairs, at + 8);
  return 4096;
}

/** include/uapi/linux/auxvec.h */
const AT_PAGESZ = 6;
