import { describe, expect, test } from 'vitest'
import { type AdapterAccount, openAccount, seen } from '../../../agent/core/adapter/account.ts'
import { monoMs } from '../../../agent/core/time.ts'

/** What is told of an adapter that is looked at each second: a letter is the device that is there, a dot is nothing. */
const follow = (looks: string): { readonly told: readonly string[]; readonly account: AdapterAccount } => {
  let account = openAccount(monoMs(0))
  const told = [...looks].flatMap((look, second) => {
    const change = seen(account, look === '.' ? undefined : look, monoMs(1000 * second))
    account = change.account
    return change.news === undefined ? [] : [`${second} ${change.news}`]
  })
  return { told, account }
}

describe('an adapter', () => {
  test('that stays is no news', () => {
    expect(follow('aaaaaaaaaaaaaaa').told).toEqual([])
  })

  test('is told once when it goes and once when it is back', () => {
    const { told, account } = follow('aaa...bbb')
    expect(told).toEqual(['3 lost', '6 back'])
    expect(account).toMatchObject({ losses: 1, returns: 1, goneSince: undefined })
  })

  test('that was out and in again between two looks is counted, and told once', () => {
    const { told, account } = follow('aaabbb')
    expect(told).toEqual(['3 back'])
    expect(account).toMatchObject({ losses: 1, returns: 1 })
  })

  test('that comes late at power-on is not missed', () => {
    expect(follow('.........aaa').told).toEqual([])
  })

  test('that is not there at the start is missed after ten seconds, and is no loss', () => {
    const { told, account } = follow('..............aa')
    expect(told).toEqual(['10 missing', '14 back'])
    expect(account).toMatchObject({ losses: 0, returns: 1 })
  })

  test('that goes and comes all the time is told to be loose, then counted in silence', () => {
    const { told, account } = follow('a.'.repeat(20))
    expect(told).toHaveLength(7)
    expect(told.at(-1)).toMatch(/loose$/)
    expect(account).toMatchObject({ losses: 20, returns: 19 })
  })

  test('that was loose is told of again after ten quiet minutes', () => {
    const { told } = follow(`${'a.'.repeat(10)}${'a'.repeat(620)}.`)
    expect(told.at(-1)).toBe('640 lost')
  })
})
