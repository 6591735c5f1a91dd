// limit: 30 min, as CI plays 10,000 histories in one test
import { testDroppedMessages } from "../exactness.ts";

testDroppedMessages();
