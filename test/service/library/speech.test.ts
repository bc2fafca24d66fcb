import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { SpeechPart } from '../../../agent/core/speech/spoken-parts.ts'
import { epochMs } from '../../../agent/core/time.ts'
import type { WantedMedia, WantedSpeech } from '../../../agent/services/library-types.ts'
import { Utterances } from '../../../agent/services/utterances.ts'
import { makeRig, needed, publish, type Rig } from './rig.ts'

const MIB = 1024 * 1024
const utterances = (engine = 'fake 1', deviceLanguage = 'vi') =>
  new Utterances({
    speech: { engineOf: () => engine },
    installed: new Set(),
    deviceLanguage: () => deviceLanguage,
    sha256Hex: (text) => createHash('sha256').update(text).digest('hex'),
  })
const wantedText = (text: string): WantedSpeech => ({
  utterance: utterances().of({ text }, 'vi'),
  neededAt: epochMs(Date.UTC(2026, 10, 22, 22)),
})
const stateOf = (rig: Rig, { utterance }: WantedSpeech) =>
  rig.library.stateOf(rig.library.spokenAs(utterance).sha256)
const THANKS = wantedText('Trân trọng cảm ơn.')

describe('speech in the library', () => {
  it('is spoken ahead into the cache, measured, and ready under its own digest', async () => {
    await using rig = makeRig()
    rig.probe.answer = { seconds: 1.25, integratedLufs: -19, truePeakDb: 0 }
    const told: string[] = []
    rig.library.onChange((id) => told.push(id))
    rig.library.want([THANKS])
    expect(stateOf(rig, THANKS).state).toBe('missing')
    await rig.quiet()
    const audio = rig.library.spokenAs(THANKS.utterance)
    expect(audio).toMatchObject({ format: 'wav', seconds: 1.25, urls: [] })
    const wav = rig.library.read(audio.sha256, 0, audio.bytes)
    expect(createHash('sha256').update(wav).digest('hex')).toBe(audio.sha256)
    expect(rig.library.stateOf(audio.sha256)).toMatchObject({ state: 'ready', measured: { seconds: 1.25 } })
    expect(told).toEqual([THANKS.utterance.key])
    expect(rig.speech.asked).toEqual(['vi: Trân trọng cảm ơn.'])
    expect(rig.library.activity).toBe('idle')
  })

  it('is spoken once for all items that say it, and not again by a later start over the same cache', async () => {
    await using rig = makeRig()
    rig.library.want([THANKS, wantedText('Trân trọng   cảm ơn.'), wantedText('Xin chào.')])
    await rig.quiet()
    expect(rig.speech.asked).toHaveLength(2)
    await using later = makeRig({ cache: rig.cache })
    later.library.want([THANKS])
    expect(stateOf(later, THANKS).state).toBe('ready')
    await later.quiet()
    expect(later.speech.asked).toEqual([])
  })

  it('waits for files that are needed sooner, and goes before those that are needed later', async () => {
    await using rig = makeRig()
    const sooner = publish(rig, 'sooner')
    const later = publish(rig, 'later')
    const [first, last] = [needed(sooner), needed(later)]
    rig.library.want([...first, THANKS, ...last])
    const order: string[] = []
    rig.library.onChange((id) => order.push(id))
    await rig.quiet()
    expect(order).toEqual([sooner.sha256, THANKS.utterance.key, later.sha256])
  })

  it('is spoken while something sounds: the words of an alert must be there when its siren ends', async () => {
    await using rig = makeRig()
    rig.library.pause()
    rig.library.want([THANKS])
    await rig.quiet()
    expect(stateOf(rig, THANKS).state).toBe('ready')
  })

  it('breaks off when something more urgent is wanted, and is spoken after it', async () => {
    await using rig = makeRig()
    rig.speech.hang = true
    rig.library.want([THANKS])
    await rig.quiet()
    expect(rig.library.activity).toBe('speaking')
    rig.speech.hang = false
    const urgent = publish(rig, 'urgent')
    rig.library.want([...needed(urgent), THANKS])
    await rig.quiet()
    expect(rig.library.stateOf(urgent.sha256).state).toBe('ready')
    expect(stateOf(rig, THANKS).state).toBe('ready')
  })

  it('without a synthesiser is bad with DECODER, and good once there is one', async () => {
    await using rig = makeRig()
    rig.speech.fault = 'DECODER'
    rig.library.want([THANKS])
    await rig.quiet()
    expect(stateOf(rig, THANKS)).toMatchObject({ state: 'bad', code: 'DECODER' })
    rig.speech.fault = undefined
    await rig.clock.advance(60_000)
    await rig.quiet()
    expect(stateOf(rig, THANKS).state).toBe('ready')
  })

  it('of which nothing can be spoken is bad and harms nothing else', async () => {
    await using rig = makeRig()
    const stars = wantedText('***')
    rig.library.want([stars, THANKS])
    await rig.quiet()
    expect(stateOf(rig, stars)).toMatchObject({ state: 'bad', code: 'BAD_MEDIA' })
    expect(stateOf(rig, THANKS).state).toBe('ready')
  })

  it('is kept while it is wanted, goes for what is needed sooner, and is spoken again when there is room', async () => {
    await using rig = makeRig({ quotaMb: 2 })
    const long = wantedText('Xin chào. '.repeat(45))
    rig.library.want([long])
    await rig.quiet()
    const before = rig.library.spokenAs(long.utterance)
    expect(before.bytes).toBeGreaterThan(MIB)
    const later = publish(rig, 'later', { length: MIB })
    rig.library.want([long, ...needed(later)])
    await rig.quiet()
    expect(stateOf(rig, long).state).toBe('ready')
    const sooner = publish(rig, 'sooner', { length: MIB })
    const list: readonly WantedMedia[] = [...needed(sooner), long]
    rig.library.want(list)
    await rig.quiet()
    expect(rig.library.stateOf(sooner.sha256).state).toBe('ready')
    expect(stateOf(rig, long).state).toBe('missing')
    rig.library.want([long])
    await rig.clock.advance(60_000)
    await rig.quiet()
    expect(rig.library.spokenAs(long.utterance)).toEqual(before)
  })

  it('is not counted among the files of the province', async () => {
    await using rig = makeRig()
    const file = publish(rig, 'file')
    rig.library.want([THANKS, ...needed(file)])
    await rig.quiet()
    expect(rig.library.overview()).toMatchObject({ wanted: 1, present: 1, files: [{ sha256: file.sha256 }] })
  })

  it('survives a cache that is damaged and made anew', async () => {
    await using rig = makeRig()
    rig.library.want([THANKS])
    await rig.quiet()
    rig.cache.damage()
    expect(stateOf(rig, THANKS).state).toBe('missing')
    rig.library.want([THANKS])
    await rig.quiet()
    expect(stateOf(rig, THANKS).state).toBe('ready')
  })
})

