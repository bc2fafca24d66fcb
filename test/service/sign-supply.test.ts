import { expect, test } from 'vitest'
import type { AmplifierConfig } from '../../agent/core/configuration.ts'
import { SignControl } from '../../agent/services/sign-control.ts'
import { SignSupply } from '../../agent/services/sign-supply.ts'
import { ManualClock } from '../fakes/manual-clock.ts'
import { RecordingSignboard } from '../fakes/recording-signboard.ts'
import { silentLogger } from '../fakes/silent-logger.ts'

const amplifier = (id: string, signs?: readonly string[]): AmplifierConfig => ({
  ...{ id, driver: 'none', settleMs: 0, holdMs: 0, minOffMs: 0, maxOnMinutes: 240 },
  ...(signs === undefined ? {} : { signs }),
})
const page = (...signs: readonly string[]) =>
  ({ signs, pages: [{ text: 'HỌP THÔN', mode: 'still', seconds: 5 }] }) as const

test('a relay that feeds signs is asked for from the first page on one of them to the last', async () => {
  const told: string[] = []
  const supply = new SignSupply([amplifier('main', ['gate', 'hall']), amplifier('yard')], {
    feed: (id, on) => told.push(`${id} ${on ? 'on' : 'off'}`),
  })
  await using signs = new SignControl({
    signboards: ['gate', 'hall', 'far'].map((id) => new RecordingSignboard(id)),
    clock: new ManualClock(),
    logger: silentLogger,
    onHealth: () => undefined,
    onPageFault: () => undefined,
    onUse: (sign, inUse) => supply.sign(sign, inUse),
    onFailure: (error) => {
      throw error
    },
  })
  signs.show('elsewhere', page('far'), 'notice')
  expect(told).toEqual([])
  signs.show('a', page('gate'), 'notice')
  signs.show('b', page('gate', 'hall'), 'programme')
  signs.clear('b')
  expect(told).toEqual(['main on', 'main on', 'main on'])
  signs.clear('a')
  expect(told.at(-1)).toBe('main off')
})
