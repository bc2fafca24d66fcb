import { type BoardListing, listBoards, loadBoard } from '../../adapters/config/board-files.ts'
import { boardFolder } from '../../adapters/system/project.ts'
import { fitsModel } from '../../core/board-model.ts'
import type { BoardConfig } from '../../core/configuration.ts'
import { ConfigFault } from '../../wire/config-fault.ts'
import { boardChecks } from '../board-checks.ts'
import { atMostWords, type Call, print, printJson, usage, type Verb } from '../call.ts'
import type { ExitCode } from '../io.ts'
import { readMachine } from '../machine.ts'
import { table } from '../text/table.ts'
import { plain, wrap } from '../text/width.ts'
import { checkLines } from '../views/check-lines.ts'
import { faultLines } from '../views/fault-lines.ts'

const asData = (listing: BoardListing) =>
  'board' in listing
    ? {
        name: listing.name,
        file: listing.file,
        valid: true,
        models: listing.board.models,
        audio: listing.board.audio.driver,
        amplifiers: listing.board.amplifiers.map(({ id, driver }) => ({ id, driver })),
        signs: listing.board.signs.map(({ id, driver }) => ({ id, driver })),
      }
    : { name: listing.name, file: listing.file, valid: false, faults: listing.fault.faults }

const rowOf = (
  { say }: Call,
  name: string,
  { models, audio, amplifiers, signs }: BoardConfig,
): readonly string[] => [
  name,
  models.join(', ') || say.board.anyMachine,
  audio.driver,
  amplifiers.map(({ driver }) => driver).join(' ') || '-',
  signs.map(({ driver }) => driver).join(' ') || '-',
]

const list = (call: Call): ExitCode => {
  const listings = listBoards(boardFolder())
  if (call.json) {
    printJson(call, listings.map(asData))
    return 0
  }
  const { say } = call
  const columns = [
    { title: say.board.name },
    { title: say.board.models, shrinkTo: 16 },
    { title: say.board.audio },
    { title: say.board.amplifiers, shrinkTo: 8 },
    { title: say.board.signs, shrinkTo: 8 },
  ]
  const rows = listings.flatMap((listing) =>
    'board' in listing ? [rowOf(call, listing.name, listing.board)] : [],
  )
  print(call, table(columns, rows, call.columns, call.paint))
  for (const listing of listings)
    if ('fault' in listing) print(call, faultLines(say, call.columns, listing.fault))
  return 0
}

const detect = (call: Call): ExitCode => {
  const { model } = readMachine(call.io.root)
  const valid = listBoards(boardFolder()).flatMap((listing) => ('board' in listing ? [listing] : []))
  const boards = valid
    .filter(({ board }) => board.models.length > 0 && fitsModel(board.models, model))
    .map(({ name }) => name)
  if (call.json) printJson(call, { ...(model === undefined ? {} : { model }), boards })
  else {
    const { board } = call.say
    const found = boards.length === 0 ? board.noneFits : board.fits(boards.join(', '))
    print(call, [board.thisMachine(plain(model ?? board.unknownModel)), ...wrap(found, call.columns)])
  }
  return boards.length === 0 ? 1 : 0
}

const check = async (call: Call, nameOrFile: string): Promise<ExitCode> => {
  try {
    const board = loadBoard(nameOrFile, boardFolder())
    const checks = Object.values(await boardChecks(call, board)).flat()
    const sound = checks.every(({ level }) => level !== 'FAIL')
    if (call.json) printJson(call, { board: board.name, valid: true, ok: sound, checks })
    else
      print(
        call,
        checks.flatMap((each) => checkLines(call, each)),
      )
    return sound ? 0 : 1
  } catch (fault) {
    if (!(fault instanceof ConfigFault)) throw fault
    if (call.json) printJson(call, { board: nameOrFile, valid: false, ok: false, faults: fault.faults })
    else print(call, faultLines(call.say, call.columns, fault))
    return 2
  }
}

/** `loa board list|detect|check NAME|FILE`. */
export const board: Verb = async (call) => {
  const [order, name] = call.words
  if (order === 'check' && name !== undefined) {
    atMostWords(call, 2)
    return check(call, name)
  }
  if (order !== 'list' && order !== 'detect') throw usage(call.say.usage.boardWhat)
  atMostWords(call, 1)
  return order === 'list' ? list(call) : detect(call)
}
