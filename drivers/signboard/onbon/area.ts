import { u16, u32 } from '../words.ts'
import { encodePacket } from './bx5k.ts'

const TEXT_AREA = 0x00
const GROUP = 0xa3
const COMMAND = 0x06
/** What published frames carry in the reserved word of this command; no controller is known to look at it. */
const RESERVED = 0x2d
/** In place of a count of areas to delete. */
const EVERY_AREA = 0xff

/** `loop` stays for ever; `loop-until-stale` is deleted by the controller when it is not sent again within `timeoutSeconds`. */
export type RunMode = 'loop' | 'loop-until-stale'
export type Movement = 'still' | 'fast' | 'left' | 'right' | 'up' | 'down'

const RUN_MODES: Readonly<Record<RunMode, number>> = { loop: 0, 'loop-until-stale': 2 }
const MOVEMENTS: Readonly<Record<Movement, number>> = { still: 1, fast: 2, left: 3, right: 4, up: 5, down: 6 }

/** A text that the controller draws in its own letters, over its programs, and forgets without power. */
export type TextArea = {
  readonly id: number
  /** Pixels; `x` and `width` are multiples of 8. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly lineSpace: number
  readonly runMode: RunMode
  readonly timeoutSeconds: number
  /** Bits 0 and 1 left, right, middle; bits 2 and 3 top, bottom, middle. */
  readonly align: number
  readonly lines: 'single' | 'several'
  readonly wrap: boolean
  readonly movement: Movement
  /** 0 fastest to 24 slowest. */
  readonly speed: number
  /** In half seconds. */
  readonly stay: number
  readonly text: Uint8Array
}

const encodeArea = (area: TextArea): readonly number[] => [
  TEXT_AREA,
  ...u16(area.x / 8),
  ...u16(area.y),
  ...u16(area.width / 8),
  ...u16(area.height),
  area.id,
  area.lineSpace,
  RUN_MODES[area.runMode],
  ...u16(area.timeoutSeconds),
  0, // voice
  0, // extensions
  area.align,
  area.lines === 'single' ? 1 : 2,
  area.wrap ? 2 : 1,
  MOVEMENTS[area.movement],
  0, // exit
  area.speed,
  area.stay,
  ...u32(area.text.length),
  ...area.text,
]

/** Deletes areas by id, all of them, or none, and draws one, or none: A3 06. */
export const encodeAreas = (
  to: number,
  remove: readonly number[] | 'all',
  area: TextArea | undefined,
): Uint8Array => {
  const removed = remove === 'all' ? [EVERY_AREA] : [remove.length, ...remove]
  const drawn = area === undefined ? [] : encodeArea(area)
  const added = area === undefined ? [0] : [1, ...u16(drawn.length)]
  const data = Uint8Array.from([...removed, ...added, ...drawn])
  return encodePacket({ to, group: GROUP, command: COMMAND, reserved: RESERVED, data })
}
