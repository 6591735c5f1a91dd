// limit: 30 min, as CI plays 10,000 histories in one test
import { testSums } from "../exactness.ts";

testSums("version 15 of the struct, few datagrams a call", {
  version: 15,
  answers: { batch: 2 },
  exits: { batch: 3 },
});
