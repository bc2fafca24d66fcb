import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openControlServer } from '../../agent/adapters/control/server.ts'
import { runCommand } from '../../agent/cli/run.ts'
import type { ControlHandlers } from '../../agent/ports/control.ts'
import { type FakeIoOptions, fakeIo } from './cli-io.ts'
import { silentLogger } from './control-handlers.ts'

/** A folder with a configuration and a runtime directory, where the command and a fake agent meet on a real socket. */
export const openLoaBench = () => {
  const folder = mkdtempSync(join(tmpdir(), 'loa-cli-'))
  const config = join(folder, 'agent.yaml')
  const socket = join(folder, 'run/control.sock')
  mkdirSync(join(folder, 'run'))
  writeFileSync(
    config,
    [
      'device: { id: d-1, province: "75", commune: "26068" }',
      'board: virtual',
      'mqtt: { urls: ["mqtt://127.0.0.1"] }',
      'security: { signatures: off }',
      `paths: { runtime: "${folder}/run" }`,
    ].join('\n'),
  )
  const edge = (options: FakeIoOptions = {}) =>
    fakeIo({ ...options, env: { LOA_CONFIG: config, ...options.env } })
  return {
    folder,
    config,
    socket,
    edge,
    serve: (handlers: ControlHandlers) =>
      openControlServer({ path: socket, handlers, logger: silentLogger, maxBodyBytes: 1_000_000 }),
    call: async (argv: readonly string[], options: FakeIoOptions = {}) => {
      const at = edge(options)
      const code = await runCommand(argv, at.io)
      return { code, out: at.out(), err: at.err() }
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}

export const linesOf = (text: string): readonly string[] => text.split('\n').slice(0, -1)
