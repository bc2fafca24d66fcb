import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

const DIST = join(import.meta.dirname, '../dist')
const OUT = join(DIST, 'loa')

/**
 * Joins the built command into few files, one for each verb and one for what several need: on a card that has not read them
 * yet each file more is milliseconds of every answer. Packages of npm stay where they are.
 */
rmSync(OUT, { recursive: true, force: true })
await using bundle = await rolldown({
  input: { main: join(DIST, 'agent/cli/main.js') },
  platform: 'node',
  external: (id, importer) => importer !== undefined && !id.startsWith('.') && !id.startsWith('/'),
})
await bundle.write({ dir: OUT, format: 'esm', chunkFileNames: '[name].js' })
