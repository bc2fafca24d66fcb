import { describe, expect, test } from 'vitest'
import { attempted, mayCycle, NO_ATTEMPTS, succeeded } from '../../../agent/core/adapter/power-cycle.ts'
import { monoMs } from '../../../agent/core/time.ts'

const RULE = { afterSeconds: 30, atMostADay: 4 }
const CALM = { soundAtRisk: false, alertInForce: false }
const HOUR = 3600

/** Seconds at which a socket is switched, for an adapter that is gone from 0 on, looked at each second. */
const attemptsIn = (seconds: number, rule = RULE): readonly number[] => {
  let account = NO_ATTEMPTS
  const at: number[] = []
  for (let second = 0; second <= seconds; second += 1) {
    const now = monoMs(1000 * second)
    if (!mayCycle(rule, account, { now, goneSince: monoMs(0), ...CALM })) continue
    account = attempted(account, now)
    at.push(second)
  }
  return at
}

describe('the socket of an adapter that is gone', () => {
  test('is switched after a while, then ever more seldom', () => {
    expect(attemptsIn(300)).toEqual([30, 90, 210])
  })

  test('is switched so many times in a day and no more, and again the next day', () => {
    expect(attemptsIn(24 * HOUR + 29)).toEqual([30, 90, 210, 450])
    expect(attemptsIn(24 * HOUR + 40)).toHaveLength(5)
  })

  test('is switched once an hour at most in the end', () => {
    const all = attemptsIn(20 * HOUR, { afterSeconds: 30, atMostADay: 24 })
    const gaps = all.map((second, index) => second - (all[index - 1] ?? 0))
    expect(Math.max(...gaps)).toBe(HOUR)
    expect(all.length).toBeLessThanOrEqual(24)
  })

  test.each([
    { soundAtRisk: true, alertInForce: false },
    { soundAtRisk: false, alertInForce: true },
  ])('is left alone while %j, and switched as soon as that is over', (facts) => {
    const late = { now: monoMs(600_000), goneSince: monoMs(0) }
    expect(mayCycle(RULE, NO_ATTEMPTS, { ...late, ...facts })).toBe(false)
    expect(mayCycle(RULE, NO_ATTEMPTS, { ...late, ...CALM })).toBe(true)
  })

  test('is never switched while the adapter is there', () => {
    expect(mayCycle(RULE, NO_ATTEMPTS, { now: monoMs(600_000), goneSince: undefined, ...CALM })).toBe(false)
  })

  test('waits as long as the first time when the adapter came back in between', () => {
    const tried = attempted(attempted(NO_ATTEMPTS, monoMs(30_000)), monoMs(90_000))
    const gone = { now: monoMs(131_000), goneSince: monoMs(100_000), ...CALM }
    expect(mayCycle(RULE, tried, gone)).toBe(false)
    expect(mayCycle(RULE, succeeded(tried), gone)).toBe(true)
  })
})
