import { expect, test } from "bun:test";
import { loadOrder, parseNeeds, type Module } from "./modules.ts";

test("a module says what it needs", () => {
  expect(
    parseNeeds(
      "\x7fELF\0license=GPL\0depends=virtio,virtio-ring\0retpoline=Y\0",
    ),
  ).toEqual(["virtio", "virtio_ring"]);
  expect(parseNeeds("\0license=GPL\0")).toEqual([]);
});

test("each is loaded after those that it needs, once", () => {
  const needs: Readonly<Record<string, readonly string[]>> = {
    virtio_pci: ["virtio", "virtio_pci_modern_dev", "virtio_ring"],
    virtio_blk: ["virtio", "virtio_ring", "built_in"],
    virtio: ["virtio_ring"],
    virtio_ring: [],
    virtio_pci_modern_dev: [],
    // A ring ends.
    egg: ["hen"],
    hen: ["egg"],
  };
  const find = (name: string): Module | null =>
    needs[name] === undefined ? null : { path: name, needs: needs[name] };
  expect(loadOrder(["virtio_pci", "virtio_blk", "ext4"], find)).toEqual([
    ...["virtio_ring", "virtio", "virtio_pci_modern_dev", "virtio_pci"],
    "virtio_blk",
  ]);
  expect(loadOrder(["egg"], find)).toEqual(["hen", "egg"]);
});
