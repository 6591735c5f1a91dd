/** Typed access to parsed JSON from outside, with errors that name the place. */

/** A key is missing or has a value of another type. One line. */
export class RecordError extends Error {
  override readonly name = "RecordError";
}

/** An object of parsed JSON. `optional` keys may be null or missing, and then give null. */
export class JsonReader {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #path: string;

  /**
   * @param path where the value was found: "tasks[3].", or "" for the whole
   * @throws RecordError if the value is no object
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

  number(key: string): number {
    return this.optionalNumber(key) ?? this.#fail(key, "a number");
  }

  optionalNumber(key: string): number | null {
    const value = this.#get(key);
    if (value === null) return null;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    return this.#fail(key, "a number");
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

  /** ISO 8601 to Unix ms. */
  time(key: string): number {
    const timeMs = Date.parse(this.string(key));
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
    const value = this.#get(key);
    if (!Array.isArray(value)) return this.#fail(key, "an array");
    return value.map(
      (item, n) => new JsonReader(item, `${this.#path}${key}[${n}].`),
    );
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
