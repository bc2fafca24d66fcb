import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadAgentConfig } from '../../../agent/adapters/config/agent-config.ts'
import { listBoards, loadBoard } from '../../../agent/adapters/config/board-files.ts'
import { ConfigFault } from '../../../agent/wire/config-fault.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url))

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'loa-config-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const write = (name: string, text: string | Uint8Array): string => {
  const file = join(directory, name)
  writeFileSync(file, text)
  return file
}
const faultOf = (run: () => unknown): ConfigFault => {
  try {
    run()
  } catch (fault) {
    if (fault instanceof ConfigFault) return fault
    throw fault
  }
  throw new Error('it was accepted')
}
const VIRTUAL = 'name: bench\naudio: { driver: wav, file: heard.wav }\n'

describe('agent.yaml on disk', () => {
  it('the example of the contract is valid', () => {
    const config = loadAgentConfig(fixture('agent.yaml'))
    expect(config.mqtt.urls).toEqual(['mqtts://broker-a:8883', 'mqtts://broker-b:8883'])
    expect(config.policy.volume).toEqual([{ from: '05:00', to: '06:00', max: 60 }])
  })

  it('faults carry the line and column of what is wrong, or of where it should be', () => {
    const file = write(
      'agent.yaml',
      'device:\n  id: d-1\n  province: 75\nboard: x\nmqtt: { urls: [mqtt://b], tls: 1 }\n',
    )
    const fault = faultOf(() => loadAgentConfig(file))
    expect(fault).toMatchObject({ code: 'CONFIG', file, path: 'device.province' })
    expect(fault.faults).toMatchObject([
      { path: 'device.province', line: 3, column: 13 },
      { path: 'device.commune', message: 'is missing', line: 2 },
      { path: 'mqtt.tls', line: 5 },
      { path: 'security.rootKeys', line: 1 },
    ])
    expect(fault.message).toContain('device.commune: is missing; mqtt.tls: unknown key')
  })

  it.each([
    ['a key written twice', 'board: a\nboard: b\n', 2],
    ['a tab as indentation', 'mqtt:\n\turls: []\n', 2],
    ['an open list', 'board: [\n', 2],
    ['an unknown tag', 'board: !js/function x\n', 1],
    ['two documents', 'board: a\n---\nboard: b\n', 2],
  ])('%s is a fault with its line', (_, text, line) => {
    const { faults } = faultOf(() => loadAgentConfig(write('agent.yaml', text)))
    expect(faults[0]).toMatchObject({ path: '', line })
  })

  it('a bomb of aliases does not go off', () => {
    const levels = Array.from(
      { length: 20 },
      (_, n) => `a${n + 1}: &a${n + 1} [${'*aX, '.replace('X', String(n)).repeat(9)}]`,
    )
    const file = write('agent.yaml', `a0: &a0 [x]\n${levels.join('\n')}\n`)
    expect(faultOf(() => loadAgentConfig(file)).faults[0]?.message).toContain('alias')
  })

  it('a huge, missing, deep, binary or empty file is a fault, not a crash', () => {
    expect(faultOf(() => loadAgentConfig(join(directory, 'none.yaml'))).message).toContain('ENOENT')
    expect(faultOf(() => loadAgentConfig(directory)).code).toBe('CONFIG')
    expect(faultOf(() => loadAgentConfig(write('a.yaml', 'x'.repeat(300_000)))).message).toContain(
      'at most 262144',
    )
    expect(faultOf(() => loadAgentConfig(write('b.yaml', '['.repeat(100_000)))).code).toBe('CONFIG')
    expect(faultOf(() => loadAgentConfig(write('c.yaml', new Uint8Array([0xff, 0xfe])))).code).toBe('CONFIG')
    expect(faultOf(() => loadAgentConfig(write('d.yaml', ''))).faults).toMatchObject([{ path: '' }])
  })
})

describe('board files on disk', () => {
  it('the example of the contract is valid', () => {
    expect(loadBoard(fixture('board.yaml'), directory)).toMatchObject({
      name: 'rpi-4b-relay-hat',
      clock: 'rtc',
    })
  })

  it('a name is looked up in the board directory and a path is taken as it is', () => {
    const file = write('bench.yaml', VIRTUAL)
    expect(loadBoard('bench', directory).name).toBe('bench')
    expect(loadBoard(file, '/nowhere').name).toBe('bench')
    expect(faultOf(() => loadBoard('none', directory)).file).toBe(join(directory, 'none.yaml'))
  })

  it('all boards are listed, faulty ones with their faults', () => {
    write('good.yaml', VIRTUAL)
    write('bad.yaml', 'name: bad\n')
    write('notes.txt', 'x')
    const listed = listBoards(directory)
    expect(listed.map(({ name }) => name)).toEqual(['bad', 'good'])
    expect(listed[0]).toMatchObject({ fault: { faults: [{ path: 'audio', message: 'is missing' }] } })
    expect(listed[1]).toMatchObject({ board: { name: 'bench' } })
    expect(() => listBoards(join(directory, 'none'))).toThrow('cannot read the board directory')
  })
})
