/** The page: one file that needs nothing else, and may load nothing. */
import uplotStyle from "uplot/dist/uPlot.min.css" with { type: "text" };
import uplot from "uplot/dist/uPlot.iife.min.js" with { type: "text" };
import licence from "uplot/LICENSE" with { type: "text" };
import { encodeRecord } from "../../src/model/index.ts";
import { bundleScript } from "./bundle-script.ts" with { type: "macro" };
import type { PageData } from "./page/data.ts";
import template from "./page/page.html" with { type: "text" };
import ownStyle from "./page/style.css" with { type: "text" };

const script = bundleScript();
const style = uplotStyle + ownStyle;

const hashOf = (text: string): string =>
  `'sha256-${new Bun.CryptoHasher("sha256").update(text).digest("base64")}'`;

/** No other script or style counts, whatever gets into the page. */
const policy = [
  "default-src 'none'",
  `script-src ${hashOf(uplot)} ${hashOf(script)}`,
  `style-src ${hashOf(style)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

export function pageOf(data: PageData): string {
  // Each takes the place of a comment with its name.
  const parts: Readonly<Record<string, string>> = {
    policy: `<meta http-equiv="Content-Security-Policy" content="${policy}" />`,
    style: `<style>${style}</style>`,
    licence: escapeMarkup(licence),
    data: `<script id="data" type="application/json">${encodeData(data)}</script>`,
    scripts: `<script>${uplot}</script><script>${script}</script>`,
  };
  return String(template).replace(
    /<!-- (\w+) -->/g,
    (_, name: string) => parts[name]!,
  );
}

/** Nothing in it can end the element that it is in. */
const encodeData = (data: PageData): string =>
  encodeRecord(data).replaceAll("<", "\\u003c");

const escapeMarkup = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
