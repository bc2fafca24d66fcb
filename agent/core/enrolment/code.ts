import { CLEAR_LETTERS, randomLetters } from '../setup/device-id.ts'

/** 20 letters of 31 are 99 bits: whoever records an exchange cannot try them all. */
const LETTERS = 20
const GROUP = 5

/** A code as it is printed: four groups of five letters. */
export const createCode = (bytes: (count: number) => Uint8Array): string =>
  (
    randomLetters(LETTERS, bytes)
      .toUpperCase()
      .match(new RegExp(`.{${GROUP}}`, 'g')) ?? []
  ).join('-')

/** The letters of a code however it was typed; undefined where it is none. */
export const plainCode = (typed: string): string | undefined => {
  const letters = typed.replaceAll(/[\s-]/g, '').toUpperCase()
  const known = [...letters].every((letter) => CLEAR_LETTERS.toUpperCase().includes(letter))
  return known && letters.length === LETTERS ? letters : undefined
}
