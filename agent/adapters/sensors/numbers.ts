import { LoaError } from '../../core/error.ts'
import type { Reading } from '../../core/sensor/reading.ts'
import type { SensorFiles } from './files.ts'

const DECIMAL = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i
const SHOWN = 24

/** A converter that answers nonsense. */
export const nonsense = (path: string, text: string): LoaError =>
  new LoaError('IO', `${path} says ${JSON.stringify(text.slice(0, SHOWN))}`)

/** The number that a file holds; undefined when there is no such file. @throws IO */
export const readNumber = async (files: SensorFiles, path: string): Promise<number | undefined> => {
  const text = await files.text(path)
  if (text === undefined) return undefined
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN
  if (Number.isFinite(value)) return value
  throw nonsense(path, text)
}

/** Hexadecimal, with or without 0x, at most 32 bits. @throws IO when it is something else */
export const hexOf = (path: string, text: string): number => {
  if (/^(?:0x)?[0-9a-f]{1,8}$/i.test(text)) return Number.parseInt(text.replace(/^0x/i, ''), 16)
  throw nonsense(path, text)
}

/** The first of several files that is there. @throws IO */
export const firstNumber = async (
  files: SensorFiles,
  paths: readonly string[],
): Promise<number | undefined> => {
  for (const path of paths) {
    const value = await readNumber(files, path)
    if (value !== undefined) return value
  }
  return undefined
}

export const asReading = (value: number | undefined): Reading => (value === undefined ? undefined : { value })

/** The largest of what is known. */
export const largest = (values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}
