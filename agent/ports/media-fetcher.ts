/** Downloads over HTTP(S) from allow-listed places. */
export interface MediaFetcher {
  /** True when the URL lies under one of the allowed prefixes; nothing else is ever asked. */
  allows(url: string): boolean
  /**
   * Yields the file's bytes from `offset` on (Range request; a server that ignores it is skipped forward).
   * @throws NO_MEDIA with what is in the way: unreachable, too slow, status, redirect refused, ended early
   * @throws BAD_MEDIA when the server's file has another length than `expectedBytes`
   */
  fetch(url: string, offset: number, expectedBytes: number, signal: AbortSignal): AsyncIterable<Uint8Array>
}
