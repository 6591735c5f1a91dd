import { COUNTERS } from "../model/counters.ts";

/** Counters of a task lie side by side, in the order of COUNTERS. */
export const COUNTER_COUNT = COUNTERS.length;
