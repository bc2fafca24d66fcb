import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Input } from '../../../agent/core/arbiter/state.ts'
import { transition } from '../../../agent/core/arbiter/transition.ts'
import { type Decide, type Replayed, replay } from '../../../agent/core/replay/replay.ts'
import { Drill, happenings, specs } from '../arbiter/drill.ts'
import { programme, second } from '../arbiter/stage.ts'
import { morning, recorded } from './recorded.ts'

const steps = (lines: readonly string[], decide?: Decide) =>
  [...replay(lines, decide)].filter(
    (each): each is Extract<Replayed, { kind: 'step' }> => each.kind === 'step',
  )

const decisions = (lines: readonly string[]) => steps(lines).map(({ got }) => got.length)

describe('a replay', () => {
  test('of whatever happens decides as it was decided, every decision of it', () => {
    fc.assert(
      fc.property(specs, happenings, fc.integer({ min: 1, max: 200 }), (of, befalls, keepEvery) => {
        const { stage, lines, effects } = recorded(keepEvery)
        new Drill(of, stage).run(befalls)
        const found = steps(lines())
        expect(found.filter(({ same }) => !same)).toEqual([])
        expect(found.map(({ got }) => got.length).filter((count) => count > 0)).toEqual(effects)
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  test('of a changed arbiter finds the first decision that is another', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 }), (which) => {
        const lines = morning().lines()
        const decisive = steps(lines).filter(({ expected }) => expected.length > 0)
        const changed = decisive[which % decisive.length]?.step ?? 0
        let step = 0
        const decide: Decide = (state, input) => {
          step += 1
          const right = transition(state, input)
          return step < changed ? right : { ...right, effects: right.effects.slice(1) }
        }
        expect(steps(lines, decide).find(({ same }) => !same)?.step).toBe(changed)
      }),
    )
  })

  test('finds a changed rule of the arbiter', () => {
    const decide: Decide = (state, input) =>
      transition(state, input.kind === 'arm' ? { ...input, programme: lower(input) } : input)
    const first = steps(morning().lines(), decide).find(({ same }) => !same)
    expect(first?.expected).toContainEqual(expect.objectContaining({ kind: 'schedule' }))
  })

  test('leaves out what had no consequence, but for the last of it before something had', () => {
    const { lines, told } = morning()
    const found = steps(lines())
    expect(told()).toBeGreaterThan(300)
    expect(found.length).toBeLessThan(60)
    const ticks = found.filter(({ input }) => input.kind === 'tick')
    expect(ticks.length).toBeGreaterThan(3)
  })

  test('begins at the first stretch that is whole', () => {
    const lines = morning().lines()
    expect(decisions(lines.slice(1))).toEqual([])
    expect(decisions(['', ...lines.slice(5), ...lines])).toEqual(decisions(lines))
  })

  test('tells of a form of another release, and of what is no journal', () => {
    const [beginning = '', ...rest] = morning().lines()
    const newer = beginning.replace('{"v":1,', '{"v":9,')
    expect(() => steps([newer, ...rest])).toThrow(/form 9.*form 1.*1\.2\.3/)
    expect(() => steps([beginning, '{"hello":1}'])).toThrow(/line 2/)
    expect(() => steps([beginning, 'nonsense'])).toThrow(/line 2/)
    const broken = '{"input":{"kind":"arm","at":1}}'
    expect(() => steps([beginning, broken])).toThrow(/step 1 cannot be replayed/)
  })

  test('holds neither what is said nor what a URL hides', () => {
    const { stage, lines } = recorded()
    const told = programme('vov', second(10), { parts: [{ speech: { text: 'lời nói', language: 'vi' } }] })
    stage.arm(told, {
      state: 'ready',
      limited: false,
      clip: {
        ...{ id: '', amplifiers: [], gainDb: 0 },
        segments: [
          {
            ...{ kind: 'stream', id: '', format: 'mp3', frames: 48_000 },
            urls: ['https://ten:mat-khau@relay.example/vov1?token=bi-mat'],
          },
        ],
      },
    })
    const text = lines().join('\n')
    expect(text).toContain('@relay.example/vov1?')
    expect(text).not.toMatch(/lời nói|mat-khau|bi-mat/)
  })
})

const lower = ({ programme }: Extract<Input, { kind: 'arm' }>) => ({
  ...programme,
  item: { ...programme.item, class: 'normal' as const },
})
