import { expect, test } from "bun:test";
import { choosePackage, MACHINES, nameOf } from "./machines.ts";

const PACKAGES = [
  ...["linux-image-6.1.0-9-cloud-amd64", "linux-image-6.1.0-56-cloud-amd64"],
  ...["linux-image-6.1.0-57-cloud-amd64-unsigned", "linux-image-amd64"],
  "linux-image-6.12-cloud-amd64",
  "linux-image-6.12.9+deb13-cloud-amd64",
  "linux-image-6.12.117+deb13-cloud-amd64",
  "linux-image-6.12.117+deb13-cloud-amd64-dbg",
  "linux-image-6.12.90+deb12.1-cloud-arm64",
  "linux-image-7.3.4+deb13-arm64-16k",
];

const choose = (version: string, flavour: string): string | null =>
  choosePackage({ version, flavour, architecture: "amd64" }, PACKAGES);

test("the newest package of a version is booted", () => {
  expect(choose("6.1", "cloud-amd64")).toBe("linux-image-6.1.0-56-cloud-amd64");
  expect(choose("6.12", "cloud-amd64")).toBe(
    "linux-image-6.12.117+deb13-cloud-amd64",
  );
  expect(choose("6.12", "cloud-arm64")).toBe(
    "linux-image-6.12.90+deb12.1-cloud-arm64",
  );
});

test("the newest kernel is that of the flavour", () => {
  expect(choose("newest", "cloud-amd64")).toBe(choose("6.12", "cloud-amd64"));
  expect(choose("newest", "arm64-16k")).toBe(
    "linux-image-7.3.4+deb13-arm64-16k",
  );
  expect(choose("5.10", "cloud-amd64")).toBeNull();
});

test("every machine differs from the others", () => {
  expect(new Set(MACHINES.map(nameOf)).size).toBe(MACHINES.length);
});
