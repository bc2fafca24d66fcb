import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { billOf, licenceLines } from './cyclonedx.ts'
import type { Lock } from './lock.ts'

const { values } = parseArgs({ options: { licences: { type: 'boolean' } } })
const lock: Lock = JSON.parse(readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8'))
const text = values.licences === true ? licenceLines(lock).join('\n') : JSON.stringify(billOf(lock), null, 2)
process.stdout.write(`${text}\n`)
