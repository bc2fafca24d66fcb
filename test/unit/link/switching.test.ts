import { expect, test } from 'vitest'
import {
  firstLook,
  looked,
  SETTLED_MS,
  type Switching,
  settledIn,
  switched,
} from '../../../agent/core/link/switching.ts'
import { NO_WAY, type Way } from '../../../agent/core/link/way.ts'
import { monoMs } from '../../../agent/core/time.ts'

const cable: Way = { bearer: 'ethernet', device: 'eth0', index: 2, metered: false }
const wifi: Way = { bearer: 'wifi', device: 'wlan0', index: 3, metered: false }
const modem: Way = { bearer: 'cellular', device: 'wwan0', index: 4, metered: true }

/** Looks each second at what the script says, and gives what was told, and when something was new. */
const live = (script: readonly (readonly [seconds: number, way: Way])[]) => {
  const told: string[] = []
  const fresh: number[] = []
  let second = 0
  let state: Switching | undefined
  for (const [seconds, way] of script)
    for (const end = second + seconds; second < end; second += 1) {
      const now = monoMs(second * 1000)
      const next =
        state === undefined ? { state: firstLook(way, now), isNew: false } : looked(state, way, now)
      if (next.isNew) fresh.push(second)
      const due = switched(next.state, now)
      if (due !== undefined) told.push(`${second} ${due.from.bearer}-${due.to.bearer} ${due.changes}`)
      state = settledIn(next.state, now)
    }
  return { told, fresh }
}

const SETTLED = SETTLED_MS / 1000

test('from cable to Wi-Fi to the mobile network each switch is told once, when it has settled', () => {
  expect(
    live([
      [10, cable],
      [10, wifi],
      [10, modem],
      [10, NO_WAY],
      [10, cable],
    ]),
  ).toEqual({
    told: [
      `${10 + SETTLED} ethernet-wifi 1`,
      `${20 + SETTLED} wifi-cellular 1`,
      `${30 + SETTLED} cellular-none 1`,
      `${40 + SETTLED} none-ethernet 1`,
    ],
    fresh: [10, 20, 40],
  })
})

test('the first way out after a start is no switch, however late it comes', () => {
  expect(
    live([
      [30, NO_WAY],
      [10, cable],
    ]),
  ).toEqual({ told: [], fresh: [30] })
})

test('what flaps is told when it comes to rest, with the count of its changes', () => {
  expect(
    live([
      [10, cable],
      [2, NO_WAY],
      [2, cable],
      [2, NO_WAY],
      [10, wifi],
    ]).told,
  ).toEqual([`${16 + SETTLED} ethernet-wifi 4`])
  expect(
    live([
      [10, cable],
      [2, NO_WAY],
      [10, cable],
    ]).told,
  ).toEqual([])
})

test('a device that was plugged in again is a new way, and no switch', () => {
  expect(
    live([
      [10, modem],
      [10, { ...modem, index: 9 }],
    ]),
  ).toEqual({ told: [], fresh: [10] })
})
