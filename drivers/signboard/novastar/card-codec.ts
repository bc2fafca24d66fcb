import type { Packet, Picture, SignCodec, Verdict } from '../line/codec.ts'
import {
  ALL_CARDS,
  BLACKOUT,
  BRIGHTNESS,
  type CardAnswer,
  type Cards,
  encodeRead,
  encodeWrite,
  FIRST_CARD,
  inspectAnswer,
} from './registers.ts'

const FULL = 255

const levelOf = (percent: number): number => Math.round((Math.min(100, Math.max(0, percent)) * FULL) / 100)

const isDark = ({ frame }: Picture): boolean => frame.rgb.every((value) => value === 0)

/**
 * The sending card of a wall as a sign that knows brightness and black only: a picture without light is a blackout.
 * What is written to all receiving cards at once is not answered; the first one is asked for its brightness instead.
 */
export const createCardCodec = (): SignCodec<CardAnswer> => {
  let serial = 0
  const next = (): number => {
    serial = (serial + 1) & 0xff
    return serial
  }
  const write = (cards: Cards, address: number, value: number): Packet<CardAnswer> => ({
    bytes: encodeWrite(next(), cards, address, value),
  })
  const read = (judgeData: (data: Uint8Array) => Verdict): Packet<CardAnswer> => {
    const own = next()
    return {
      bytes: encodeRead(own, FIRST_CARD, BRIGHTNESS),
      judge: (answer) => {
        if (answer.serial !== own) return undefined
        return answer.error === 0 ? judgeData(answer.data) : { refused: `error ${answer.error}` }
      },
    }
  }
  return {
    takes: 'raster',
    proof: 'read-back',
    inspect: inspectAnswer,
    ping: () => read(() => 'taken'),
    encode: (picture) => {
      const level = levelOf(picture.percent)
      return [
        write(ALL_CARDS, BRIGHTNESS, level),
        write(ALL_CARDS, BLACKOUT, isDark(picture) ? FULL : 0),
        read(([held]) => (held === level ? 'taken' : { refused: `its brightness is ${held}, not ${level}` })),
      ]
    },
  }
}
