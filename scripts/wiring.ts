/**
 * Draws how boards are wired: a page and a picture each, from their board files. Without arguments all of board-configs into
 * docs/boards, where a test fails while what is checked in is another; with a board file, that one into the folder `--to`.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { loadBoard } from '../agent/adapters/config/board-files.ts'
import { filesOfBoard, wiringFiles } from './wiring/files.ts'

const BOARDS = fileURLToPath(new URL('../board-configs/', import.meta.url))
const PAGES = fileURLToPath(new URL('../docs/boards/', import.meta.url))

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { to: { type: 'string', default: '.' } },
})
const isOwn = positionals.length > 0
const target = isOwn ? `${values.to}/` : PAGES
const files = isOwn
  ? new Map(positionals.flatMap((name) => [...filesOfBoard(loadBoard(name, BOARDS))]))
  : wiringFiles(BOARDS)
mkdirSync(target, { recursive: true })
if (!isOwn) for (const name of readdirSync(target)) if (!files.has(name)) rmSync(`${target}${name}`)
for (const [name, text] of files) writeFileSync(`${target}${name}`, text)
