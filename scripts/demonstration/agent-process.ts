import { type ChildProcess, spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { askAgent } from '../../agent/adapters/control/client.ts'
import { LoaError } from '../../agent/core/error.ts'
import type { DemoFolder } from './folder.ts'
import { PROJECT } from './project.ts'

const READY_WITHIN_MS = 30_000
const LOOK_MS = 100
/** The agent promises 8 s. */
const STOP_WITHIN_MS = 9000

export type AgentProcess = AsyncDisposable & {
  readonly pid: number
  /** Resolves when the process is gone, with words for how. */
  readonly gone: Promise<string>
  /** SIGTERM, and SIGKILL if that is not enough; says how it ended. */
  readonly stop: () => Promise<string>
}

const ended = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(code === null ? `killed by ${signal}` : `exit ${code}`))
  })

/** In a session of its own: Ctrl-C in the terminal reaches the demo alone, which ends the agent in order. */
export const startAgentProcess = async (folder: DemoFolder): Promise<AgentProcess> => {
  const log = openSync(folder.log, 'a')
  const child = spawn(join(PROJECT, 'scripts/loa'), ['run', '--config', folder.agentYaml], {
    detached: true,
    stdio: ['ignore', log, log],
  })
  const gone = ended(child)
  // However this process ends: it is the only one that knows of the agent.
  const leave = (): unknown => child.kill('SIGTERM')
  process.once('exit', leave)
  child.once('exit', () => process.off('exit', leave))
  const pid = child.pid ?? 0
  await writeFile(join(folder.path, 'agent.pid'), `${pid}\n`)
  const stop = async (): Promise<string> => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
    const how = await gone
    clearTimeout(timer)
    return how
  }
  return {
    pid,
    gone,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop()
    },
  }
}

/** Resolves when the control socket answers. @throws CRASHED with its last words when the agent ends before; NOT_RUNNING, NOT_ANSWERING */
export const untilReady = async (folder: DemoFolder, agent: AgentProcess): Promise<void> => {
  const deadline = performance.now() + READY_WITHIN_MS
  let how: string | undefined
  const gone = agent.gone.then((words) => {
    how = words
  })
  for (;;) {
    try {
      await askAgent(folder.socket, 'status', {})
      return
    } catch (error) {
      if (how !== undefined)
        throw new LoaError('CRASHED', `the agent ended: ${how}${await lastWords(folder)}`)
      if (!(error instanceof LoaError) || performance.now() > deadline) throw error
      await Promise.race([sleep(LOOK_MS), gone])
    }
  }
}

const lastWords = async ({ log }: DemoFolder): Promise<string> => {
  const lines = (await readFile(log, 'utf8')).trim().split('\n')
  return ` (${log}: ${lines.at(-1) ?? ''})`
}
