import { describe, expect, test } from 'vitest'
import { AT, BEFORE, Cut, cutDisk, Receiver } from './bench.ts'

const WHEN = ['before', 'middle'] as const

type Act = (receiver: Receiver, disk: ReturnType<typeof cutDisk>['disk']) => void
const serve: Act = (receiver, disk) => receiver.serve(disk)
const choose: Act = (receiver, disk) => receiver.choose(disk)

/** A receiver that took 1.1.0 and is about to try 1.2.0. */
const onTheWay = (receiver: Receiver, ...orders: readonly (readonly [string, object?])[]): void => {
  receiver.lay('1.1.0')
  receiver.after('stage')
  receiver.after('try', BEFORE)
  receiver.choose()
  receiver.after('commit')
  receiver.lay('1.2.0')
  for (const [op, more] of orders) {
    receiver.after(op, more)
    if (op === 'try') receiver.choose()
  }
}

/**
 * Cuts `act` at each of its steps in turn. After each the next start runs a whole release that is allowed there, and doing it again
 * ends as if nothing had been.
 */
const cutEverywhere = (
  prepare: (receiver: Receiver) => void,
  act: Act,
  judge: { readonly starts: readonly string[]; readonly end: (receiver: Receiver) => void },
): number => {
  let steps = 0
  using prepared = new Receiver()
  prepare(prepared)
  for (const when of WHEN)
    for (let at = 0; ; at++) {
      using receiver = new Receiver(prepared)
      const { disk, counted } = cutDisk(at, when)
      try {
        act(receiver, disk)
        steps = counted.steps
        break
      } catch (thrown) {
        if (!(thrown instanceof Cut)) throw thrown
      }
      // Without the chooser: it may be what was cut.
      expect(judge.starts, `cut ${when} step ${at}`).toContain(receiver.runs)
      act(receiver, cutDisk(Number.POSITIVE_INFINITY, when).disk)
      judge.end(receiver)
    }
  return steps
}

describe('T21 a power cut or SIGKILL at any step', () => {
  test('of staging leaves the release before, and staging begins anew', () => {
    const steps = cutEverywhere(
      (receiver) => {
        onTheWay(receiver)
        receiver.ask('stage')
      },
      serve,
      {
        starts: ['1.1.0'],
        end: (receiver) => {
          expect(receiver.state).toMatchObject({
            staged: { version: '1.2.0' },
            last: { result: 'staged' },
          })
          expect(receiver.left).toEqual(['a', 'b', 'current', 'slots', 'slots.json'])
          receiver.after('try', BEFORE)
          receiver.choose()
          expect(receiver.runs).toBe('1.2.0')
        },
      },
    )
    expect(steps).toBeGreaterThan(12)
  })

  test('of a start of the trial runs one of the two, and the trial has its start', () => {
    cutEverywhere(
      (receiver) => {
        onTheWay(receiver, ['stage'])
        receiver.after('try', BEFORE)
      },
      choose,
      {
        starts: ['1.1.0', '1.2.0'],
        end: (receiver) => {
          expect(receiver.runs).toBe('1.2.0')
          expect(receiver.state.trial?.starts).toBeLessThanOrEqual(2)
        },
      },
    )
  })

  test('of a commit keeps the trial or what was committed', () => {
    cutEverywhere(
      (receiver) => {
        onTheWay(receiver, ['stage'], ['try', BEFORE])
        receiver.ask('commit')
      },
      serve,
      {
        starts: ['1.2.0'],
        end: (receiver) => {
          expect(receiver.state.committed.version).toBe('1.2.0')
          expect(receiver.left).toEqual(['b', 'current', 'slots', 'slots.json'])
        },
      },
    )
  })

  test('of the way back runs one of the two, and ends at the release before', () => {
    cutEverywhere(
      (receiver) => {
        onTheWay(receiver, ['stage'], ['try', BEFORE])
        receiver.choose()
        receiver.choose()
      },
      choose,
      {
        starts: ['1.1.0', '1.2.0'],
        end: (receiver) => {
          expect(receiver.runs).toBe('1.1.0')
          expect(receiver.state.refused).toMatchObject([{ version: '1.2.0', at: AT }])
          expect(receiver.state.last).toMatchObject({ result: 'back' })
        },
      },
    )
  })

  test('of saying that it is sick ends at the release before', () => {
    cutEverywhere(
      (receiver) => {
        onTheWay(receiver, ['stage'], ['try', BEFORE])
        receiver.ask('sick', { reason: 'no sound' })
      },
      serve,
      {
        starts: ['1.2.0'],
        end: (receiver) => {
          receiver.choose()
          expect(receiver.runs).toBe('1.1.0')
          expect(receiver.state.last).toMatchObject({ result: 'back', message: 'no sound' })
        },
      },
    )
  })
})
