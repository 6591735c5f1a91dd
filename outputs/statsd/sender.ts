/** What brings lines to a server. */
export interface Sender {
  /**
   * Resolves once lines can be sent. Of what is not sent after it, nothing counts as sent.
   *
   * @throws Retry if the server cannot be reached, and that is known before anything is sent
   */
  ready(): Promise<void>;
  /** Sends the lines of one sample. What cannot be sent now is sent later, or reported as lost. Never rejects. */
  send(lines: readonly string[], intervalNs: number): Promise<void>;
  /** The run ends. Never rejects. */
  end(): Promise<void>;
}
