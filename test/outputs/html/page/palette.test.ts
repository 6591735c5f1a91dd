import { describe, expect, test } from "bun:test";
import { PALETTE, mix } from "../../../../outputs/html/page/palette.ts";

type Rgb = readonly [number, number, number];

/** Linear light, 0 to 1. */
const linear = (color: string): Rgb => {
  const channel = (at: number): number => {
    const value = parseInt(color.slice(1 + 2 * at, 3 + 2 * at), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(0), channel(1), channel(2)];
};

const times = (matrix: readonly Rgb[], [r, g, b]: Rgb): Rgb =>
  matrix.map(([x, y, z]) => x * r + y * g + z * b) as unknown as Rgb;

/** What is left of a colour: G. M. Machado and others, 2009, severity 1. */
const VISIONS: Readonly<Record<string, readonly Rgb[]>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Oklab (B. Ottosson): a distance of 0.02 is just to be seen. */
function oklab(rgb: Rgb): Rgb {
  const lms = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  ).map(Math.cbrt) as unknown as Rgb;
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    lms,
  );
}

describe("colours of groups", () => {
  test.each(Object.keys(VISIONS))("differ for %s vision", (vision) => {
    const seen = PALETTE.map((color) =>
      oklab(times(VISIONS[vision]!, linear(color))),
    );
    const near = seen.flatMap((a, n) =>
      seen.slice(n + 1).flatMap((b, more) => {
        const distance = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
        return distance < 0.04 ? [[PALETTE[n], PALETTE[n + 1 + more]]] : [];
      }),
    );
    expect(near).toEqual([]);
  });
});

test("a mixture lies between", () => {
  expect(mix("#ff0080", "#000000", 1)).toBe("#ff0080");
  expect(mix("#ff0080", "#000000", 0)).toBe("#000000");
  expect(mix("#ff0080", "#ffffff", 0.5)).toBe("#ff80c0");
});
