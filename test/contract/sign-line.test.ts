import { describe, expect, test } from 'vitest'
import { AMBER } from '../../agent/core/sign/color.ts'
import type { Frame, Signboard } from '../../agent/ports/signboard.ts'
import type { LineTiming } from '../../drivers/signboard/line/timing.ts'
import { noPty } from '../fakes/pty.ts'
import { CANDIDATES } from '../fakes/signs/candidates.ts'
import { type Candidate, SignPanel } from '../fakes/signs/sign-panel.ts'
import { until } from '../fakes/until.ts'

const QUICK: Partial<LineTiming> = {
  reassertMs: 60_000,
  pingMs: 80,
  replyMs: 60,
  turnaroundMs: 2,
  storedApartMs: 0,
  retryMs: { least: 20, most: 100 },
  writeGraceMs: 300,
  farewellMs: 400,
}
/** The driver hands the next bytes over so long before the wire is free. */
const HANDED_OVER_EARLY_MS = 1
const ODD_BYTES = Uint8Array.of(0xff, 0x00, 0x41, 0x5a, 0xa5, 0x03, 0x37)
const STILL = { mode: 'still', color: AMBER, urgent: false } as const

/** A picture of its own for each number: a few lit pixels, and a text. */
const pictureOf = ({ size: { width, height } }: Candidate, number: number) => {
  const rgb = new Uint8Array(width * height * 3)
  for (let i = 0; i < 8; i += 1)
    if ((number >> i) & 1) rgb.fill(255, ((i * width) / 8) * 3 + i * 3, ((i * width) / 8) * 3 + i * 3 + 3)
  const frame: Frame = { width, height, rgb }
  return { frame, text: `TIN ${number}` }
}

describe.skipIf(noPty).each(CANDIDATES)('a sign behind a line: $name', (candidate) => {
  const open = (panel: SignPanel, more: Partial<LineTiming> = {}): Promise<Signboard> =>
    candidate.open(panel.port.path, { ...QUICK, ...more })
  const expected = (number: number): string => {
    const { frame, text } = pictureOf(candidate, number)
    return candidate.expected(frame.rgb, text)
  }
  const show = (sign: Signboard, number: number): void => {
    const { frame, text } = pictureOf(candidate, number)
    sign.show(frame, text, STILL)
  }
  const seen = (panel: SignPanel, number: number): Promise<void> =>
    until(`picture ${number} on the panel`, () => panel.seen === expected(number))
  const proven = (sign: Signboard): Promise<void> =>
    until('the sign says how it knows', () => sign.proof !== 'waiting')

  test('every pixel is where it belongs, and the sign says how that is known', async () => {
    await using panel = await SignPanel.plugged(candidate)
    await using sign = await open(panel)
    expect(sign.proof).toBe('waiting')
    show(sign, 0b1011_0101)
    await seen(panel, 0b1011_0101)
    await proven(sign)
    expect(sign.proof).toBe(candidate.proof)
    expect(sign.health.ok).toBe(true)
  })

  test('of many pictures in a row the last stays, and the same is not sent again', async () => {
    await using panel = await SignPanel.plugged(candidate)
    await using sign = await open(panel)
    for (let number = 1; number <= 20; number += 1) show(sign, number)
    await seen(panel, 20)
    await proven(sign)
    const count = panel.shown.length
    show(sign, 20)
    show(sign, 21)
    await seen(panel, 21)
    expect(panel.shown.length).toBeLessThanOrEqual(count + 1)
    expect(panel.shown.length).toBeLessThan(20)
  })

  test('what comes is never ahead of the wire by more than one picture', async () => {
    await using panel = await SignPanel.plugged(candidate)
    await using sign = await open(panel)
    show(sign, 7)
    await seen(panel, 7)
    await proven(sign)
    const [from, before] = [performance.now(), panel.wireMs]
    let last = 0
    for (let number = 1; number <= 6; number += 1) {
      const soFar = panel.wireMs
      show(sign, number)
      await seen(panel, number)
      last = panel.wireMs - soFar
    }
    // Whoever is slow makes this longer, never shorter.
    const took = performance.now() - from + HANDED_OVER_EARLY_MS
    expect(took).toBeGreaterThan(panel.wireMs - before - last)
  })

  test('noise on the line is passed over', async () => {
    await using panel = await SignPanel.plugged(candidate)
    panel.noise = ODD_BYTES
    panel.port.send(ODD_BYTES)
    await using sign = await open(panel)
    show(sign, 5)
    await seen(panel, 5)
    show(sign, 6)
    await seen(panel, 6)
    await proven(sign)
    expect(sign.health.ok).toBe(true)
  })

  test('pulled and put in again it shows the newest picture', async () => {
    await using panel = await SignPanel.plugged(candidate)
    await using sign = await open(panel)
    show(sign, 1)
    await seen(panel, 1)
    await panel.port.unplug()
    await until('the fault', () => !sign.health.ok)
    show(sign, 2)
    show(sign, 3)
    await panel.port.plug()
    await seen(panel, 3)
    await until('the sign works again', () => sign.health.ok)
  })

  test('what was shown just before closing is on the panel', async () => {
    await using panel = await SignPanel.plugged(candidate)
    const sign = await open(panel)
    show(sign, 1)
    show(sign, 2)
    await sign[Symbol.asyncDispose]()
    await seen(panel, 2)
  })

  test.runIf(candidate.answers)('a slow answer is waited for, and nothing is sent twice', async () => {
    await using panel = await SignPanel.plugged(candidate)
    panel.delayMs = 30
    await using sign = await open(panel, { replyMs: 400 })
    show(sign, 1)
    await proven(sign)
    show(sign, 2)
    await seen(panel, 2)
    await until('the second is acknowledged', () => sign.proof !== 'waiting')
    expect(panel.shown).toEqual([expected(1), expected(2)])
  })

  test.runIf(candidate.answers)(
    'one that stops answering is a fault, and has its picture again when it returns',
    async () => {
      await using panel = await SignPanel.plugged(candidate)
      await using sign = await open(panel, { reassertMs: 150 })
      show(sign, 1)
      await proven(sign)
      panel.mood = 'silent'
      await until('the fault', () => !sign.health.ok)
      expect(sign.health.message).toBe('the sign does not answer')
      show(sign, 2)
      panel.mood = 'obeys'
      await seen(panel, 2)
      await until('the sign works again', () => sign.health.ok)
    },
  )

  test.runIf(candidate.proof !== 'sent')('bytes spoilt on the way are sent again', async () => {
    await using panel = await SignPanel.plugged(candidate)
    await using sign = await open(panel)
    show(sign, 1)
    await proven(sign)
    panel.spoilt = 10
    show(sign, 2)
    await seen(panel, 2)
    await until('it is acknowledged', () => sign.proof !== 'waiting')
    expect(sign.health.ok).toBe(true)
  })

  test.runIf(candidate.refuses)(
    'a picture refused once is sent again; refused for good it is a fault',
    async () => {
      await using panel = await SignPanel.plugged(candidate)
      await using sign = await open(panel)
      panel.refusals = 1
      show(sign, 1)
      await seen(panel, 1)
      await proven(sign)
      panel.mood = 'refuses'
      show(sign, 2)
      await until('the fault', () => !sign.health.ok)
      expect(sign.health.message).toMatch(/^the sign (refuses|is busy)/)
      panel.mood = 'obeys'
      await seen(panel, 2)
      await until('the sign works again', () => sign.health.ok)
    },
  )
})
