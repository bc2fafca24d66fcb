import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, globSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { FOREIGN } from './board/debian.ts'
import { copyInstalledRoot } from './board/installed-root.ts'
import { lackingForBoard, lackingForForeign } from './board/lacking.ts'
import { Judge } from './emulated/judge.ts'
import { PackagedBoard } from './emulated/packaged-board.ts'
import { tryPackage } from './emulated/packaged-passes.ts'
import { attempt } from './parts/attempt.ts'
import { Findings } from './parts/findings.ts'
import { limitTo } from './parts/limit.ts'

const ROOT = join(import.meta.dirname, '../..')
const LIMIT_SECONDS = 5400
const USER_LIMIT_MS = 1_200_000
/** In the namespace of the emulator: what a program expects of a system, then the trial in it. */
const ENTER = `
for each in proc dev; do mount --rbind "/$each" "$0/$each"; done
mount -t tmpfs tmpfs "$0/run"
mount -t tmpfs tmpfs "$0/tmp"
exec chroot "$0" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 /root/foreign-trial /root/loa-agent.deb`

const onUser = (folder: string, cache: string, deb: string, findings: Findings): void => {
  const tree = join(folder, 'tree')
  copyInstalledRoot(cache, tree)
  copyFileSync(deb, join(tree, 'root/loa-agent.deb'))
  for (const name of ['nspawn/agent.yaml', 'nspawn/board.yaml', 'emulated/foreign-trial'])
    copyFileSync(join(import.meta.dirname, name), join(tree, 'root', name.split('/').at(-1) ?? ''))
  const { status } = spawnSync(FOREIGN, ['sh', '-euc', ENTER, tree], {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: USER_LIMIT_MS,
  })
  if (status !== 0) findings.broken(`qemu-user: the trial ended with ${status}`)
}

const onBoard = async (folder: string, cache: string, deb: string, findings: Findings): Promise<void> => {
  await using board = await PackagedBoard.start(folder, cache, deb)
  await tryPackage(board, new Judge(findings))
}

const { values } = parseArgs({
  options: { only: { type: 'string' }, package: { type: 'string' }, cache: { type: 'string' } },
})
if (!['user', 'board'].includes(values.only ?? 'user')) throw new Error('--only is user or board')
const cache = values.cache ?? join(tmpdir(), 'loa-board')
const findings = new Findings()

const madePackage = (): string => {
  const out = mkdtempSync(join(tmpdir(), 'loa-arm64-'))
  execFileSync(join(ROOT, 'scripts/package'), ['--arch', 'arm64', '--out', out], { stdio: 'inherit' })
  return globSync(join(out, '*.deb'))[0] ?? ''
}

const on = (name: 'user' | 'board', lacking: string | undefined, run: Parameters<typeof attempt>[2]) =>
  attempt({ rig: 'packages-arm64', name, only: values.only, lacking, cache }, findings, run)

limitTo(LIMIT_SECONDS, () => findings.close('packages for arm64, cut short'))
const deb = values.package ?? madePackage()
await on('user', lackingForForeign(), (folder) => onUser(folder, cache, deb, findings))
await on('board', lackingForForeign() ?? lackingForBoard(), (folder) => onBoard(folder, cache, deb, findings))
process.exit(findings.close('packages for arm64'))
