import { LoaError } from '../core/error.ts'

/** A variant of a master playlist; `bitsPerSecond` is what the server says of it. */
type Variant = { readonly uri: string; readonly bitsPerSecond: number; readonly codecs: string }
export type HlsSegment = {
  readonly uri: string
  readonly seconds: number
  /** The initialisation section it needs first. */
  readonly map?: string
}
export type MediaPlaylist = {
  readonly kind: 'media'
  /** 1 to 60. */
  readonly targetSeconds: number
  /** Number of the first segment. */
  readonly sequence: number
  readonly segments: readonly HlsSegment[]
  /** Nothing will be added. */
  readonly ended: boolean
}
type MasterPlaylist = { readonly kind: 'master'; readonly variants: readonly Variant[] }

export const MAX_PLAYLIST_BYTES = 262_144
const MAX_ENTRIES = 4000
const MOST_BITS_PER_SECOND = 256_000
const VIDEO_CODEC = /avc|hvc|hev|vp0?9|av01|mp4v/i

const refused = (message: string): LoaError => new LoaError('STREAM', `HLS: ${message}`)

/** Attributes of a tag, `NAME=value` or `NAME="value"` (RFC 8216, 4.2). */
const attributesOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    [...text.matchAll(/([A-Z0-9-]+)=(?:"([^"]*)"|([^,]*))/g)].map(([, name = '', quoted, plain]) => [
      name,
      quoted ?? plain ?? '',
    ]),
  )

type Tag = { readonly name: string; readonly value: string }

const tagOf = (line: string): Tag => {
  const colon = line.indexOf(':')
  return colon < 0
    ? { name: line, value: '' }
    : { name: line.slice(0, colon), value: line.slice(colon + 1).trim() }
}

/** A segment is a few seconds; one that claims an hour would hold up the stream behind it. */
const LONGEST_SEGMENT_SECONDS = 3600

const secondsOf = (text: string): number =>
  Math.min(LONGEST_SEGMENT_SECONDS, Math.max(0, Number.parseFloat(text) || 0))

/** Segments are counted on from here: the sum must stay exact. */
const LARGEST_COUNT = 2 ** 52

const countOf = (text: string): number => {
  const value = Number(text)
  return Number.isSafeInteger(value) && value >= 0 && value <= LARGEST_COUNT ? value : 0
}

/** What a media playlist says line by line. */
class MediaReader {
  readonly #segments: HlsSegment[] = []
  #target = 10
  #sequence = 0
  #ended = false
  #seconds = 0
  #map: string | undefined

  tag({ name, value }: Tag): void {
    if (name === '#EXT-X-KEY' && attributesOf(value).get('METHOD') !== 'NONE') throw refused('encrypted')
    if (name === '#EXT-X-BYTERANGE') throw refused('byte ranges')
    if (name === '#EXT-X-TARGETDURATION') this.#target = Math.max(1, Math.min(60, countOf(value)))
    if (name === '#EXT-X-MEDIA-SEQUENCE') this.#sequence = countOf(value)
    if (name === '#EXT-X-ENDLIST') this.#ended = true
    if (name === '#EXTINF') this.#seconds = secondsOf(value)
    if (name === '#EXT-X-MAP') this.#takeMap(value)
  }

  uri(uri: string): void {
    const map = this.#map
    this.#segments.push({ uri, seconds: this.#seconds, ...(map === undefined ? {} : { map }) })
  }

  get playlist(): MediaPlaylist {
    return {
      kind: 'media',
      targetSeconds: this.#target,
      sequence: this.#sequence,
      segments: this.#segments,
      ended: this.#ended,
    }
  }

  #takeMap(value: string): void {
    const attributes = attributesOf(value)
    if (attributes.has('BYTERANGE')) throw refused('byte ranges')
    this.#map = attributes.get('URI')
  }
}

const readMaster = (lines: readonly string[]): MasterPlaylist => {
  const variants = lines.flatMap((line, index): readonly Variant[] => {
    const { name, value } = tagOf(line)
    const uri = lines[index + 1]
    if (name !== '#EXT-X-STREAM-INF' || uri === undefined || uri.startsWith('#')) return []
    const attributes = attributesOf(value)
    return [
      {
        uri,
        bitsPerSecond: countOf(attributes.get('BANDWIDTH') ?? ''),
        codecs: attributes.get('CODECS') ?? '',
      },
    ]
  })
  if (variants.length === 0) throw refused('no variant')
  return { kind: 'master', variants }
}

/**
 * Reads a playlist of HTTP Live Streaming (RFC 8216). URIs are given as written: they are still to be resolved and judged.
 * @throws STREAM for what is not a playlist, is encrypted, or uses byte ranges
 */
export const parseHlsPlaylist = (text: string): MediaPlaylist | MasterPlaylist => {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (lines[0] !== '#EXTM3U') throw refused('not a playlist')
  if (lines.length > MAX_ENTRIES) throw refused('too long a playlist')
  if (lines.some((line) => tagOf(line).name === '#EXT-X-STREAM-INF')) return readMaster(lines)
  const reader = new MediaReader()
  for (const line of lines)
    if (line.startsWith('#')) reader.tag(tagOf(line))
    else reader.uri(line)
  return reader.playlist
}

/** The variant to listen to: without pictures if there is one, the best that a loudspeaker needs. */
export const variantToHear = ({ variants }: MasterPlaylist): string | undefined => {
  const heard = variants.filter(({ codecs }) => !VIDEO_CODEC.test(codecs))
  const byRate = (heard.length > 0 ? heard : variants).toSorted((a, b) => a.bitsPerSecond - b.bitsPerSecond)
  return (byRate.findLast(({ bitsPerSecond }) => bitsPerSecond <= MOST_BITS_PER_SECOND) ?? byRate[0])?.uri
}
