/** A line to the other side of a border: a child process or a thread. Messages are plain data and keep their order. */
export interface Channel {
  /**
   * Resolves when the message has left this side: whoever waits for it never fills the line faster than it empties. Rejects when the
   * line is closed, or the message holds what cannot cross (functions, handles).
   */
  post(message: unknown): Promise<void>;
  /** Listens until the returned function is called; what anybody else sends through the same line is heard too. */
  onMessage(listen: (message: unknown) => void): () => void;
  close(): void;
}
