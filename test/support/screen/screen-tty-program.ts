/** A program on a terminal, for the tests of the terminal: it says what it is told, and does what some keys ask. */
import { writeSync } from "node:fs";
import { openTerminal } from "../../../src/host/screen/terminal.ts";

const say = (text: string): void => {
  try {
    writeSync(2, `<${text}>`);
  } catch {
    // The terminal is gone: there is nobody to tell.
  }
};
const alive = setInterval(() => {}, 1000);
process.on("SIGHUP", () => {});

const terminal = openTerminal({
  onInterrupt: () => say("interrupt"),
  onHangup() {
    clearInterval(alive);
    terminal[Symbol.dispose]();
    process.exitCode = 7;
  },
});
terminal.message("early");
terminal.onMessage((text) => say(`message ${text}`));
terminal.onRedraw(() => say(`redraw ${terminal.columns}x${terminal.rows}`));
terminal.onPaste((text) => say(`paste ${JSON.stringify(text)}`));
terminal.onInput((bytes) => {
  const text = new TextDecoder().decode(bytes);
  say(`input ${JSON.stringify(text)}`);
  if (text === "q") {
    clearInterval(alive);
    terminal[Symbol.dispose]();
    terminal[Symbol.dispose]();
  }
  if (text === "m" || text === "n") terminal.setMouse(text === "m");
  if (text === "t") throw new Error("thrown");
  if (text === "r") void Promise.reject(new Error("rejected"));
  if (text === "x") process.exit(3);
  if (text === "c") process.on("uncaughtException", () => say("contained"));
});
say(`ready ${terminal.columns}x${terminal.rows}`);
