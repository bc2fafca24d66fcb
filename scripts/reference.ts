/** Writes docs/reference from the code. A test fails while the files that are checked in are others. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { referenceFiles } from './reference/files.ts'

const target = fileURLToPath(new URL('../docs/reference/', import.meta.url))
const files = referenceFiles()
for (const name of files.keys()) mkdirSync(dirname(`${target}${name}`), { recursive: true })
for (const name of readdirSync(`${target}schemas`))
  if (!files.has(`schemas/${name}`)) rmSync(`${target}schemas/${name}`)
for (const [name, text] of files) writeFileSync(`${target}${name}`, text)
