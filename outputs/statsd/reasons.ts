/** The meaning of the codes of system calls, for users whose metrics do not arrive. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOENT: "there is no such socket",
  ENOTFOUND: "no such host name",
  EAI_AGAIN: "the name cannot be resolved now",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to the network",
  EPERM: "a firewall of this machine forbids it",
  EACCES: "iotop may not write to it",
  EPROTOTYPE: "it is a socket of another type",
  EAGAIN: "the send buffer is full",
  ETIMEDOUT: "it does not answer",
};

/** "nothing listens there (ECONNREFUSED)" */
export function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (code === undefined) return message ?? String(error);
  const meaning = REASONS[code];
  return meaning === undefined ? code : `${meaning} (${code})`;
}
