/** Passwords of HTTP's basic authentication, kept as bcrypt hashes. */

/** Of no password that anybody knows: for users that do not exist, so that nobody can find out by time who does. */
const NOBODY = "$2b$10$eMe/gcOOl93fpSzFvD9TNOQO60BJEDXy4bHjxvKsUWH.D6g/PqbPa";

/** Servers ask with few passwords; all others are not worth the memory. */
const MAX_KNOWN = 16;

export type Verify = (password: string, hash: string) => Promise<boolean>;

const verifyByBcrypt: Verify = (password, hash) =>
  Bun.password.verify(password, hash, "bcrypt");

export class Passwords {
  readonly #users: ReadonlyMap<string, string>;
  readonly #verify: Verify;
  /** Digests of headers that were right: bcrypt is slow on purpose, and scrapes come often. */
  readonly #known = new Set<string>();
  /** One at a time: guesses must not take the CPUs of the machine that is watched. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(users: ReadonlyMap<string, string>, verify = verifyByBcrypt) {
    this.#users = users;
    this.#verify = verify;
  }

  /** @param authorization the header, "" if there is none */
  async accepts(authorization: string): Promise<boolean> {
    if (this.#users.size === 0) return true;
    const claim = parseBasic(authorization);
    if (claim === null) return false;
    const digest = new Bun.CryptoHasher("sha256")
      .update(authorization)
      .digest("hex");
    if (this.#known.has(digest)) return true;
    const isRight = this.#last.then(() => this.#check(claim));
    this.#last = isRight;
    if (!(await isRight)) return false;
    if (this.#known.size < MAX_KNOWN) this.#known.add(digest);
    return true;
  }

  async #check({ user, password }: Claim): Promise<boolean> {
    const hash = this.#users.get(user);
    const fits = await this.#verify(password, hash ?? NOBODY).catch(
      () => false,
    );
    return fits && hash !== undefined;
  }
}

interface Claim {
  readonly user: string;
  readonly password: string;
}

function parseBasic(authorization: string): Claim | null {
  const [, encoded] =
    /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization.trim()) ?? [];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, "base64").toString();
  const colon = text.indexOf(":");
  if (colon < 0) return null;
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
