/** Typed access to foreign JSON, with errors that name the place. */

/** A key is missing or has a value of another type. One line. */
export class RecordError extends Error {
  override readonly name = "RecordError";
}

/** Above it not every whole number is exact. */
const MAX = Number.MAX_SAFE_INTEGER;
const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const AMOUNT = `a number, 0 to ${MAX}`;

function describeCount(least: number, most: number): string {
  return `a whole number, ${least} to ${most}`;
}

function isWithin(
  value: unknown,
  least: number,
  most: number,
): value is number {
  return typeof value === "number" && value >= least && value <= most;
}

/** An object from parsed JSON. `optional` keys may be null or missing; both read as null. */
export class JsonReader {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #path: string;

  /**
   * @param path where the value was found: "tasks[3].", or "" for the top level
   * @throws RecordError if the value is not an object
   */
  constructor(value: unknown, path = "") {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      const place = path.slice(0, -1) || "the record";
      throw new RecordError(`${place} is not an object`);
    }
    this.#fields = value as Readonly<Record<string, unknown>>;
    this.#path = path;
  }

  string(key: string): string {
    return this.optionalString(key) ?? this.#fail(key, "a string");
  }

  optionalString(key: string): string | null {
    const value = this.#get(key);
    if (value === null || typeof value === "string") return value;
    return this.#fail(key, "a string");
  }

  /**
   * An amount: from 0 on, with or without a fraction. It is limited like a count, so that sums and products stay
   * finite.
   */
  amount(key: string): number {
    return this.optionalAmount(key) ?? this.#fail(key, AMOUNT);
  }

  optionalAmount(key: string): number | null {
    const value = this.#get(key);
    if (value === null) return null;
    return isWithin(value, 0, MAX) ? value : this.#fail(key, AMOUNT);
  }

  /** A number of things, or an id: a whole number, exact. */
  count(key: string, least = 0, most = MAX): number {
    return (
      this.optionalCount(key, least, most) ??
      this.#fail(key, describeCount(least, most))
    );
  }

  optionalCount(key: string, least = 0, most = MAX): number | null {
    const value = this.#get(key);
    if (value === null) return null;
    if (isWithin(value, least, most) && Number.isInteger(value)) return value;
    return this.#fail(key, describeCount(least, most));
  }

  boolean(key: string): boolean {
    return this.optionalBoolean(key) ?? this.#fail(key, "true or false");
  }

  optionalBoolean(key: string): boolean | null {
    const value = this.#get(key);
    if (value === null || typeof value === "boolean") return value;
    return this.#fail(key, "true or false");
  }

  oneOf<T extends string>(key: string, choices: readonly T[]): T {
    const value = this.#get(key);
    const choice = choices.find((candidate) => candidate === value);
    return choice ?? this.#fail(key, `one of ${choices.join(", ")}`);
  }

  /** ISO 8601 to Unix ms; years have four digits. */
  time(key: string): number {
    const text = this.string(key);
    const timeMs = ISO_8601.test(text) ? Date.parse(text) : NaN;
    return Number.isNaN(timeMs) ? this.#fail(key, "a time") : timeMs;
  }

  object(key: string): JsonReader {
    return this.optionalObject(key) ?? this.#fail(key, "an object");
  }

  optionalObject(key: string): JsonReader | null {
    const value = this.#get(key);
    return value === null
      ? null
      : new JsonReader(value, `${this.#path}${key}.`);
  }

  objects(key: string): readonly JsonReader[] {
    return this.optionalObjects(key) ?? this.#fail(key, "an array");
  }

  optionalObjects(key: string): readonly JsonReader[] | null {
    const value = this.#get(key);
    if (value === null) return null;
    if (!Array.isArray(value)) return this.#fail(key, "an array");
    return value.map(
      (item, n) => new JsonReader(item, `${this.#path}${key}[${n}].`),
    );
  }

  strings(key: string): readonly string[] {
    const value = this.#get(key);
    const isList =
      Array.isArray(value) && value.every((item) => typeof item === "string");
    return isList ? value : this.#fail(key, "an array of strings");
  }

  #get(key: string): unknown {
    return Object.hasOwn(this.#fields, key)
      ? (this.#fields[key] ?? null)
      : null;
  }

  #fail(key: string, expected: string): never {
    throw new RecordError(`${this.#path}${key} is not ${expected}`);
  }
}
