/** What a key leads to. */
import type { OutputContext } from "../../../src/model/index.ts";
import type { ScreenState } from "../state.ts";

/** The next state, or a request to the program. */
export type Outcome = ScreenState | "quit" | "redraw" | Act;

/** What a key does beyond the screen. Keys are pure: they return it, and the program carries it out. */
export interface Act {
  /** Called once, at once. Throws nothing: what failed is the message. */
  act(ctx: OutputContext): Reply;
}

export interface Reply {
  readonly state: ScreenState;
  /** For the message line; null if all is said by the state. */
  readonly message: string | null;
}

/** A key that changes the state and says something. */
export function say(state: ScreenState, message: string): Act {
  return { act: () => ({ state, message }) };
}

export function isAct(outcome: ScreenState | Act): outcome is Act {
  return "act" in outcome;
}
