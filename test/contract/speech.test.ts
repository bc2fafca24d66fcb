import { afterAll, describe, expect, it } from 'vitest'
import { installedVoice, voiceFor } from '../../agent/core/speech/voice.ts'
import type { Speech } from '../../agent/ports/speech.ts'
import { createFfmpegProbe } from '../../drivers/decoder/probe.ts'
import { createEspeakSpeech } from '../../drivers/speech/espeak-speech.ts'
import { InstalledSpeech } from '../../drivers/speech/installed-speech.ts'
import { createPiperSpeech } from '../../drivers/speech/piper-speech.ts'
import { FakeSpeech } from '../fakes/fake-speech.ts'
import { PiperStandIn } from '../fakes/piper.ts'

const TEXT = 'Mời bà con đến nhà văn hóa thôn dự họp lúc mười chín giờ ba mươi phút.'
const never = new AbortController().signal
const VOICES = [
  'vi',
  'vi-VN-x-central',
  'vi-VN-x-south',
  'en',
  'en-US',
  'zh',
  'yue',
  'hak',
  'th',
  'my',
  'shn',
  'ru',
  'fr',
  'de',
]

/** Not piper itself, which is not at hand: its command line with the sound of espeak-ng behind it. */
const standIn = new PiperStandIn(Object.fromEntries(VOICES.map((tag) => [tag, voiceFor(tag, 'vi').name])))
afterAll(() => standIn[Symbol.dispose]())

type Maker = {
  readonly name: string
  readonly make: () => Speech
  readonly voiceOf: (tag: string) => string
}
const MAKERS: readonly Maker[] = [
  { name: 'fake', make: () => new FakeSpeech(), voiceOf: (tag) => voiceFor(tag, 'vi').name },
  { name: 'espeak-ng', make: () => createEspeakSpeech(), voiceOf: (tag) => voiceFor(tag, 'vi').name },
  {
    name: 'piper, by a stand-in for its program',
    make: () => createPiperSpeech(standIn.config),
    voiceOf: installedVoice,
  },
]

const secondsOf = (wav: Uint8Array): number => {
  const bytes = Buffer.from(wav)
  return bytes.readUInt32LE(40) / bytes.readUInt32LE(28)
}

describe.each(MAKERS)('Speech ($name)', ({ make, voiceOf }) => {
  const vi = voiceOf('vi')

  it('says which engine speaks', () => {
    expect(make().engineOf(vi)).toMatch(/^[a-z-]+ \d/)
  })

  it('makes a whole WAV file whose lengths are right, as long as the text takes', async () => {
    const wav = Buffer.from(await make().render(TEXT, vi, never))
    expect(wav.toString('latin1', 0, 4)).toBe('RIFF')
    expect(wav.readUInt32LE(4)).toBe(wav.length - 8)
    expect(wav.toString('latin1', 36, 40)).toBe('data')
    expect(wav.readUInt32LE(40)).toBe(wav.length - 44)
    expect(secondsOf(wav)).toBeGreaterThan(TEXT.length / 25)
    expect(secondsOf(wav)).toBeLessThan(TEXT.length / 8)
  })

  it('says the same text in the same bytes, and another voice or text in others', async () => {
    const speech = make()
    const [first, again, south, other] = await Promise.all([
      speech.render(TEXT, vi, never),
      speech.render(TEXT, vi, never),
      speech.render(TEXT, voiceOf('vi-VN-x-south'), never),
      speech.render(`${TEXT} Xin cảm ơn.`, vi, never),
    ])
    expect(Buffer.from(first).equals(again)).toBe(true)
    expect(Buffer.from(first).equals(south)).toBe(false)
    expect(other.length).toBeGreaterThan(first.length)
  })

  it('has every voice that a language may be given', async () => {
    const speech = make()
    for (const tag of VOICES) {
      const wav = await speech.render('Xin 123 chào', voiceOf(tag), never)
      expect(secondsOf(wav), tag).toBeGreaterThan(0.3)
    }
  })

  it('finds nothing to say in a text without words', async () => {
    await expect(make().render('', vi, never)).rejects.toMatchObject({ code: 'BAD_MEDIA' })
  })

  it('stops at once when it is told to', async () => {
    const stop = new AbortController()
    const reason = new Error('enough')
    const rendered = make().render(TEXT.repeat(60), vi, stop.signal)
    stop.abort(reason)
    await expect(rendered).rejects.toBe(reason)
    await expect(make().render(TEXT, vi, stop.signal)).rejects.toBe(reason)
  })
})

