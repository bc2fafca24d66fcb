import { describe, expect, it } from 'vitest'
import { createFfmpegDecoder } from '../../../drivers/decoder/ffmpeg-decoder.ts'
import { openJail } from '../../../drivers/jail/jail.ts'
import { ENCODINGS, makeMp3, makeSound } from '../../fixtures/sounds.ts'

describe('the decoder turns bytes on standard input into 48 kHz PCM', () => {
  it.each(ENCODINGS)('$name', async (encoding) => {
    const child = createFfmpegDecoder().spawn(encoding.format, 1)
    child.stdin.end(makeSound(1, encoding.options))
    const pcm: Buffer[] = []
    for await (const chunk of child.stdout) pcm.push(chunk as Buffer)
    expect(await child.exited).toEqual({ ok: true, message: expect.any(String) })
    const samples = Buffer.concat(pcm)
    expect(samples.length / 2 / 48_000).toBeGreaterThan(0.95)
    expect(samples.length / 2 / 48_000).toBeLessThan(1.15)
    // 440 Hz: 880 changes of sign in a second.
    let crossings = 0
    for (let at = 19_200; at < 76_800; at += 2) {
      if (samples.readInt16LE(at) < 0 !== samples.readInt16LE(at - 2) < 0) crossings += 1
    }
    expect(crossings / 0.6).toBeGreaterThan(850)
    expect(crossings / 0.6).toBeLessThan(910)
  })

  it('gives two channels to a board that has two', async () => {
    const child = createFfmpegDecoder().spawn('mp3', 2)
    child.stdin.end(makeMp3(1))
    let bytes = 0
    for await (const chunk of child.stdout) bytes += (chunk as Buffer).length
    expect(bytes / 4 / 48_000).toBeCloseTo(1, 1)
  })

  it('says DECODER when the program is not there', () => {
    expect(() => createFfmpegDecoder({ program: '/nonexistent', jail: openJail() }).spawn('mp3', 1)).toThrow(
      expect.objectContaining({ code: 'DECODER' }),
    )
  })

  it('tells of a broken file in its exit, and a kill in the middle hurts nobody', async () => {
    const broken = createFfmpegDecoder().spawn('flac', 1)
    broken.stdout.resume()
    broken.stdin.end('no flac')
    expect(await broken.exited).toEqual({ ok: false, message: expect.stringMatching(/./) })
    const child = createFfmpegDecoder().spawn('mp3', 1)
    child.stdout.resume()
    child.stdin.write(makeMp3(2))
    child.kill()
    child.stdin.write(makeMp3(2))
    expect((await child.exited).ok).toBe(false)
  })
})
