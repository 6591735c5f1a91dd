/** What the live screen costs beside iotop-c's, and how soon it answers: all in one run. */
import { screenCosts } from "./screen-cost.ts";
import { screenAmongMany } from "./screen-herd.ts";
import { screenPrograms } from "./screen-programs.ts";
import { screenStarts } from "./screen-start.ts";
import type { Scenario } from "./scenario.ts";

const ROUNDS = 2;
const SECONDS = 20;

export const SCREEN: Scenario = {
  name: "screen",
  about: "the live screen's CPU, bytes, start, answers to keys and memory",
  isDefault: false,
  async *measure({ rounds, seconds, against, signal }) {
    const programs = screenPrograms(against);
    const watchS = seconds ?? SECONDS;
    yield await screenCosts(programs, rounds ?? ROUNDS, watchS, signal);
    yield await screenStarts(programs, signal);
    yield* screenAmongMany(programs, signal);
  },
};
