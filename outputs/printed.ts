/** What a copied executable brings along for those who write an output, read JSON lines, or watch metrics. */
import types from "./iotop-types.txt" with { type: "text" };
import schema from "./jsonl.schema.json" with { type: "text" };
import rules from "./prometheus-rules.yml" with { type: "text" };
import template from "./template.txt" with { type: "text" };
import { grafanaDashboard } from "./grafana-dashboard.ts";

const TEXTS = {
  "output-types": () => types,
  "output-template": () => template,
  "json-schema": () => schema as unknown as string,
  "grafana-dashboard": grafanaDashboard,
  "prometheus-rules": () => rules as unknown as string,
} as const;

export type Printed = keyof typeof TEXTS;

export const printedText = (which: Printed): string => TEXTS[which]();
