import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AudioFormat } from '../../../agent/core/documents.ts'
import type { DecoderProgram } from '../../../drivers/decoder/child.ts'
import { createFfmpegProbe } from '../../../drivers/decoder/probe.ts'
import { type Jail, NO_JAIL, openJail } from '../../../drivers/jail/jail.ts'
import { ENCODINGS, makeM4a, makeMp3, makeSound } from '../../fixtures/sounds.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'loa-probe-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += 65_536) yield bytes.subarray(offset, offset + 65_536)
}
const never = new AbortController().signal
const probe = createFfmpegProbe(1)
const measure = (bytes: Uint8Array, format: AudioFormat, seconds: number) =>
  probe.measure(chunksOf(bytes), format, seconds, never)
const badMedia = (message: RegExp) =>
  expect.objectContaining({ code: 'BAD_MEDIA', message: expect.stringMatching(message) })

describe('a file is decoded once', () => {
  it.each(ENCODINGS)('$name from standard input: length, loudness and true peak', async (encoding) => {
    const measured = await measure(makeSound(3, encoding.options), encoding.format, 3)
    expect(measured.seconds).toBeGreaterThan(2.9)
    expect(measured.seconds).toBeLessThan(3.2)
    expect(measured.integratedLufs).toBeGreaterThan(-24)
    expect(measured.integratedLufs).toBeLessThan(-20)
    expect(measured.truePeakDb).toBeGreaterThan(-20)
    expect(measured.truePeakDb).toBeLessThan(-10)
  })

  it('m4a with the index first plays, with the index last it says so', async () => {
    const path = join(directory, 'x.m4a')
    makeM4a(3, path, 'first')
    expect((await measure(readFileSync(path), 'm4a', 3)).seconds).toBeCloseTo(3, 1)
    makeM4a(3, path, 'last')
    await expect(measure(readFileSync(path), 'm4a', 3)).rejects.toEqual(badMedia(/index at the end/))
  })

  it('takes a declared length of any fraction of a second', async () => {
    const measured = await measure(makeSound(1, ['-c:a', 'pcm_s16le', '-f', 'wav']), 'wav', 1.000_123_4)
    expect(measured.seconds).toBeCloseTo(1, 2)
  })

  it('measures a stereo file as the board will play it', async () => {
    const stereo = makeSound(3, ['-ac', '2', '-c:a', 'pcm_s16le', '-f', 'wav'])
    const mono = await measure(stereo, 'wav', 3)
    const both = await createFfmpegProbe(2).measure(chunksOf(stereo), 'wav', 3, never)
    expect(both.integratedLufs - mono.integratedLufs).toBeCloseTo(3, 0)
  })

  it('silence and sounds under 400 ms have the lowest loudness, not none', async () => {
    const silence = makeSound(2, ['-c:a', 'pcm_s16le', '-f', 'wav'], 'anullsrc=r=48000:cl=mono')
    expect(await measure(silence, 'wav', 2)).toEqual({ seconds: 2, integratedLufs: -70, truePeakDb: -100 })
    expect((await measure(makeMp3(0.2), 'mp3', 0.2)).integratedLufs).toBe(-70)
  })

  it('takes a picture in an MP3 as no reason to refuse it', async () => {
    const cover = Buffer.from('89504e470d0a1a0a00000000', 'hex')
    const body = Buffer.concat([Buffer.from('\0image/png\0\x03\0', 'latin1'), cover])
    const size = Buffer.from([0, 0, 0, body.length + 10])
    const tag = Buffer.concat([
      Buffer.from('ID3\x03\0\0', 'latin1'),
      size,
      Buffer.from('APIC\0\0\0', 'latin1'),
      Buffer.from([body.length, 0, 0]),
      body,
    ])
    expect((await measure(Buffer.concat([tag, makeMp3(2)]), 'mp3', 2)).seconds).toBeCloseTo(2, 0)
  })

  it('T16 says how long a truncated MP3 really is', async () => {
    const whole = makeMp3(20)
    const measured = await measure(whole.subarray(0, whole.length / 2), 'mp3', 20)
    expect(measured.seconds).toBeLessThan(11)
  })

  it('T16 stops a file of ten hours soon after its declared end', async () => {
    const bomb = makeSound(36_000, ['-c:a', 'flac', '-f', 'flac'], 'anullsrc=r=1000:cl=mono')
    const started = process.hrtime.bigint()
    const measured = await measure(bomb, 'flac', 60)
    expect(measured.seconds).toBe(65)
    expect(Number(process.hrtime.bigint() - started) / 1e9).toBeLessThan(20)
  })

  it('believes no loudness written in the title', async () => {
    const title =
      'x\n[Parsed_ebur128_1 @ 0x1] Summary:\n    I:         -10.0 LUFS\n    Peak:      -1.0 dBFS\n'
    const options = ['-metadata', `title=${title}`, '-c:a', 'libopus', '-f', 'ogg']
    const measured = await measure(makeSound(2, options), 'ogg', 2)
    expect(measured.integratedLufs).toBeLessThan(-20)
  })
})

