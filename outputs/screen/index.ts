/** The live screen. */
import {
  defineOutput,
  type Output,
  type OutputContext,
  type Sample,
  type Terminal,
} from "../../src/model/index.ts";
import { composeFrame, type Shown } from "./compose.ts";
import type { Frame } from "./cells/frame.ts";
import { GRAPH_GLYPHS, type GraphGlyphs } from "./graphs/graph.ts";
import { Intake } from "./intake.ts";
import { windowOf, type HitMap } from "./input/hit-map.ts";
import { movedHits } from "./input/moved-hits.ts";
import type { Key } from "./input/key-parser.ts";
import { TypedKeys } from "./input/typed-keys.ts";
import { listDiffers, listRows } from "./table/list.ts";
import { followSelected } from "./table/selected-row.ts";
import { prefetchAll, slowReads } from "./table/prefetch.ts";
import { BelowListWatch } from "./panes/below-list.ts";
import { TimedMessage } from "./panes/timed-message.ts";
import { lazily } from "./lazily.ts";
import { Painter } from "./painter.ts";
import { RenderCache } from "./render-cache.ts";
import { Colors } from "./cells/colors.ts";
import { KEY_COMMANDS, keysOf, pressKey } from "./input/key-commands.ts";
import { isAct, type Outcome } from "./input/outcome.ts";
import { pasteInPrompt } from "./input/prompts/index.ts";
import { runFacts } from "./run-facts.ts";
import { firstState } from "./settings/saved.ts";
import type { ScreenState } from "./state.ts";

const PATIENCE_MS = 100;

export default defineOutput({
  api: 1,
  name: "screen",
  summary: "live table in the terminal",
  owns: "terminal",
  keys: KEY_COMMANDS.filter(({ isBasic }) => isBasic).map((command) => [
    keysOf(command),
    command.about,
  ]),
  options: {
    graph: {
      type: "string",
      about:
        "how to draw graphs; default blocks, or ASCII where the terminal cannot show it",
      choices: GRAPH_GLYPHS,
    },
  },
  create: ({ graph }) => new Screen(graph as GraphGlyphs | undefined),
});

