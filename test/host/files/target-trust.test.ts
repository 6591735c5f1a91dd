import { expect, test } from "bun:test";
import { mayFollow, mayWrite } from "../../../src/host/files/target-trust.ts";

const ROOT = 0;
const US = 1000;
const OTHER = 1001;
const STICKY = 0o1777;
const STICKY_GROUP = 0o1770;
const OPEN = 0o777;
const PRIVATE = 0o755;

// By fs/namei.c: may_follow_link with protected_symlinks=1; may_create_in_sticky with protected_fifos=2,
// protected_regular=2.
test.each([
  // owner of the thing, mode of the folder, its owner, who we are: follow a link? write a file?
  [OTHER, STICKY, ROOT, ROOT, false, false],
  [OTHER, STICKY, ROOT, US, false, false],
  [US, STICKY, ROOT, US, true, true],
  [ROOT, STICKY, ROOT, US, true, true],
  [OTHER, STICKY, OTHER, US, true, true],
  [US, STICKY, ROOT, ROOT, false, false],
  [OTHER, STICKY_GROUP, ROOT, ROOT, true, false],
  [OTHER, OPEN, ROOT, ROOT, true, true],
  [OTHER, PRIVATE, ROOT, ROOT, true, true],
  [OTHER, 0o1755, ROOT, ROOT, true, true],
])(
  "owner %p in a folder of mode %p, owner %p, as %p",
  (uid, mode, folderUid, us, follows, writes) => {
    const folder = { uid: folderUid, mode: 0o040000 | mode };
    const thing = { uid, mode: 0o777 };
    expect(mayFollow(thing, folder, us)).toBe(follows);
    expect(mayWrite(thing, folder, us)).toBe(writes);
  },
);
