import fc from 'fast-check'
import { formatOf } from '../../agent/cli/local-file.ts'
import { prepareText } from '../../agent/core/sign/text.ts'
import { parseDocument } from '../../agent/wire/documents.ts'
import { parseHlsPlaylist, variantToHear } from '../../agent/wire/hls-playlist.ts'
import { M4aIndexWatch } from '../../drivers/decoder/m4a-index.ts'
import { withLengths } from '../../drivers/speech/wav-header.ts'
import { mutated, mutatedText } from './mutations.ts'
import { must, type Target, taken, target } from './target.ts'

const PLAYLISTS = [
  '#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:6\n#EXT-X-MEDIA-SEQUENCE:100\n#EXTINF:6.0,\na.ts\n#EXTINF:5.5,\nb.ts\n',
  '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:9.9,\nhttps://x.example/1.m4s\n#EXT-X-ENDLIST\n',
  '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=96000,CODECS="mp4a.40.2"\nlow/index.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=900000,CODECS="avc1.4d,mp4a.40.2"\nhigh.m3u8\n',
]
const CAP = `<?xml version="1.0"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>x</identifier>
<status>Actual</status><msgType>Alert</msgType><!-- c --><info><language>vi-VN</language><event>Lũ</event>
<severity>Extreme</severity><headline>L&amp;u</headline><expires>2026-11-22T12:00:00+07:00</expires></info></alert>`

const box = (type: string, content: Uint8Array = new Uint8Array()): Buffer => {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(8 + content.length)
  header.write(type, 4, 'latin1')
  return Buffer.concat([header, content])
}
const LONG = Buffer.from('000000016d64617400000000000000200102030405060708', 'hex')
const M4A = [
  Buffer.concat([
    box('ftyp', Buffer.alloc(16)),
    box('moov', Buffer.alloc(80)),
    box('mdat', Buffer.alloc(40)),
  ]),
  Buffer.concat([box('ftyp'), LONG, box('moov')]),
  Buffer.concat([box('ftyp'), box('free', Buffer.alloc(300)), box('mdat')]),
]
const wav = (samples: number): Buffer => {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.write('data', 36)
  return Buffer.concat([header, Buffer.alloc(samples * 2)])
}
const HEADS = ['494433040000', '4f676753', '664c6143', 'fffb9064', 'fff15080', '000000186674797069736f6d']

const takenDocument = (document: object) =>
  taken(['INVALID', 'TOO_LARGE'], () =>
    parseDocument('alert', new TextEncoder().encode(JSON.stringify(document))),
  )

const placeOf = (pieces: readonly Uint8Array[]): string => {
  const watch = new M4aIndexWatch()
  for (const piece of pieces) watch.push(piece)
  return watch.place
}

export const mediaTargets: readonly Target[] = [
  target('HLS playlist', mutatedText(PLAYLISTS), (text) => {
    const playlist = taken(['STREAM'], () => parseHlsPlaylist(text))
    if (playlist === undefined) return 'refused'
    if (playlist.kind === 'master') variantToHear(playlist)
    else {
      const { targetSeconds, sequence, segments } = playlist
      must(targetSeconds >= 1 && targetSeconds <= 60, 'a target duration of 1 to 60 s')
      must(Number.isSafeInteger(sequence + segments.length), 'segments can be counted')
      must(
        segments.every(({ seconds }) => seconds >= 0 && seconds <= 3600),
        'a segment has a length',
      )
    }
    return 'accepted'
  }),
  target('CAP text', mutatedText([CAP]), (cap) => {
    const alerts = [{ id: 'a', siren: { onSeconds: 5, offSeconds: 5, cycles: 1 }, cap }]
    const document = { kind: 'alert', v: 1, area: '75', rev: 1, iat: '2026-11-22T03:00:00+07:00', alerts }
    const alert = takenDocument(document)
    if (alert === undefined) return 'refused'
    must(!Number.isNaN(Date.parse(alert.alerts[0]?.until ?? '')), 'an alert has an end')
    return 'accepted'
  }),
  target(
    'M4A boxes',
    fc.tuple(mutated(M4A), fc.array(fc.nat({ max: 60 }), { maxLength: 12 })),
    ([bytes, cuts]) => {
      const pieces: Uint8Array[] = []
      let at = 0
      for (const cut of cuts) {
        pieces.push(bytes.subarray(at, at + cut))
        at += cut
      }
      const whole = placeOf([bytes])
      must(placeOf([...pieces, bytes.subarray(at)]) === whole, 'the pieces that it comes in do not matter')
      return whole === 'first' ? 'accepted' : 'refused'
    },
  ),
  target('WAV of speech', mutated([wav(0), wav(1), wav(300)]), (bytes) => {
    const whole = withLengths(Buffer.from(bytes))
    if (whole === undefined) return 'refused'
    must(whole.readUInt32LE(40) === whole.length - 44 && whole.length % 2 === 0, 'its lengths are true')
    return 'accepted'
  }),
  target('head of a sound file', mutated(HEADS.map((hex) => Buffer.from(hex, 'hex'))), (bytes) =>
    formatOf(Buffer.from(bytes.subarray(0, 16))) === undefined ? 'refused' : 'accepted',
  ),
  target(
    'text of a sign page',
    mutatedText(['Họp thôn 19:30 tối nay', '\u001b[2J\u202eabc\u0002', 'é\u0301🚨']),
    (raw) => {
      const text = prepareText(raw)
      must(
        !/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(text.replaceAll('\n', '')),
        'no control characters',
      )
      return text === '' ? 'refused' : 'accepted'
    },
  ),
]
