/** Oldest Node the native modules run on: better-sqlite3 13 dies without a word on older ones. */
const OLDEST = [22, 14] as const

/**
 * Why this Node cannot run the project, as a sentence; undefined when it can. `version` is `process.versions.node`.
 * Only old syntax here: an old Node must be able to read this file to say so.
 */
export const nodeFault = (version: string): string | undefined => {
  const parts = version.split('.')
  const major = Number(parts[0])
  const minor = Number(parts[1])
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined
  return (
    'Node ' +
    version +
    ' is too old: ' +
    OLDEST.join('.') +
    ' or newer is needed. ' +
    'Run scripts/setup and start this with scripts/loa, which uses the Node of the project.'
  )
}
