// limit: 30 min, as CI plays 10,000 histories in one test
import { testIdleDetection } from "../exactness.ts";

testIdleDetection();
