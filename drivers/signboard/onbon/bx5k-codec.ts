import type { Rgb } from '../../../agent/core/sign/color.ts'
import type { Packet, Picture, SignCodec, Verdict } from '../line/codec.ts'
import type { LocalTime } from '../local-time.ts'
import { bcd, latin } from '../words.ts'
import { encodeAreas, type Movement, type TextArea } from './area.ts'
import { type Bx5kPacket, encodePacket, inspectPacket } from './bx5k.ts'

const ANSWERS = 0xa0
const TAKEN = 0x00
const BUSY = 3
const AREA_ID = 0
const LEVELS = 15
/** Brightness of each half hour, for controllers that are told to dim by the clock: this agent tells them at the time. */
const HALF_HOURS = 48
const CENTRED = 0x0a
const SPEED = 4
/** In half seconds: how long a page of a text that has several stays. */
const STAY = 6
/** A controller takes frames of about a kilobyte. */
export const MOST_TEXT = 900
const HALF = 128

const ERRORS: Readonly<Record<number, string>> = {
  1: 'unknown command group',
  2: 'unknown command',
  3: 'busy',
  4: 'out of memory',
  5: 'the CRC was wrong',
  6: 'no such file',
  12: 'a font is missing',
  14: 'the time is malformed',
}

export type Bx5kOptions = {
  readonly width: number
  readonly height: number
  readonly color: 'rgb' | 'mono'
  readonly address: number
  readonly watchdogSeconds: number
  /** Whether brightness is this agent's business. */
  readonly dims: boolean
  /** What the clock of the sign is set to; undefined leaves it alone. */
  readonly now: () => LocalTime | undefined
}

const judge = ({ group, command, reply }: Bx5kPacket): Verdict | undefined => {
  if (group !== ANSWERS) return undefined
  if (command === TAKEN) return 'taken'
  return reply === BUSY ? 'busy' : { refused: ERRORS[reply] ?? `error ${reply}` }
}

/** For what the sign can do without: whatever it says, it lives. */
const heard = (reply: Bx5kPacket): Verdict | undefined => (judge(reply) === undefined ? undefined : 'taken')

const MOVEMENTS: Readonly<Record<Picture['manner']['mode'], Movement>> = {
  still: 'still',
  flip: 'fast',
  scroll: 'left',
}

const colorCode = ([red, green]: Rgb): string => {
  if (green < HALF) return '\\C1'
  return red < HALF ? '\\C2' : '\\C3'
}

/** The letters of the controller begin what they do not show with a backslash. */
const written = (text: string, color: string): Uint8Array =>
  latin(color + text.slice(0, MOST_TEXT).replaceAll('\\', '/').replaceAll('\n', '\\n'))

/**
 * Texts over the whole panel in the controller's own letters. The area is deleted by the controller itself when it is not
 * sent again within the watchdog's time: an agent that died leaves nothing standing.
 */
export const createBx5kCodec = (options: Bx5kOptions): SignCodec<Bx5kPacket> => {
  const { address: to, watchdogSeconds, dims, now } = options
  let level: number | undefined

  const areaOf = ({ text, manner }: Picture): TextArea => ({
    id: AREA_ID,
    x: 0,
    y: 0,
    width: options.width,
    height: options.height,
    lineSpace: 0,
    runMode: 'loop-until-stale',
    timeoutSeconds: watchdogSeconds,
    align: CENTRED,
    lines: manner.mode === 'scroll' ? 'single' : 'several',
    wrap: manner.mode === 'flip',
    movement: MOVEMENTS[manner.mode],
    speed: SPEED,
    stay: STAY,
    text: written(text, options.color === 'rgb' ? colorCode(manner.color) : ''),
  })

  const dimmed = (percent: number): readonly Packet<Bx5kPacket>[] => {
    const wanted = Math.round((percent * LEVELS) / 100)
    if (!dims || wanted === level) return []
    const data = Uint8Array.of(1, wanted, ...new Array(HALF_HOURS).fill(wanted))
    const bytes = encodePacket({ to, group: 0xa3, command: 0x02, data })
    const noted = (reply: Bx5kPacket) => {
      const verdict = heard(reply)
      if (verdict === 'taken') level = wanted
      return verdict
    }
    return [{ bytes, judge: noted }]
  }

  const clock = (): readonly Packet<Bx5kPacket>[] => {
    const at = now()
    if (at === undefined) return []
    const { year, month, day, hour, minute, second, weekday } = at
    const rest = [month, day, hour, minute, second, weekday === 0 ? 7 : weekday]
    const data = Uint8Array.from([year % 100, Math.floor(year / 100), ...rest].map(bcd))
    return [{ bytes: encodePacket({ to, group: 0xa2, command: 0x03, data }), judge: heard }]
  }

  return {
    takes: 'text',
    longestText: MOST_TEXT,
    proof: 'acknowledged',
    inspect: inspectPacket,
    encode: (picture) => {
      const area = picture.text === '' ? undefined : areaOf(picture)
      const bytes = encodeAreas(to, area === undefined ? [AREA_ID] : [], area)
      return [{ bytes, judge }, ...dimmed(picture.percent)]
    },
    opening: () => {
      level = undefined
      const on = encodePacket({ to, group: 0xa3, command: 0x00, data: Uint8Array.of(1) })
      return [{ bytes: on, judge: heard }, ...clock()]
    },
    ping: () => ({ bytes: encodePacket({ to, group: 0xa2, command: 0x00 }), judge: heard }),
  }
}
