// limit: 60 min, as CI plays 10,000 histories twice in one test
import { testIdleDetection } from "../exactness.ts";

testIdleDetection();
