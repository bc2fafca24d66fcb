import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LoaError } from '../../../agent/core/error.ts'
import { parseHlsPlaylist, variantToHear } from '../../../agent/wire/hls-playlist.ts'

const media = (...lines: readonly string[]): string =>
  ['#EXTM3U', '#EXT-X-TARGETDURATION:6', ...lines].join('\r\n')
const codeOf = (text: string): string | undefined => {
  try {
    parseHlsPlaylist(text)
    return undefined
  } catch (thrown) {
    return thrown instanceof LoaError ? thrown.code : 'another error'
  }
}

test('a live playlist gives its segments in order, with the number of the first', () => {
  const text = media(
    '#EXT-X-MEDIA-SEQUENCE:2680',
    '',
    '#EXTINF:5.96,title',
    'a/1.ts',
    '#EXTINF:6',
    '2.ts?x=1',
  )
  expect(parseHlsPlaylist(text)).toEqual({
    kind: 'media',
    targetSeconds: 6,
    sequence: 2680,
    segments: [
      { uri: 'a/1.ts', seconds: 5.96 },
      { uri: '2.ts?x=1', seconds: 6 },
    ],
    ended: false,
  })
})

test('an end, an initialisation section and a byte order mark are understood', () => {
  const text = `\uFEFF${media('#EXT-X-MAP:URI="init.mp4"', '#EXTINF:4', '1.m4s', '#EXT-X-ENDLIST')}`
  expect(parseHlsPlaylist(text)).toMatchObject({
    sequence: 0,
    ended: true,
    segments: [{ uri: '1.m4s', map: 'init.mp4' }],
  })
})

test('what is encrypted, cut into byte ranges or no playlist is refused with STREAM', () => {
  expect(codeOf(media('#EXT-X-KEY:METHOD=AES-128,URI="key.bin"', '#EXTINF:4', '1.ts'))).toBe('STREAM')
  expect(codeOf(media('#EXT-X-KEY:METHOD=NONE', '#EXTINF:4', '1.ts'))).toBeUndefined()
  expect(codeOf(media('#EXTINF:4', '#EXT-X-BYTERANGE:100@0', '1.ts'))).toBe('STREAM')
  expect(codeOf(media('#EXT-X-MAP:URI="i.mp4",BYTERANGE="100@0"', '#EXTINF:4', '1.ts'))).toBe('STREAM')
  expect(codeOf('<!doctype html>')).toBe('STREAM')
  expect(codeOf('')).toBe('STREAM')
  expect(codeOf(media(...Array.from({ length: 4001 }, (_, at) => `${at}.ts`)))).toBe('STREAM')
})

test('of the variants of a master the best sound without pictures is heard', () => {
  const variant = (bits: number, codecs: string, uri: string): readonly string[] => [
    `#EXT-X-STREAM-INF:BANDWIDTH=${bits},CODECS="${codecs}"`,
    uri,
  ]
  const hear = (...lines: readonly string[]): string | undefined => {
    const playlist = parseHlsPlaylist(['#EXTM3U', ...lines].join('\n'))
    return playlist.kind === 'master' ? variantToHear(playlist) : undefined
  }
  const sound = 'mp4a.40.2'
  const picture = 'avc1.4d401f,mp4a.40.2'
  expect(hear(...variant(64_000, sound, 'low'), ...variant(128_000, sound, 'good'))).toBe('good')
  expect(hear(...variant(128_000, picture, 'tv'), ...variant(48_000, sound, 'radio'))).toBe('radio')
  expect(hear(...variant(900_000, picture, 'big'), ...variant(400_000, picture, 'small'))).toBe('small')
  expect(codeOf('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1')).toBe('STREAM')
})

test('whatever a server sends, it is read or refused with STREAM, with a target from 1 to 60 s', () => {
  const line = fc.oneof(
    fc.constantFrom(
      '#EXTM3U',
      '#EXT-X-TARGETDURATION:',
      '#EXT-X-MAP:URI=',
      '#EXTINF:',
      '#EXT-X-STREAM-INF:',
      '#EXT-X-KEY:',
    ),
    fc.string(),
    fc.integer().map((value) => `#EXT-X-TARGETDURATION:${value}`),
    fc.integer().map((value) => `#EXT-X-MEDIA-SEQUENCE:${value}`),
    fc.webUrl(),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const text = ['#EXTM3U', ...lines].join('\n')
      const code = codeOf(text)
      if (code !== undefined) return code === 'STREAM'
      const playlist = parseHlsPlaylist(text)
      if (playlist.kind === 'master') return playlist.variants.length > 0
      const { targetSeconds, sequence } = playlist
      return targetSeconds >= 1 && targetSeconds <= 60 && sequence >= 0
    }),
  )
})
