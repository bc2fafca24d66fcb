import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { FRAMES_PER_SECOND } from '../../../agent/core/clip.ts'
import { eventually } from '../../rig/eventually.ts'
import { freePort } from '../../rig/mosquitto.ts'
import type { VirtualDac } from '../../rig/virtual-dac.ts'
import { endPeer, spawnPeer } from './child.ts'

export const WARM_UP_SECONDS = 10

export const SNAPCAST = {
  name: 'snapcast',
  how: 'fast from slow; snapserver and two snapclients of Debian, PCM 48 kHz, buffers as they come',
  programs: ['snapserver', 'snapclient'],
  debianPackages: 'snapserver snapclient',
} as const

const accepts = (port: number): Promise<true | undefined> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(undefined))
  })

/** A server that is fed the samples in real time, and a client on each of the devices `fast` and `slow`. */
export const openSnapcast = async (dac: VirtualDac, samples: Int16Array): Promise<AsyncDisposable> => {
  const folder = join(dac.folder, 'snapcast')
  mkdirSync(folder)
  const [fifo, file, settings] = [join(folder, 'fifo'), join(folder, 'pcm'), join(folder, 'conf')]
  execFileSync('mkfifo', [fifo])
  writeFileSync(file, samples)
  const port = await freePort()
  writeFileSync(
    settings,
    [
      '[server]',
      `datadir = ${folder}`,
      '[http]',
      'enabled = false',
      '[tcp]',
      'enabled = false',
      '[stream]',
      'bind_to_address = 127.0.0.1',
      `port = ${port}`,
      `source = pipe://${fifo}?name=clicks&sampleformat=${FRAMES_PER_SECOND}:16:1&codec=pcm&mode=read`,
      '',
    ].join('\n'),
  )
  // biome-ignore lint/style/noProcessEnv: peers are given ours, and the sound cards of the rig
  const env = { ...process.env, HOME: folder, ...dac.env }
  const server = spawnPeer('snapserver', ['-c', settings], env)
  await eventually('snapserver accepts', () => accepts(port))
  const clients = ['fast', 'slow'].map((device) =>
    spawnPeer(
      'snapclient',
      ['-h', '127.0.0.1', '-p', String(port), '--player', 'alsa', '-s', `vdac${device}`, '--hostID', device],
      env,
    ),
  )
  const feeder = spawnPeer('bash', ['-c', 'cat "$1" >"$2"', 'feeder', file, fifo], env)
  return {
    [Symbol.asyncDispose]: async () => {
      for (const child of [feeder, ...clients, server]) await endPeer(child)
    },
  }
}
