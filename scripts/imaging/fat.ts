import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LoaError, messageOf } from '../../agent/core/error.ts'

const TOOLS: Readonly<Record<string, string>> = {
  'mkfs.vfat': 'dosfstools',
  mcopy: 'mtools',
  mdir: 'mtools',
  mtype: 'mtools',
}

const run = (program: string, args: readonly string[], input?: string): Buffer => {
  try {
    return execFileSync(program, [...args], {
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      maxBuffer: 2 ** 26,
      ...(input === undefined ? {} : { input }),
    })
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    const said = missing ? `it is not installed: apt-get install ${TOOLS[program]}` : messageOf(cause)
    throw new LoaError('IO', `${program}: ${said}`, { cause })
  }
}

/** Makes a FAT32 with what is in a folder, without mounting it. */
export const makeFat = (image: string, bytes: number, volume: string, folder: string): void => {
  writeFileSync(image, '')
  truncateSync(image, bytes)
  run('mkfs.vfat', ['-F', '32', '-n', 'LOA-BOOT', '-i', volume, '--invariant', image])
  const entries = readdirSync(folder).toSorted()
  run('mcopy', ['-i', image, '-s', '-m', '-Q', ...entries.map((name) => join(folder, name)), '::/'])
}

/** Where a FAT is: an image, or the partition of a card that begins there. */
const placeOf = (image: string, from: number): string => (from === 0 ? image : `${image}@@${from}`)

/** Puts a file into a FAT, in place of one of its name. */
export const putIntoFat = (image: string, from: number, name: string, text: string): void => {
  run('mcopy', ['-i', placeOf(image, from), '-o', '-', `::/${name}`], text)
}

/** @throws IO when there is no such file */
export const readFromFat = (image: string, from: number, name: string): Buffer =>
  run('mtype', ['-i', placeOf(image, from), `::/${name}`])

/** Names in the root of a FAT. */
export const namesInFat = (image: string, from: number): readonly string[] =>
  run('mdir', ['-i', placeOf(image, from), '-b', '::/'])
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^::\//, ''))

/** Copies a file out of a FAT. */
export const copyFromFat = (image: string, from: number, name: string, to: string): void => {
  if (existsSync(to)) throw new LoaError('IO', `${to} is there already`)
  run('mcopy', ['-i', placeOf(image, from), '-n', `::/${name}`, to])
}
