/** What a key is, for the lists of keys. */
import type { ScreenState } from "../state.ts";
import type { HitMap } from "./hit-map.ts";
import type { Outcome } from "./outcome.ts";

export type Action = (state: ScreenState, hits: HitMap) => Outcome;

export interface KeyCommand {
  /**
   * By key: a character, or the name of another key. A letter in lower case stands for both, unless the other one has an
   * entry too.
   */
  readonly press: Readonly<Record<string, Action>>;
  /** The keys as the help shows them; by default, their names. */
  readonly label?: string;
  /** The effect of the keys, for the help. */
  readonly about: string;
  /** The current state. */
  readonly now?: (state: ScreenState) => string;
  /** Whether the help of the command line names it: it has only a few keys. */
  readonly isBasic?: true;
}
