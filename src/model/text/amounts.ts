/** Amounts as people write them: "0.5", "7d", "2G", "5%". */
export const UNIT_MS = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
} as const;
const UNIT_EXPONENTS = ["", "k", "m", "g", "t"];

export const DURATION_EXAMPLES = "such as 30m, 12h, 7d or 4w";
export const SIZE_EXAMPLES = "such as 500M, 2G or 1T";

/** NaN if the text is no plain decimal number: signs, exponents and blanks are no part of one. */
export function parseDecimal(text: string): number {
  return /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : NaN;
}

/** Milliseconds; null if the text is no number above 0 with a unit: s, m, h, d or w. */
export function parseDurationMs(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)([smhdw])$/i.exec(text);
  if (match === null) return null;
  const unit = match[2]!.toLowerCase() as keyof typeof UNIT_MS;
  const ms = Number(match[1]) * UNIT_MS[unit];
  return ms > 0 ? ms : null;
}

/** Bytes; null if the text is no number above 0. Units are K, M, G and T, of 1024, with or without B or iB. */
export function parseSizeBytes(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)([kmgt]?)(?:i?b)?$/i.exec(text);
  if (match === null) return null;
  const exponent = UNIT_EXPONENTS.indexOf(match[2]!.toLowerCase());
  const bytes = Math.round(Number(match[1]) * 1024 ** exponent);
  return bytes > 0 ? bytes : null;
}

/** A part of 1; null if the text is no number from 0 to 100 followed by %. */
export function parsePercent(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text);
  const ratio = match === null ? NaN : Number(match[1]) / 100;
  return ratio <= 1 ? ratio : null;
}
