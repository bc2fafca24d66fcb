import type { Rgb } from '../../../agent/core/sign/color.ts'
import type { Packet, Picture, SignCodec, Verdict } from '../line/codec.ts'
import type { LocalTime } from '../local-time.ts'
import { encodeBmp } from './bmp.ts'
import {
  brightness,
  connectionTest,
  emergencyText,
  type JetCommand,
  MOST_EMERGENCY_BYTES,
  powerOn,
  setTime,
  writeFile,
} from './commands.ts'
import { encodePacket, inspectReply, isGood, type JetPacket, statusOf } from './packet.ts'
import { type JetColor, letterContent, pictureContent, textFile } from './text.ts'

/** The disk in memory: nothing is written to flash. */
const DISK = 'E'
const LABEL = 'A'
const FILE_IN_USE = 0x9015
const FULL_LEVEL = 255
const HALF = 128
/** What controls an emergency text takes of its room. */
const CONTROL_BYTES = 60
export const MOST_TEXT = MOST_EMERGENCY_BYTES - CONTROL_BYTES
/** Nothing but a space: over the timetable of the sign, and dark. */
const NOTHING = ' '

export type Jetfile2Options = {
  readonly width: number
  readonly height: number
  readonly color: 'rgb' | 'mono'
  readonly content: 'raster' | 'text'
  readonly group: number
  readonly unit: number
  readonly watchdogSeconds: number
  readonly utcHours: number
  readonly dims: boolean
  readonly now: () => LocalTime | undefined
}

const noted = (): void => undefined

const colorOf = ([red, green]: Rgb): JetColor => {
  if (green < HALF) return 'red'
  return red < HALF ? 'green' : 'yellow'
}

const verdictOf = (reply: JetPacket): Verdict => {
  const status = statusOf(reply)
  if (status === undefined || isGood(status)) return 'taken'
  return status === FILE_IN_USE ? 'busy' : { refused: `status ${status.toString(16)}` }
}

/**
 * Every page is an emergency text, which covers the timetable of the sign until its time is up: an agent that died leaves
 * nothing standing. Pixels go as a picture file in memory that such a text shows.
 */
export const createJetfile2Codec = (options: Jetfile2Options): SignCodec<JetPacket> => {
  const { width, height, color, content, group, unit, watchdogSeconds, utcHours, dims, now } = options
  let serial = 0
  let level: number | undefined

  /** `onHeard`: the sign can do without it, and has answered. */
  const packet = (command: JetCommand, onHeard?: () => void): Packet<JetPacket> => {
    serial = (serial + 1) & 0xffff
    const asked = serial
    const judge = (reply: JetPacket): Verdict | undefined => {
      const isOurs = reply.serial === asked && reply.main === command.main && reply.sub === command.sub
      if (!isOurs) return undefined
      if (onHeard === undefined) return verdictOf(reply)
      onHeard()
      return 'taken'
    }
    return { bytes: encodePacket({ ...command, group, unit, serial: asked }), judge }
  }
  const emergency = (shown: string): JetCommand => emergencyText(textFile(shown), watchdogSeconds)

  const picture = ({ frame }: Picture): readonly JetCommand[] => [
    ...writeFile('picture', DISK, LABEL, encodeBmp(frame, color)),
    emergency(pictureContent(DISK, LABEL, watchdogSeconds)),
  ]
  const letters = ({ text, manner }: Picture): readonly JetCommand[] => {
    const isMoving = manner.mode === 'scroll'
    const style = {
      rows: isMoving ? height : height / Math.max(1, text.split('\n').length),
      color: color === 'mono' ? 'red' : colorOf(manner.color),
      movement: isMoving ? 'scroll' : 'still',
      seconds: isMoving ? 0 : watchdogSeconds,
    } as const
    const written = text === '' ? NOTHING : text.slice(0, MOST_TEXT).replaceAll('\n', '\r')
    return [emergency(letterContent(written, style))]
  }

  const dimmed = (percent: number): readonly Packet<JetPacket>[] => {
    const wanted = Math.round((percent * FULL_LEVEL) / 100)
    if (!dims || wanted === level) return []
    const onHeard = () => {
      level = wanted
    }
    return [packet(brightness(width, height, wanted), onHeard)]
  }

  return {
    takes: content,
    longestText: MOST_TEXT,
    proof: 'acknowledged',
    inspect: inspectReply,
    encode: (shown) => {
      const page = content === 'raster' ? picture(shown) : letters(shown)
      return [...page.map((command) => packet(command)), ...dimmed(shown.percent)]
    },
    opening: () => {
      const at = now()
      const clock = at === undefined ? [] : [packet(setTime({ ...at, utcHours }), noted)]
      level = undefined
      return [packet(powerOn(), noted), ...clock]
    },
    ping: () => packet(connectionTest()),
  }
}
