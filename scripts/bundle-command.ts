import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

const DIST = join(import.meta.dirname, '../dist')
const OUT = join(DIST, 'loa')
/** What is asked every day, and needs no hardware. */
const DAILY = /\/dist\/agent\/cli\/(process-edge|verbs\/(help|log|schedule|status|version))\.js$/

/**
 * Joins the built command into few files: one for the daily verbs, one for each other verb, and one for what several need.
 * On a card that has not read them yet each file more is milliseconds of every answer. They are CommonJS, since an `import`
 * of a module of Node evaluates everything that it has to offer. Packages of npm stay where they are.
 */
rmSync(OUT, { recursive: true, force: true })
await using bundle = await rolldown({
  input: { main: join(DIST, 'agent/cli/main.js') },
  platform: 'node',
  external: (id, importer) => importer !== undefined && !id.startsWith('.') && !id.startsWith('/'),
})
await bundle.write({
  dir: OUT,
  format: 'cjs',
  chunkFileNames: '[name].js',
  codeSplitting: { groups: [{ name: 'daily', test: DAILY }] },
})
writeFileSync(join(OUT, 'package.json'), '{"type":"commonjs"}\n')
