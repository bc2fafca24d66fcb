import type { Packet, Picture, SignCodec, Verdict } from '../line/codec.ts'
import type { LocalTime } from '../local-time.ts'
import {
  acknowledge,
  callPicture,
  clearMemory,
  clearPriority,
  configureMemory,
  dim,
  MOST_PRIORITY_BYTES,
  type Mode,
  PRIORITY,
  runSequence,
  setDate,
  setDayOfWeek,
  setTime,
  writePicture,
  writeText,
} from './commands.ts'
import { dotRows } from './dots.ts'
import { ALERT_PICTURE, layoutHash, layoutOf, PAGE, PAGE_PICTURE, TEXT_BYTES } from './layout.ts'
import { type AlphaCommand, encodePacket } from './packet.ts'
import { type AlphaReply, inspectReply, isForgotten, refusalOf } from './reply.ts'

/** What is remembered of the sign's memory across restarts. */
export type LayoutMemory = {
  readonly recall: () => string | undefined
  readonly remember: (layout: string | undefined) => void
}

export type AlphaOptions = {
  readonly width: number
  readonly height: number
  readonly color: 'rgb' | 'mono'
  readonly content: 'raster' | 'text'
  readonly type: string
  readonly address: string
  /** It is of protocol 2.0 or later, and says what it took. */
  readonly answers: boolean
  readonly dims: boolean
  readonly now: () => LocalTime | undefined
  readonly memory: LayoutMemory
  /** How long a sign that forgets everything hears nothing. */
  readonly restartMs: number
}

/** Escape, position and mode, which count as of the text. */
const MANNER_BYTES = 3
export const MOST_TEXT = TEXT_BYTES - MANNER_BYTES
const MODES: Readonly<Record<Picture['manner']['mode'], Mode>> = {
  still: 'hold',
  flip: 'hold',
  scroll: 'rotate',
}

/** An alert whose text is too long for the priority file is shown as the page: no other runs. */
const isOverPage = (text: string, { urgent }: Picture['manner']): boolean =>
  urgent && text.length <= MOST_PRIORITY_BYTES - MANNER_BYTES

/** A page that the sign shows for ever, and the priority file over it for alerts. */
export const createAlphaCodec = (options: AlphaOptions): SignCodec<AlphaReply> => {
  const { type, address, content, color, width, answers, dims, now, memory, restartMs } = options
  const files = layoutOf(content, options)
  const layout = layoutHash(files)
  let isLaidOut = false

  const judge = (reply: AlphaReply): Verdict => {
    if (isForgotten(reply)) memory.remember(undefined)
    return reply.isAck ? 'taken' : { refused: refusalOf(reply) }
  }
  /** Older signs have neither clock nor dimming, and say so. */
  const heard = (): Verdict => 'taken'

  const packet = (command: AlphaCommand, verdict = judge): Packet<AlphaReply> => {
    const encoded = encodePacket({ type, address, commands: [command] }, { checksum: true })
    return answers ? { ...encoded, judge: verdict } : encoded
  }
  const after = (ms: number, { pauses = [], ...rest }: Packet<AlphaReply>): Packet<AlphaReply> => ({
    ...rest,
    pauses: [{ before: 0, ms }, ...pauses],
  })

  const picture = ({ frame, manner }: Picture): readonly AlphaCommand[] => {
    const [label, file] = manner.urgent ? [ALERT_PICTURE, PRIORITY] : [PAGE_PICTURE, PAGE]
    return [
      writePicture(label, width, dotRows(frame, color)),
      writeText(file, 'fill', 'hold', callPicture(label)),
    ]
  }
  const letters = ({ text, manner }: Picture): readonly AlphaCommand[] => {
    const file = isOverPage(text, manner) ? PRIORITY : PAGE
    return [writeText(file, 'fill', MODES[manner.mode], text.slice(0, MOST_TEXT).replaceAll('\n', '\r'))]
  }
  const clock = (): readonly Packet<AlphaReply>[] => {
    const at = now()
    if (at === undefined) return []
    const { year, month, day, hour, minute, weekday } = at
    const commands = [setTime(hour, minute), setDate(year, month, day), setDayOfWeek(weekday + 1)]
    return commands.map((command) => packet(command, heard))
  }
  const layOut = (): readonly Packet<AlphaReply>[] => [
    packet(clearMemory()),
    after(restartMs, packet(configureMemory(files))),
    after(restartMs, packet(runSequence(PAGE))),
  ]

  return {
    takes: content,
    longestText: MOST_TEXT,
    proof: answers ? 'acknowledged' : 'sent',
    inspect: inspectReply,
    encode: (shown) => {
      if (isLaidOut) memory.remember(layout)
      isLaidOut = false
      const page = content === 'raster' ? picture(shown) : letters(shown)
      // The page is there before what covers it goes.
      const isOver = content === 'raster' ? shown.manner.urgent : isOverPage(shown.text, shown.manner)
      const commands = isOver ? page : [...page, clearPriority()]
      const level = dims ? [packet(dim(shown.percent), heard)] : []
      return [...commands.map((command) => packet(command)), ...level]
    },
    opening: () => {
      isLaidOut = memory.recall() !== layout
      const spoken = answers ? [packet(acknowledge(true))] : []
      return [...spoken, ...(isLaidOut ? layOut() : []), ...clock()]
    },
  }
}
