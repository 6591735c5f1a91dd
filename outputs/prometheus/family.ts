/** Makes families. */
import type { Family, Point } from "./exposition.ts";

export const point = (
  value: string,
  labels: Point["labels"] = {},
  createdMs: number | null = null,
): Point => ({ labels, value, createdMs });

export const family = (
  name: string,
  type: Family["type"],
  unit: Family["unit"],
  help: string,
  points: readonly Point[],
): Family => ({ name, type, unit, help, points });

export const gauge = (
  name: string,
  unit: Family["unit"],
  help: string,
  value: string | null,
): Family =>
  family(name, "gauge", unit, help, value === null ? [] : [point(value)]);

export const counter = (
  name: string,
  unit: Family["unit"],
  help: string,
  one: Point | null,
): Family => family(name, "counter", unit, help, one === null ? [] : [one]);
