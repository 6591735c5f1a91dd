import { expect, test } from "bun:test";
import {
  shortSpeedText,
  speedText,
} from "../../../../outputs/screen/input/pace-commands.ts";

test.each([
  [null, "max", "max"],
  [1, "1x", "1x"],
  [0.25, "0.25x", "0.25x"],
  [0.125, "0.125x", "1/8x"],
  [1 / 16, "0.0625x", "1/16x"],
  [1024, "1024x", "1024x"],
  [100 / 3, "33.3333x", "33.3x"],
  [0.1875, "0.1875x", "0.19x"],
  [86_400, "86400x", "86kx"],
  [1e9, "1000000000x", "1e+9x"],
  [0.000123, "0.000123x", "1e-4x"],
])(
  "the speed %j is %s in a message and %s in its place",
  (speed, full, short) => {
    expect([speedText(speed), shortSpeedText(speed)]).toEqual([full, short]);
  },
);