describe('an utterance', () => {
  const speech: SpeechPart = { text: 'Lúc 5:00' }

  it('is known by engine, voice and what is really said', () => {
    const here = utterances()
    expect(here.of(speech, 'vi')).toMatchObject({ text: 'Lúc năm giờ', voice: 'vi' })
    expect(here.of({ text: 'Lúc  <b>5h</b>' }, 'vi').key).toBe(here.of(speech, 'vi').key)
    const keys = [
      here.of(speech, 'vi'),
      here.of(speech, 'vi-VN-x-south'),
      here.of(speech, 'en'),
      utterances('fake 2').of(speech, 'vi'),
      here.of({ text: 'Lúc 6:00' }, 'vi'),
    ].map(({ key }) => key)
    expect(new Set(keys).size).toBe(5)
  })

  it('takes the language of the text before that of the item, and the device’s for one that nobody speaks', () => {
    const here = utterances('fake 1', 'vi-VN-x-south')
    expect(here.of({ ...speech, language: 'en' }, 'vi').voice).toBe('en-gb')
    expect(here.of({ ...speech, language: 'tyz' }, 'vi').voice).toBe('vi-vn-x-south')
  })

  it('is another one, by espeak-ng, once the installed voice has failed with it', () => {
    const refused = new Set<string>()
    const here = new Utterances({
      speech: {
        engineOf: (voice) => `engine of ${voice}`,
        refuses: (text, voice) => refused.has(`${voice} ${text}`),
      },
      installed: new Set(['vi']),
      deviceLanguage: () => 'vi',
      sha256Hex: (text) => createHash('sha256').update(text).digest('hex'),
    })
    const first = here.of(speech, 'vi')
    expect(first).toMatchObject({ text: 'Lúc năm giờ', voice: 'piper:vi' })
    refused.add(`piper:vi ${first.text}`)
    const second = here.of(speech, 'vi')
    expect(second).toMatchObject({ text: 'Lúc năm giờ', voice: 'vi' })
    expect(second.key).not.toBe(first.key)
    expect(here.of({ text: 'Lúc 6:00' }, 'vi').voice).toBe('piper:vi')
  })
})
