import { execFile } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

type Outcome = { readonly code: number; readonly said: string }
const run = async (program: string, ...args: readonly string[]): Promise<Outcome> => {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args)
    return { code: 0, said: stdout + stderr }
  } catch (thrown) {
    const { code, stdout, stderr } = thrown as { code: number; stdout: string; stderr: string }
    return { code, said: stdout + stderr }
  }
}

/** `tenths`: of the level that systemd-analyze(1) gives. */
const expectExposedAtMost = async (tenths: number, file: string): Promise<void> => {
  const words = ['security', '--offline=true', `--threshold=${tenths}`, resolve(file)]
  const { code, said } = await run('systemd-analyze', ...words)
  expect(said).toContain('Overall exposure level')
  expect(code, said.trim().split('\n').at(-1)).toBe(0)
}

const unit = readFileSync('systemd/loa-agent.service', 'utf8')
const updateUnit = readFileSync('systemd/loa-agent-update.service', 'utf8')
const settings = (key: string, text = unit): readonly string[] =>
  [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value)

/** `verify` insists that programs exist: a copy of the unit names them below `root`, where they do. */
const installedCopy = (root: string, text: string, name = 'loa-agent.service'): string => {
  const copy = text.replace(/^(Exec\w+=[-+]*)(\/\S+)/gm, (_, key: string, program: string) => {
    mkdirSync(dirname(join(root, program)), { recursive: true })
    copyFileSync('/bin/true', join(root, program))
    return `${key}${join(root, program)}`
  })
  const file = join(root, name)
  writeFileSync(file, copy)
  return file
}

describe.each(['loa-agent-setup.service', 'loa-agent-enrol.service'])('%s', (name) => {
  it('is found in order by systemd itself', async () => {
    const root = mkdtempSync(join(tmpdir(), 'loa-unit-'))
    const text = readFileSync(join('systemd', name), 'utf8')
    expect(await run('systemd-analyze', 'verify', '--man=no', installedCopy(root, text, name))).toEqual({
      code: 0,
      said: '',
    })
  })
})

describe('loa-agent.service', () => {
  it('is found in order by systemd itself', async () => {
    const root = mkdtempSync(join(tmpdir(), 'loa-unit-'))
    expect(await run('systemd-analyze', 'verify', '--man=no', installedCopy(root, unit))).toEqual({
      code: 0,
      said: '',
    })
  })

  it('is judged by a check that does notice a wrong setting', async () => {
    const root = mkdtempSync(join(tmpdir(), 'loa-unit-'))
    const wrong = unit.replace('KillMode=mixed', 'KilMode=mixed')
    const { said } = await run('systemd-analyze', 'verify', '--man=no', installedCopy(root, wrong))
    expect(said).toContain('KilMode')
  })

  it('takes the example of encrypted credentials, every setting of it', async () => {
    const root = mkdtempSync(join(tmpdir(), 'loa-unit-'))
    const dropIn = readFileSync('systemd/loa-agent-credentials.conf', 'utf8').replaceAll('#Load', 'Load')
    const folder = join(root, 'loa-agent.service.d')
    mkdirSync(folder)
    writeFileSync(join(folder, 'credentials.conf'), dropIn)
    const file = installedCopy(root, unit)
    expect(await run('systemd-analyze', 'verify', '--man=no', file)).toEqual({ code: 0, said: '' })
    writeFileSync(join(folder, 'credentials.conf'), dropIn.replaceAll('Encrypted', 'Encripted'))
    expect((await run('systemd-analyze', 'verify', '--man=no', file)).said).toContain(
      'LoadCredentialEncripted',
    )
  })

  it('T14 T15 is exposed no more than a broadcaster with sound, GPIO, serial and network must be', async () => {
    await expectExposedAtMost(20, 'systemd/loa-agent.service')
  })

  it('gives an orderly stop the time it takes, forces relays open after any end, and never gives up', () => {
    expect(Number(settings('TimeoutStopSec')[0])).toBeGreaterThan(8)
    expect(settings('ExecStopPost')).toEqual(['/usr/lib/loa-agent/scripts/open-relays /run/loa/relays.json'])
    expect(settings('KillMode')).toEqual(['mixed'])
    expect(settings('Restart')).toEqual(['always'])
    expect(settings('StartLimitIntervalSec')).toEqual(['0'])
  })

  it('lets the agent read the state of the clock, own its socket, yield to others and compile its code', () => {
    expect(settings('SystemCallFilter').at(-1)).toMatch(/clock_adjtime.*@chown.*setpriority/)
    expect(settings('SystemCallFilter').join(' ')).toContain('landlock_restrict_self')
    expect(settings('ProtectClock')).toEqual([])
    expect(settings('MemoryDenyWriteExecute')).toEqual([])
  })
})

