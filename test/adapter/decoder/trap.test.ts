import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AudioFormat } from '../../../agent/core/documents.ts'
import { createFfmpegDecoder } from '../../../drivers/decoder/ffmpeg-decoder.ts'
import { createFfmpegProbe } from '../../../drivers/decoder/probe.ts'
import { makeSound } from '../../fixtures/sounds.ts'

const FORMATS = ['mp3', 'ogg', 'aac', 'm4a', 'flac', 'wav'] as const

let directory = ''
let server: Server
let hits: string[] = []
const traps: Record<string, string> = {}

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
})
afterAll(() => {
  server.close()
  rmSync(directory, { recursive: true, force: true })
})

const never = new AbortController().signal
async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

/** Bytes of sound that came out. */
const decoded = async (text: string, format: AudioFormat): Promise<number> => {
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
})
