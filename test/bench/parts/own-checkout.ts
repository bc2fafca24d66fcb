import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..', '..')

/**
 * The built project in a folder of its own with its own copy of Node: pages of a program that other processes run as
 * well would count only in part, and a build that goes on beside us would change under the agent.
 */
export class OwnCheckout implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'loa-bench-'))
  readonly loa = join(this.folder, 'scripts/loa')

  constructor() {
    for (const folder of ['scripts', 'node_modules', 'node_modules/node/bin'])
      mkdirSync(join(this.folder, folder), { recursive: true })
    for (const file of ['package.json', 'scripts/loa', 'node_modules/node/bin/node'])
      copyFileSync(join(ROOT, file), join(this.folder, file))
    for (const folder of ['dist', 'board-configs'])
      cpSync(join(ROOT, folder), join(this.folder, folder), { recursive: true })
    for (const name of readdirSync(join(ROOT, 'node_modules')))
      if (name !== 'node')
        symlinkSync(join(ROOT, 'node_modules', name), join(this.folder, 'node_modules', name))
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
