/** What a client takes, by its headers. */
import type { TextFormat } from "./exposition.ts";

interface Choice {
  /** In lower case. */
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** 0 to 1; 0 is a refusal. */
  readonly quality: number;
}

/**
 * OpenMetrics where a client names it, in the version that is spoken here, and wants it no less than plain text. All
 * others get plain text, whatever they say: it is better than nothing.
 */
export function chooseFormat(accept: string): TextFormat {
  const choices = parseChoices(accept);
  const best = (names: readonly string[], version: string | null) =>
    Math.max(
      0,
      ...choices
        .filter(
          ({ name, parameters }) =>
            names.includes(name) &&
            (version === null ||
              (parameters.get("version") ?? version) === version),
        )
        .map(({ quality }) => quality),
    );
  const open = best(["application/openmetrics-text"], "1.0.0");
  const plain = best(["text/plain"], null);
  return open > 0 && open >= plain ? "openmetrics" : "text";
}

/** Whether a client takes gzip. */
export function takesGzip(acceptEncoding: string): boolean {
  const choices = parseChoices(acceptEncoding);
  const named = choices.find(
    ({ name }) => name === "gzip" || name === "x-gzip",
  );
  const any = named ?? choices.find(({ name }) => name === "*");
  return any !== undefined && any.quality > 0;
}

function parseChoices(header: string): readonly Choice[] {
  return header.split(",").flatMap((part) => {
    const [name = "", ...pairs] = part.split(";").map((text) => text.trim());
    if (name === "") return [];
    const parameters = new Map(
      pairs.map((pair): [string, string] => {
        const [key = "", value = ""] = pair.split("=", 2);
        return [
          key.trim().toLowerCase(),
          value.trim().replace(/^"(.*)"$/, "$1"),
        ];
      }),
    );
    const quality = parameters.has("q") ? Number(parameters.get("q")) : 1;
    return [
      {
        name: name.toLowerCase(),
        parameters,
        quality: quality >= 0 && quality <= 1 ? quality : 0,
      },
    ];
  });
}
