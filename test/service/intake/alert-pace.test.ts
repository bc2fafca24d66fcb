import { expect, test } from 'vitest'
import { Desk, Signer, topic } from './desk.ts'

const officer = new Signer('officer')
const other = new Signer('other')
const ALERT = topic('alert')

/** A desk that trusts both, and a way to send it revisions of the commune's alert. */
const bench = () => {
  const desk = new Desk()
  desk.trust(1, [desk.grant(officer), desk.grant(other)])
  const send = (rev: number, signer = officer): void =>
    desk.intake.receive(
      ALERT,
      signer.sign('alert', { kind: 'alert', v: 1, area: '75/26068', rev, iat: desk.at(0), alerts: [] }),
    )
  const flood = (from: number, to: number): void => {
    for (let rev = from; rev <= to; rev += 1) send(rev)
  }
  const held = (): number | undefined => desk.intake.revisions['75/26068/alert']
  return { desk, send, flood, held }
}

test('sixty revisions of an alert in a minute are acted on at once', () => {
  const { flood, held } = bench()
  flood(1, 60)
  expect(held()).toBe(60)
})

test('above that the newest is judged each second, and nothing is lost in the end', async () => {
  const { desk, flood, send, held } = bench()
  flood(1, 100)
  send(90)
  expect(held()).toBe(60)
  await desk.pass(1)
  expect(held()).toBe(100)
  flood(101, 110)
  expect(held()).toBe(100)
  await desk.pass(1)
  expect(held()).toBe(110)
  expect(desk.changes.filter((key) => key === '75/26068/alert')).toHaveLength(62)
})

test('another key is not slowed down by it, and a minute later neither is the first', async () => {
  const { desk, flood, send, held } = bench()
  flood(1, 70)
  send(80, other)
  expect(held()).toBe(80)
  await desk.pass(61)
  expect(desk.events).toEqual([])
  send(81)
  expect(held()).toBe(81)
})

test('what is refused does not count', () => {
  const { flood, send, held } = bench()
  send(5)
  for (let copy = 0; copy < 100; copy += 1) flood(1, 4)
  send(6)
  expect(held()).toBe(6)
})
