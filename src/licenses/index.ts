/** What `iotop --licenses` prints. */
import { collectLicenses } from "./collect.ts" with { type: "macro" };

export const LICENSES: string = collectLicenses();
