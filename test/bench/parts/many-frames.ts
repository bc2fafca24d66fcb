import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Frame } from '../../../agent/ports/signboard.ts'
import { openSerialLink } from '../../../drivers/serial/serial-link.ts'
import { encodeFrame, inspectFrame } from '../../../drivers/signboard/adalight/frame.ts'
import { type SignCodec, silent } from '../../../drivers/signboard/line/codec.ts'
import { LineSignboard } from '../../../drivers/signboard/line/line-signboard.ts'
import { Scanner } from '../../../drivers/signboard/line/scanner.ts'
import { LINE_TIMING } from '../../../drivers/signboard/line/timing.ts'
import { FakePort } from '../../fakes/pty.ts'
import { until } from '../../fakes/until.ts'

const SIZE = { width: 16, height: 8 } as const
/** The heap settles over the first of them. */
const WARM_UP = 10_000

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const heapMb = (): number => {
  collect()
  return process.memoryUsage().heapUsed / 1e6
}

const codec: SignCodec = {
  takes: 'raster',
  proof: 'sent',
  inspect: silent,
  encode: ({ frame }) => [{ bytes: encodeFrame(frame.rgb) }],
}

const numbered = (number: number): Frame => {
  const rgb = new Uint8Array(SIZE.width * SIZE.height * 3)
  new DataView(rgb.buffer).setUint32(0, number)
  return { ...SIZE, rgb }
}

/** Frames one after the other through a real port, each seen by the panel before the next is shown, and what stays in memory. */
export const millionFrames = async (count: number): Promise<readonly string[][]> => {
  const scanner = new Scanner(inspectFrame)
  let [seen, received] = [-1, 0]
  let onSeen: () => void = () => undefined
  await using port = await FakePort.create((bytes) => {
    for (const strip of scanner.feed(bytes)) {
      seen = new DataView(strip.buffer, strip.byteOffset).getUint32(0)
      received += 1
    }
    onSeen()
  })
  await port.plug()
  const settings = { path: port.path, baudRate: 921_600, dataBits: 8, parity: 'none', stopBits: 1 } as const
  await using sign = new LineSignboard({
    panel: { id: 'gate', ...SIZE },
    codec,
    framesPerSecond: 30,
    timing: LINE_TIMING,
    wireMs: () => 0,
    openLink: (handlers) => openSerialLink({ ...settings, retryMs: LINE_TIMING.retryMs }, handlers),
  })
  await until('the port is open', () => sign.health.ok)
  const heaps: number[] = []
  const every = Math.floor(count / 10)
  for (let number = 1; number <= count + WARM_UP; number += 1) {
    const shown = Promise.withResolvers<void>()
    onSeen = () => {
      if (seen === number) shown.resolve()
    }
    sign.show(numbered(number), `${number}`)
    if (seen !== number) await shown.promise
    if (number >= WARM_UP && (number - WARM_UP) % every === 0) heaps.push(heapMb())
  }
  const [first = 0, last = 0] = [heaps[0], heaps.at(-1)]
  const grown = last - first
  return [
    [
      'heap over so many frames',
      `${count.toLocaleString('en')} frames, ${(received - WARM_UP).toLocaleString('en')} seen`,
      `${first.toFixed(2)} MB, then ${last.toFixed(2)} MB`,
      `${((grown * 1e6) / count).toFixed(2)} bytes a frame, at most ${Math.max(...heaps).toFixed(2)} MB`,
      `no leak: ${grown < 1 ? 'met' : 'NOT met'}`,
    ],
  ]
}
