import type { Programme, Readiness } from '../../core/arbiter/programme.ts'
import { FRAMES_PER_SECOND } from '../../core/clip.ts'
import type { Command } from '../../core/documents.ts'
import { type Item, orderedItem } from '../../core/schedule/item.ts'
import type { Clock } from '../../ports/clock.ts'
import type { PlayService } from '../play.ts'
import { programmeOf } from '../programme-of.ts'
import type { Answer, OrdersOf } from './order.ts'

export type PlayOrderOptions = {
  readonly clock: Clock
  readonly play: Pick<PlayService, 'apply' | 'observe'>
  /** `province/commune`: it ranks as an item of the commune. */
  readonly area: string
  readonly language: () => string
  readonly readinessOf: (item: Item) => Readiness
  /** What is held changed: what it needs is to be fetched. */
  readonly onHeld: () => void
}

type Play = Extract<Command, { readonly op: 'play' }>

/** `play`: an item whose second is the moment of the order, with its record like any other. */
export const createPlayOrder = (options: PlayOrderOptions): OrdersOf<'play'> => ({
  play: async (command, started) => {
    const { play, clock, readinessOf, onHeld } = options
    const programme = programmeFor(command, options)
    const { promise: ended, resolve } = Promise.withResolvers<Answer>()
    let begun = false
    using _observing = play.observe({
      began: ({ key }) => {
        if (key !== programme.key || begun) return
        begun = true
        started()
      },
      recorded: ({ key }, asRun, outcome) => {
        if (key !== programme.key) return
        const { result } = outcome
        const sounded = result === 'completed' || result === 'partial'
        resolve({
          status: sounded ? 'done' : 'failed',
          ...('reason' in outcome ? { code: outcome.reason } : {}),
          data: { result, playedSeconds: Math.round((asRun.frames / FRAMES_PER_SECOND) * 1000) / 1000 },
        })
      },
    })
    play.apply({ kind: 'arm', at: clock.wall(), programme, readiness: readinessOf(programme.item) })
    onHeld()
    return await ended
  },
})

function programmeFor(command: Play, { clock, area, language }: PlayOrderOptions): Programme {
  const { parts, class: programmeClass, volume } = command.args
  const planned = clock.wall()
  const item = orderedItem(command.id, planned, {
    area,
    language: language(),
    parts,
    ...(programmeClass === undefined ? {} : { class: programmeClass }),
    ...(volume === undefined ? {} : { volume }),
  })
  return programmeOf({ item, planned }, 'LATE')
}
