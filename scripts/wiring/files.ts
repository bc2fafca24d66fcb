import { listBoards } from '../../agent/adapters/config/board-files.ts'
import { headerOfBoard } from '../../agent/core/board/header.ts'
import { HEADERS } from '../../agent/core/board/headers.ts'
import type { BoardConfig } from '../../agent/core/configuration.ts'
import { wiringPage } from './page.ts'
import { wiringPicture } from './picture.ts'
import { schemePicture } from './scheme.ts'
import { wiringOf } from './wires.ts'

/** Page and pictures of one board, by the names of their files; none where its header is not known. */
export const filesOfBoard = (board: BoardConfig): ReadonlyMap<string, string> => {
  const header = headerOfBoard(HEADERS, board.models)
  if (header === undefined) return new Map()
  const wiring = wiringOf(board, header)
  return new Map([
    [`${board.name}.md`, wiringPage(wiring)],
    [`${board.name}.svg`, wiringPicture(wiring)],
    [`${board.name}-box.svg`, schemePicture(wiring)],
  ])
}

/** Every generated file of docs/boards. */
export const wiringFiles = (folder: string): ReadonlyMap<string, string> =>
  new Map(
    listBoards(folder).flatMap((listing) => ('board' in listing ? [...filesOfBoard(listing.board)] : [])),
  )
