import type { Readable, Writable } from 'node:stream'
import type { AudioFormat } from '../core/documents.ts'

/** One decoder child: the file's bytes go in on `stdin`, signed 16 bit interleaved 48 kHz PCM comes out of `stdout`. */
export type DecoderProcess = {
  readonly stdin: Writable
  readonly stdout: Readable
  /** Never rejects. `message` is what it said on standard error, at most 4 KiB. */
  readonly exited: Promise<{ readonly ok: boolean; readonly message: string }>
  kill(): void
}

export interface Decoder {
  /** @throws DECODER when the program cannot be started */
  spawn(format: AudioFormat, channels: 1 | 2): DecoderProcess
}
