/** The public interface: what it gives is described, and a user's module gets exactly that. */
import { describe, expect, test } from "bun:test";
import * as iotop from "../../src/model/index.ts";
import { publicNames } from "../support/documents/public-interface.ts";

const names = publicNames();

test("what is listed is what there is", () => {
  const values = names.filter(({ isType }) => !isType);
  expect(values.map(({ name }) => name).sort()).toEqual(
    Object.keys(iotop).sort(),
  );
});

test("no name says two things", () => {
  const lower = names.map(({ name }) => name.toLowerCase());
  const twice = names.filter(
    ({ name }, at) =>
      lower.indexOf(name.toLowerCase()) !== at && name !== "UNKNOWN",
  );
  expect(twice).toEqual([]);
});

describe("is described by a sentence:", () => {
  test.each(names.map(({ name, about }) => [name, about]))(
    "%s",
    (name, about) => {
      expect(about).toMatch(/^[A-Z].{10,}[.]$/);
      expect(about).not.toStartWith(`${name} `);
    },
  );
});

// What the first release gave: modules that somebody wrote use it.
test.each([
  "API_VERSION",
  "defineOutput",
  "isActive",
  "isWatched",
  "shownRows",
  "watchedRows",
])("%s stays", (name) => expect(iotop).toHaveProperty(name));

test("what is shared cannot be changed by one of its users", () => {
  const open: string[] = [];
  const look = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    if (!Object.isFrozen(value)) open.push(path);
    for (const [key, part] of Object.entries(value))
      look(part, `${path}.${key}`);
  };
  look({ ...iotop }, "iotop");
  expect(open).toEqual(["iotop"]);
});
