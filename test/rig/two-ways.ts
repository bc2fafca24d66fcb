import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

const ip = (...args: readonly string[]): void => {
  execFileSync('ip', [...args], { stdio: 'pipe' })
}
const SBIN = '/usr/sbin/mosquitto'
const LOA = join(import.meta.dirname, '../../scripts/loa')
const BROKER = '10.251.0.1'
const PORT = 18_830
/** The device's end has .2 in each, the world's .1. */
const CABLE = '10.251.1'
const MODEM = '10.251.2'

const makesNamespaces = (): boolean => {
  if (process.getuid?.() !== 0) return false
  const name = `loa-try-${process.pid}`
  try {
    ip('netns', 'add', name)
    ip('-n', name, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'far0')
    return true
  } catch {
    return false
  } finally {
    try {
      ip('netns', 'del', name)
    } catch {
      // It was never made.
    }
  }
}

/** Whether networks can be made here; a test that needs one is skipped where not. */
export const canMakeNetworks: boolean = makesNamespaces()
if (!canMakeNetworks) console.warn('SKIPPED: real links that come and go need root, ip netns and veth')

/**
 * Two network namespaces: a device with a cable (`eth0`) and a mobile link (`wwan0`, metric 700), and a world with a broker
 * behind both.
 */
export class TwoWays implements AsyncDisposable {
  readonly url = `mqtt://${BROKER}:${PORT}`
  /** Starts the agent on the device. */
  readonly program: string
  readonly #folder: string
  readonly #device: string
  readonly #world: string
  readonly #broker: ChildProcess

  private constructor(folder: string, device: string, world: string, broker: ChildProcess) {
    this.#folder = folder
    this.#device = device
    this.#world = world
    this.#broker = broker
    this.program = join(folder, 'loa')
    writeFileSync(this.program, `#!/bin/sh\nexec ip netns exec ${device} ${LOA} "$@"\n`)
    chmodSync(this.program, 0o755)
  }

  static async open(): Promise<TwoWays> {
    const folder = mkdtempSync(join(tmpdir(), 'loa-ways-'))
    const [device, world] = [`loa-device-${process.pid}`, `loa-world-${process.pid}`]
    for (const each of [device, world]) {
      ip('netns', 'add', each)
      ip('-n', each, 'link', 'set', 'lo', 'up')
    }
    ip('-n', world, 'address', 'add', `${BROKER}/32`, 'dev', 'lo')
    for (const [near, net] of [
      ['eth0', CABLE],
      ['wwan0', MODEM],
    ] as const) {
      const far = `far-${near}`
      ip('-n', device, 'link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', world)
      ip('-n', device, 'address', 'add', `${net}.2/24`, 'dev', near)
      ip('-n', world, 'address', 'add', `${net}.1/24`, 'dev', far)
      ip('-n', device, 'link', 'set', near, 'up')
      ip('-n', world, 'link', 'set', far, 'up')
    }
    const config = join(folder, 'mosquitto.conf')
    writeFileSync(
      config,
      `user ${userInfo().username}\nlistener ${PORT} ${BROKER}\nallow_anonymous true\nlog_dest stderr\n`,
    )
    const program = existsSync(SBIN) ? SBIN : 'mosquitto'
    const broker = spawn('ip', ['netns', 'exec', world, program, '-c', config], { stdio: 'ignore' })
    const ways = new TwoWays(folder, device, world, broker)
    ip('-n', device, 'route', 'add', 'default', 'via', `${CABLE}.1`, 'metric', '100')
    ip('-n', device, 'route', 'add', 'default', 'via', `${MODEM}.1`, 'metric', '700')
    return ways
  }

  /** The cable is pulled out: its route and address go with it. */
  pullOut(): void {
    ip('-n', this.#device, 'link', 'set', 'eth0', 'down')
  }

  /** So is the modem. */
  loseModem(): void {
    ip('-n', this.#device, 'link', 'set', 'wwan0', 'down')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#broker.exitCode === null && this.#broker.signalCode === null) {
      this.#broker.kill('SIGKILL')
      await once(this.#broker, 'exit')
    }
    for (const each of [this.#device, this.#world]) ip('netns', 'del', each)
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
