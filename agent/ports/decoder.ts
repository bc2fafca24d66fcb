import type { Readable, Writable } from 'node:stream'
import type { AudioFormat } from '../core/documents.ts'

/** What a decoder is told it gets: the format of a file, or what HLS segments hold. */
export type DecoderFormat = AudioFormat | 'mpegts'

/** One decoder child: the file's bytes go in on `stdin`, signed 16 bit interleaved 48 kHz PCM comes out of `stdout`. */
export type DecoderProcess = {
  readonly stdin: Writable
  readonly stdout: Readable
  /** Never rejects. `message` is what it said on standard error, at most 4 KiB. */
  readonly exited: Promise<{ readonly ok: boolean; readonly message: string }>
  kill(): void
}

export interface Decoder {
  /**
   * @param live the bytes come no faster than they sound: the first PCM must not wait for much of them
   * @throws DECODER when the program cannot be started
   */
  spawn(format: DecoderFormat, channels: 1 | 2, live?: boolean): DecoderProcess
}
