/** Writes docs/vectors. A test fails while the files that are checked in are others. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { vectorFiles } from './vectors/make.ts'

const target = fileURLToPath(new URL('../docs/vectors/', import.meta.url))
mkdirSync(target, { recursive: true })
for (const [name, text] of vectorFiles()) writeFileSync(`${target}${name}`, text)
