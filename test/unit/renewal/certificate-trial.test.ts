import { describe, expect, test } from 'vitest'
import { CertificateTrial, type Pair } from '../../../agent/core/renewal/certificate-trial.ts'
import { monoMs } from '../../../agent/core/time.ts'

/** A broker that lets in what `lets` says, while there is a network, and what the device showed it. */
const bench = (lets: (pair: Pair) => boolean) => {
  const trial = new CertificateTrial()
  const world = { now: 0, network: true, connected: true, shown: [] as Pair[], verdict: 'wait' }
  trial.connected(monoMs(0))
  const second = (): void => {
    world.now += 1000
    if (world.connected && !world.network) {
      world.connected = false
      trial.failed('the network is gone', monoMs(world.now))
    } else if (!world.connected) {
      const pair = trial.next()
      world.shown.push(pair)
      world.connected = world.network && lets(pair)
      if (world.connected) trial.connected(monoMs(world.now))
      else trial.failed(`${pair} is not let in`, monoMs(world.now))
    }
    const verdict = trial.look(monoMs(world.now))
    if (verdict === 'reconnect') {
      world.connected = false
      trial.failed('taken leave', monoMs(world.now))
    } else world.verdict = verdict
  }
  const pass = (seconds: number): void => {
    for (let i = 0; i < seconds && world.verdict === 'wait'; i += 1) second()
  }
  return { trial, world, pass }
}

describe('a new certificate', () => {
  test('is shown at once, and taken when the connection with it has lasted ten seconds', () => {
    const { world, pass } = bench(() => true)
    pass(10)
    expect([world.verdict, world.shown]).toEqual(['wait', ['trial']])
    pass(5)
    expect([world.verdict, world.now <= 13_000]).toEqual(['taken', true])
  })

  test('that is not let in three times where the pair before is, is refused, a minute between the tries', () => {
    const { trial, world, pass } = bench((pair) => pair === 'held')
    pass(150)
    expect([world.verdict, world.shown]).toEqual([
      'wait',
      ['trial', 'held', 'trial', 'held', 'trial', 'held'],
    ])
    pass(60)
    expect([world.verdict, world.connected, trial.reason]).toEqual(['refused', true, 'trial is not let in'])
  })

  test('is not refused for a network that is gone: both are tried in turn until one gets in', () => {
    const { world, pass } = bench(() => true)
    world.network = false
    pass(3600)
    expect(world.verdict).toBe('wait')
    expect(world.shown.slice(0, 4)).toEqual(['trial', 'held', 'trial', 'held'])
    world.network = true
    pass(120)
    expect(world.verdict).toBe('taken')
  })

  test('is taken however often it failed, when the pair before does not get in either', () => {
    let opens = false
    const { world, pass } = bench((pair) => pair === 'trial' && opens)
    pass(7200)
    expect(world.verdict).toBe('wait')
    opens = true
    pass(60)
    expect(world.verdict).toBe('taken')
  })

  test('whose connection is cut within ten seconds, again and again, is refused', () => {
    const trial = new CertificateTrial()
    let now = 0
    const at = (ms: number) => {
      now += ms
      return monoMs(now)
    }
    trial.connected(at(0))
    for (let round = 0; round < 3; round += 1) {
      expect(trial.look(at(0))).toBe('reconnect')
      trial.failed('taken leave', at(100))
      expect(trial.next()).toBe('trial')
      trial.connected(at(100))
      expect(trial.look(at(1000))).toBe('wait')
      trial.failed('not authorised', at(4000))
      expect(trial.next()).toBe('held')
      trial.connected(at(1000))
      expect(trial.look(at(9000))).toBe('wait')
      expect(trial.look(at(2000))).toBe(round < 2 ? 'wait' : 'refused')
      at(60_000)
    }
    expect(trial.reason).toBe('not authorised')
  })
})
