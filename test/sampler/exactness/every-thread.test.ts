// limit: 30 min, as CI plays 10,000 histories in one test
import { testSums } from "../exactness.ts";

testSums("asking every thread every time", { idleDetection: false });
