/** What the environment says of the terminal. Pure. */

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Whether the terminal can draw more than ASCII: by the locale (the first of three variables that is set), and never on
 * the Linux console.
 */
export function speaksUnicode(environment: Environment): boolean {
  const locale =
    environment["LC_ALL"] || environment["LC_CTYPE"] || environment["LANG"];
  return environment["TERM"] !== "linux" && /utf-?8/i.test(locale ?? "");
}

/** Whether the terminal may be asked something: consoles show questions that they do not know. */
export function answersQuestions(environment: Environment): boolean {
  return !/^(?:linux|dumb|vt)/.test(environment["TERM"] ?? "dumb");
}

/**
 * What COLORFGBG says, "15;0" or "0;default;15": the last number is the background, in the palette of sixteen. White,
 * and light grey, are light.
 */
export function parseBackground(
  colors: string | undefined,
): "dark" | "light" | null {
  const ground = /;(\d+)$/.exec(colors ?? "")?.[1];
  if (ground === undefined || Number(ground) > 15) return null;
  return ground === "7" || ground === "15" ? "light" : "dark";
}
