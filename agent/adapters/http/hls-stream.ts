import { setTimeout as sleep } from 'node:timers/promises'
import { LoaError } from '../../core/error.ts'
import type { DecoderFormat } from '../../ports/decoder.ts'
import type { LiveSource } from '../../ports/stream-fetcher.ts'
import {
  type HlsSegment,
  MAX_PLAYLIST_BYTES,
  type MediaPlaylist,
  parseHlsPlaylist,
  variantToHear,
} from '../../wire/hls-playlist.ts'
import type { OpenLive } from './live-answer.ts'

/** RFC 8216, 6.3.3: not to begin less than three target durations before the end. */
const FROM_THE_END = 3
const MAX_SEGMENT_BYTES = 16 * 1024 * 1024
const MAX_PART_SECONDS = 20

/** @throws STREAM when it is longer, or takes longer than 20 s */
async function* capped(
  open: OpenLive,
  url: string,
  most: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const both = AbortSignal.any([signal, AbortSignal.timeout(MAX_PART_SECONDS * 1000)])
  const { bytes } = await open(url, both)
  let length = 0
  for await (const piece of bytes) {
    length += piece.length
    if (length > most) throw new LoaError('STREAM', 'HLS: longer than it may be')
    yield piece
  }
}

const resolve = (uri: string, base: string): string => {
  const url = URL.parse(uri, base)
  if (url === null) throw new LoaError('STREAM', 'HLS: a URI that is none')
  return url.href
}

const readPlaylist = async (open: OpenLive, url: string, signal: AbortSignal) => {
  const pieces: Uint8Array[] = []
  for await (const piece of capped(open, url, MAX_PLAYLIST_BYTES, signal)) pieces.push(piece)
  return parseHlsPlaylist(Buffer.concat(pieces).toString('utf8'))
}

type Found = { readonly url: string; readonly playlist: MediaPlaylist }

/** The media playlist behind a URL, over at most one master. */
const findPlaylist = async (open: OpenLive, url: string, signal: AbortSignal): Promise<Found> => {
  const first = await readPlaylist(open, url, signal)
  if (first.kind === 'media') return { url, playlist: first }
  const variant = resolve(variantToHear(first) ?? '', url)
  const second = await readPlaylist(open, variant, signal)
  if (second.kind === 'master') throw new LoaError('STREAM', 'HLS: a master in a master')
  return { url: variant, playlist: second }
}

/** The first segment to be played: behind the live edge, or the next one that is still there. */
const nextOf = ({ sequence, segments, ended }: MediaPlaylist, last: number | undefined): number => {
  const edge = Math.max(sequence, sequence + segments.length - FROM_THE_END)
  if (last === undefined) return ended ? sequence : edge
  // A number far ahead of the playlist is of a server that began anew.
  return last + 1 > sequence + segments.length ? edge : Math.max(last + 1, sequence)
}

/** Segments in order, each once, for as long as the playlist is continued. */
async function* segmentsOf(
  open: OpenLive,
  found: Found,
  signal: AbortSignal,
): AsyncGenerator<HlsSegment, void> {
  let last: number | undefined
  for (let { playlist } = found; ; ) {
    const from = nextOf(playlist, last)
    const fresh = playlist.segments.slice(from - playlist.sequence)
    for (const segment of fresh) yield segment
    last = from + fresh.length - 1
    if (playlist.ended) return
    const waitSeconds = fresh.length > 0 ? playlist.targetSeconds : playlist.targetSeconds / 2
    await sleep(waitSeconds * 1000, undefined, { signal })
    const renewed = await readPlaylist(open, found.url, signal)
    if (renewed.kind === 'media') playlist = renewed
  }
}

async function* soundOf(open: OpenLive, found: Found, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  let map: string | undefined
  let begun = false
  for await (const segment of segmentsOf(open, found, signal)) {
    // A decoder cannot be told of other tracks once it has begun: whoever listens tunes in again.
    if (begun && segment.map !== map) return
    if (!begun && segment.map !== undefined)
      yield* capped(open, resolve(segment.map, found.url), MAX_SEGMENT_BYTES, signal)
    map = segment.map
    begun = true
    yield* capped(open, resolve(segment.uri, found.url), MAX_SEGMENT_BYTES, signal)
  }
}

const TS_SYNC = 0x47
const isBox = (bytes: Uint8Array): boolean =>
  ['ftyp', 'styp', 'moov', 'moof', 'sidx'].includes(Buffer.from(bytes.subarray(4, 8)).toString('latin1'))
const isMp3 = (bytes: Uint8Array): boolean => bytes[0] === 0xff && ((bytes[1] ?? 0) & 0x06) !== 0

/** RFC 8216, 3: MPEG-2 transport stream, fragmented MP4, or packed audio. */
const containerOf = (bytes: Uint8Array): DecoderFormat => {
  if (bytes[0] === TS_SYNC) return 'mpegts'
  if (isBox(bytes)) return 'm4a'
  return isMp3(bytes) ? 'mp3' : 'aac'
}

/**
 * Listens to HTTP Live Streaming: playlists and segments are fetched one after the other, each by the rules of all
 * fetching, and given on as one row of bytes.
 * @throws STREAM
 */
export const tuneHls = async (url: string, open: OpenLive, signal: AbortSignal): Promise<LiveSource> => {
  const found = await findPlaylist(open, url, signal)
  const sound = soundOf(open, found, signal)
  const first = await sound.next()
  if (first.done === true) throw new LoaError('STREAM', 'HLS: no segment')
  return {
    format: containerOf(first.value),
    // RFC 8216, 6.2.1: a playlist is continued within one and a half target durations.
    stallMs: found.playlist.targetSeconds * 1500 + 2000,
    bytes: resumed(first.value, sound),
  }
}

/** A generator with its first value put back. */
export async function* resumed<T>(first: T, rest: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
  yield first
  yield* rest
}
