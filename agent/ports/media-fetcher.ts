/** Downloads over HTTP(S) from allow-listed places. */
export interface MediaFetcher {
  /**
   * Yields the file's bytes from `offset` on (Range request; a server that ignores it is skipped forward).
   * @throws NO_MEDIA with what the server said: unreachable, status, too long, redirect refused
   */
  fetch(url: string, offset: number, expectedBytes: number, signal: AbortSignal): AsyncIterable<Uint8Array>
}
