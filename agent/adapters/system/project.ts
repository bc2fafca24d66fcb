import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { LoaError } from '../../core/error.ts'

const holds = (folder: string): string => {
  if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'board-configs'))) return folder
  const above = dirname(folder)
  if (above === folder)
    throw new LoaError('UNSUPPORTED', 'package.json of loa-agent is not above this program')
  return holds(above)
}

/** The folder that holds package.json and board-configs/: above the sources as above the build. */
export const projectFolder = (): string => holds(import.meta.dirname)

export const boardFolder = (): string => join(projectFolder(), 'board-configs')

export const packageVersion = (): string => {
  const { version }: { readonly version?: unknown } = JSON.parse(
    readFileSync(join(projectFolder(), 'package.json'), 'utf8'),
  )
  return String(version)
}