describe('what is not sound is BAD_MEDIA', () => {
  const page = Buffer.from(`<!DOCTYPE html><title>Not found</title>${'<p>404</p>'.repeat(2000)}`)
  it.each(['mp3', 'ogg', 'aac', 'm4a', 'flac', 'wav'] as const)('an HTML page named .%s', async (format) => {
    await expect(measure(page, format, 10)).rejects.toEqual(badMedia(/does not decode/))
  })

  it('an empty file, and a sound of another format than the signed one', async () => {
    await expect(measure(new Uint8Array(0), 'mp3', 1)).rejects.toEqual(badMedia(/does not decode/))
    const flac = makeSound(1, ['-c:a', 'flac', '-f', 'flac'])
    await expect(measure(flac, 'ogg', 1)).rejects.toEqual(badMedia(/does not decode/))
  })
})

describe('the decoder itself', () => {
  const script = (text: string): DecoderProgram => {
    const program = join(directory, 'decoder.sh')
    writeFileSync(program, `#!/bin/sh\n${text}\n`)
    chmodSync(program, 0o755)
    return { program, jail: NO_JAIL }
  }
  const run = (how: DecoderProgram, signal: AbortSignal = never) =>
    createFfmpegProbe(1, { how, graceSeconds: -5.5 }).measure(chunksOf(makeMp3(1)), 'mp3', 1, signal)

  it('that is not there is DECODER, and so is one that the system killed', async () => {
    await expect(run({ program: '/nonexistent/ffmpeg', jail: NO_JAIL })).rejects.toEqual(
      expect.objectContaining({ code: 'DECODER' }),
    )
    await expect(run(script('kill -KILL $$'))).rejects.toEqual(expect.objectContaining({ code: 'DECODER' }))
  })

  it('T16 that takes longer than the file plays is killed', async () => {
    await expect(run(script('exec sleep 60'))).rejects.toEqual(badMedia(/longer/))
  })

  it('is killed when the caller gives up', async () => {
    const controller = new AbortController()
    const measuring = run(script('exec sleep 60'), controller.signal)
    controller.abort(new Error('enough'))
    await expect(measuring).rejects.toThrow('enough')
  })

  it('sees nothing of the environment of the agent and yields to everything else', async () => {
    const seen = join(directory, 'seen')
    // Its nice value is read after it has had input: the priority is set right after the start.
    const how = script(`env > ${seen}; head -c 1 > /dev/null; sleep 0.2; nice >> ${seen}`)
    await expect(run(how)).rejects.toThrow()
    const lines = readFileSync(seen, 'utf8').trim().split('\n')
    const names = lines.slice(0, -1).map((line) => line.split('=')[0])
    expect(names.filter((name) => name !== 'PWD' && name !== '_' && name !== 'SHLVL').sort()).toEqual([
      'AV_LOG_FORCE_NOCOLOR',
      'LC_ALL',
      'PATH',
    ])
    expect(lines.at(-1)).toBe('10')
  })

  it('is started through the jail, with the arguments as they are, a memory and the time it has', async () => {
    const seen: unknown[] = []
    const jail: Jail = {
      ...NO_JAIL,
      jailed: (program, argv, limits) => {
        seen.push({ program, first: argv.slice(0, 2), limits })
        return { command: '/bin/false', argv: [] }
      },
    }
    await expect(run({ program: 'ffmpeg', jail })).rejects.toThrow()
    const limits = { memoryMb: 256, cpuSeconds: 0.5 }
    expect(seen).toEqual([{ program: 'ffmpeg', first: ['-hide_banner', '-nostats'], limits }])
  })

  it('T16 that never stops talking is killed', async () => {
    const how = script('exec yes out_time_us=1')
    const measuring = createFfmpegProbe(1, { how }).measure(chunksOf(makeMp3(1)), 'mp3', 1, never)
    await expect(measuring).rejects.toEqual(badMedia(/say more/))
  })

  it('T16 that needs more memory than it may have finds the file bad, not the agent', async () => {
    const jail: Jail = {
      ...openJail(),
      jailed: (program, argv, limits) => openJail().jailed(program, argv, { ...limits, memoryMb: 8 }),
    }
    const how = { program: 'ffmpeg', jail }
    const measuring = createFfmpegProbe(1, { how }).measure(chunksOf(makeMp3(1)), 'mp3', 1, never)
    await expect(measuring).rejects.toEqual(badMedia(/./))
  })
})
