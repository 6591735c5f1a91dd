/** What many tasks did in one sample. As objects in a map it would take five times the memory, and 120 samples are kept. */

/** One number for each source of a graph: bytes per second, or percent. */
export interface Activity {
  readonly rw: number;
  readonly io: number;
  readonly read: number;
  readonly write: number;
  readonly swapin: number;
}

export const NO_ACTIVITY: Activity = {
  rw: 0,
  io: 0,
  read: 0,
  write: 0,
  swapin: 0,
};

function addActivities(a: Activity, b: Activity): Activity {
  return {
    rw: a.rw + b.rw,
    io: a.io + b.io,
    read: a.read + b.read,
    write: a.write + b.write,
    swapin: a.swapin + b.swapin,
  };
}

/** Adds to the sum that a key has. */
export function accumulate(
  sums: Map<string, Activity>,
  key: string,
  activity: Activity,
): void {
  const sum = sums.get(key);
  sums.set(key, sum === undefined ? activity : addActivities(sum, activity));
}

/** By number, from 0. A source of which nobody did anything takes no memory. */
export class ActivityColumns {
  readonly #columns: Readonly<Record<keyof Activity, Float64Array | null>>;

  constructor(activities: readonly Activity[]) {
    const column = (source: keyof Activity): Float64Array | null =>
      activities.some((each) => each[source] !== 0)
        ? Float64Array.from(activities, (each) => each[source])
        : null;
    this.#columns = {
      rw: column("rw"),
      io: column("io"),
      read: column("read"),
      write: column("write"),
      swapin: column("swapin"),
    };
  }

  get(at: number, source: keyof Activity): number {
    return this.#columns[source]?.[at] ?? 0;
  }

  at(at: number): Activity {
    return {
      rw: this.get(at, "rw"),
      io: this.get(at, "io"),
      read: this.get(at, "read"),
      write: this.get(at, "write"),
      swapin: this.get(at, "swapin"),
    };
  }
}

/** By key. */
export class Activities {
  readonly keys: readonly string[];
  readonly #columns: ActivityColumns;
  /** Numbers of keys, from 1, where their hashes lead or in the next free place; 0: free. At most half are taken. */
  readonly #places: Uint16Array | Uint32Array;

  constructor(activities: ReadonlyMap<string, Activity>) {
    this.keys = [...activities.keys()];
    this.#columns = new ActivityColumns([...activities.values()]);
    const { length } = this.keys;
    const Places = length < 0xffff ? Uint16Array : Uint32Array;
    this.#places = new Places(2 ** Math.ceil(Math.log2(2 * length + 1)));
    this.keys.forEach((key, at) => {
      this.#places[this.#placeOf(key, hashOf(key))] = at + 1;
    });
  }

  get size(): number {
    return this.keys.length;
  }

  at(at: number): Activity {
    return this.#columns.at(at);
  }

  has(key: string): boolean {
    return this.#find(key, hashOf(key)) >= 0;
  }

  get(key: string): Activity | undefined {
    const at = this.#find(key, hashOf(key));
    return at < 0 ? undefined : this.at(at);
  }

  /** @param hash of the key: many samples are asked for one key */
  amountOf(
    key: string,
    hash: number,
    source: keyof Activity,
  ): number | undefined {
    const at = this.#find(key, hash);
    return at < 0 ? undefined : this.#columns.get(at, source);
  }

  #find(key: string, hash: number): number {
    return this.#places[this.#placeOf(key, hash)]! - 1;
  }

  #placeOf(key: string, hash: number): number {
    const places = this.#places;
    const mask = places.length - 1;
    let place = hash & mask;
    for (; places[place] !== 0; place = (place + 1) & mask)
      if (this.keys[places[place]! - 1] === key) break;
    return place;
  }
}

export function hashOf(key: string): number {
  let hash = 0;
  for (let at = 0; at < key.length; at++)
    hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0;
  // Of keys that are much alike, the lower bits are as well.
  return hash ^ (hash >>> 15);
}
