import type { Rgb } from '../../../agent/core/sign/color.ts'
import type { Packet, Picture, SignCodec, Verdict } from '../line/codec.ts'
import type { LocalTime } from '../local-time.ts'
import { encodeBlocks } from './blocks.ts'
import {
  blockName,
  brightness,
  deleteTimetable,
  runPage,
  setClock,
  writeBlock,
  writeLine,
} from './commands.ts'
import { type AmplusReply, encodePacket, inspectReply } from './packet.ts'

const EVERY_SIGN = 0
const PAGE = 'A'
const TIMETABLES = 'ABCDE'
const LINE_ROWS = 8
/** In seconds: a page that stands is shown again for ever; its waiting time is the longest there is. */
const STANDS = 25
const MOVES = 1
/** A sign takes a page of 975 letters with its controls. */
export const MOST_TEXT = 900
const HALF = 128

export type Am03127Options = {
  readonly height: number
  readonly color: 'rgb' | 'mono'
  readonly id: number
  readonly content: 'raster' | 'text'
  readonly dims: boolean
  readonly now: () => LocalTime
}

const judge = (reply: AmplusReply): Verdict =>
  reply === 'ACK' ? 'taken' : { refused: 'the check sum was wrong, or it does not know the command' }

/** For what a sign can do without: older ones do not know every command. */
const heard = (): Verdict => 'taken'

const colorCode = ([red, green]: Rgb): string => {
  if (green < HALF) return '<CB>'
  return red < HALF ? '<CE>' : '<CH>'
}

/** What begins a control of the sign is written with the brackets it does not know. */
const written = (text: string): string => text.slice(0, MOST_TEXT).replaceAll('<', '(').replaceAll('>', ')')

const blocksOf = ({ frame }: Picture, color: 'rgb' | 'mono'): readonly string[] => {
  const lines = encodeBlocks(frame, color)
  const across = lines[0]?.length ?? 0
  const stored = lines.flatMap((line, y) => line.map((block, x) => writeBlock(y * across + x, block)))
  const shown = lines.map((line, y) => {
    const names = line.map((_, x) => blockName(y * across + x)).join('')
    return writeLine(y + 1, PAGE, 'still', STANDS, names)
  })
  return [...stored, ...shown]
}

const lettersOf = ({ text, manner }: Picture, { height, color }: Am03127Options): readonly string[] => {
  const rows = Math.max(1, Math.floor(height / LINE_ROWS))
  const isMoving = manner.mode !== 'still'
  const lines = isMoving ? [text.replaceAll('\n', ' ')] : text.split('\n')
  const code = color === 'rgb' ? colorCode(manner.color) : ''
  return Array.from({ length: rows }, (_, y) =>
    writeLine(
      y + 1,
      PAGE,
      isMoving ? 'scroll' : 'still',
      isMoving ? MOVES : STANDS,
      `<AA>${code}${written(lines[y] ?? '')}`,
    ),
  )
}

/** One page, which the sign keeps without power. It is the only one that runs: timetables of the sign's own are deleted. */
export const createAm03127Codec = (options: Am03127Options): SignCodec<AmplusReply> => {
  const { id, content, color, dims, now } = options
  const send = (payload: string, verdict: (reply: AmplusReply) => Verdict = judge): Packet<AmplusReply> => {
    const bytes = encodePacket({ id, payload })
    return id === EVERY_SIGN ? { bytes } : { bytes, judge: verdict }
  }
  const clock = (): Packet<AmplusReply> => {
    const at = now()
    return send(setClock({ ...at, weekday: at.weekday === 0 ? 7 : at.weekday }), heard)
  }
  const timetables = (): readonly Packet<AmplusReply>[] =>
    [...TIMETABLES].map((letter) => send(deleteTimetable(letter), heard))

  return {
    takes: content,
    longestText: MOST_TEXT,
    proof: id === EVERY_SIGN ? 'sent' : 'acknowledged',
    inspect: inspectReply,
    storesPages: true,
    encode: (picture) => {
      const page = content === 'raster' ? blocksOf(picture, color) : lettersOf(picture, options)
      const level = dims ? [send(brightness(picture.percent), heard)] : []
      return [...page.map((payload) => send(payload)), ...level]
    },
    opening: () => [clock(), ...timetables(), send(runPage(PAGE), heard)],
    ...(id === EVERY_SIGN ? {} : { ping: clock }),
  }
}
