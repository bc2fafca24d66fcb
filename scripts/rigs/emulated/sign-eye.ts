import type { Socket } from 'node:net'
import { layTextPage } from '../../../agent/core/sign/page.ts'
import { stripOf } from '../../../drivers/signboard/strip/strip.ts'
import { AdalightPanel } from '../../../test/fakes/adalight-panel.ts'
import { connectTo } from './socket.ts'

/** The panel at the second serial port. */
export const PANEL = { width: 64, height: 16 } as const
export const LAYOUT = 'serpentine'
/** As many as the port carries: text that stands is the same at any. */
const FRAMES_PER_SECOND = 3

/** Reads what comes out of the serial port of a sign, and keeps the pictures in the order in which they were shown. */
export class SignEye implements Disposable {
  readonly #socket: Socket
  readonly #panel = new AdalightPanel()

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', this.#panel.feed)
  }

  static async connect(path: string): Promise<SignEye> {
    return new SignEye(await connectTo(path))
  }

  /** How many pictures came so far; the same one sent again counts. */
  get seen(): number {
    return this.#panel.shown.length
  }

  /** Of the pictures from `first` on, what came after the dark: this text, dark, or something else; repetitions are left out. */
  whatStood(text: string, first: number): readonly string[] {
    const wanted = Buffer.from(pictureOf(text)).toString('hex')
    const names = this.#panel.shown.slice(first).map((strip) => {
      if (strip.every((value) => value === 0)) return 'dark'
      return Buffer.from(strip).toString('hex') === wanted ? text : 'something else'
    })
    return names.filter((name, i) => name !== (names[i - 1] ?? 'dark'))
  }

  [Symbol.dispose](): void {
    this.#socket.destroy()
  }
}

/** The LEDs of a page that stands still in amber, in the order of the strip. */
const pictureOf = (text: string): Uint8Array => {
  const page = layTextPage(
    { text, mode: 'still', color: 'amber', seconds: 5 },
    { ...PANEL, framesPerSecond: FRAMES_PER_SECOND },
  )
  return stripOf(page.draw(0), LAYOUT, 'rgb')
}