describe('espeak-ng', () => {
  it('that is not installed is a fault with the way out, and starts working once it is', async () => {
    const speech = createEspeakSpeech({ program: '/nowhere/espeak-ng' })
    expect(speech.engineOf('vi')).toBe('espeak-ng')
    await expect(speech.render(TEXT, 'vi', never)).rejects.toMatchObject({
      code: 'DECODER',
      message: expect.stringContaining('install the package espeak-ng'),
    })
  })

  it('fails for a voice that it does not have', async () => {
    await expect(createEspeakSpeech().render(TEXT, 'tlh-none', never)).rejects.toMatchObject({
      code: 'DECODER',
      message: expect.stringContaining('voice'),
    })
  })

  it('is cut off when it says too much or takes too long', async () => {
    const wordy = createEspeakSpeech({ maxBytes: 10_000 }).render(TEXT, 'vi', never)
    await expect(wordy).rejects.toMatchObject({
      code: 'DECODER',
      message: 'the text is too long to be spoken',
    })
    const slow = createEspeakSpeech({ maxMs: 1 }).render(TEXT.repeat(60), 'vi', never)
    await expect(slow).rejects.toMatchObject({ code: 'DECODER', message: 'espeak-ng took over 0.001 s' })
  })

  it('takes a text that looks like an option or a command for text', async () => {
    const wav = await createEspeakSpeech().render('-w /tmp/x --help $(date); `id`', 'vi', never)
    expect(secondsOf(wav)).toBeGreaterThan(1)
  })

  it('can be heard: loud enough to be brought to the level of everything else', async () => {
    const wav = await createEspeakSpeech().render(TEXT, 'vi', never)
    const source = (async function* () {
      yield wav
    })()
    const measured = await createFfmpegProbe(1).measure(source, 'wav', 60, never)
    expect(measured.integratedLufs).toBeGreaterThan(-24)
    expect(measured.seconds).toBeCloseTo(secondsOf(wav), 1)
  })
})

describe('piper, by a stand-in for its program', () => {
  const speaking = (voice: string, more: { maxBytes?: number; maxMs?: number } = {}): Speech =>
    createPiperSpeech({ ...new PiperStandIn({ vi: voice }).config, ...more })
  const vi = installedVoice('vi')

  it('is named with its version and the model, so that another of either speaks anew', () => {
    expect(speaking('vi').engineOf(vi)).toMatch(/^piper 1\.2\.0 vi\.onnx \d+ \d+$/)
    expect(speaking('vi').engineOf(vi)).not.toBe(speaking('vi-vn-x-south').engineOf(vi))
  })

  it('fails with what it says, when it gives nothing, and without a program or the description of a voice', async () => {
    const failing = (speech: Speech, message: string): Promise<void> =>
      expect(speech.render(TEXT, vi, never)).rejects.toMatchObject({
        code: 'DECODER',
        message: expect.stringContaining(message),
      })
    await failing(speaking('broken'), 'piper ended with 1 the model is damaged')
    await failing(speaking('mute'), 'piper gave no sound')
    const { binary, voices } = standIn.config
    await failing(createPiperSpeech({ binary: '/nowhere/piper', voices }), 'check speech.piper.binary')
    await failing(createPiperSpeech({ binary, voices: [] }), 'piper has no voice')
    await failing(
      createPiperSpeech({ binary, voices: [{ language: 'vi', model: '/nowhere/vi.onnx' }] }),
      'no description beside it',
    )
  })

  it('is cut off when it says too much or takes too long', async () => {
    await expect(speaking('vi', { maxBytes: 10_000 }).render(TEXT, vi, never)).rejects.toMatchObject({
      message: 'the text is too long to be spoken',
    })
    await expect(speaking('slow', { maxMs: 200 }).render(TEXT, vi, never)).rejects.toMatchObject({
      message: 'piper took over 0.2 s',
    })
  })

  it('takes a text that looks like an option or a command for text', async () => {
    const wav = await speaking('vi').render('--output_file /tmp/x $(date); `id`', vi, never)
    expect(secondsOf(wav)).toBeGreaterThan(1)
  })
})

describe('the speech of a device', () => {
  it('is piper for its languages and espeak-ng for the others', async () => {
    const speech = new InstalledSpeech({ piper: standIn.config, onRefused: () => undefined })
    expect(speech.engineOf(installedVoice('vi'))).toMatch(/^piper /)
    expect(speech.engineOf('my')).toMatch(/^espeak-ng /)
    expect(secondsOf(await speech.render(TEXT, installedVoice('vi'), never))).toBeGreaterThan(1)
    expect(secondsOf(await speech.render(TEXT, 'my', never))).toBeGreaterThan(1)
  })

  it('refuses to piper a text that it failed with, and says so; other texts are tried', async () => {
    const told: unknown[] = []
    using broken = new PiperStandIn({ vi: 'broken' })
    const speech = new InstalledSpeech({ piper: broken.config, onRefused: (data) => told.push(data) })
    const vi = installedVoice('vi')
    expect(speech.refuses(TEXT, vi)).toBe(false)
    await expect(speech.render(TEXT, vi, never)).rejects.toMatchObject({ code: 'DECODER' })
    expect(speech.refuses(TEXT, vi)).toBe(true)
    expect(speech.refuses(`${TEXT} Xin cảm ơn.`, vi)).toBe(false)
    expect(told).toMatchObject([{ voice: vi, why: expect.stringContaining('damaged') }])
  })
})
