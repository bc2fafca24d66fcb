import { spawn } from 'node:child_process'
import { type Jail, NO_JAIL, openJail } from '../../drivers/jail/jail.ts'

/** What the jail adds to the start of a decoder: from the order to its first PCM, bare and jailed in turn. */

const ROUNDS = 40
/** A second of a mono WAV at 48 kHz: nothing to decode, so that the start is what is measured. */
const WAV = ((): Buffer => {
  const wav = Buffer.alloc(44 + 96_000)
  wav.write('RIFF', 0)
  wav.writeUInt32LE(wav.length - 8, 4)
  wav.write('WAVEfmt ', 8)
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(48_000, 24)
  wav.writeUInt32LE(96_000, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36)
  wav.writeUInt32LE(96_000, 40)
  return wav
})()
const ARGUMENTS = ['-v', 'error', '-nostdin', '-f', 'wav', '-i', 'pipe:0', '-f', 's16le', 'pipe:1']

const firstPcmMs = (jail: Jail): Promise<number> =>
  new Promise((resolve, reject) => {
    const began = performance.now()
    const { command, argv } = jail.jailed('ffmpeg', ARGUMENTS, { memoryMb: 256, cpuSeconds: 60 })
    const child = spawn(command, argv, { stdio: ['pipe', 'pipe', 'inherit'] })
    let ms = Number.NaN
    child.stdout.once('data', () => {
      ms = performance.now() - began
    })
    child.stdout.resume()
    child.stdin.on('error', () => undefined)
    child.stdin.end(WAV)
    child.once('error', reject).once('close', () => resolve(ms))
  })

const quantile = (values: readonly number[], at: number): string =>
  (values.toSorted((a, b) => a - b)[Math.floor(at * (values.length - 1))] ?? Number.NaN).toFixed(1)

const opening = performance.now()
const jail = openJail()
console.log(
  `jail: ${JSON.stringify(jail.report)}, tried once in ${(performance.now() - opening).toFixed(1)} ms`,
)
const bare: number[] = []
const jailed: number[] = []
for (let round = 0; round < ROUNDS; round += 1) {
  bare.push(await firstPcmMs(NO_JAIL))
  jailed.push(await firstPcmMs(jail))
}
for (const [name, values] of [
  ['bare', bare],
  ['jailed', jailed],
] as const)
  console.log(
    `${name} ffmpeg to its first PCM: median ${quantile(values, 0.5)} ms, p90 ${quantile(values, 0.9)} ms (${ROUNDS} starts)`,
  )
