import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Findings } from './findings.ts'

type Part = {
  readonly rig: string
  readonly name: string
  /** The only part that is wanted; undefined: all. */
  readonly only: string | undefined
  /** What the machine lacks for it, in words. */
  readonly lacking: string | undefined
  readonly cache: string
}

/** One part of a rig in a folder of its own, which stays when something in it is broken. */
export const attempt = async (
  { rig, name, only, lacking, cache }: Part,
  findings: Findings,
  run: (folder: string) => Promise<void> | void,
): Promise<void> => {
  if ((only ?? name) !== name) return
  if (lacking !== undefined) {
    console.log(`SKIP ${rig} ${name}: ${lacking}`)
    return
  }
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(tmpdir(), `loa-${name}-`))
  const begun = performance.now()
  console.log(`== ${name}`)
  try {
    await run(folder)
    findings.count(`${name}: ${((performance.now() - begun) / 60_000).toFixed(1)} minutes`)
    rmSync(folder, { recursive: true })
  } catch (error) {
    findings.broken(`${name}: ${String(error)}; what the board said is kept in ${folder}`)
  }
}
