import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { BoardConfig } from '../../core/configuration.ts'
import { LoaError } from '../../core/error.ts'
import { readBoard } from '../../wire/board.ts'
import { ConfigFault } from '../../wire/config-fault.ts'
import { readYaml, readYamlText } from './yaml-file.ts'

const EXTENSION = '.yaml'
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/

/** A bare name stands for a file of the board directory; anything with a slash or an extension is a path. */
export const boardFile = (nameOrPath: string, boardDirectory: string): string =>
  NAME.test(nameOrPath) && !/\.ya?ml$/.test(nameOrPath)
    ? join(boardDirectory, `${nameOrPath}${EXTENSION}`)
    : nameOrPath

/**
 * A board description with every default filled in. Paths inside it are left as they are.
 * @throws ConfigFault with every fault at once, also when there is no such file
 */
export const loadBoard = (nameOrPath: string, boardDirectory: string): BoardConfig =>
  readYaml(boardFile(nameOrPath, boardDirectory), readBoard)

/** The same of a text that is to become `file`. @throws ConfigFault with every fault at once */
export const checkBoard = (file: string, text: string): BoardConfig => readYamlText(file, text, readBoard)

/** One file of the board directory: its board, or what is wrong with it. */
export type BoardListing = { readonly name: string; readonly file: string } & (
  | { readonly board: BoardConfig }
  | { readonly fault: ConfigFault }
)

const listed = (file: string): BoardListing => {
  const name = basename(file, EXTENSION)
  try {
    return { name, file, board: readYaml(file, readBoard) }
  } catch (fault) {
    if (fault instanceof ConfigFault) return { name, file, fault }
    throw fault
  }
}

const namesIn = (directory: string): readonly string[] => {
  try {
    return readdirSync(directory)
  } catch (cause) {
    throw new LoaError('IO', `cannot read the board directory ${directory}`, { cause })
  }
}

/** Every board of the directory by name, faulty ones included. @throws IO when there is no such directory */
export const listBoards = (directory: string): readonly BoardListing[] =>
  namesIn(directory)
    .filter((name) => name.endsWith(EXTENSION))
    .toSorted()
    .map((name) => listed(join(directory, name)))
