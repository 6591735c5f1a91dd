// limit: 30 min, as CI plays 10,000 histories in one test
import { testSums } from "../exactness.ts";

testSums("version 14 of the struct", { version: 14 });