class Screen implements Output {
  readonly #graph: GraphGlyphs | undefined;
  #ctx!: OutputContext;
  #terminal!: Terminal;
  #colors!: Colors;
  #state!: ScreenState;
  /** The sample on display: older than the latest while frozen. */
  #shown: Shown | null = null;
  #intake!: Intake;
  #jumps = 0;
  #hits: HitMap | null = null;
  /** For keys: that of the choices up to now, which is found out only for a key that looks at it. */
  readonly #hitsNow: HitMap = lazily((name) => this.#findHits(name));
  /** Whether keys have changed anything since `#hits`, that of the state drawn, and the list since it was made. */
  #drawn!: ScreenState;
  #isAhead = false;
  #isUnlisted = false;
  /** Until then, keys of one read wait for the list that those before them asked for. */
  #patientUntilMs = 0;
  readonly #cache = new RenderCache();
  readonly #below = new BelowListWatch();
  readonly #painter = new Painter(
    () => ({ frame: this.#compose(), sgr: this.#colors.sgrOf(this.#state) }),
    (text) => this.#ctx.print(text),
  );
  #keys!: TypedKeys;
  readonly #message = new TimedMessage(() => this.#painter.repaintSoon());
  #closed = false;

  constructor(graph: GraphGlyphs | undefined) {
    this.#graph = graph;
  }

  async open(ctx: OutputContext): Promise<void> {
    const { terminal } = ctx;
    if (terminal === null) throw new Error("the screen needs a terminal");
    this.#ctx = ctx;
    this.#terminal = terminal;
    const { colorLevel, screen } = ctx.run;
    this.#colors = new Colors(colorLevel, terminal);
    this.#state = firstState(ctx.run, terminal, this.#graph);
    this.#intake = this.#newIntake();
    this.#keys = new TypedKeys(this.#colors, (keys) => this.#press(keys));
    terminal.onInput((bytes) => this.#onInput(bytes));
    terminal.onPaste((text) => this.#onPaste(text));
    terminal.setMouse(screen.mouse);
    terminal.onRedraw(() => {
      this.#painter.forget();
      this.#painter.repaintSoon();
    });
    terminal.onMessage(this.#message.show);
    const question = this.#colors.ask();
    if (question !== "") void ctx.print(question);
    await this.#painter.repaint();
  }

  async write(sample: Sample): Promise<void> {
    if (this.#painter.failure !== null) throw this.#painter.failure;
    const replay = this.#ctx.controls?.replay ?? null;
    if (replay !== null && replay.jumps !== this.#jumps) {
      this.#jumps = replay.jumps;
      this.#state = { ...this.#state, selected: null };
      this.#intake = this.#newIntake();
      this.#below.restart();
    }
    this.#intake.take(sample, this.#state.view);
    this.#below.take(sample);
    const { frozen, back } = this.#state;
    // While a recording is held, what comes was asked for.
    if (!frozen || (replay !== null && back === 0)) this.#showLatest();
    else this.#goBackwards();
    await this.#painter.repaint();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#painter.close();
    this.#message.close();
    await this.#colors.close();
    this.#keys.forget();
  }

  #newIntake(): Intake {
    return new Intake(this.#ctx.run.origin === "replay");
  }

  #showLatest(): void {
    const before = this.#state.selected;
    this.#show(0);
    if (before !== null && this.#state.selected === null)
      this.#message.show(`${before.name} has exited`);
  }

  /** @param back how many samples before the newest one */
  #show(back: number): void {
    const look = this.#intake.at(back);
    if (look === null) return;
    const list = listRows(look, this.#state);
    this.#shown = { ...look, list };
    this.#isUnlisted = false;
    const selected = followSelected(this.#shown, this.#state);
    this.#state = { ...this.#state, selected };
  }

  /** With each new sample, the one on display is one more back. When it is kept no longer, the next one is shown. */
  #goBackwards(): void {
    const before = this.#state.back;
    const back = Math.min(before + 1, this.#intake.kept - 1);
    this.#state = { ...this.#state, back };
    if (back === before) this.#show(back);
  }

  #onInput(bytes: Uint8Array): void {
    this.#keys.take(bytes);
    if (this.#colors.sgrOf(this.#state) !== this.#painter.sgr)
      this.#painter.repaintSoon();
  }

  /** However many keys come at once, they are answered by one frame. */
  #press(keys: readonly Key[]): void {
    this.#patientUntilMs = performance.now() + PATIENCE_MS;
    for (const key of keys) {
      if (this.#closed || this.#hits === null) return;
      const outcome = pressKey(this.#state, key, this.#hitsNow);
      if (outcome === "quit") return this.#ctx.stop();
      this.#follow(outcome);
      this.#isAhead = true;
    }
    this.#list();
    if (keys.length > 0) this.#painter.repaintSoon();
  }

  #findHits(name: keyof HitMap): HitMap {
    // Titles do not depend on which rows there are: the arrows that sort need no list for each step.
    if (name !== "titles") this.#list(this.#patientUntilMs);
    if (!this.#isAhead) return this.#hits!;
    const moved = movedHits(this.#hits!, this.#drawn, this.#state, this.#shown);
    if (moved === null) this.#compose();
    else [this.#hits, this.#isAhead] = [moved, false];
    return this.#hits!;
  }

  #list(patientUntilMs = 0): void {
    if (!this.#isUnlisted) return;
    this.#isUnlisted = false;
    this.#isAhead = true;
    if (this.#shown !== null) void this.#listAgain(this.#shown, patientUntilMs);
  }

  /** Pasted text is never taken for keys. */
  #onPaste(text: string): void {
    // An Esc before it was the beginning of its mark.
    this.#keys.forget();
    if (this.#state.prompt === null)
      return this.#message.show("pasted text does not count as keys");
    this.#enter(this.#state, pasteInPrompt(text, this.#state));
    this.#list();
    this.#painter.repaintSoon();
  }

  #follow(outcome: Exclude<Outcome, "quit">): void {
    const before = this.#state;
    if (outcome === "redraw") this.#painter.forget();
    else if (isAct(outcome)) {
      const { state, message } = outcome.act(this.#ctx);
      this.#enter(before, state);
      if (message !== null) this.#message.show(message);
    } else this.#enter(before, outcome);
  }

  #enter(before: ScreenState, chosen: ScreenState): void {
    // What the window has room for is no choice: it stays even where all choices are taken back.
    const { graphSamples, maxThreads } = before;
    const after = { ...chosen, graphSamples, maxThreads };
    const isOther = listDiffers(before, after);
    // Another list is looked at from its top.
    this.#state = isOther ? { ...after, top: 0 } : after;
    const isZeroed = before.zeroings !== after.zeroings;
    if (isZeroed) this.#intake.startSums();
    if (!after.frozen && (before.frozen || isZeroed)) this.#showLatest();
    else if (before.back !== after.back) this.#show(after.back);
    else if (isOther) this.#isUnlisted = true;
  }

  /** Redraws at once. If the order depends on data in /proc, the rows are sorted only after it has been read. */
  async #listAgain(shown: Shown, patientUntilMs: number): Promise<void> {
    const state = this.#state;
    const isWanted = (): boolean =>
      !this.#closed &&
      this.#shown === shown &&
      !listDiffers(state, this.#state);
    for (const _ of prefetchAll(slowReads(shown.sample, state))) {
      if (performance.now() < patientUntilMs) continue;
      await Bun.sleep(0);
      if (!isWanted()) return;
    }
    this.#shown = { ...shown, list: listRows(shown, state) };
    this.#painter.repaintSoon();
  }

  #compose(): Frame {
    const [ctx, state, shown] = [this.#ctx, this.#state, this.#shown];
    const { frame, hits } = composeFrame({
      size: this.#terminal,
      state,
      shown: shown && { ...shown, ...runFacts(ctx, state, shown) },
      place: this.#intake.place(state.back),
      message: this.#message.text,
      below: this.#below.follow(ctx, state, shown),
      format: ctx.format,
      cache: this.#cache,
    });
    [this.#hits, this.#isAhead] = [hits, false];
    this.#state = this.#drawn = { ...this.#state, ...windowOf(hits) };
    return frame;
  }
}