describe('the updater of releases', () => {
  it('is found in order by systemd itself, and started by an order of the agent', async () => {
    const root = mkdtempSync(join(tmpdir(), 'loa-unit-'))
    installedCopy(root, updateUnit, 'loa-agent-update.service')
    cpSync('systemd/loa-agent-update.path', join(root, 'loa-agent-update.path'))
    expect(await run('systemd-analyze', 'verify', '--man=no', join(root, 'loa-agent-update.path'))).toEqual({
      code: 0,
      said: '',
    })
    expect(
      await run('systemd-analyze', 'verify', '--man=no', join(root, 'loa-agent-update.service')),
    ).toEqual({ code: 0, said: '' })
  })

  it('T21 has the rights of root over its own folder alone, and no network', async () => {
    await expectExposedAtMost(12, 'systemd/loa-agent-update.service')
    expect(settings('StateDirectory', updateUnit)).toEqual(['loa-agent'])
    expect(settings('CapabilityBoundingSet', updateUnit)).toEqual(['CAP_DAC_READ_SEARCH'])
    expect(settings('PrivateNetwork', updateUnit)).toEqual(['yes'])
    expect(settings('ReadWritePaths', updateUnit)).toEqual([])
  })

  it('chooses before each start of the agent, as root, and cannot fail it', () => {
    expect(settings('ExecStartPre')).toEqual(['-+/usr/lib/loa-agent/scripts/updater choose'])
  })
})

describe('what the package adds to the system', () => {
  /** systemd reads its own files below `root`, as on a machine where nothing else is installed. */
  const freshRoot = (): string => {
    const root = mkdtempSync(join(tmpdir(), 'loa-root-'))
    mkdirSync(join(root, 'etc'))
    for (const kind of ['sysusers', 'tmpfiles']) {
      mkdirSync(join(root, `usr/lib/${kind}.d`), { recursive: true })
      cpSync(`systemd/loa-agent.${kind}`, join(root, `usr/lib/${kind}.d/loa-agent.conf`))
    }
    return root
  }

  it('a user of its own in the groups of sound, serial ports and GPIO', async () => {
    const root = freshRoot()
    expect(await run('systemd-sysusers', `--root=${root}`)).toMatchObject({ code: 0 })
    expect(readFileSync(join(root, 'etc/passwd'), 'utf8')).toMatch(
      /^loa:x:\d+:\d+:Loudspeaker and sign agent:\/var\/lib\/loa:.*nologin$/m,
    )
    const groups = readFileSync(join(root, 'etc/group'), 'utf8')
    for (const group of ['audio', 'dialout', 'gpio', 'loa-admin'])
      expect(groups).toMatch(new RegExp(`^${group}:x:\\d+:loa$`, 'm'))
    expect(settings('SupplementaryGroups')).toEqual(['audio dialout gpio loa-admin'])
  })

  it.skipIf(process.getuid?.() !== 0)(
    'folders for configuration and keys that only root may write',
    async () => {
      const root = freshRoot()
      await run('systemd-sysusers', `--root=${root}`)
      expect(await run('systemd-tmpfiles', '--create', `--root=${root}`)).toEqual({ code: 0, said: '' })
      const passwd = readFileSync(join(root, 'etc/passwd'), 'utf8')
      for (const folder of ['etc/loa', 'etc/loa/tls']) {
        const { uid, gid, mode } = statSync(join(root, folder))
        expect({ uid, mode: mode & 0o777 }).toEqual({ uid: 0, mode: 0o750 })
        expect(passwd).toMatch(new RegExp(`^loa:x:\\d+:${gid}:`, 'm'))
      }
    },
  )
})
