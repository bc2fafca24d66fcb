import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AudioFormat } from '../../../agent/core/documents.ts'
import { createFfmpegDecoder } from '../../../drivers/decoder/ffmpeg-decoder.ts'
import { createFfmpegProbe } from '../../../drivers/decoder/probe.ts'
import { type Jail, NO_JAIL, openJail } from '../../../drivers/jail/jail.ts'
import { makeMp3, makeSound } from '../../fixtures/sounds.ts'

const FORMATS = ['mp3', 'ogg', 'aac', 'm4a', 'flac', 'wav'] as const

let directory = ''
let server: Server
let hits: string[] = []
let place = ''
/** By name, the bytes of a file that points elsewhere. */
const traps: Record<string, Uint8Array | string> = {}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'loa-trap-'))
  const canary = join(directory, 'canary.wav')
  writeFileSync(canary, makeSound(2, ['-c:a', 'pcm_s16le', '-f', 'wav']))
  server = createServer((request, response) => {
    hits.push(request.url ?? '')
    response.end(makeSound(1, ['-c:a', 'pcm_s16le', '-f', 'wav']))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  place = url
  const hls = (target: string): string =>
    `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${target}\n#EXT-X-ENDLIST\n`
  traps['an HLS playlist of the network'] = hls(`${url}/hls.wav`)
  traps['an HLS playlist of a file'] = hls(`file://${canary}`)
  traps['an ffconcat of a file'] = `ffconcat version 1.0\nfile ${canary}\n`
  traps['an ffconcat of the network'] = `ffconcat version 1.0\nfile ${url}/concat.wav\n`
  traps['an M3U'] = `#EXTM3U\n${url}/m3u.wav\n${canary}\n`
  traps['a DASH manifest'] =
    `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT2S"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1" bandwidth="1"><BaseURL>${url}/dash.m4a</BaseURL></Representation></AdaptationSet></Period></MPD>`
  traps['an SDP'] = 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n'
  traps['a redirect in SMIL'] = `<smil><body><audio src="${url}/smil.wav"/></body></smil>`
  traps['an HTTP redirect'] = `HTTP/1.1 302 Found\r\nLocation: ${url}/redirect.wav\r\n\r\n`
  traps['an ASX'] = `<asx version="3.0"><entry><ref href="${url}/asx.wav"/></entry></asx>`
  traps['a PLS'] = `[playlist]\nFile1=${url}/pls.wav\nFile2=${canary}\nNumberOfEntries=2\n`
  traps['a list of files'] = `concat:${canary}|${canary}\n`
  traps['a nested protocol'] = `subfile,,start,0,end,100,,:${canary}\n`
  traps['a subtitle with a font'] =
    `[Script Info]\nScriptType: v4.00+\n[Fonts]\nfontname: ${canary}\n[Events]\nFormat: Start, End, Text\nDialogue: 0:00:00.00,0:00:02.00,{\\fn${canary}}${url}/ass\n`
  traps['a subtitle'] = `1\n00:00:00,000 --> 00:00:02,000\n<img src="${url}/srt">\n`
  traps['a file with an attachment'] = withAttachment(canary)
})
afterAll(() => {
  server.close()
  rmSync(directory, { recursive: true, force: true })
})

/** Matroska carries files beside the sound; none of the formats is Matroska. */
const withAttachment = (path: string): Uint8Array => {
  const made = join(directory, 'attached.mka')
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-y', '-i', path, '-c:a', 'flac', '-attach', path],
    ...['-metadata:s:t', 'mimetype=audio/x-wav', made],
  ])
  return readFileSync(made)
}

/** An ID3v2.3 tag (frames APIC and WXXX) that names places instead of carrying a picture. */
const linkedMp3 = (url: string): Uint8Array => {
  const frame = (id: string, body: string): Buffer => {
    const head = Buffer.alloc(10)
    head.write(id, 0, 'latin1')
    head.writeUInt32BE(Buffer.byteLength(body, 'latin1'), 4)
    return Buffer.concat([head, Buffer.from(body, 'latin1')])
  }
  const frames = Buffer.concat([
    frame('APIC', `\0-->\0\x03\0${url}/cover.png`),
    frame('WXXX', `\0\0${url}/page`),
  ])
  const head = Buffer.from('ID3\x03\0\0\0\0\0\0', 'latin1')
  head.writeUInt8(frames.length >> 7, 8)
  head.writeUInt8(frames.length & 0x7f, 9)
  return Buffer.concat([head, frames, makeMp3(1)])
}

const never = new AbortController().signal
async function* once(text: Uint8Array | string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

/** Bytes of sound that came out. */
const decoded = async (text: Uint8Array | string, format: AudioFormat): Promise<number> => {
  const child = createFfmpegDecoder().spawn(format, 1)
  child.stdin.end(text)
  let bytes = 0
  for await (const chunk of child.stdout) bytes += (chunk as Buffer).length
  await child.exited
  return bytes
}

describe('T15 a file that points elsewhere reaches nothing, whatever format was signed for it', () => {
  it('the trap works: an ffmpeg that is left to guess walks into it', async () => {
    hits = []
    // Newer versions also ask for the ending of a playlist; the guessing is the same.
    const path = join(directory, 'trap.m3u8')
    writeFileSync(path, traps['an HLS playlist of the network'] ?? '')
    const allowed = ['-protocol_whitelist', 'file,http,tcp', '-allowed_extensions', 'ALL']
    const free = ['-v', 'quiet', ...allowed, '-i', path, '-f', 'null', '-']
    await new Promise((resolve, reject) => {
      spawn('ffmpeg', free, { stdio: 'ignore' }).once('close', resolve).once('error', reject)
    })
    expect(hits).toContain('/hls.wav')
  })

  it.each(FORMATS)('.%s', async (format) => {
    hits = []
    for (const [name, text] of Object.entries(traps)) {
      expect(await decoded(text, format), name).toBe(0)
      await expect(createFfmpegProbe(1).measure(once(text), format, 2, never), name).rejects.toEqual(
        expect.objectContaining({ code: 'BAD_MEDIA' }),
      )
    }
    expect(hits).toEqual([])
  })

  it('an MP3 whose picture is a link sounds, and the link is not followed', async () => {
    hits = []
    expect(await decoded(linkedMp3(place), 'mp3')).toBeGreaterThan(48_000)
    expect(hits).toEqual([])
  })
})

describe('T15 the jail holds by itself', () => {
  /** An ffmpeg whose every other guard is off, given a playlist. */
  const unguarded = (jail: Jail): Promise<void> => {
    const open = ['-protocol_whitelist', 'file,http,tcp,pipe', '-allowed_extensions', 'ALL']
    const words = ['-v', 'quiet', ...open, '-f', 'hls', '-i', 'pipe:0', '-f', 'null', '-']
    const { command, argv } = jail.jailed('ffmpeg', words, { memoryMb: 256, cpuSeconds: 20 })
    const child = spawn(command, argv, { stdio: ['pipe', 'ignore', 'ignore'] })
    child.stdin.on('error', () => undefined)
    child.stdin.end(traps['an HLS playlist of the network'])
    return new Promise((resolve, reject) => {
      child.once('close', () => resolve()).once('error', reject)
    })
  }

  it('an ffmpeg without any other guard walks into the trap outside the jail, and not inside', async () => {
    hits = []
    await unguarded(NO_JAIL)
    expect(hits).toContain('/hls.wav')
    hits = []
    await unguarded(openJail())
    expect(hits).toEqual([])
  })
})
