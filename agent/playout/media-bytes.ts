/** Bytes of verified files, pulled from the agent. */
export interface MediaBytes {
  /** Resolves to at most `length` bytes from `offset`; to undefined when the agent does not have them. Never rejects. */
  read(sha256: string, offset: number, length: number): Promise<Uint8Array | undefined>
}

/** Bytes of live sources, pulled from the agent, which alone knows where they come from. */
export interface StreamBytes {
  /**
   * The next bytes of a tuning of the stream, as soon as there are any; empty when that tuning is over. To ask for a
   * higher tuning is to be done with the one before. The first answer of a tuning is the name of its decoder format.
   * Undefined when the agent does not know the stream. Never rejects.
   */
  readStream(id: string, tuning: number, length: number): Promise<Uint8Array | undefined>
  closeStream(id: string): void
}
