/** What a copied executable brings along for those who write an output, or read JSON lines. */
import types from "./iotop-types.txt" with { type: "text" };
import schema from "./jsonl.schema.json" with { type: "text" };
import template from "./template.txt" with { type: "text" };

const TEXTS = {
  "output-types": types,
  "output-template": template,
  "json-schema": schema as unknown as string,
} as const;

export function printedText(which: keyof typeof TEXTS): string {
  return TEXTS[which];
}
