/** Bytes of verified files, pulled from the agent. */
export interface MediaBytes {
  /** Resolves to at most `length` bytes from `offset`; to undefined when the agent does not have them. Never rejects. */
  read(sha256: string, offset: number, length: number): Promise<Uint8Array | undefined>
}
