import { expect, test } from "bun:test";
import { OUTPUTS } from "../../outputs/index.ts";
import { API_VERSION } from "../../src/model/output.ts";

test.each(Object.entries(OUTPUTS))(
  "%s is listed as it describes itself",
  async (name, { summary, load }) => {
    const { default: module } = await load();
    expect({ ...module }).toMatchObject({ api: API_VERSION, name, summary });
  },
);
