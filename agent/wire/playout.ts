import type { Clip } from '../core/clip.ts'
import type { AmplifierConfig, AudioConfig } from '../core/configuration.ts'
import type { EpochMs } from '../core/time.ts'

/**
 * What agent and playout say to each other. Both ends are one release started together, so messages are typed and not
 * validated: no byte of them comes from outside this machine.
 */

/** The same as a PlayOrder of the port; spelled out here because wire knows core alone. */
export type WireOrder = {
  readonly clip: Clip
  readonly at: EpochMs
  readonly fromFrame: number
  readonly takeover: boolean
  readonly fadeInMs: number
  readonly latest?: EpochMs
}

/** Orders of the agent, over IPC. `configure` is the first, once. */
export type PlayoutOrderMessage =
  | {
      readonly do: 'configure'
      readonly audio: AudioConfig
      readonly amplifiers: readonly AmplifierConfig[]
      readonly muted: boolean
    }
  | { readonly do: 'schedule'; readonly order: WireOrder }
  | { readonly do: 'cut'; readonly clip: string; readonly fadeMs: number }
  | { readonly do: 'gain'; readonly clip: string; readonly gainDb: number; readonly rampMs: number }
  | { readonly do: 'mute'; readonly on: boolean }
  | { readonly do: 'amplifier'; readonly id: string; readonly on: boolean; readonly seconds: number }
  | { readonly do: 'warm'; readonly seconds: number }
  | { readonly do: 'feed'; readonly id: string; readonly on: boolean }
  | { readonly do: 'ping'; readonly n: number }
  | { readonly do: 'close' }

/** Answers over IPC. `ready`: configured, relays are open. Everything else of the port travels as `report`. */
export type PlayoutAnswerMessage<Report> =
  | { readonly say: 'ready' }
  | { readonly say: 'pong'; readonly n: number }
  | { readonly say: 'report'; readonly report: Report }

export const PING_EVERY_MS = 500
/** Playout opens its relays and fades when it has not been pinged for this long. */
export const PING_LOST_MS = 2000

/** Most bytes of one read of media, and most reads outstanding. */
export const MEDIA_READ_BYTES = 262_144
export const MEDIA_READS_OUTSTANDING = 2

/**
 * A read of `length` bytes at `offset` of the file `sha256`, over a pipe of its own: IPC has no back-pressure.
 * Of a stream `sha256` is the id and `offset` the number of the tuning; its answer may come after later ones.
 */
export type MediaRequest = {
  readonly id: number
  readonly sha256: string
  readonly offset: number
  readonly length: number
}
export const MEDIA_REQUEST_BYTES = 48
/** Before the bytes of each answer: the id and how many bytes follow. */
export const MEDIA_ANSWER_HEADER_BYTES = 8
/** As the length asked of a stream: nothing more will be read of it. */
export const STREAM_CLOSE = 0
/** In place of a length: the agent does not have those bytes. */
export const MEDIA_MISSING = 0xffff_ffff

/** Layout, little-endian: id u32, length u32, offset f64, digest 32 bytes. */
export const encodeMediaRequest = (request: MediaRequest): Uint8Array => {
  const bytes = new Uint8Array(MEDIA_REQUEST_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, request.id, true)
  view.setUint32(4, request.length, true)
  view.setFloat64(8, request.offset, true)
  for (let index = 0; index < 32; index += 1)
    bytes[16 + index] = Number.parseInt(request.sha256.slice(2 * index, 2 * index + 2), 16)
  return bytes
}

export const decodeMediaRequest = (bytes: Uint8Array): MediaRequest => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, MEDIA_REQUEST_BYTES)
  const digest = bytes.subarray(16, MEDIA_REQUEST_BYTES)
  return {
    id: view.getUint32(0, true),
    length: view.getUint32(4, true),
    offset: view.getFloat64(8, true),
    sha256: [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
  }
}

export const encodeMediaAnswerHeader = (id: number, length: number): Uint8Array => {
  const bytes = new Uint8Array(MEDIA_ANSWER_HEADER_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, id, true)
  view.setUint32(4, length, true)
  return bytes
}

export const decodeMediaAnswerHeader = (
  bytes: Uint8Array,
): { readonly id: number; readonly length: number } => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, MEDIA_ANSWER_HEADER_BYTES)
  return { id: view.getUint32(0, true), length: view.getUint32(4, true) }
}
